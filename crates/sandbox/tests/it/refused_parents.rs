//! What an org refuses of one record never stops another: messages are written
//! without their person, batches are halved, and what stays refused is visible.

use engine::{Caller, Letters, Outcome};
use model::ids::PersonId;
use salesforce_sim::{DuplicateAction, DuplicateRule, TriggerFailure};
use serde_json::{Value, json};
use store::{LetterFilter, LetterId, LetterKind, Object};
use whatsapp_sim::Customer;

use crate::world::{Setting, World};

const HOUR_MS: i64 = 3_600_000;

fn fails(world: &World, object: &str, rows_max: usize, message: &str) {
    world.org().set_knobs(|knobs| {
        knobs.trigger_failures.push(TriggerFailure {
            object: object.into(),
            rows_max,
            message: message.into(),
        });
    });
}

fn mended(world: &World) {
    world.org().set_knobs(|knobs| knobs.trigger_failures.clear());
}

fn crowd(world: &World, size: usize) -> Vec<Customer> {
    (0..size).map(|n| world.customer(&format!("Cliente {n}"))).collect()
}

async fn messages_there(world: &World, wamids: &[String], patience_ms: i64) {
    world
        .until("every message in Salesforce", patience_ms, || {
            let there =
                |wamid: &String| world.rows("Puente_Message__c", "Wamid__c", wamid).len() == 1;
            wamids.iter().all(there).then_some(())
        })
        .await;
}

fn linked(world: &World) -> usize {
    let rows = world.org().rows("Puente_Conversation__c");
    rows.iter().filter(|row| row["Person__c"].is_string()).count()
}

fn of(object: Object) -> impl Fn(&LetterId) -> bool {
    move |id| matches!(id, LetterId::Write(of, _) if *of == object)
}

/// What an administrator does once the cause is mended.
async fn replay(world: &World, object: Object) {
    let letters = Letters::new(world.town.engine.desk.clone());
    let key = model::ids::KeyId::new(&world.town.ambient);
    let caller = Caller { tenant: world.town.tenant.clone(), key, acting_user: None };
    let filter = LetterFilter { kind: Some(LetterKind::Write), ..LetterFilter::default() };
    let aside = letters.list(&caller.tenant, &filter, 1_000).await.unwrap();
    for id in aside.iter().map(|shown| shown.letter.id).filter(of(object)) {
        assert_eq!(letters.replay(&caller, id).await.unwrap(), Outcome::Done);
    }
}

#[tokio::test(start_paused = true)]
async fn a_hidden_field_of_the_person_costs_the_link_only_until_it_is_shown() {
    let world = World::quick().await;
    world.org().set_field_visible("Puente_Person__c", "Display_Name__c", false);
    let people = crowd(&world, 5);
    let wamids: Vec<_> = people.iter().map(|c| world.texts(c, "hola")).collect();
    messages_there(&world, &wamids, 60_000).await;
    world.quiet(HOUR_MS).await;
    assert_eq!(world.depths().await.sync_aside, 5, "each person is visible");
    assert_eq!((world.org().count("Puente_Person__c"), linked(&world)), (0, 0));
    let letters = Letters::new(world.town.engine.desk.clone());
    let filter = LetterFilter { code: Some("sf.INVALID_FIELD".into()), ..LetterFilter::default() };
    let aside = letters.list(&world.town.tenant, &filter, 10).await.unwrap();
    assert!(aside.iter().filter(|shown| of(Object::Person)(&shown.letter.id)).count() == 5);
    world.org().set_field_visible("Puente_Person__c", "Display_Name__c", true);
    replay(&world, Object::Person).await;
    world.quiet(HOUR_MS).await;
    assert_eq!((world.org().count("Puente_Person__c"), linked(&world)), (5, 5));
    assert_eq!(world.depths().await.sync_aside, 0);
}

#[tokio::test(start_paused = true)]
async fn a_person_that_stays_locked_does_not_hold_the_messages() {
    let world = World::quick().await;
    fails(&world, "Puente_Person__c", 0, "UNABLE_TO_LOCK_ROW: unable to obtain exclusive access");
    let people = crowd(&world, 3);
    let wamids: Vec<_> = people.iter().map(|c| world.texts(c, "hola")).collect();
    messages_there(&world, &wamids, 5 * 60_000).await;
    // the longest wait that a passing lock is given
    let later: Vec<_> = people.iter().map(|c| world.texts(c, "¿hola?")).collect();
    messages_there(&world, &later, 5 * 60_000).await;
    mended(&world);
    world.quiet(HOUR_MS).await;
    assert_eq!((world.org().count("Puente_Person__c"), linked(&world)), (3, 3));
    assert_eq!(world.depths().await.sync_aside, 0, "nothing was given up");
}

#[tokio::test(start_paused = true)]
async fn a_trigger_that_takes_small_batches_only_gets_them() {
    const LIMIT: &str = "System.LimitException: Too many SOQL queries: 101";
    const DEFECT: &str = "System.NullPointerException: null";
    for object in
        ["Puente_Person__c", "Puente_Conversation__c", "Puente_Message__c", "Lead", "Case"]
    {
        for (rows_max, text) in [(3, LIMIT), (1, LIMIT), (1, DEFECT)] {
            let world = World::quick().await;
            fails(&world, object, rows_max, text);
            let mut people = crowd(&world, 12);
            people.extend((0..8).map(|n| world.contact(&format!("Contacto {n}")).0));
            let wamids: Vec<_> = people.iter().map(|c| world.texts(c, "hola")).collect();
            messages_there(&world, &wamids, HOUR_MS).await;
            world.quiet(HOUR_MS).await;
            let at = format!("{object} by {rows_max}: {text}");
            assert_eq!(world.depths().await.sync_aside, 0, "{at}");
            assert_eq!(linked(&world), 20, "{at}");
            assert_eq!(world.org().count("Lead"), 12, "{at}");
            assert_eq!(world.org().count("Case"), 8, "{at}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_trigger_that_always_fails_is_visible_and_stops_nobody() {
    let world = World::quick().await;
    fails(&world, "Lead", 0, "System.NullPointerException: null");
    let people = crowd(&world, 6);
    let wamids: Vec<_> = people.iter().map(|c| world.texts(c, "hola")).collect();
    messages_there(&world, &wamids, 60_000).await;
    world.quiet(HOUR_MS).await;
    assert_eq!((world.org().count("Lead"), world.org().count("Puente_Person__c")), (0, 6));
    let tenant = &world.town.tenant;
    for row in world.org().rows("Puente_Person__c") {
        let id = PersonId::parse(row["Key__c"].as_str().unwrap()).unwrap();
        let links = world.town.store.record_links(tenant, id).await.unwrap();
        assert_eq!(links[0].state, store::RecordState::Aside);
        assert!(links[0].code.is_some() && links[0].detail.is_some(), "{links:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_lead_leaves_its_neighbours_alone() {
    let world = World::quick().await;
    let phone = json!({ "LastName": "Doble", "Company": "X", "MobilePhone": "+4930901820" });
    world.org().create("Lead", phone).unwrap();
    world.org().set_knobs(|knobs| {
        knobs.duplicate_rules.push(DuplicateRule {
            name: "Names".into(),
            object: "Lead".into(),
            field: "LastName".into(),
            action: DuplicateAction::Block,
        });
    });
    let people: Vec<_> = ["Doble", "Uno", "Dos", "Tres"].map(|name| world.customer(name)).into();
    let wamids: Vec<_> = people.iter().map(|c| world.texts(c, "hola")).collect();
    messages_there(&world, &wamids, 60_000).await;
    world.quiet(HOUR_MS).await;
    let of = |customer: &Customer| -> Value { world.eye().person_of(customer).unwrap() };
    assert!(of(&people[0])["Lead__c"].is_null(), "another's lead is not taken");
    for neighbour in &people[1..] {
        assert!(of(neighbour)["Lead__c"].is_string());
    }
}

#[tokio::test(start_paused = true)]
async fn messages_of_a_refused_conversation_wait_and_nobody_waits_for_them() {
    let world = World::quick().await;
    world.org().set_field_visible("Puente_Conversation__c", "Opened_At__c", false);
    let stuck = world.customer("Ola");
    let first = world.texts(&stuck, "hola");
    world
        .until("the refused conversation", 60_000, || {
            let calls = world.org_calls();
            (calls >= 2).then_some(())
        })
        .await;
    let before = world.org_calls();
    tokio::time::sleep(std::time::Duration::from_secs(600)).await;
    assert!(world.org_calls() - before < 5, "what waits for a person calls nobody");
    world.org().set_field_visible("Puente_Conversation__c", "Opened_At__c", true);
    replay(&world, Object::Conversation).await;
    messages_there(&world, &[first], 5 * 60_000).await;
}

/// The package installed with a namespace: one whole way.
#[tokio::test(start_paused = true)]
async fn names_with_a_namespace_go_the_whole_way() {
    let world = World::new(Setting { namespace: "ns__", ..Setting::default() }).await;
    let stranger = world.customer("Nam");
    let (known, contact) = world.contact("Esp");
    let wamids = [world.texts(&stranger, "hola"), world.texts(&known, "hola")];
    world.quiet(HOUR_MS).await;
    world.sends(&stranger, "ns", "buenas").await;
    world.quiet(HOUR_MS).await;
    for wamid in &wamids {
        assert_eq!(world.rows("ns__Puente_Message__c", "ns__Wamid__c", wamid).len(), 1);
    }
    let sent = world.rows("ns__Puente_Message__c", "ns__Text__c", "buenas");
    assert_eq!(sent[0]["ns__Status__c"], "delivered");
    assert_eq!(world.rows("Case", "ContactId", &contact).len(), 1);
    let leads = world.org().rows("Lead");
    assert!(leads[0]["ns__Puente_Create_Key__c"].is_string(), "{leads:?}");
    assert_eq!(world.depths().await.sync_aside, 0);
}

/// The person's row is locked by somebody while its Lead is made: the row has
/// no other wish than to show the Lead, and shows it in the end.
#[tokio::test(start_paused = true)]
async fn a_person_locked_while_their_lead_is_made_is_linked_with_it() {
    let setting = Setting { latency: salesforce_sim::Latency::USUAL, ..Setting::default() };
    let world = World::new(setting).await;
    let stranger = world.customer("Lia");
    world.texts(&stranger, "hola");
    let person = world.until("the person", HOUR_MS, || world.eye().person_of(&stranger)).await;
    let held = world.org().hold([person["Id"].as_str().unwrap().to_owned()]).await;
    world.until("the lead", HOUR_MS, || (world.org().count("Lead") == 1).then_some(())).await;
    tokio::time::sleep(std::time::Duration::from_secs(15)).await;
    drop(held);
    world.quiet(HOUR_MS).await;
    let person = world.eye().person_of(&stranger).unwrap();
    assert!(person["Lead__c"].is_string(), "{person}");
}

/// Batches of one: the row of a person or a conversation finds no place in the
/// call that makes its Lead or its Case, and shows it all the same.
#[tokio::test(start_paused = true)]
async fn in_the_smallest_batches_every_record_is_linked() {
    let world = World::quick().await;
    fails(&world, "Puente_Message__c", 1, "Messages.trigger: too many rows");
    let strangers = crowd(&world, 12);
    let known: Vec<Customer> = (0..12).map(|n| world.contact(&format!("C{n}")).0).collect();
    for n in 0..3 {
        for customer in strangers.iter().chain(&known) {
            world.texts(customer, &format!("m{n}"));
        }
        world.quiet(HOUR_MS).await;
    }
    let homes = world.org().rows("Puente_Person__c");
    let home = |row: &&Value| row["Lead__c"].is_string() || row["Contact__c"].is_string();
    assert_eq!(homes.iter().filter(home).count(), 24);
    let cases = world.org().rows("Puente_Conversation__c");
    assert_eq!(cases.iter().filter(|row| row["Case__c"].is_string()).count(), 12);
}
