//! Both sides compared: what differs is named, what is under way is not.

use std::collections::BTreeSet;
use std::time::Duration;

use http::{Method, StatusCode};
use rules::signed;
use salesforce_sim::Latency;
use serde_json::{Value, json};

use crate::world::{Setting, World};

const REPORTS: &str = "/api/v1/reports/reconcile";
const HOUR_MS: i64 = 3_600_000;
const MESSAGE: &str = "Puente_Message__c";

async fn get(world: &World, path: &str) -> Value {
    let (status, answer) = world.eye().call(Method::GET, path, None, &Value::Null).await.unwrap();
    assert_eq!(status, StatusCode::OK, "{answer}");
    answer
}

/// Asks for a report and waits for it.
async fn report(world: &World, wish: Value) -> Value {
    let (status, asked) = world.eye().call(Method::POST, REPORTS, None, &wish).await.unwrap();
    assert_eq!(status, StatusCode::ACCEPTED, "{asked}");
    let path = format!("{REPORTS}/{}", asked["id"].as_str().unwrap());
    let end = world.now().plus(HOUR_MS);
    loop {
        let made = get(world, &path).await;
        if made["state"] != "wanted" {
            assert_eq!(made["state"], "done", "{made}");
            return made;
        }
        assert!(world.now() < end, "no report: {made}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// What and where, of each difference.
fn named(made: &Value) -> BTreeSet<(String, String)> {
    let entries = made["signed"]["report"]["differences"].as_array().unwrap();
    let word = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
    let place = |entry: &Value| match entry["record"].as_str() {
        Some(record) => record.to_owned(),
        None => word(entry, "key"),
    };
    let named: BTreeSet<_> = entries.iter().map(|e| (word(e, "what"), place(e))).collect();
    assert_eq!(named.len(), entries.len(), "named twice: {entries:?}");
    named
}

fn id_of(rows: &[Value]) -> String {
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows[0]["Id"].as_str().unwrap().to_owned()
}

async fn alerts(world: &World) -> BTreeSet<String> {
    let open = world.town.store.alerts_open(&world.town.tenant).await.unwrap();
    open.into_iter().map(|alert| alert.kind).collect()
}

#[tokio::test(start_paused = true)]
async fn exactly_what_differs_is_named_and_what_can_be_is_repaired() {
    let world = World::quick().await;
    let ana = world.writer("Ana").await;
    for n in 0..9 {
        world.texts(&ana, &format!("m{n}"));
    }
    let outbox = world.sends(&ana, "one", "respuesta").await;
    world.until_sent(&outbox).await;
    world.quiet(HOUR_MS).await;

    let clean = report(&world, json!({})).await;
    assert_eq!(named(&clean), BTreeSet::new());
    let want = "received 10, sent 1, in Salesforce 11, waiting 0, set aside 0";
    assert_eq!(clean["summary"], want);
    // signed with a key that anybody may know
    let key = get(&world, &format!("{REPORTS}/key")).await;
    let key = key["public_key"].as_str().unwrap();
    assert_eq!(signed::verify(&clean["signed"], key).unwrap()["sentence"], want);
    let mut altered = clean["signed"].clone();
    altered["report"]["messages"]["missing"] = json!(1);
    assert_eq!(signed::verify(&altered, key), Err(signed::Unsigned::Altered));

    // people of the org delete three rows, make one and change one
    let mut want = BTreeSet::new();
    for n in [0, 4, 8] {
        let id = id_of(&world.rows(MESSAGE, "Text__c", &format!("m{n}")));
        world.org().delete(&id).unwrap();
        want.insert(("missing".to_owned(), id));
    }
    let lowered = id_of(&world.rows(MESSAGE, "Text__c", "respuesta"));
    world.org().update(&lowered, json!({ "Status__c": "sent" })).unwrap();
    want.insert(("lower".to_owned(), lowered.clone()));
    let conversation = world.org().row(&lowered).unwrap()["Conversation__c"].clone();
    let strange = json!({ "Key__c": "5".repeat(64), "Conversation__c": conversation });
    let extra = world.org().create(MESSAGE, strange).unwrap();
    want.insert(("extra".to_owned(), extra.clone()));

    let found = report(&world, json!({})).await;
    assert_eq!(named(&found), want);
    let sentence = found["summary"].as_str().unwrap();
    assert!(sentence.ends_with("missing 3, lower 1, extra 1"), "{sentence}");
    let (open, gaps) = (
        alerts(&world).await,
        ["reconcile.missing", "reconcile.lower", "reconcile.extra"].map(str::to_owned),
    );
    assert_eq!(open, BTreeSet::from(gaps));

    let repairing = report(&world, json!({ "repair": true })).await;
    assert_eq!(named(&repairing), want);
    assert_eq!(repairing["signed"]["report"]["to_be_written_again"], 4);
    world.quiet(HOUR_MS).await;
    assert_eq!(world.org().row(&lowered).unwrap()["Status__c"], "delivered");
    for n in 0..9 {
        assert_eq!(world.rows(MESSAGE, "Text__c", &format!("m{n}")).len(), 1, "m{n}");
    }
    assert!(world.org().row(&extra).is_some(), "what is not ours is left alone");

    let after = report(&world, json!({})).await;
    assert_eq!(named(&after), BTreeSet::from([("extra".to_owned(), extra)]));
    assert_eq!(alerts(&world).await, BTreeSet::from(["reconcile.extra".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn a_parent_that_was_deleted_comes_back_with_its_messages() {
    let world = World::quick().await;
    let ana = world.writer("Ana").await;
    world.texts(&ana, "otra");
    world.quiet(HOUR_MS).await;
    let conversation = id_of(&world.org().rows("Puente_Conversation__c"));
    for row in world.org().rows(MESSAGE) {
        world.org().delete(row["Id"].as_str().unwrap()).unwrap();
    }
    world.org().delete(&conversation).unwrap();
    let found = report(&world, json!({ "repair": true })).await;
    let what: Vec<_> = named(&found).into_iter().map(|(what, _)| what).collect();
    assert_eq!(what, ["missing"; 3]);
    world.quiet(HOUR_MS).await;
    assert_eq!(world.org().count("Puente_Conversation__c"), 1);
    assert_eq!(world.org().count(MESSAGE), 2);
    assert_eq!(named(&report(&world, json!({})).await), BTreeSet::new());
}

#[tokio::test(start_paused = true)]
async fn what_is_under_way_is_no_difference() {
    let world = World::new(Setting {
        status_delay_ms: 5_000,
        latency: Latency::USUAL,
        namespace: "ns__",
        ..Setting::default()
    })
    .await;
    let people: Vec<_> = (0..6).map(|n| world.customer(&format!("P{n}"))).collect();
    let mut waiting = 0;
    for round in 0..12 {
        for person in &people {
            world.texts(person, &format!("r{round}"));
        }
        tokio::time::sleep(Duration::from_millis(137 * round)).await;
        let made = report(&world, json!({})).await;
        for (what, record) in named(&made) {
            assert_eq!(what, "waiting", "{record} in round {round}");
            waiting += 1;
        }
    }
    assert!(waiting > 0, "nothing was ever under way: that proves little");
    world.quiet(HOUR_MS).await;
    let made = report(&world, json!({})).await;
    assert_eq!(named(&made), BTreeSet::new(), "{}", made["summary"]);
}

#[tokio::test(start_paused = true)]
async fn a_call_reads_two_thousand_rows_and_a_range_keeps_to_itself() {
    let world = World::quick().await;
    let people: Vec<_> = (0..120).map(|n| world.customer(&format!("P{n}"))).collect();
    for n in 0..20 {
        for person in &people {
            world.texts(person, &format!("m{n}"));
        }
        world.quiet(HOUR_MS).await;
    }
    // 120 persons, 120 conversations, 2,400 messages; rows without a key
    let made = report(&world, json!({})).await;
    assert_eq!(made["signed"]["report"]["api_calls"], 1 + 1 + 2 + 1);
    assert_eq!(named(&made), BTreeSet::new());

    tokio::time::advance(Duration::from_secs(86_400)).await;
    let since = salesforce::time::to_text(world.now().plus(-HOUR_MS));
    world.texts(&people[0], "nueva");
    world.quiet(HOUR_MS).await;
    let old = id_of(&world.rows(MESSAGE, "Text__c", "m0")[..1]);
    world.org().delete(&old).unwrap();
    let new = id_of(&world.rows(MESSAGE, "Text__c", "nueva"));
    world.org().delete(&new).unwrap();
    let made = report(&world, json!({ "since": since })).await;
    assert_eq!(named(&made), BTreeSet::from([("missing".to_owned(), new.clone())]));
    assert_eq!(made["signed"]["report"]["messages"]["here"], 1);
    let made = report(&world, json!({})).await;
    let want = [old, new].map(|id| ("missing".to_owned(), id));
    assert_eq!(named(&made), BTreeSet::from(want));
}

#[tokio::test(start_paused = true)]
async fn one_is_made_each_night_without_being_asked_for() {
    let world = World::quick().await;
    world.writer("Ana").await;
    let made = || async { get(&world, REPORTS).await["items"].as_array().unwrap().clone() };
    assert!(made().await.is_empty());
    tokio::time::advance(Duration::from_secs(4 * 3_600)).await;
    for nights in 1..=3 {
        // past three o'clock, and again: one a night
        for _ in 0..3 {
            tokio::time::sleep(Duration::from_secs(90)).await;
            tokio::time::advance(Duration::from_secs(7_200)).await;
        }
        let items = made().await;
        assert_eq!(items.len(), nights, "{items:?}");
        assert_eq!((&items[0]["state"], &items[0]["asked_by"]), (&json!("done"), &json!("daily")));
        tokio::time::advance(Duration::from_secs(18 * 3_600)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_nightly_one_leaves_scarce_calls_to_the_messages() {
    let world = World::quick().await;
    let ana = world.writer("Ana").await;
    for n in 0..20 {
        world.texts(&ana, &format!("m{n}"));
        world.quiet(HOUR_MS).await;
    }
    tokio::time::advance(Duration::from_secs(10_000)).await;
    tokio::time::sleep(Duration::from_secs(60)).await;
    world.org().set_daily_calls(world.org().api_calls() + 4);
    world.texts(&ana, "otra");
    world.quiet(HOUR_MS).await;
    tokio::time::advance(Duration::from_secs(1_200)).await;
    tokio::time::sleep(Duration::from_secs(120)).await;
    let state = || async { get(&world, REPORTS).await["items"][0]["state"].clone() };
    assert_eq!(state().await, "wanted");
    world.org().set_daily_calls(1_000_000);
    world.texts(&ana, "y otra");
    world.quiet(HOUR_MS).await;
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(state().await, "done");
}

#[tokio::test(start_paused = true)]
async fn a_report_waits_while_salesforce_is_away() {
    let world = World::quick().await;
    world.writer("Ana").await;
    let away = json!({ "op": "query", "times": 3,
                       "act": { "answer": { "status": 503, "body": "" } } });
    world.org_fault(away);
    let began = world.now();
    let made = report(&world, json!({})).await;
    assert_eq!(named(&made), BTreeSet::new());
    assert!(world.now().since(began) > 5 * 60_000, "it was made at once");
}
