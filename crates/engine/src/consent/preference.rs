//! The person's own switch for marketing messages, in WhatsApp itself.

use model::ids::PersonId;
use model::{ConsentKind, Purpose};
use store::Op;
use store::op::{NewConsent, Whom};
use whatsapp::wire::webhook::Preference;

use super::event_key;
use crate::inbound::{Door, identify};
use crate::intake::{View, party};

/// People to make or know, and what happens once.
pub fn preference(
    view: &mut View,
    door: &Door<'_>,
    said: &Preference,
) -> Result<(PersonId, Vec<Op>, Vec<Op>), &'static str> {
    let mut people = Vec::new();
    let person = identify(view, door, &party(door.item, &said.user), &mut people)?;
    let kind = match (said.category.as_deref(), said.value.as_deref()) {
        (Some("marketing_messages") | None, Some("stop")) => ConsentKind::OptOut,
        (Some("marketing_messages") | None, Some("resume")) => ConsentKind::OptIn,
        // a switch that is not known yet: the item is kept whole
        _ => return Ok((person, people, Vec::new())),
    };
    let tenant = &door.number.tenant;
    let happened_at = said.at.unwrap_or(door.received_at).min(door.received_at);
    let (at, number) = (happened_at.0.to_string(), door.number.id.as_str());
    let parts = ["preference", number, &person.to_string(), kind.as_str(), &at];
    let event = NewConsent {
        tenant: tenant.clone(),
        key: event_key(door.store, tenant, &parts),
        whom: Whom::Person(person),
        purpose: Purpose::Marketing,
        kind,
        channel: "whatsapp".into(),
        source: "meta.user_preferences".into(),
        number: Some(door.number.id.clone()),
        happened_at,
        recorded_at: door.received_at,
        wording: said.detail.clone(),
        evidence: None,
        effects: Vec::new(),
    };
    Ok((person, people, vec![Op::Consent(event)]))
}
