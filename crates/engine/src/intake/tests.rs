//! From bodies to people: whose an item is, and who wrote it.

use bytes::Bytes;
use model::ids::AppId;
use serde_json::{Value, json};
use store::op::NewWebhook;
use store::{Commit, JournalEntry, Op, Store};

use super::split::{Owner, works};
use crate::directory::Directory;
use crate::stage::{NOW, NUMBER, ambient, intake, number, store, tenant};
use crate::{Board, Find};

fn post(number: &str, waba: &str, from: Value) -> Bytes {
    let mut message = json!({ "id": format!("wamid.{from}"), "timestamp": "1767225600",
        "type": "text", "text": { "body": "hola" } });
    message.as_object_mut().unwrap().extend(from.as_object().unwrap().clone());
    let metadata = json!({ "display_phone_number": "1", "phone_number_id": number });
    let value =
        json!({ "messaging_product": "whatsapp", "metadata": metadata, "messages": [message] });
    let change = json!({ "field": "messages", "value": value });
    let body = json!({ "object": "whatsapp_business_account", "entry": [{ "id": waba, "changes": [change] }] });
    Bytes::from(body.to_string())
}

#[test]
fn the_number_decides_whose_an_item_is_and_the_waba_only_without_one() {
    let ambient = ambient();
    let store = store(&ambient);
    let of = |body: Bytes| {
        let row =
            JournalEntry { seq: 1, app: AppId::new("main"), received_at: NOW, attempts: 0, body };
        let works = works(&store, &Directory::new([number()]), &row).unwrap();
        match &works[0].owner {
            Owner::Number(_) => "number",
            Owner::Tenant(_) => "tenant",
            Owner::Nobody => "nobody",
        }
    };
    let from = json!({ "from": "15550001111" });
    assert_eq!(of(post(NUMBER, "102290000000001", from.clone())), "number");
    assert_eq!(of(post(NUMBER, "another", from.clone())), "number");
    assert_eq!(of(post("123456123", "102290000000001", from)), "nobody");
    let account = |waba: &str| {
        let change = json!({ "field": "account_update", "value": { "event": "VERIFIED_ACCOUNT" } });
        let entry = json!([{ "id": waba, "changes": [change] }]);
        Bytes::from(json!({ "object": "whatsapp_business_account", "entry": entry }).to_string())
    };
    assert_eq!((of(account("102290000000001")), of(account("0"))), ("tenant", "nobody"));
}

/// Takes these senders in, one turn each; what the persons are then.
async fn hears(store: &Store, ambient: &model::Ambient, senders: &[Value]) -> Vec<store::Person> {
    let installation = store.installation().await.unwrap().id;
    let intake = intake(ambient, store, installation);
    let mut people = Vec::new();
    for from in senders {
        let body = post(NUMBER, "102290000000001", from.clone());
        let webhook = NewWebhook { app: AppId::new("main"), received_at: NOW, body };
        store.commit(Commit::of(vec![Op::AppendWebhook(webhook)])).await.unwrap();
        while intake.turn().await.unwrap() {}
        let wamid = format!("wamid.{from}");
        let board = Board { store: store.clone(), trends: crate::board::Trends::default() };
        let found = Find::Wamid { number: Some(number().id), wamid };
        let page = board.find(&tenant(), found, None, 1).await.unwrap();
        assert!(page.next.is_none(), "one message has one page");
        people.push(page.items[0].person);
    }
    let mut persons = Vec::new();
    for id in people {
        persons.extend(store.persons(&tenant(), &[id]).await.unwrap());
    }
    persons
}

async fn ready() -> (model::Ambient, Store) {
    let ambient = ambient();
    let store = store(&ambient);
    let (row, number) = (store::op::TenantRow { tenant: tenant(), org: None, at: NOW }, number());
    let number = store::op::NumberRow {
        tenant: tenant(),
        number: number.id,
        waba: number.waba,
        app: number.app,
    };
    store.commit(Commit::of(vec![Op::PutTenant(row), Op::PutNumber(number)])).await.unwrap();
    (ambient, store)
}

#[tokio::test]
async fn handles_grow_together_on_one_person() {
    let (ambient, store) = ready().await;
    let people = hears(
        &store,
        &ambient,
        &[
            json!({ "from": "15550001111" }),
            json!({ "from": "15550001111", "from_user_id": "US.1" }),
            json!({ "from_user_id": "US.1" }),
            json!({ "from": "15550002222" }),
        ],
    )
    .await;
    assert!(people[..3].iter().all(|p| p.id == people[0].id));
    assert_ne!(people[3].id, people[0].id);
    assert_eq!(people[0].profile.bsuid.as_deref(), Some("US.1"));
    assert_eq!(people[0].profile.phone_e164.as_deref(), Some("+15550001111"));
}

#[tokio::test]
async fn handles_of_two_people_are_told_and_never_moved() {
    let (ambient, store) = ready().await;
    let people = hears(
        &store,
        &ambient,
        &[
            json!({ "from": "15550001111" }),
            json!({ "from_user_id": "US.2" }),
            json!({ "from": "15550001111", "from_user_id": "US.2" }),
        ],
    )
    .await;
    assert_ne!(people[0].id, people[1].id);
    assert_eq!(people[2].id, people[1].id, "the user id is trusted first");
    let alerts = store.alerts_open(&tenant()).await.unwrap();
    assert!(alerts.iter().any(|alert| alert.kind == "same_person"), "{alerts:?}");
    let again = hears(&store, &ambient, &[json!({ "from": "15550001111", "x": 1 })]).await;
    assert_eq!(again[0].id, people[0].id, "the number stays whose it was");
}

#[tokio::test]
async fn national_variants_are_two_people_once_each_has_written() {
    let (ambient, store) = ready().await;
    let people = hears(
        &store,
        &ambient,
        &[json!({ "from": "5215512345678" }), json!({ "from": "525512345678" })],
    )
    .await;
    assert_ne!(
        people[0].id, people[1].id,
        "two wa_ids are two people until a person says otherwise"
    );
}
