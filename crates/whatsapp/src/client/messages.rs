//! Sending, and telling that a message was read (Cloud API, Messages).

use model::Fault;
use model::ids::{PhoneNumberId, Wamid};
use serde_json::{Value, json};

use super::Client;
use super::call::success;
use crate::faults;
use crate::wire::lenient::id;

/// Meta accepted the message. Everything later comes as statuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub wamid: Wamid,
    /// The address as it was given.
    pub input: Option<String>,
    /// The person's WhatsApp id; it may differ from the number dialled, and is
    /// absent for a business-scoped id.
    pub wa_id: Option<String>,
    pub bsuid: Option<String>,
    /// For templates: `accepted`, `held_for_quality_assessment`, `paused`.
    pub message_status: Option<String>,
}

impl Client {
    /// `POST /{number}/messages` with a body of `wire::send::request_body`.
    ///
    /// Meta has no idempotency key: the same body twice is two messages. A
    /// fault of `Stage::Unknown` means that it may have been sent.
    pub async fn send(&self, number: &PhoneNumberId, body: &Value) -> Result<Sent, Fault> {
        let answer = self.post(&[number.as_str(), "messages"], body).await?;
        let first = |key: &str| answer.get(key).and_then(|list| list.get(0));
        let message = first("messages").ok_or_else(|| faults::unreadable(200))?;
        let contact = first("contacts").unwrap_or(&Value::Null);
        Ok(Sent {
            wamid: Wamid::new(id(message, "id").ok_or_else(|| faults::unreadable(200))?),
            input: id(contact, "input"),
            wa_id: id(contact, "wa_id"),
            bsuid: id(contact, "user_id"),
            message_status: id(message, "message_status"),
        })
    }

    /// Blue ticks for `wamid` and everything before it in the thread; with
    /// `typing` also the typing bubble, for 25 seconds or until the next message.
    pub async fn mark_read(
        &self,
        number: &PhoneNumberId,
        wamid: &Wamid,
        typing: bool,
    ) -> Result<(), Fault> {
        let mut body = json!({
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": wamid.as_str(),
        });
        if typing {
            body["typing_indicator"] = json!({ "type": "text" });
        }
        success(&self.post(&[number.as_str(), "messages"], &body).await?)
    }
}
