//! What one message of a customer says about consent.

use model::ids::{ConversationId, LaneId, MessageId, PersonId};
use model::{ConsentKind, Purpose, UnixMs};
use rules::consent::Heard;
use rules::identity::Sender;
use rules::window::{self, Timeliness};
use store::Op;
use store::op::{AlertRaised, NewConsent, Whom};
use whatsapp::wire::webhook::Content;

use super::{event_key, notice};
use crate::inbound::Arrival;

/// What an alert is called that asks a person to read a message.
pub const HINT: &str = "maybe_opt_out";

/// The message within what is known of it.
pub struct Place<'a> {
    pub sender: &'a Sender,
    pub person: PersonId,
    pub lane: LaneId,
    pub conversation: ConversationId,
    pub message: MessageId,
    pub sent_at: UnixMs,
    pub timeliness: Timeliness,
}

/// Happens with the message, once.
pub fn heard(arrival: &Arrival<'_>, place: &Place<'_>) -> Vec<Op> {
    let mut ops = Vec::new();
    let referral = arrival.message.referral.as_ref();
    if arrival.settings.referral_opts_in
        && let Some(referral) = referral
    {
        let evidence = referral.source_id.clone().or_else(|| referral.ctwa_clid.clone());
        ops.push(Op::Consent(NewConsent {
            evidence: evidence.or_else(|| Some(arrival.message.wamid.to_string())),
            ..event(arrival, place, Purpose::Marketing, ConsentKind::OptIn, "referral")
        }));
    }
    let text = match &arrival.message.content {
        Content::Text(text) => Some(text.as_str()),
        Content::Button(button) => button.text.as_deref(),
        Content::Reply(reply) => reply.title.as_deref(),
        _ => None,
    };
    let Some(text) = text else {
        return ops;
    };
    let keyword = |purpose, kind| NewConsent {
        wording: Some(text.to_owned()),
        ..event(arrival, place, purpose, kind, "keyword")
    };
    match arrival.settings.words.hear(text) {
        Heard::Nothing => {}
        Heard::In { to, .. } => {
            ops.extend(to.iter().map(|p| Op::Consent(keyword(*p, ConsentKind::OptIn))));
        }
        Heard::Out { of, language } => {
            let mut events: Vec<_> = of.iter().map(|p| keyword(*p, ConsentKind::OptOut)).collect();
            // the last, so that all of them are in the ledger by then
            if let Some(last) = events.last_mut()
                && in_time(arrival, place)
            {
                let (number, wamid) = (&arrival.number.id, &arrival.message.wamid);
                let once = format!("notice|{number}|{wamid}");
                let said = arrival.settings.notices.text(language);
                last.effects.extend(
                    said.and_then(|text| {
                        notice::send(arrival, place, text, &once, Purpose::Notice)
                    }),
                );
            }
            ops.extend(events.into_iter().map(Op::Consent));
        }
        Heard::Hint => ops.push(Op::RaiseAlert(AlertRaised {
            tenant: arrival.number.tenant.clone(),
            kind: HINT.into(),
            subject: place.person.to_string(),
            text: format!(
                "message {} of {} may ask for no more messages: read it, and record the opt-out",
                place.message, place.person
            ),
            at: arrival.received_at,
        })),
    }
    ops
}

/// Nothing answers by itself what is older than an hour.
fn in_time(arrival: &Arrival<'_>, place: &Place<'_>) -> bool {
    let age_ms = arrival.ambient.now().since(place.sent_at);
    place.timeliness != Timeliness::Late && age_ms <= window::LATE_MS
}

fn event(
    arrival: &Arrival<'_>,
    place: &Place<'_>,
    purpose: Purpose,
    kind: ConsentKind,
    source: &str,
) -> NewConsent {
    let (tenant, number) = (&arrival.number.tenant, &arrival.number.id);
    let wamid = arrival.message.wamid.as_str();
    let parts = [source, number.as_str(), wamid, purpose.as_str()];
    NewConsent {
        tenant: tenant.clone(),
        key: event_key(arrival.store, tenant, &parts),
        whom: Whom::Person(place.person),
        purpose,
        kind,
        channel: "whatsapp".into(),
        source: source.into(),
        number: Some(number.clone()),
        happened_at: place.sent_at,
        recorded_at: arrival.received_at,
        wording: None,
        evidence: Some(wamid.to_owned()),
        effects: Vec::new(),
    }
}
