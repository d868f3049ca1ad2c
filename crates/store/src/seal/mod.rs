//! Envelopes: AES-256-GCM, a key per person, tenant and installation.
//!
//! A sealed value is `version (1) | key id (8) | nonce (12) | ciphertext and
//! tag`. Its associated data is tenant, column and the row's immutable id, so
//! that a value cannot be moved to another row. Each key is itself sealed:
//! the installation's and the tenants' by the master key, a person's by the
//! tenant's. Destroying a person's key row destroys all that is theirs.

mod key;
mod keyring;
mod keys;
mod master;

pub(crate) use key::Key;
pub(crate) use keyring::{Fresh, Keyring, Owner};
pub(crate) use keys::{destroy_person, first_keys, new_person, new_tenant};
pub use master::MasterKey;

/// Column and row a value is bound to.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    /// Empty for what belongs to the installation.
    pub tenant: &'a str,
    /// `table.column`.
    pub column: &'static str,
    /// The row's immutable id.
    pub row: &'a [u8],
}

impl Place<'_> {
    /// Unambiguous: tenant and column hold no NUL.
    fn bytes(&self) -> Vec<u8> {
        let mut out =
            Vec::with_capacity(self.tenant.len() + self.column.len() + 2 + self.row.len());
        out.extend_from_slice(self.tenant.as_bytes());
        out.push(0);
        out.extend_from_slice(self.column.as_bytes());
        out.push(0);
        out.extend_from_slice(self.row);
        out
    }
}
