//! Keys that outlive a run: the same event gives the same key, always.

use aws_lc_rs::digest::{SHA256, digest};
use model::ids::{OutboxId, PhoneNumberId, Wamid};

/// `Puente_Message__c.Key__c` of what a customer sent, and of an echo:
/// lower-case hex SHA-256 of `phone_number_id|wamid`.
pub fn inbound_record_key(number: &PhoneNumberId, wamid: &Wamid) -> String {
    sha256_hex(format!("{number}|{wamid}").as_bytes())
}

/// `Puente_Message__c.Key__c` of what we sent: SHA-256 of `out|<outbox id>`,
/// known before Meta has given a wamid.
pub fn outbound_record_key(outbox: OutboxId) -> String {
    sha256_hex(format!("out|{outbox}").as_bytes())
}

/// What the rendezvous of a message with its statuses is hashed from.
pub fn state_key_text(number: &PhoneNumberId, wamid: &str) -> String {
    format!("state|{number}|{wamid}")
}

pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest(&SHA256, bytes).as_ref());
    out
}

pub fn sha256_hex(bytes: &[u8]) -> String {
    sha256(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_the_published_hashes() {
        assert_eq!(
            sha256_hex(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        let key =
            inbound_record_key(&PhoneNumberId::new("106540000000001"), &Wamid::new("wamid.A"));
        assert_eq!(key, sha256_hex(b"106540000000001|wamid.A"));
        assert_eq!(key.len(), 64);
    }

    #[test]
    fn the_same_wamid_under_two_numbers_is_two_messages() {
        let wamid = Wamid::new("wamid.A");
        assert_ne!(
            inbound_record_key(&PhoneNumberId::new("1"), &wamid),
            inbound_record_key(&PhoneNumberId::new("2"), &wamid)
        );
    }
}
