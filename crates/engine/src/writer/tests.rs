//! What goes into a call, and what a record may hold.

use model::ids::{ConversationId, LaneId, MessageId, PersonId, PhoneNumberId, RecordId};
use model::{Status, UnixMs, Urgency};
use proptest::prelude::*;
use rules::phone::Country;
use salesforce::{Names, Row};
use serde_json::{Value, json};
use store::{
    Direction, Message, MessageState, OutboxState, Person, Profile, RecordKind, RecordLink,
    RecordState,
};

use super::convert::{self, Sending};
use super::links::Links;
use super::lookup;
use crate::body::Body;
use crate::stage::NOW;

fn link(kind: RecordKind, state: RecordState, n: u8) -> RecordLink {
    RecordLink {
        urgency: Urgency::Live,
        person: PersonId::from_bytes([n; 16]),
        kind,
        slot: [n; 16],
        state,
        record: None,
        attempts: 0,
        due_at: NOW,
        at: NOW,
        code: None,
        detail: None,
        plan: None,
    }
}

proptest! {
    #[test]
    fn a_call_never_has_more_than_five_heavy_parts(
        due in proptest::collection::vec((0..2usize, 0..3usize, any::<u8>()), 0..60),
        rows_max in 1usize..200,
    ) {
        let kinds = [RecordKind::Lead, RecordKind::Case];
        let states = [RecordState::Wanted, RecordState::Absent, RecordState::Creating];
        let due: Vec<_> = due.into_iter().map(|(k, s, n)| link(kinds[k], states[s], n)).collect();
        let work = !due.is_empty();
        let links = Links::sort(due, rows_max);
        // homes are two queries; the others one part each; three are for upserts
        let lists = [&links.make_leads, &links.make_cases, &links.find_cases];
        let parts = lists.iter().filter(|l| !l.is_empty()).count() + 2 * usize::from(!links.find_homes.is_empty());
        prop_assert!(parts <= 2, "{parts} parts beside the three upserts");
        prop_assert_eq!(parts > 0, work, "something goes on");
        prop_assert!(lists.iter().all(|l| l.len() <= rows_max));
    }
}

fn message(direction: Direction, state: Option<MessageState>, body: &Body) -> Message {
    Message {
        id: MessageId::from_bytes([1; 16]),
        seq: 1,
        conversation: ConversationId::from_bytes([2; 16]),
        person: PersonId::from_bytes([3; 16]),
        lane: LaneId::from_bytes([4; 16]),
        number: PhoneNumberId::new("106"),
        direction,
        kind: "text".into(),
        record_key: "k".repeat(64),
        state,
        outbox: None,
        journal: None,
        sent_at: NOW,
        received_at: NOW,
        late: false,
        body: body.seal(),
        media: None,
    }
}

fn state(status: Status) -> MessageState {
    MessageState {
        status,
        wamid: None,
        accepted_at: None,
        sent_at: None,
        delivered_at: None,
        read_at: None,
        played_at: None,
        failed_at: None,
        code: None,
        detail: None,
        pricing: None,
    }
}

#[test]
fn the_status_says_the_most_that_is_known() {
    use OutboxState::{Accepted, Asked, Failed, Queued, Sending as Open, Uncertain};
    let out = Direction::Out;
    let table = [
        (Direction::In, None, None, "received"),
        (Direction::Echo, None, None, "sent"),
        (Direction::Echo, Some(Status::Read), None, "read"),
        (out, None, Some(Queued), "queued"),
        (out, None, Some(Open), "queued"),
        (out, None, Some(Uncertain), "uncertain"),
        (out, None, Some(Asked), "uncertain"),
        (out, None, Some(Failed), "failed"),
        (out, Some(Status::Accepted), Some(Accepted), "accepted"),
        (out, Some(Status::Delivered), Some(Uncertain), "delivered"),
        (out, Some(Status::Delivered), Some(Failed), "delivered"),
        (out, Some(Status::Failed), Some(Accepted), "failed"),
    ];
    for (direction, status, outbox, want) in table {
        let row = message(direction, status.map(state), &Body::default());
        let sending = outbox.map(|state| Sending { state, code: None, detail: None });
        let record = convert::message(&Names::none(), &row, "con", 1, 0, sending.as_ref());
        assert_eq!(
            record.get("Status__c"),
            Some(&json!(want)),
            "{direction:?} {status:?} {outbox:?}"
        );
    }
}

#[test]
fn no_text_is_longer_than_its_field() {
    let long = Some("🚀".repeat(40_000));
    let body = Body {
        wamid: long.clone(),
        text: long.clone(),
        reply_to: long.clone(),
        media_id: long.clone(),
        mime_type: long.clone(),
        file_name: long.clone(),
        reply_id: long.clone(),
        template: long.clone(),
        referral_source_id: long.clone(),
        referral_click_id: long.clone(),
        error_code: long.clone(),
        error_text: long,
        source: Some(json!({ "x": "y".repeat(200_000) })),
        ..Body::default()
    };
    let row = Message { kind: "hologram".into(), ..message(Direction::In, None, &body) };
    let record = convert::message(&Names::none(), &row, "con", 1, 0, None);
    for (field, max) in [
        ("Text__c", 32_768),
        ("Preview__c", 255),
        ("Wamid__c", 255),
        ("Reply_To__c", 255),
        ("Media_Id__c", 64),
        ("Mime_Type__c", 100),
        ("File_Name__c", 255),
        ("Reply_Id__c", 255),
        ("Template__c", 255),
        ("Referral_Source_Id__c", 64),
        ("Referral_Click_Id__c", 255),
        ("Error_Code__c", 40),
        ("Error_Text__c", 255),
        ("Payload__c", 131_072),
    ] {
        let text = record.get(field).and_then(Value::as_str).unwrap_or_else(|| panic!("{field}"));
        let units = text.encode_utf16().count();
        assert!(units <= max && units > 0, "{field} has {units}");
    }
    assert_eq!(record.get("Type__c"), Some(&json!("unknown")));
}

fn person(n: u8, wa_id: &str) -> (RecordLink, Person) {
    let person = Person {
        id: PersonId::from_bytes([n; 16]),
        created_at: NOW,
        seen_at: UnixMs(0),
        profile: Profile { wa_id: Some(wa_id.into()), ..Profile::default() },
        lead: None,
        contact: None,
        account: None,
    };
    (link(RecordKind::Lead, RecordState::Wanted, n), person)
}

#[test]
fn a_query_for_many_people_is_cut_to_what_a_url_carries() {
    let home = Country::named("MX");
    let people: Vec<_> = (0..20u8).map(|n| person(n, &format!("52155123456{n:02}"))).collect();
    let fit = lookup::fitting(&people, home);
    assert!((1..people.len()).contains(&fit), "{fit}");
    let encoded = |n: usize| {
        let query = lookup::contacts(&Names::none(), &people[..n], home, true).unwrap();
        query.bytes().map(|b| if b.is_ascii_alphanumeric() { 1 } else { 3 }).sum::<usize>()
    };
    assert!(encoded(fit) < 12_000, "{}", encoded(fit));
    assert!(encoded(people.len()) > 12_000, "{}", encoded(people.len()));
    assert_eq!(lookup::fitting(&people[..1], home), 1);
    assert_eq!(lookup::fitting(&[], home), 1);
}

#[test]
fn records_are_found_in_every_national_writing_and_ones_own_lead_by_its_key() {
    let row = |value: Value| Row::from_json(&Names::none(), value).unwrap();
    let people = [person(1, "5215512345678"), person(2, "15550001111"), person(3, "15550002222")];
    let contacts = [
        row(json!({ "Id": "003000000000001AAA", "HomePhone": "044 55 1234-5678" })),
        row(json!({ "Id": "003000000000002AAA", "Phone": "+1 (555) 000-9876" })),
    ];
    let key = people[2].0.person.to_string();
    let leads = [
        row(json!({ "Id": "00Q000000000001AAA", "Phone": "+1 555 000 1111", "IsConverted": true })),
        row(json!({ "Id": "00Q000000000002AAA", "Puente_Create_Key__c": key, "IsConverted": true,
                    "ConvertedContactId": "003000000000003AAA" })),
    ];
    let homes = lookup::homes(&people, &contacts, &leads, Country::named("MX"));
    let contact = |n: u8| {
        let found = &homes[&PersonId::from_bytes([n; 16])];
        found.contacts.first().map(|c| c.id.clone())
    };
    assert_eq!(contact(1), Some(RecordId::new("003000000000001AAA")));
    assert_eq!(contact(2), None, "another's number, and a lead that is no lead any more");
    assert!(homes[&PersonId::from_bytes([2; 16])].leads.is_empty());
    assert_eq!(contact(3), Some(RecordId::new("003000000000003AAA")));
}
