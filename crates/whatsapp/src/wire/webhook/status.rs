//! `statuses[]`: where a message that we sent stands.

use model::ids::{Tracker, Wamid};
use model::{Status, UnixMs};
use serde_json::Value;

use super::{Party, WireError};
use crate::wire::lenient::{self, as_time, id};
use crate::wire::shape::shape;

#[derive(Clone, Debug, PartialEq)]
pub struct StatusItem {
    pub wamid: Wamid,
    /// Meta's own word. The legacy `deleted` and `warning` have no `status`.
    pub word: String,
    pub status: Option<Status>,
    pub at: Option<UnixMs>,
    /// Empty when the message went to a group.
    pub recipient: Party,
    pub group_id: Option<String>,
    /// Which member of the group this status is about.
    pub participant: Option<Party>,
    pub identity_key_hash: Option<String>,
    /// `biz_opaque_callback_data` as it came back.
    pub tracker_text: Option<String>,
    /// The same, when it is one of puente's.
    pub tracker: Option<Tracker>,
    /// Only for Direct Send.
    pub template_id: Option<String>,
    pub conversation: Option<ConversationInfo>,
    /// On `sent` and on one of `delivered` and `read`.
    pub pricing: Option<Pricing>,
    pub errors: Vec<WireError>,
}

impl StatusItem {
    pub(crate) fn read(value: &Value) -> Result<Self, String> {
        if !value.is_object() {
            return Err("the status is not an object".into());
        }
        let wamid = id(value, "id").ok_or("id: the status names no message")?;
        let word = id(value, "status").ok_or("status: missing or not a word")?;
        let word = word.to_ascii_lowercase();
        let tracker_text = value.get("biz_opaque_callback_data").and_then(lenient::as_text);
        let mut recipient = Party::read(
            value,
            &["recipient_id"],
            &["recipient_user_id"],
            &["recipient_parent_user_id", "parent_recipient_user_id"],
        );
        let to_group = id(value, "recipient_type").as_deref() == Some("group");
        let group_id = to_group.then(|| recipient.wa_id.take()).flatten();
        let participant = Party::read(
            value,
            &["recipient_participant_id", "participant_recipient_id"],
            &["recipient_participant_user_id", "participant_recipient_user_id"],
            &["recipient_participant_parent_user_id"],
        );
        let conversation: Option<ConversationInfo> =
            value.get("conversation").and_then(lenient::part_of);
        // In groups the price may sit inside the conversation.
        let priced = value.get("pricing").or_else(|| value.get("conversation")?.get("pricing"));
        Ok(Self {
            wamid: Wamid::new(wamid),
            status: Status::from_wire(&word),
            word,
            at: value.get("timestamp").and_then(as_time),
            recipient,
            group_id,
            participant: Some(participant).filter(|p| !p.is_empty()),
            identity_key_hash: id(value, "recipient_identity_key_hash"),
            tracker: tracker_text.as_deref().and_then(Tracker::parse),
            tracker_text,
            template_id: id(value, "template_id"),
            conversation,
            pricing: priced.and_then(lenient::part_of),
            errors: WireError::list(value),
        })
    }
}

shape! {
    /// `conversation`: omitted from payload version 24 on, except in a free entry
    /// point window.
    ConversationInfo {
        text { id }
        time { expires_at as "expiration_timestamp" }
        part { origin: Origin }
    }
    Origin {
        text { kind as "type" }
    }
    Pricing {
        text {
            /// `PMP` since July 2025, `CBP` before.
            pricing_model,
            /// `regular`, `free_customer_service`, `free_entry_point`.
            kind as "type",
            /// `marketing`, `utility`, `authentication`, `service`, ... as Meta spells it.
            category,
        }
        flag {
            /// Due to be removed by Meta; see [`Pricing::is_billed`].
            billable,
        }
    }
}

impl Pricing {
    /// Whether this message is charged, from `type` or else from `billable`.
    pub fn is_billed(&self) -> Option<bool> {
        match self.kind.as_deref() {
            Some(kind) => Some(kind == "regular"),
            None => self.billable,
        }
    }

    /// The category in one spelling: Meta mixes `-` and `_`.
    pub fn category_key(&self) -> Option<String> {
        self.category.as_ref().map(|c| c.to_ascii_lowercase().replace('-', "_"))
    }
}
