//! The fate of a send, for every kind of fault there is.

use std::sync::Arc;

use model::ids::{AttemptId, OutboxId};
use model::{Act, Code, Fault, Scope, Stage};
use store::op::{SendEnd, SendPermit};

use super::settle::decide;
use super::{Limits, Outbound, Pace};
use crate::breakers::Breakers;
use crate::directory::Directory;
use crate::nudge::Nudges;
use crate::stage::{NOW, ambient, store, tenant};

const ACTS: [Act; 4] = [Act::Retry { after: None }, Act::Renew, Act::Reject, Act::Ask];
const SCOPES: [Scope; 5] = [Scope::Item, Scope::Lane, Scope::Number, Scope::Account, Scope::Org];
const STAGES: [Stage; 4] =
    [Stage::NotSent, Stage::Answered, Stage::Unknown, Stage::SentNotRecorded];

fn outbound() -> Outbound {
    let ambient = ambient();
    Outbound {
        store: store(&ambient),
        clients: Arc::default(),
        directory: Directory::default(),
        pace: Pace::default(),
        breakers: Breakers::new(ambient.clone()),
        nudges: Nudges::default(),
        limits: Limits::default(),
        installation: model::ids::InstallationId::new(&ambient),
        gate: crate::mark::Gate::default(),
        working: Arc::default(),
        broken: Arc::default(),
        ambient,
    }
}

fn fate(
    lane: &Outbound,
    stage: Stage,
    act: Act,
    scope: Scope,
    attempt: u32,
) -> (&'static str, bool) {
    let permit = SendPermit {
        tenant: tenant(),
        outbox: OutboxId::new(&lane.ambient),
        attempt: AttemptId::new(&lane.ambient),
        number_of_attempt: attempt,
        deadline: NOW,
    };
    let (code, detail, cure) = (Code::new("wa.1"), "no".into(), "".into());
    let fault = Fault { act, scope, stage, code, detail, cure };
    let (end, hold) = decide(lane, &permit, &fault, NOW);
    if let SendEnd::NotSent { due_at, .. } = &end {
        assert_eq!(hold, Some(*due_at), "what is sent again holds its lane until then");
        assert!(*due_at > NOW);
    }
    let word = match end {
        SendEnd::Accepted { .. } => "accepted",
        SendEnd::Refused { .. } => "refused",
        SendEnd::NotSent { .. } => "again",
        SendEnd::Uncertain { .. } => "uncertain",
    };
    (word, hold.is_some())
}

#[test]
fn an_outage_never_makes_a_dead_letter_of_a_message() {
    let lane = outbound();
    let retry = Act::Retry { after: None };
    for scope in [Scope::Number, Scope::Account, Scope::Org] {
        assert_eq!(fate(&lane, Stage::NotSent, retry, scope, 1_000), ("again", true), "{scope:?}");
    }
    for scope in [Scope::Item, Scope::Lane] {
        assert_eq!(fate(&lane, Stage::NotSent, retry, scope, 12).0, "refused", "{scope:?}");
    }
}

#[test]
fn only_what_never_left_is_sent_again() {
    let lane = outbound();
    for stage in STAGES {
        for act in ACTS {
            for scope in SCOPES {
                let people = matches!(act, Act::Renew | Act::Ask) && scope >= Scope::Number;
                let want = match stage {
                    Stage::Unknown | Stage::SentNotRecorded => ("uncertain", true),
                    Stage::NotSent if matches!(act, Act::Retry { .. }) => ("again", true),
                    Stage::NotSent | Stage::Answered if people => ("again", true),
                    Stage::NotSent | Stage::Answered => ("refused", false),
                };
                assert_eq!(fate(&lane, stage, act, scope, 1), want, "{stage:?} {act:?} {scope:?}");
            }
        }
    }
}

#[test]
fn retries_end_and_waiting_for_people_does_not() {
    let lane = outbound();
    let retry = Act::Retry { after: None };
    assert_eq!(fate(&lane, Stage::NotSent, retry, Scope::Item, 11).0, "again");
    assert_eq!(fate(&lane, Stage::NotSent, retry, Scope::Item, 12).0, "refused");
    assert_eq!(fate(&lane, Stage::Answered, Act::Renew, Scope::Account, 5_000).0, "again");
}

#[tokio::test]
async fn a_number_without_credentials_keeps_its_sends_waiting() {
    use whatsapp::wire::send::{Address, Message};
    let lane = outbound();
    let permit = SendPermit {
        tenant: tenant(),
        outbox: OutboxId::new(&lane.ambient),
        attempt: AttemptId::new(&lane.ambient),
        number_of_attempt: 1,
        deadline: NOW.plus(10_000),
    };
    let number = model::ids::PhoneNumberId::new("106");
    let text = serde_json::json!({ "type": "text", "text": { "body": "hola" } });
    let (address, message) =
        (Address::phone("15550001111").unwrap(), Message::read(&text).unwrap());
    let ended = super::call::once(&lane, &number, &permit, NOW.0, &address, &message).await;
    let super::call::Ended::Fault(fault) = ended else { panic!("nobody was there to call") };
    let (end, _) = decide(&lane, &permit, &fault, NOW);
    assert!(matches!(end, SendEnd::NotSent { .. }), "{fault:?}: {end:?}");
}
