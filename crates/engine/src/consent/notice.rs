//! What answers a message by itself: that an opt-out was heard, that nobody is
//! there now.

use model::Purpose;
use model::ids::{MessageId, OutboxId};
use rules::identity::Sender;
use serde_json::json;
use store::op::{NewMessage, NewOutbox, Want};
use store::{Class, Direction, Object, Op};

use super::heard::Place;
use crate::body::{Address, Errand};
use crate::inbound::Arrival;
use crate::outbound;

/// `request`: the same is said once. `None` when nobody can be answered. The conversation is not touched: what
/// answers by itself is no first response.
pub fn send(
    arrival: &Arrival<'_>,
    place: &Place<'_>,
    text: &str,
    request: &str,
    purpose: Purpose,
) -> Option<Op> {
    let to = address(place.sender)?;
    let wire = json!({ "type": "text", "text": { "body": text } });
    let (tenant, number) = (&arrival.number.tenant, &arrival.number.id);
    let (id, message) = (OutboxId::new(arrival.ambient), MessageId::new(arrival.ambient));
    let now = arrival.ambient.now();
    let shown = wire.as_object().map(outbound::shown)?;
    let row = NewMessage {
        tenant: tenant.clone(),
        id: message,
        conversation: place.conversation,
        person: place.person,
        lane: place.lane,
        number: number.clone(),
        direction: Direction::Out,
        kind: "text".into(),
        record_key: rules::keys::outbound_record_key(id),
        state_key: None,
        outbox: Some(id),
        journal: None,
        sent_at: now,
        received_at: now,
        late: false,
        body: shown.seal(),
    };
    let want = Want {
        tenant: tenant.clone(),
        object: Object::Message,
        id: *message.as_bytes(),
        root: place.person,
        due_at: now,
    };
    let errand = Errand { to, message: wire, media: None };
    Some(Op::Accept(Box::new(NewOutbox {
        tenant: tenant.clone(),
        id,
        lane: place.lane,
        number: number.clone(),
        person: place.person,
        message,
        class: Class::Automatic,
        request_key: arrival.store.hmac(tenant, request.as_bytes()),
        request_digest: arrival.store.hmac(tenant, text.as_bytes()),
        free_form: true,
        template: None,
        purpose,
        reference: None,
        agent: None,
        due_at: now,
        created_at: now,
        body: serde_json::to_vec(&errand).unwrap_or_default(),
        effects: vec![Op::NewMessage(row), Op::Want(want)],
    })))
}

/// As they wrote: by number, else by user id.
fn address(sender: &Sender) -> Option<Address> {
    match (&sender.wa_id, &sender.bsuid) {
        (Some(wa_id), _) => Some(Address::Phone(wa_id.clone())),
        (None, Some(bsuid)) => Some(Address::Bsuid(bsuid.clone())),
        (None, None) => None,
    }
}
