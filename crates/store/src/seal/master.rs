//! The one key that lies outside the database.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::hmac;
use base64::Engine as _;
use zeroize::Zeroizing;

use super::Key;
use crate::StoreError;

/// 32 bytes that wrap every other key. Whoever has it and the database can
/// read everything; without it nothing can be opened. Wiped when dropped.
#[derive(Clone)]
pub struct MasterKey(Arc<Zeroizing<[u8; 32]>>);

impl MasterKey {
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Arc::new(Zeroizing::new(bytes)))
    }

    /// 64 hexadecimal digits, as `openssl rand -hex 32` prints them.
    pub fn from_hex(text: &str) -> Result<Self, StoreError> {
        const WRONG: StoreError =
            StoreError::Sealed("the master key must be 64 hexadecimal digits (32 bytes)");
        let digits = text.trim().as_bytes();
        if digits.len() != 64 {
            return Err(WRONG);
        }
        let mut bytes = Zeroizing::new([0; 32]);
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
            let nibble = |d: u8| char::from(d).to_digit(16);
            let (Some(high), Some(low)) = (nibble(pair[0]), nibble(pair[1])) else {
                return Err(WRONG);
            };
            *byte = (high << 4 | low) as u8;
        }
        Ok(Self(Arc::new(bytes)))
    }

    /// Standard base64 of 32 bytes, as `openssl rand -base64 32` prints them.
    pub fn from_base64(text: &str) -> Result<Self, StoreError> {
        const WRONG: StoreError =
            StoreError::Sealed("the master key must be the base64 text of 32 bytes");
        let decoded = base64::engine::general_purpose::STANDARD.decode(text.trim());
        let decoded = Zeroizing::new(decoded.map_err(|_| WRONG)?);
        let bytes = decoded.as_slice().try_into().map_err(|_| WRONG)?;
        Ok(Self(Arc::new(Zeroizing::new(bytes))))
    }

    /// Its id says which master key sealed a value, and nothing else about it.
    pub(crate) fn key(&self) -> Key {
        let mac = hmac::Key::new(hmac::HMAC_SHA256, self.0.as_slice());
        let tag = hmac::sign(&mac, b"puente master key id");
        Key::new(std::array::from_fn(|i| tag.as_ref()[i]), &self.0)
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_are_one_key_and_wrong_ones_say_what_is_wanted() {
        let hex = MasterKey::from_hex(&"0a".repeat(32)).unwrap();
        let b64 = MasterKey::from_base64("CgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgo=\n").unwrap();
        assert_eq!(hex.key().id, b64.key().id);
        assert_eq!(hex.key().id, MasterKey::from_bytes([10; 32]).key().id);
        for wrong in ["", "0a", &"0g".repeat(32), &"0a".repeat(33)] {
            let error = MasterKey::from_hex(wrong).unwrap_err();
            assert!(error.to_string().contains("64 hexadecimal digits"));
        }
        for wrong in ["", "CgoK", "not base64!"] {
            let error = MasterKey::from_base64(wrong).unwrap_err();
            assert!(error.to_string().contains("base64 text of 32 bytes"));
        }
    }

    #[test]
    fn it_is_never_printed() {
        let shown = format!("{:?}", MasterKey::from_bytes([0x41; 32]));
        assert_eq!(shown, "MasterKey");
    }
}
