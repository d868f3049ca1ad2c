//! One key and the envelopes it makes and opens.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use model::Chance;
use zeroize::Zeroizing;

use super::Place;
use crate::StoreError;

const VERSION: u8 = 1;
const HEADER: usize = 1 + 8 + NONCE_LEN;

pub(crate) type KeyId = [u8; 8];

pub(crate) struct Key {
    pub id: KeyId,
    aead: LessSafeKey,
}

impl Key {
    pub fn new(id: KeyId, bytes: &[u8; 32]) -> Self {
        let key = UnboundKey::new(&AES_256_GCM, bytes).expect("32 bytes are an AES-256 key");
        Self { id, aead: LessSafeKey::new(key) }
    }

    /// The id of the key that sealed a value.
    pub fn id_of(sealed: &[u8]) -> Result<KeyId, StoreError> {
        match sealed.first_chunk::<HEADER>() {
            Some([VERSION, rest @ ..]) => Ok(std::array::from_fn(|i| rest[i])),
            _ => Err(StoreError::Sealed("it is no envelope of a known version")),
        }
    }

    pub fn seal(&self, place: Place<'_>, chance: &dyn Chance, plain: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE_LEN];
        chance.fill(&mut nonce);
        let mut out = Vec::with_capacity(HEADER + plain.len() + 16);
        out.push(VERSION);
        out.extend_from_slice(&self.id);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(plain);
        let nonce = Nonce::assume_unique_for_key(nonce);
        let aad = Aad::from(place.bytes());
        let tag = self
            .aead
            .seal_in_place_separate_tag(nonce, aad, &mut out[HEADER..])
            .expect("a value is far below the 64 GB that AES-GCM can seal");
        out.extend_from_slice(tag.as_ref());
        out
    }

    pub fn open(&self, place: Place<'_>, mut sealed: Vec<u8>) -> Result<Vec<u8>, StoreError> {
        if Self::id_of(&sealed)? != self.id {
            return Err(StoreError::Sealed("it was sealed with another key"));
        }
        let nonce = Nonce::try_assume_unique_for_key(&sealed[9..HEADER])
            .map_err(|_| StoreError::Sealed("its nonce is cut short"))?;
        let aad = Aad::from(place.bytes());
        let length = self
            .aead
            .open_in_place(nonce, aad, &mut sealed[HEADER..])
            .map_err(|_| StoreError::Sealed("it was altered, or moved from another row"))?
            .len();
        sealed.copy_within(HEADER..HEADER + length, 0);
        sealed.truncate(length);
        Ok(sealed)
    }

    /// Opens an envelope that holds a key.
    pub fn unwrap(
        &self,
        place: Place<'_>,
        sealed: Vec<u8>,
    ) -> Result<Zeroizing<[u8; 32]>, StoreError> {
        let plain = Zeroizing::new(self.open(place, sealed)?);
        let bytes = plain.as_slice().try_into();
        bytes.map(Zeroizing::new).map_err(|_| StoreError::Sealed("a stored key is not 32 bytes"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting(std::sync::atomic::AtomicU64);
    impl Chance for Counting {
        fn fill(&self, out: &mut [u8]) {
            let n = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed).to_le_bytes();
            out.iter_mut().zip(n.iter().cycle()).for_each(|(o, n)| *o = *n);
        }
    }

    const HERE: Place<'static> = Place { tenant: "acme", column: "message.body", row: &[1; 16] };

    #[test]
    fn opens_only_in_its_own_place_and_whole() {
        let key = Key::new([5; 8], &[9; 32]);
        let chance = Counting(Default::default());
        for plain in [&b""[..], b"x", &[7; 5000]] {
            let sealed = key.seal(HERE, &chance, plain);
            assert_eq!(sealed.len(), HEADER + plain.len() + 16);
            assert_eq!(key.open(HERE, sealed.clone()).unwrap(), plain);
            for place in [
                Place { tenant: "other", ..HERE },
                Place { column: "outbox.body", ..HERE },
                Place { row: &[2; 16], ..HERE },
            ] {
                assert!(key.open(place, sealed.clone()).is_err());
            }
            for at in 0..sealed.len() {
                let mut bent = sealed.clone();
                bent[at] ^= 1;
                assert!(key.open(HERE, bent).is_err(), "byte {at} was bent and nobody noticed");
            }
            for cut in 0..sealed.len() {
                assert!(key.open(HERE, sealed[..cut].to_vec()).is_err());
            }
        }
    }

    #[test]
    fn the_same_text_never_looks_the_same() {
        let key = Key::new([5; 8], &[9; 32]);
        let chance = Counting(Default::default());
        assert_ne!(key.seal(HERE, &chance, b"hello"), key.seal(HERE, &chance, b"hello"));
    }

    #[test]
    fn another_key_is_named_as_the_cause() {
        let chance = Counting(Default::default());
        let sealed = Key::new([5; 8], &[9; 32]).seal(HERE, &chance, b"hello");
        let other = Key::new([6; 8], &[9; 32]);
        assert!(
            matches!(other.open(HERE, sealed), Err(StoreError::Sealed(why)) if why.contains("another key"))
        );
    }
}
