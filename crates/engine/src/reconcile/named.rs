//! What differs, one by one.

use std::collections::BTreeMap;

use rules::reconcile::{Kind, Met, Ours, Theirs, Verdict};
use serde_json::{Value, json};
use store::Mirrored;

/// Named of each verdict; the rest is counted.
const NAMED_MAX: usize = 2_000;

pub(super) struct Named {
    entries: Vec<Value>,
    of: BTreeMap<Verdict, usize>,
    pub unnamed: u64,
}

impl Named {
    pub fn new() -> Self {
        Self { entries: Vec::new(), of: BTreeMap::new(), unnamed: 0 }
    }

    pub fn add(
        &mut self,
        kind: Kind,
        verdict: Verdict,
        met: &Met<Ours, Theirs>,
        row: Option<&Mirrored>,
    ) {
        let named = self.of.entry(verdict).or_default();
        if *named == NAMED_MAX {
            self.unnamed += 1;
            return;
        }
        *named += 1;
        let (ours, theirs) = match met {
            Met::Left(ours) => (Some(ours), None),
            Met::Both(ours, theirs) => (Some(ours), Some(theirs)),
            Met::Right(theirs) => (None, Some(theirs)),
        };
        let sync = row.and_then(|row| row.sync.as_ref());
        let last = sync.and_then(|sync| sync.record.as_ref());
        let key = ours.map(|o| &o.key).or(theirs.map(|t| &t.key));
        self.entries.push(json!({
            "what": verdict.as_str(),
            "object": object_name(kind),
            "key": key,
            "id": row.map(|row| id(kind, row.id)),
            "record": theirs.map(|t| t.record.clone()).or(last.map(ToString::to_string)),
            "here": ours.and_then(|o| o.standing),
            "there": theirs.and_then(|t| t.standing.clone()),
            "code": sync.and_then(|sync| sync.code.clone()),
        }));
    }

    /// In order of what it is, then object, then key.
    pub fn into_entries(mut self) -> Vec<Value> {
        let text = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
        self.entries.sort_by_cached_key(|entry| {
            ["what", "object", "key", "record"].map(|name| text(entry, name))
        });
        self.entries
    }
}

pub(super) fn object_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Person => "Puente_Person__c",
        Kind::Conversation => "Puente_Conversation__c",
        Kind::Message => "Puente_Message__c",
    }
}

fn id(kind: Kind, id: [u8; 16]) -> String {
    use model::ids::{ConversationId, MessageId, PersonId};
    match kind {
        Kind::Person => PersonId::from_bytes(id).to_string(),
        Kind::Conversation => ConversationId::from_bytes(id).to_string(),
        Kind::Message => MessageId::from_bytes(id).to_string(),
    }
}
