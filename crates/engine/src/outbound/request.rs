//! What a caller asks for, and what is answered.

use model::ids::{ConversationId, KeyId, MessageId, OutboxId, PhoneNumberId, TenantId};
use model::{Status, UnixMs};
use serde_json::{Map, Value};
use store::Class;
use store::op::AuditEntry;

/// Who asks: an API key of one tenant, and the Salesforce user it acts for.
#[derive(Clone, Debug)]
pub struct Caller {
    pub tenant: TenantId,
    pub key: KeyId,
    pub acting_user: Option<String>,
}

impl Caller {
    /// The line of the trail about what they did. `detail` holds nothing
    /// personal.
    pub fn audit(&self, action: &str, subject: String, detail: &str, at: UnixMs) -> AuditEntry {
        let user = self.acting_user.as_ref().map(|user| format!("for user {user}"));
        let detail = [user.as_deref().unwrap_or_default(), detail];
        AuditEntry {
            tenant: self.tenant.clone(),
            at,
            actor: self.key.to_string(),
            action: action.into(),
            subject,
            detail: detail
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join("; "),
        }
    }
}

#[derive(Clone, Debug)]
pub struct SendRequest {
    /// May be left out when the tenant has one number.
    pub number: Option<PhoneNumberId>,
    pub to: String,
    pub class: Class,
    /// The caller's own reference, at most 128 characters.
    pub reference: Option<String>,
    /// Meta's own message object: `type`, that type's object, `context`.
    pub message: Map<String, Value>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    pub outbox: OutboxId,
    pub message: MessageId,
    pub conversation: ConversationId,
    pub status: Status,
    /// The request was known: this is its first answer again.
    pub repeated: bool,
}

impl SendRequest {
    /// The request as bytes that do not depend on the order of its keys
    /// (`serde_json::Map` sorts them).
    pub fn canonical(&self) -> Vec<u8> {
        let number = self.number.as_ref().map(PhoneNumberId::as_str);
        serde_json::to_vec(&serde_json::json!([
            number,
            self.to,
            self.class.as_str(),
            self.reference,
            self.message,
        ]))
        .unwrap_or_default()
    }
}
