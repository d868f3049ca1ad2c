//! Where one message stands, in words both sides know.

use model::UnixMs;
use model::ids::{ConversationId, MessageId, OutboxId, PersonId, PhoneNumberId, RecordId};
use store::{Direction, Message, Outbox};

use crate::body::Body;
use crate::told::told;
use crate::word::word;

#[derive(Clone, Debug)]
pub struct Standing {
    pub message: MessageId,
    pub outbox: Option<OutboxId>,
    pub conversation: ConversationId,
    pub person: PersonId,
    pub number: PhoneNumberId,
    pub direction: Direction,
    pub kind: String,
    /// `received`, `queued`, `uncertain`, `asked`, `held`, `accepted`, `sent`,
    /// `delivered`, `read`, `played`, `failed`, `dropped`.
    pub status: String,
    pub wamid: Option<String>,
    pub reference: Option<String>,
    /// Steps with their times, earliest first.
    pub times: Vec<(&'static str, UnixMs)>,
    pub code: Option<String>,
    pub detail: Option<String>,
    pub cure: Option<String>,
    /// A decision put the send back at the end of its lane: since then it is
    /// out of order.
    pub out_of_order: bool,
    /// The `Puente_Message__c` row.
    pub record: Option<RecordId>,
}

pub fn standing(message: &Message, outbox: Option<&Outbox>, record: Option<RecordId>) -> Standing {
    let body = Body::open(&message.body);
    let state = message.state.as_ref();
    let code = state
        .and_then(|s| s.code.clone())
        .or_else(|| outbox.and_then(|o| o.code.clone()))
        .or_else(|| body.error_code.clone());
    Standing {
        message: message.id,
        outbox: message.outbox,
        conversation: message.conversation,
        person: message.person,
        number: message.number.clone(),
        direction: message.direction,
        kind: message.kind.clone(),
        status: word(message.direction, state.map(|s| s.status), outbox.map(|o| o.state))
            .to_owned(),
        wamid: state.and_then(|s| s.wamid.clone()).or_else(|| body.wamid.clone()),
        reference: outbox.and_then(|o| o.reference.clone()),
        times: times(message),
        cure: code.as_deref().and_then(told).map(|told| told.cure.to_owned()),
        detail: state
            .and_then(|s| s.detail.clone())
            .or_else(|| outbox.and_then(|o| o.detail.clone()))
            .or_else(|| body.error_text.clone()),
        code,
        out_of_order: outbox.is_some_and(|o| o.replays > 0),
        record,
    }
}

fn times(message: &Message) -> Vec<(&'static str, UnixMs)> {
    let mut times = match message.direction {
        Direction::In | Direction::Echo => {
            vec![("sent", message.sent_at), ("received", message.received_at)]
        }
        Direction::Out => vec![("queued", message.received_at)],
    };
    if let Some(state) = &message.state {
        let steps = [
            ("accepted", state.accepted_at),
            ("sent", state.sent_at),
            ("delivered", state.delivered_at),
            ("read", state.read_at),
            ("played", state.played_at),
            ("failed", state.failed_at),
        ];
        times.extend(steps.into_iter().filter_map(|(what, at)| Some((what, at?))));
    }
    times.sort_by_key(|(_, at)| *at);
    times
}
