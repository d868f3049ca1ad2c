//! The same event has the same key however it is delivered; another has another.

use std::collections::BTreeSet;

use serde_json::Value;
use whatsapp::keys::{canonical, natural_key};
use whatsapp::wire::webhook::{Item, ItemBody, split};

use crate::{fixture, names};

const FOLDERS: [&str; 3] = ["inbound", "statuses", "fields"];

fn items(path: &str) -> Vec<Item> {
    split(&fixture(path)).unwrap()
}

fn keys(body: &[u8]) -> Vec<String> {
    split(body).unwrap().iter().map(natural_key).collect()
}

/// Every fixture, parsed and written again: other escapes, other blanks, keys
/// in another order.
#[test]
fn escapes_and_blanks_make_no_new_event() {
    for folder in FOLDERS {
        for name in names(folder) {
            let body = fixture(&format!("{folder}/{name}.json"));
            let Ok(value) = serde_json::from_slice::<Value>(&body) else {
                continue;
            };
            let mut sorted = String::new();
            canonical(&value, &mut sorted);
            // Sorting moves `errors` before `messages`: it is the set that stays.
            let set = |body: &[u8]| keys(body).into_iter().collect::<BTreeSet<_>>();
            assert_eq!(set(&body), set(sorted.as_bytes()), "{folder}/{name}");
            assert_eq!(set(&body), set(&serde_json::to_vec_pretty(&value).unwrap()), "{name}");
        }
    }
}

/// Two fixtures never share a key, and within one only what is meant to be.
#[test]
fn different_events_have_different_keys() {
    let mut seen = BTreeSet::new();
    for folder in FOLDERS {
        for name in names(folder) {
            for item in items(&format!("{folder}/{name}.json")) {
                let key = natural_key(&item);
                // The status fixtures speak of one message on purpose.
                if let ItemBody::Status(_) = item.body {
                    continue;
                }
                assert!(seen.insert(key.clone()), "{folder}/{name}: {key} again");
            }
        }
    }
    assert!(seen.len() > 100);
}

#[test]
fn a_batch_taken_apart_keeps_its_keys() {
    let whole = fixture("inbound/batch_with_broken.json");
    let mut value: Value = serde_json::from_slice(&whole).unwrap();
    let messages = value.pointer_mut("/entry/0/changes/0/value/messages").unwrap();
    messages.as_array_mut().unwrap().drain(..2);
    let rest = keys(value.to_string().as_bytes());
    let all: BTreeSet<_> = keys(&whole).into_iter().collect();
    assert!(rest.iter().all(|key| all.contains(key)));
    assert_eq!(rest.len() + 2, all.len());
}

#[test]
fn statuses_differ_by_word_and_by_participant() {
    let wamid = |item: &Item| match &item.body {
        ItemBody::Status(s) => s.wamid.as_str().to_owned(),
        other => panic!("{other:?}"),
    };
    let all = items("statuses/group_two_readers.json");
    let tails: Vec<_> = all
        .iter()
        .map(|item| natural_key(item).split_once(&wamid(item)).unwrap().1.to_owned())
        .collect();
    assert_eq!(tails, ["|delivered|15550001111", "|delivered|15550002222", "|read|US.7"]);
    let [read, sent] =
        ["read", "sent"].map(|n| natural_key(&items(&format!("statuses/{n}.json"))[0]));
    assert!(read.starts_with("status|106540000000001|wamid.") && read.ends_with("|read|"));
    assert_ne!(read, sent);
}

/// The same template may be paused twice; entry.time tells the two apart.
#[test]
fn a_notice_of_another_time_is_another_event() {
    let body =
        String::from_utf8(fixture("fields/message_template_status_update_paused.json")).unwrap();
    let later = body.replacen("\"time\": 1750000000", "\"time\": 1750600000", 1);
    assert_ne!(body, later);
    assert_ne!(keys(body.as_bytes()), keys(later.as_bytes()));
    let reason = body.replace("Paused for 3 hours.", "Paused for three hours.");
    assert_eq!(
        keys(body.as_bytes()),
        keys(reason.as_bytes()),
        "the subject is named, not its words"
    );
}

/// History and live of one wamid are two items: an import must not hide a message.
#[test]
fn history_does_not_hide_a_live_message() {
    let live = String::from_utf8(fixture("inbound/image.json")).unwrap();
    let old = live.replace("\"field\": \"messages\"", "\"field\": \"history\"");
    assert_ne!(live, old);
    assert_ne!(keys(live.as_bytes()), keys(old.as_bytes()));
}

#[test]
fn canonical_sorts_at_every_level() {
    let value = serde_json::json!({"b": [{"z": 1, "a": "\u{e9}/"}], "a": null});
    let mut out = String::new();
    canonical(&value, &mut out);
    assert_eq!(out, "{\"a\":null,\"b\":[{\"a\":\"\u{e9}/\",\"z\":1}]}");
}
