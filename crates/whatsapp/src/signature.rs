//! Proof that a webhook comes from Meta: HMAC-SHA-256 with the app secret over
//! the bytes as they arrived (Cloud API, Webhooks, validating payloads).
//!
//! Parsing and writing the body again would change its escapes, so the bytes
//! are checked before anything looks into them. No secret, no header or a
//! malformed header means refused.

use aws_lc_rs::hmac;
use http::HeaderMap;

pub const HEADER: &str = "x-hub-signature-256";

/// The app secrets in force: one, or two while a secret is being rotated.
#[derive(Clone)]
pub struct Secrets(Vec<hmac::Key>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("no app secret is configured for this webhook")]
    NoSecret,
    #[error("the header X-Hub-Signature-256 is missing")]
    Missing,
    #[error("the header X-Hub-Signature-256 is not one `sha256=` and 64 hexadecimal digits")]
    Malformed,
    #[error("the signature fits none of the app secrets")]
    NoMatch,
}

impl Secrets {
    /// Blank secrets are left out: an empty key would verify a forger's body.
    pub fn new<S: AsRef<[u8]>>(secrets: impl IntoIterator<Item = S>) -> Self {
        let keys = secrets.into_iter().filter_map(|secret| {
            let bytes = secret.as_ref().trim_ascii();
            (!bytes.is_empty()).then(|| hmac::Key::new(hmac::HMAC_SHA256, bytes))
        });
        Self(keys.collect())
    }

    /// Checks the signature of `body`, the raw request body.
    ///
    /// Answers which secret fitted (0 = the first given), so that the end of a
    /// rotation can be seen. Each comparison takes constant time.
    pub fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<usize, Refused> {
        if self.0.is_empty() {
            return Err(Refused::NoSecret);
        }
        let mut sent = headers.get_all(HEADER).iter();
        let only = match (sent.next(), sent.next()) {
            (None, _) => return Err(Refused::Missing),
            (Some(value), None) => value,
            (Some(_), Some(_)) => return Err(Refused::Malformed),
        };
        let tag = tag_of(only.as_bytes()).ok_or(Refused::Malformed)?;
        self.0.iter().position(|key| hmac::verify(key, body, &tag).is_ok()).ok_or(Refused::NoMatch)
    }
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secrets({})", self.0.len())
    }
}

/// The header value that `secret` gives `body`.
pub fn sign(secret: &[u8], body: &[u8]) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), body);
    format!("sha256={}", crate::keys::hex(tag.as_ref()))
}

fn tag_of(header: &[u8]) -> Option<[u8; 32]> {
    let digits = header.strip_prefix(b"sha256=")?;
    if digits.len() != 64 {
        return None;
    }
    let mut tag = [0; 32];
    for (byte, pair) in tag.iter_mut().zip(digits.chunks_exact(2)) {
        let nibble = |digit: u8| (digit as char).to_digit(16);
        *byte = (nibble(pair[0])? << 4 | nibble(pair[1])?) as u8;
    }
    Some(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"object":"whatsapp_business_account","x":"\u00f1 \/ \ud83d\ude00"}"#;

    fn headers(values: &[&str]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for value in values {
            map.append(HEADER, value.parse().unwrap());
        }
        map
    }

    fn check(secrets: &[&str], sent: &[&str], body: &[u8]) -> Result<usize, Refused> {
        Secrets::new(secrets).verify(&headers(sent), body)
    }

    #[test]
    fn the_published_hmac_vector_holds() {
        // RFC 4231, test case 2.
        assert_eq!(
            sign(b"Jefe", b"what do ya want for nothing?"),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn either_secret_of_a_rotation_fits() {
        let (old, new) = (sign(b"old", BODY), sign(b"new", BODY));
        assert_eq!(check(&["new", "old"], &[&new], BODY), Ok(0));
        assert_eq!(check(&["new", "old"], &[&old], BODY), Ok(1));
        assert_eq!(check(&["new"], &[&old], BODY), Err(Refused::NoMatch));
        assert_eq!(check(&["new"], &[&new.replace("sha256=", "x")], BODY), Err(Refused::Malformed));
    }

    #[test]
    fn one_changed_byte_is_seen() {
        let sent = sign(b"secret", BODY);
        for i in 0..BODY.len() {
            let mut body = BODY.to_vec();
            body[i] ^= 1;
            assert_eq!(check(&["secret"], &[&sent], &body), Err(Refused::NoMatch));
        }
    }

    #[test]
    fn it_fails_closed() {
        let good = sign(b"secret", BODY);
        assert_eq!(check(&[], &[&good], BODY), Err(Refused::NoSecret));
        assert_eq!(check(&["", " \n"], &[&sign(b"", BODY)], BODY), Err(Refused::NoSecret));
        assert_eq!(check(&["secret"], &[], BODY), Err(Refused::Missing));
        let hex = &good["sha256=".len()..];
        let short = &good[..good.len() - 1];
        let long = format!("{good}0");
        let not_hex = format!("sha256={}", "g".repeat(64));
        let sha1 = format!("sha1={hex}");
        for bad in ["", "sha256=", hex, short, &long, &not_hex, &sha1] {
            assert_eq!(check(&["secret"], &[bad], BODY), Err(Refused::Malformed), "{bad}");
        }
        assert_eq!(check(&["secret"], &[&good, &good], BODY), Err(Refused::Malformed));
    }

    #[test]
    fn secrets_are_not_shown() {
        assert_eq!(format!("{:?}", Secrets::new(["hunter2"])), "Secrets(1)");
    }
}
