//! The client against a remote that answers by a script.

mod answers;
mod bulk;
mod reads;
mod requests;
mod sessions;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use http::Response;
use model::ids::RecordId;
use model::{Act, Lost, Stage};
use serde_json::{Value, json};

use crate::client::{Client, ClientOptions};
use crate::fake::{self, Fake, answer, client, session_ended};
use crate::faults::local;
use crate::{Clue, DuplicateRule, Names, Record, RecordOutcome, Subrequest};

fn both() -> [Names; 2] {
    [Names::none(), Names::new("ns__").unwrap()]
}

fn messages(names: &Names, count: usize) -> Vec<Record> {
    let one = |i| Record::new(names, "Puente_Message__c").set("Key__c", format!("k{i}"));
    (0..count).map(one).collect()
}

/// `written a01… created`, `refused sf.X answered`, `halted`
fn shown(outcome: &RecordOutcome) -> String {
    match outcome {
        RecordOutcome::Written { id, created: true } => format!("created {id}"),
        RecordOutcome::Written { id, created: false } => format!("updated {id}"),
        RecordOutcome::Refused(why) => format!("{} {:?}", why.fault.code, why.fault.stage),
        RecordOutcome::Halted => "halted".to_owned(),
    }
}

fn all_shown(outcomes: &[RecordOutcome]) -> String {
    outcomes.iter().map(shown).collect::<Vec<_>>().join(", ")
}

/// Runs a call that needs no waiting.
fn now<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn says(fixture: &Value) -> Arc<Fake> {
    let (status, body) = (fixture["status"].as_u64().unwrap() as u16, fixture["body"].clone());
    Fake::signed_in(move |_| answer(status, &body))
}
