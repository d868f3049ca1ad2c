//! API keys: made once, shown once, revoked for good.

pub mod create;
pub mod list;
pub mod revoke;

use store::op::AuditEntry;

use crate::auth::Session;
use crate::state::Inner;

fn audited(app: &Inner, by: &Session, action: &str, subject: String, detail: String) -> AuditEntry {
    AuditEntry {
        tenant: by.tenant.clone(),
        at: app.ambient.now(),
        actor: by.key.to_string(),
        action: action.to_owned(),
        subject,
        detail,
    }
}
