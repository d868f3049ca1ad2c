//! A message with where it stands, as the API shows it.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::clock;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub struct Standing {
    #[schema(example = "msg_019357a0c4d87c3eb3f4a1d2c5e60718")]
    message_id: String,
    /// The send, when it is one of ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    conversation_id: String,
    person_id: String,
    /// Meta's id of the business number.
    number: String,
    /// `in`, `out`, or `echo` of what was written in the WhatsApp Business app.
    direction: &'static str,
    /// Meta's word: `text`, `image`, `template` ...
    #[serde(rename = "type")]
    #[schema(rename = "type")]
    kind: String,
    /// `received`, `queued`, `uncertain`, `asked`, `held`, `accepted`, `sent`,
    /// `delivered`, `read`, `played`, `failed` or `dropped`.
    #[schema(example = "delivered")]
    status: String,
    /// Meta's id, once it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    wamid: Option<String>,
    /// The caller's own reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    /// When each step was reached: RFC 3339, UTC.
    #[schema(example = json!({ "sent": "2026-11-22T15:06:40.000Z" }))]
    times: BTreeMap<&'static str, String>,
    /// Why it failed or waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    cure: Option<String>,
    /// A decision put the send back at the end of its lane: since then it is
    /// out of order. Left out otherwise.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    out_of_order: bool,
    /// The message's record in Salesforce, once it is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    record_id: Option<String>,
}

impl From<engine::Standing> for Standing {
    fn from(from: engine::Standing) -> Self {
        Self {
            message_id: from.message.to_string(),
            id: from.outbox.map(|id| id.to_string()),
            conversation_id: from.conversation.to_string(),
            person_id: from.person.to_string(),
            number: from.number.to_string(),
            direction: from.direction.as_str(),
            kind: from.kind,
            status: from.status,
            wamid: from.wamid,
            reference: from.reference,
            times: from.times.into_iter().map(|(step, at)| (step, clock::text(at))).collect(),
            code: from.code,
            detail: from.detail,
            cure: from.cure,
            out_of_order: from.out_of_order,
            record_id: from.record.map(|id| id.to_string()),
        }
    }
}
