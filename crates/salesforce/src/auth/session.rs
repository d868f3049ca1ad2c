//! What a sign-in gives.

use std::sync::Arc;

use model::UnixMs;
use model::ids::{OrgId, RecordId};
use secrecy::SecretString;

/// A signed-in session.
#[derive(Clone, Debug)]
pub struct Session {
    /// Where all calls go: `https://….my.salesforce.com`, without a slash at its end.
    pub instance_url: Arc<str>,
    pub access_token: SecretString,
    pub org_id: OrgId,
    /// The user whose rights the calls have.
    pub user_id: RecordId,
    /// By Salesforce's clock.
    pub issued_at: UnixMs,
    /// Counts the sign-ins of one holder, so that two calls agree on which one died.
    pub(super) serial: u64,
}
