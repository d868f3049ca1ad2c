//! That the paths which are documented are those that are made.

use std::collections::BTreeSet;

use model::ids::{ConversationId, LaneId, MessageId, PersonId, PhoneNumberId};
use rules::mapping::{PATHS, is_path};
use serde_json::{Value, json};
use store::op::{NewVersion, TenantRow, VersionUse};
use store::{Commit, Conversation, Direction, Document, Message, Op, Person, Profile};

use super::Mappings;
use super::source::{Facts, source};
use crate::body::Body;
use crate::stage::{self, NOW, number};
use crate::writer::Defaults;

fn person(profile: Profile) -> Person {
    Person {
        id: PersonId::from_bytes([1; 16]),
        created_at: NOW,
        seen_at: NOW,
        profile,
        lead: None,
        contact: None,
        account: None,
    }
}

fn conversation() -> Conversation {
    Conversation {
        id: ConversationId::from_bytes([2; 16]),
        lane: LaneId::from_bytes([3; 16]),
        person: PersonId::from_bytes([1; 16]),
        number: PhoneNumberId::new("106"),
        opened_at: NOW,
        closed_at: None,
        first_inbound_at: Some(NOW),
        last_inbound_at: Some(NOW),
        first_response_at: None,
        last_message_at: None,
        case: None,
        opportunity: None,
        told_at: None,
    }
}

fn message(body: &Body) -> Message {
    Message {
        id: MessageId::from_bytes([4; 16]),
        seq: 1,
        conversation: ConversationId::from_bytes([2; 16]),
        person: PersonId::from_bytes([1; 16]),
        lane: LaneId::from_bytes([3; 16]),
        number: PhoneNumberId::new("106"),
        direction: Direction::In,
        kind: "text".into(),
        record_key: "k".repeat(64),
        outbox: None,
        journal: None,
        sent_at: NOW,
        received_at: NOW,
        late: false,
        body: body.seal(),
        state: None,
        media: None,
    }
}

fn full() -> (Person, Body) {
    let some = |text: &str| Some(text.to_owned());
    let profile = Profile {
        display_name: some("Ana Ruiz"),
        wa_id: some("5215512345678"),
        phone_e164: some("+525512345678"),
        bsuid: some("MX.1"),
        parent_bsuid: None,
        username: some("ana.r"),
        country: some("MX"),
    };
    let body = Body {
        wamid: some("wamid.1"),
        text: some("hola"),
        mime_type: some("image/png"),
        file_name: some("a.png"),
        latitude: Some(1.5),
        longitude: Some(-2.5),
        reply_id: some("yes"),
        referral_source_id: some("120"),
        referral_click_id: some("ARA"),
        source: Some(json!({ "referral": {
            "source_type": "ad", "source_url": "https://fb.me/1", "headline": "Hi", "body": "Now",
        } })),
        ..Body::default()
    };
    (person(profile), body)
}

/// Paths of leaves; below Meta's own object none are told apart.
fn leaves(value: &Value) -> BTreeSet<String> {
    let groups = value.as_object().unwrap().iter();
    groups
        .flat_map(|(group, fields)| {
            fields.as_object().unwrap().keys().map(move |field| format!("{group}.{field}"))
        })
        .collect()
}

#[test]
fn every_documented_path_is_made_and_no_other() {
    let (person, body) = full();
    let (conversation, message, number) = (conversation(), message(&body), number());
    let source = source(&Facts {
        version: 3,
        settings: &Defaults::default(),
        person: &person,
        conversation: Some(&conversation),
        number: Some(&number),
        message: Some(&message),
    });
    let documented: BTreeSet<_> = PATHS.iter().map(|path| path.path.to_owned()).collect();
    assert_eq!(leaves(&source), documented);
    for path in PATHS {
        let value = path.path.split('.').fold(&source, |value, key| &value[key]);
        let fits = match path.kind {
            "number" => value.is_number(),
            "datetime" => value.as_str().is_some_and(|text| text.ends_with('Z')),
            "any" => value.is_object(),
            _ => value.is_string(),
        };
        assert!(fits, "{}: {value}", path.path);
    }
}

#[test]
fn what_is_always_there_is_there_for_somebody_without_anything() {
    let nobody = person(Profile { display_name: Some(String::new()), ..Profile::default() });
    let settings = Defaults { lead_company: String::new(), lead_source: None, case_origin: None };
    let source = source(&Facts {
        version: 0,
        settings: &settings,
        person: &nobody,
        conversation: None,
        number: None,
        message: None,
    });
    let made = leaves(&source);
    let always = PATHS.iter().filter(|path| path.always).map(|path| path.path.to_owned());
    assert_eq!(made, always.collect::<BTreeSet<_>>(), "nothing empty is among them");
    assert!(made.iter().all(|path| is_path(path)));
}

#[tokio::test]
async fn a_version_that_cannot_be_read_gives_way_to_our_own_and_is_told() {
    let ambient = stage::ambient();
    let (store, tenant) = (stage::store(&ambient), stage::tenant());
    let mappings = Mappings::new(store.clone(), ambient);
    let known = Op::PutTenant(TenantRow { tenant: tenant.clone(), org: None, at: NOW });
    let newer = |text: &str| {
        let (tenant, text) = (tenant.clone(), text.to_owned());
        Op::NewVersion(NewVersion {
            tenant,
            document: Document::Mapping,
            text,
            at: NOW,
            actor: "key_1".into(),
        })
    };
    store.commit(Commit::of(vec![known, newer("format = 1\n")])).await.unwrap();
    assert_eq!(mappings.active(&tenant).await.unwrap().version, 1);
    store.commit(Commit::of(vec![newer("format = 2\n")])).await.unwrap();
    for _ in 0..2 {
        assert_eq!(mappings.active(&tenant).await.unwrap().version, 0);
        let alerts = store.alerts_open(&tenant).await.unwrap();
        assert_eq!((alerts.len(), alerts[0].subject.as_str()), (1, "version 2"));
        assert!(alerts[0].text.contains("format"), "{}", alerts[0].text);
    }
    let back = VersionUse {
        tenant: tenant.clone(),
        document: Document::Mapping,
        version: 1,
        at: NOW,
        actor: "key_1".into(),
    };
    store.commit(Commit::of(vec![Op::UseVersion(back)])).await.unwrap();
    assert_eq!(mappings.active(&tenant).await.unwrap().version, 1);
}
