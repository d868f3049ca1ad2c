//! Whatever arrives, nothing panics and nothing vanishes.

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};
use whatsapp::keys::natural_key;
use whatsapp::wire::send::Message;
use whatsapp::wire::webhook::{ItemBody, split};

use crate::{fixture, names};

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
        "[a-z_]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let key = prop_oneof![
            4 => prop::sample::select(vec![
                "object", "entry", "changes", "value", "field", "messages", "statuses", "errors",
                "metadata", "contacts", "id", "from", "type", "text", "body", "image", "interactive",
                "system", "edit", "message", "history", "threads", "groups", "timestamp", "context",
            ]).prop_map(str::to_owned),
            1 => ".{0,6}",
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(key, inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn every_body() -> Vec<Vec<u8>> {
    let all = ["inbound", "statuses", "fields"].into_iter();
    all.flat_map(|f| names(f).into_iter().map(move |n| fixture(&format!("{f}/{n}.json")))).collect()
}

fn envelope(field: &str, part: &str, members: &[Value]) -> Vec<u8> {
    let value = json!({"metadata": {"phone_number_id": "1"}, part: members});
    let change = json!({"field": field, "value": value});
    json!({"object": "whatsapp_business_account", "entry": [{"id": "2", "changes": [change]}]})
        .to_string()
        .into_bytes()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_json_is_taken(value in any_json()) {
        let items = split(value.to_string().as_bytes()).unwrap();
        items.iter().for_each(|item| drop((natural_key(item), item.notice())));
    }

    #[test]
    fn any_bytes_are_taken_or_refused(body in prop::collection::vec(any::<u8>(), 0..200)) {
        drop(split(&body));
    }

    /// Recorded bodies with bytes changed, taken out or doubled.
    #[test]
    fn mutated_bodies_are_taken_or_refused(
        which in any::<Index>(),
        cuts in prop::collection::vec((any::<Index>(), 0_u8..4, any::<u8>()), 1..12),
    ) {
        let bodies = every_body();
        let mut body = bodies[which.index(bodies.len())].clone();
        for (at, how, byte) in cuts {
            let at = at.index(body.len());
            match how {
                0 => body[at] = byte,
                1 => drop(body.remove(at)),
                2 => body.insert(at, byte),
                _ => body[at] = b"{}[]\",:\\0"[usize::from(byte) % 9],
            }
        }
        if let Ok(items) = split(&body) {
            items.iter().for_each(|item| drop((natural_key(item), item.notice())));
        }
    }

    /// One member in, one item out, in order, each with its own bytes.
    #[test]
    fn members_are_conserved(
        members in prop::collection::vec(any_json(), 1..20),
        list in prop::sample::select(vec![
            ("messages", "messages"), ("messages", "statuses"), ("messages", "errors"),
            ("messages", "user_actions"), ("smb_message_echoes", "message_echoes"),
            ("user_preferences", "user_preferences"), ("user_id_update", "user_id_update"),
            ("calls", "calls"), ("group_status_update", "groups"),
            ("smb_app_state_sync", "state_sync"), ("automatic_events", "automatic_events"),
        ]),
    ) {
        let items = split(&envelope(list.0, list.1, &members)).unwrap();
        prop_assert_eq!(items.len(), members.len());
        for (i, (item, member)) in items.iter().zip(&members).enumerate() {
            prop_assert_eq!(item.ordinal as usize, i);
            prop_assert_eq!(item.part.as_str(), list.1);
            prop_assert_eq!(item.raw.get(), member.to_string());
        }
    }

    /// A broken neighbour changes nothing for the others.
    #[test]
    fn neighbours_go_on(broken in any_json(), at in 0_usize..4) {
        let good = |n: usize| json!({"id": format!("wamid.{n}"), "from": "15550001111",
            "timestamp": "1750000000", "type": "text", "text": {"body": "hi"}});
        let mut members: Vec<_> = (0..3).map(good).collect();
        let alone = split(&envelope("messages", "messages", &members)).unwrap();
        members.insert(at, json!([broken]));
        let mut items = split(&envelope("messages", "messages", &members)).unwrap();
        let is_broken = matches!(items.remove(at).body, ItemBody::Broken(_));
        prop_assert!(is_broken);
        let bodies = |items: &[whatsapp::wire::webhook::Item]| {
            items.iter().map(|i| (i.body.clone(), natural_key(i))).collect::<Vec<_>>()
        };
        prop_assert_eq!(bodies(&items), bodies(&alone));
    }

    #[test]
    fn any_message_object_is_read_or_refused(value in any_json()) {
        if let Err(problems) = Message::read(&value) {
            prop_assert!(!problems.is_empty());
        }
    }
}

/// Deeper than a reader's stack would bear: the item is kept, its neighbour read.
#[test]
fn a_bottomless_item_costs_only_itself() {
    let deep = "[".repeat(50_000) + &"]".repeat(50_000);
    let good = r#"{"id":"wamid.1","type":"text","text":{"body":"hi"}}"#;
    let body = format!(
        r#"{{"entry":[{{"id":"1","changes":[{{"field":"messages","value":{{"messages":[{deep},{good}]}}}}]}}]}}"#
    );
    let items = split(body.as_bytes()).unwrap();
    assert!(matches!(items[0].body, ItemBody::Broken(_)));
    assert!(matches!(items[1].body, ItemBody::Message(_)));
    assert_eq!(items[0].raw.get(), deep);
    assert!(natural_key(&items[0]).starts_with("sha256|"));
}

/// A key given twice loses nothing.
#[test]
fn a_second_list_of_messages_is_not_lost() {
    let one = |n: u8| format!(r#"{{"id":"wamid.{n}","id":"wamid.{n}","type":"request_welcome"}}"#);
    let body = format!(
        r#"{{"entry":[{{"id":"1","changes":[{{"field":"messages",
            "value":{{"messages":[{}],"mess\u0061ges":[{}]}}}}]}}]}}"#,
        one(1),
        one(2)
    );
    let items = split(body.as_bytes()).unwrap();
    assert_eq!(items.len(), 2);
    assert!(items.iter().all(|item| matches!(item.body, ItemBody::Message(_))));
}

#[test]
fn what_is_no_envelope_is_kept_whole() {
    for body in ["[]", "7", "null", r#"{"object":"page","entry":[]}"#, "{}", r#"{"entry":{}}"#] {
        let items = split(body.as_bytes()).unwrap();
        assert_eq!(items.len(), 1, "{body}");
        assert!(matches!(items[0].body, ItemBody::Broken(_)), "{body}");
        assert_eq!(items[0].raw.get(), body);
    }
    for body in [&b""[..], b"hello", b"{\"entry\":[", b"{} {}"] {
        assert!(split(body).is_err());
    }
}
