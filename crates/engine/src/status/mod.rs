//! One status of a message we sent.
//!
//! Promises: a status only rises; one that comes before its message is kept
//! until it fits; one that carries our tracker settles an uncertain send, and
//! after a restore a held one. A tracker of another installation is registered and never merged.

mod charge;

pub use charge::UNPAID;

use model::{ConsentKind, Purpose, Status, UnixMs};
use store::Op;
use store::op::{HeldSent, NewConsent, StatusSeen, Whom};
use whatsapp::wire::webhook::StatusItem;

use crate::consent::event_key;
use crate::directory::Number;
use crate::intake::{Intake, state_key};

/// The ops of one status item; none for words that carry no rank.
pub fn register(intake: &Intake, number: &Number, seen: &StatusItem) -> Vec<Op> {
    let Some(status) = seen.status else {
        return Vec::new();
    };
    let now = intake.ambient.now();
    let tracker = seen.tracker.filter(|t| t.installation == intake.installation);
    if seen.tracker.is_some() && tracker.is_none() {
        // a restored copy or a second bridge on the same number: its sends are not ours
        return Vec::new();
    }
    let error = seen.errors.first();
    let key = state_key(&intake.store, &number.tenant, &number.id, seen.wamid.as_str());
    let at = seen.at.unwrap_or(now);
    let sync_due_at = due(status, now, intake.status_delay_ms);
    // a restored database may know the send and not the attempt
    let held = tracker.and_then(|t| t.outbox).filter(|_| intake.gate.is_held());
    let held = held.map(|outbox| {
        Op::HeldSent(HeldSent {
            tenant: number.tenant.clone(),
            outbox,
            at: now,
            state_key: key,
            wamid: seen.wamid.to_string(),
            known: vec![(Status::Accepted, at)],
            sync_due_at,
        })
    });
    let merge = Op::MergeStatus(StatusSeen {
        tenant: number.tenant.clone(),
        number: number.id.clone(),
        state_key: key,
        status,
        at,
        code: error.and_then(|e| e.code).map(|code| format!("wa.{code}")),
        detail: error.and_then(|e| e.details.clone().or_else(|| e.title.clone())),
        pricing: charge::pricing(seen),
        attempt: tracker.map(|t| t.attempt),
        wamid: seen.wamid.to_string(),
        sync_due_at,
    });
    let stopped = error.and_then(|e| e.code) == Some(131050);
    let stopped = stopped.then(|| {
        let parts = ["status", number.id.as_str(), seen.wamid.as_str()];
        let event_key = event_key(&intake.store, &number.tenant, &parts);
        Op::Consent(NewConsent {
            tenant: number.tenant.clone(),
            key: event_key,
            whom: Whom::Message(key),
            purpose: Purpose::Marketing,
            kind: ConsentKind::OptOut,
            channel: "whatsapp".into(),
            source: "meta.131050".into(),
            number: Some(number.id.clone()),
            happened_at: at.min(now),
            recorded_at: now,
            wording: None,
            evidence: Some(seen.wamid.to_string()),
            effects: Vec::new(),
        })
    });
    let unpaid = charge::unpaid(number, seen, now);
    held.into_iter().chain([merge]).chain(stopped).chain(unpaid).collect()
}

/// A failure is shown at once; ticks wait for each other.
fn due(status: Status, now: UnixMs, delay_ms: i64) -> UnixMs {
    match status {
        Status::Failed => now,
        _ => now.plus(delay_ms),
    }
}
