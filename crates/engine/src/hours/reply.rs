//! The reply to who writes out of hours.

use model::{Purpose, UnixMs};
use rules::hours::{Asked, answer};
use store::Op;
use store::op::ConversationTold;

use super::active::Active;
use crate::consent::{self, Place};
use crate::inbound::Arrival;

/// What a message says to the rule.
pub struct Heard {
    /// When the customer last wrote, this message counted.
    pub last_inbound: UnixMs,
    /// When the conversation was last told.
    pub told_at: Option<UnixMs>,
}

/// The reply, and that it is said; nothing where the rule says nothing.
pub fn out_of_hours(
    active: &Active,
    arrival: &Arrival<'_>,
    place: &Place<'_>,
    heard: &Heard,
) -> Option<[Op; 2]> {
    let now = arrival.ambient.now();
    let conversation = place.conversation.to_string();
    let asked = Asked {
        conversation: &conversation,
        kind: arrival.message.kind.as_str(),
        sent_at: place.sent_at,
        timeliness: place.timeliness,
        is_history: false,
        last_inbound: heard.last_inbound,
        last_reply: heard.told_at,
        language: None,
    };
    let reply = answer(&active.hours, &asked, now).ok()?;
    let send = consent::answer(arrival, place, &reply.text, &reply.key, Purpose::Service)?;
    let told =
        ConversationTold { tenant: arrival.number.tenant.clone(), id: place.conversation, at: now };
    Some([send, Op::ConversationTold(told)])
}
