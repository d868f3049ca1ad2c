//! What people say about being written to.
//!
//! Promises: an opt-out is in the ledger in the commit that takes its message
//! in, so no send that begins after it goes out, on any number of the tenant;
//! the person is told once for each time that they leave. Never: guess from a
//! sentence, or answer what came late.

mod check;
mod desk;
mod heard;
mod notice;
mod preference;
mod settings;

pub use desk::Said;
pub use heard::{Place, heard};
pub(crate) use notice::send as answer;
pub use preference::preference;
pub use settings::Settings;

use model::ids::TenantId;
use store::Store;

/// Meta's word for a person who stopped marketing messages.
pub const STOPPED: &str = "wa.131050";

/// The key of one event: keyed hash of what makes it one.
pub fn event_key(store: &Store, tenant: &TenantId, parts: &[&str]) -> [u8; 32] {
    store.hmac(tenant, format!("consent|{}", parts.join("|")).as_bytes())
}

#[cfg(test)]
mod tests;
