//! What answers a message by itself: that an opt-out was heard, that nobody is
//! there now.

use model::Purpose;
use rules::identity::Sender;
use serde_json::{Map, json};
use store::Op;

use super::heard::Place;
use crate::body::Address;
use crate::inbound::Arrival;
use crate::outbound::Unasked;

/// `request`: the same is said once. `None` when nobody can be answered.
pub fn send(
    arrival: &Arrival<'_>,
    place: &Place<'_>,
    text: &str,
    request: &str,
    purpose: Purpose,
) -> Option<Op> {
    let wire = [("type".to_owned(), json!("text")), ("text".to_owned(), json!({ "body": text }))];
    let unasked = Unasked {
        store: arrival.store,
        ambient: arrival.ambient,
        tenant: &arrival.number.tenant,
        number: &arrival.number.id,
        person: place.person,
        lane: place.lane,
        conversation: place.conversation,
        to: address(place.sender)?,
        wire: Map::from_iter(wire),
        template: None,
        purpose,
        request,
    };
    Some(unasked.op().1)
}

/// As they wrote: by number, else by user id.
fn address(sender: &Sender) -> Option<Address> {
    match (&sender.wa_id, &sender.bsuid) {
        (Some(wa_id), _) => Some(Address::Phone(wa_id.clone())),
        (None, Some(bsuid)) => Some(Address::Bsuid(bsuid.clone())),
        (None, None) => None,
    }
}
