//! Files keep to the org's budget and to the breakers: they give way, wait
//! without harm, and stand where they belong in the end.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use store::{Media, MediaState};

use crate::world::{Setting, World};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
/// The org's allocation; the ceiling is four fifths of it.
const MAX: u64 = 1_000;

async fn pass(ms: i64) {
    tokio::time::sleep(Duration::from_millis(ms as u64)).await;
}

async fn get(world: &World, path: &str) -> Value {
    world.eye().call(Method::GET, path, None, &Value::Null).await.unwrap().1
}

async fn queue(world: &World, name: &str) -> Value {
    let queues = get(world, "/api/v1/queues").await;
    let found = queues["items"].as_array().unwrap().iter().find(|queue| queue["name"] == name);
    found.cloned().unwrap_or_else(|| panic!("no queue {name}: {queues}"))
}

/// The file that came with a message.
async fn file(world: &World, wamid: &str) -> Media {
    let (store, tenant) = (&world.town.store, &world.town.tenant);
    let number = &world.town.number;
    let key = engine::intake::state_key(store, tenant, number, wamid);
    let message = store.message_by_state_key(tenant, number, &key).await.unwrap();
    let message = message.expect("it is known");
    store.media_of_message(tenant, message.id).await.unwrap().expect("it has a file")
}

async fn counted(world: &World, kind: &str) -> i64 {
    let known = world.town.store.api_budget(&world.town.tenant).await.unwrap();
    known.calls.iter().filter(|(of, _)| of == kind).map(|(_, calls)| calls).sum()
}

/// An org of which others used so much, which puente knows from its first call.
async fn used(others: u64, left_ms: i64) -> World {
    let world = World::new(Setting::default()).await;
    world.org().set_daily_calls(MAX);
    world.org().others_called(others, DAY_MS - left_ms);
    let known = world.customer("Zoe");
    world.texts(&known, "hola");
    world.quiet(HOUR_MS).await;
    world
}

#[tokio::test(start_paused = true)]
async fn each_call_for_a_file_is_counted_once() {
    let world = World::quick().await;
    let people: Vec<_> = (0..5).map(|n| world.customer(&format!("P{n}"))).collect();
    let mut sent = Vec::new();
    for person in people.iter().cycle().take(20) {
        sent.push(world.sends_file(person, "image", 3_000));
    }
    world.quiet(HOUR_MS).await;
    for (wamid, bytes) in &sent {
        world.stands_once(wamid, bytes);
    }
    // one uploads, one links; nothing had to be looked up
    assert_eq!(counted(&world, "files").await, 2 * 20);
    let org = world.org();
    let log = &org.gate().log;
    assert_eq!(log.count("row.create"), 20);
    // the writer counts its own: together they are the calls that the org saw
    pass(MINUTE_MS).await;
    let (files, writes) = (counted(&world, "files").await, counted(&world, "write").await);
    assert_eq!(files + writes, world.org_calls() as i64, "{:?}", log.counts());
}

#[tokio::test(start_paused = true)]
async fn near_the_ceiling_a_file_waits_and_its_message_does_not() {
    // beyond nine tenths of the ceiling, below it
    let world = used(740, 2 * HOUR_MS + HOUR_MS / 2).await;
    let ana = world.customer("Ana");
    let (wamid, bytes) = world.sends_file(&ana, "image", 5_000);
    world
        .until("the message", HOUR_MS, || world.rows("Puente_Message__c", "Wamid__c", &wamid).pop())
        .await;
    let before = (world.org().gate().log.count("row.create"), counted(&world, "files").await);
    pass(HOUR_MS).await;
    assert_eq!(world.org().count("ContentVersion"), 0, "it gives way to what people wait for");
    assert_eq!(
        (world.org().gate().log.count("row.create"), counted(&world, "files").await),
        before
    );
    let waits = file(&world, &wamid).await;
    assert_eq!((waits.state, waits.attempts), (MediaState::Downloaded, 0), "{waits:?}");
    assert_eq!(waits.code.as_deref(), Some("puente.waits_for_budget"));
    assert!(waits.due_at.is_some_and(|at| at > world.now()), "not before it may");
    // to be seen: in the queue, and said aloud
    let standing = queue(&world, "files").await;
    assert_eq!(standing["length"], 1, "{standing}");
    let alerts = world.town.store.alerts_open(&world.town.tenant).await.unwrap();
    assert!(alerts.iter().any(|a| a.kind == "backlog" && a.subject == "files"), "{alerts:?}");
    // a live text goes on meanwhile
    let text = world.texts(&ana, "urgente");
    world
        .until("the text", HOUR_MS, || world.rows("Puente_Message__c", "Wamid__c", &text).pop())
        .await;

    pass(HOUR_MS).await;
    world.quiet(4 * HOUR_MS).await;
    world.stands_once(&wamid, &bytes);
    assert!(queue(&world, "files").await["length"] == 0);
    pass(MINUTE_MS).await;
    let alerts = world.town.store.alerts_open(&world.town.tenant).await.unwrap();
    assert!(!alerts.iter().any(|a| a.kind == "backlog"), "it ends: {alerts:?}");
}

#[tokio::test(start_paused = true)]
async fn many_files_never_burn_the_ceiling() {
    // eighty calls for files, and fewer are left to them
    let world = used(680, HOUR_MS + HOUR_MS / 2).await;
    let people: Vec<_> = (0..10).map(|n| world.customer(&format!("P{n}"))).collect();
    let mut sent = Vec::new();
    for n in 0..40 {
        sent.push(world.sends_file(&people[n % 10], "image", 2_000));
        pass(20_000).await;
    }
    let text = world.texts(&people[0], "urgente");
    world
        .until("the text", HOUR_MS, || world.rows("Puente_Message__c", "Wamid__c", &text).pop())
        .await;
    let standing = get(&world, "/api/v1/budget").await;
    assert!(standing["used"].as_i64().unwrap() <= 730, "nine tenths, and the texts: {standing}");
    pass(HOUR_MS).await;
    world.quiet(DAY_MS).await;
    for (wamid, bytes) in &sent {
        world.stands_once(wamid, bytes);
    }
    let refused = world.org().gate().log.after(0);
    assert!(refused.iter().all(|entry| entry.status != Some(403)), "no call beyond the allocation");
}

#[tokio::test(start_paused = true)]
async fn a_restart_knows_that_files_must_wait() {
    let world = used(740, 20 * HOUR_MS).await;
    let world = world.restarted(None).await;
    let ana = world.customer("Ana");
    let (wamid, _) = world.sends_file(&ana, "image", 5_000);
    world
        .until("the message", HOUR_MS, || world.rows("Puente_Message__c", "Wamid__c", &wamid).pop())
        .await;
    pass(30 * MINUTE_MS).await;
    assert_eq!(world.org().gate().log.count("row.create"), 0);
    // what is here is kept over the next restart, too
    let world = world.restarted(None).await;
    pass(30 * MINUTE_MS).await;
    assert_eq!(world.org().gate().log.count("row.create"), 0);
    assert_eq!(file(&world, &wamid).await.attempts, 0);
}

#[tokio::test(start_paused = true)]
async fn while_salesforce_is_away_files_knock_seldom_and_lose_nothing() {
    let world = World::quick().await;
    let ana = world.customer("Ana");
    world.texts(&ana, "hola");
    world.quiet(HOUR_MS).await;
    // files alone: their messages are there when the org goes away
    let down = json!({ "answer": { "status": 503, "body": "no" } });
    world.org_fault(json!({ "op": "row.create", "act": down }));
    let sent: Vec<_> = (0..30).map(|_| world.sends_file(&ana, "image", 2_000)).collect();
    world
        .until("the messages", HOUR_MS, || {
            (world.org().count("Puente_Message__c") == 31).then_some(())
        })
        .await;
    for op in ["composite", "query"] {
        world.org_fault(json!({ "op": op, "act": down }));
    }
    let before = world.org().gate().log.count("row.create");
    let queries = world.org().gate().log.count("query");
    pass(2 * HOUR_MS).await;
    let org = world.org();
    let log = &org.gate().log;
    let knocks = log.count("row.create") + log.count("query") - before - queries;
    assert!(knocks < 500, "{knocks} calls of 30 files at a closed door in two hours");
    let breakers = get(&world, "/api/v1/breakers").await;
    let open = breakers["items"].as_array().unwrap();
    assert!(open.iter().any(|b| b["remote"] == "salesforce" && b["scope"] == "org"), "{breakers}");
    let (mut waiting, mut attempts) = (0, 0);
    for (wamid, _) in &sent {
        let waits = file(&world, wamid).await;
        assert_ne!(waits.state, MediaState::Aside, "{waits:?}");
        attempts += u64::from(waits.attempts);
        waiting += u32::from(waits.code.as_deref() == Some("puente.waits_for_breaker"));
    }
    assert!(waiting >= 15, "{waiting} say what they wait for");
    assert!(attempts <= knocks, "who only waits makes no attempt: {attempts}, {knocks} calls");
    world.org().gate().faults.clear();
    world.quiet(HOUR_MS).await;
    for (wamid, bytes) in &sent {
        world.stands_once(wamid, bytes);
    }
    pass(MINUTE_MS).await;
    let alerts = world.town.store.alerts_open(&world.town.tenant).await.unwrap();
    assert!(alerts.is_empty(), "each ends: {alerts:?}");
}

#[tokio::test(start_paused = true)]
async fn a_locked_account_holds_files_and_sends_alike() {
    let world = World::quick().await;
    let ana = world.writer("Ana").await;
    let error = json!({ "message": "no", "type": "OAuthException", "code": 131_031 });
    let locked =
        json!({ "answer": { "status": 403, "body": json!({ "error": error }).to_string() } });
    world.meta_fault(json!({ "op": "node.get", "act": locked }));
    world.meta_fault(json!({ "op": "messages.send", "act": locked }));
    let sent: Vec<_> = (0..30).map(|_| world.sends_file(&ana, "image", 2_000)).collect();
    pass(5 * MINUTE_MS).await;
    // what a file learned holds a send, too: it is the same account
    let before = world.calls("messages.send");
    world.sends(&ana, "k", "buenas").await;
    pass(500).await;
    assert_eq!(world.calls("messages.send"), before, "the account is left alone");
    pass(HOUR_MS).await;
    let knocks = world.calls("node.get") + world.calls("messages.send");
    assert!(knocks < 300, "{knocks} calls at a closed door in an hour");
    for (wamid, _) in &sent {
        assert_eq!(file(&world, wamid).await.attempts, 0);
    }
    world.phones().gate().faults.clear();
    world.quiet(HOUR_MS).await;
    for (wamid, bytes) in &sent {
        world.stands_once(wamid, bytes);
    }
    assert_eq!(world.copies(&ana, "buenas"), 1);
    pass(MINUTE_MS).await;
    let alerts = world.town.store.alerts_open(&world.town.tenant).await.unwrap();
    assert!(alerts.is_empty(), "each ends: {alerts:?}");
}
