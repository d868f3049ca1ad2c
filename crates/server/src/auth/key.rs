//! The shown form of a key: `pk_<id>_<secret>`, 32 and 64 hexadecimal digits.

use aws_lc_rs::digest::{SHA256, digest};
use model::Ambient;
use model::ids::KeyId;

/// A new key. `text` is shown once, to its holder; only `hash` is stored.
pub struct Minted {
    pub id: KeyId,
    pub text: String,
    pub hash: [u8; 32],
}

/// Makes a key with 256 bits of chance.
pub fn mint(ambient: &Ambient) -> Minted {
    let id = KeyId::new(ambient);
    let mut random = [0; 32];
    ambient.chance.fill(&mut random);
    let secret = hex(&random);
    let text = format!("pk_{}_{secret}", hex(id.as_bytes()));
    Minted { id, text, hash: hash(&secret) }
}

/// What a request carried.
pub(super) struct Presented {
    pub id: KeyId,
    pub hash: [u8; 32],
}

pub(super) fn parse(text: &str) -> Option<Presented> {
    let (id, secret) = text.strip_prefix("pk_")?.split_once('_')?;
    let id = KeyId::parse(&format!("{}{id}", KeyId::PREFIX))?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    ((16..=128).contains(&secret.len()) && secret.bytes().all(plain))
        .then(|| Presented { id, hash: hash(secret) })
}

/// A plain hash is enough: a secret of 256 random bits cannot be guessed.
fn hash(secret: &str) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest(&SHA256, secret.as_bytes()).as_ref());
    out
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

impl std::fmt::Debug for Minted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Minted({})", self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_that_are_no_key() {
        let id = "0".repeat(32);
        let secret = "a".repeat(64);
        assert!(parse(&format!("pk_{id}_{secret}")).is_some());
        for bad in [
            String::new(),
            "pk_".into(),
            format!("pk_{id}"),
            format!("pk_{id}_"),
            format!("pk_{id}_short"),
            format!("sk_{id}_{secret}"),
            format!("pk_{}_{secret}", "0".repeat(31)),
            format!("pk_{}_{secret}", "g".repeat(32)),
            format!("pk_{id}_{}", "a".repeat(129)),
            format!("pk_{id}_{} ", "a".repeat(64)),
        ] {
            assert!(parse(&bad).is_none(), "{bad}");
        }
    }
}
