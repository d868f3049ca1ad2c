//! At the ceiling of an org's API calls: latency grows, never the call rate,
//! and all drains when earlier calls are a day old.

use std::time::Duration;

use salesforce_sim::Latency;
use serde_json::{Value, json};
use whatsapp_sim::Customer;

use crate::world::{Setting, World};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
/// The org's allocation; the ceiling is four fifths of it.
const MAX: u64 = 1_000;

/// An org of which others used so much, all of it a day ago in `left_ms`.
async fn used(others: u64, left_ms: i64) -> World {
    let latency = Latency::USUAL;
    let world = World::new(Setting { latency, ..Setting::default() }).await;
    world.org().set_daily_calls(MAX);
    world.org().others_called(others, DAY_MS - left_ms);
    world
}

/// The org's allocation is known to us from here on.
async fn first_call(world: &World) -> Customer {
    let known = world.customer("Ana");
    world.texts(&known, "hola");
    shown(world, "hola", MINUTE_MS).await;
    known
}

async fn shown(world: &World, text: &str, patience_ms: i64) -> Value {
    world.until(text, patience_ms, || world.rows("Puente_Message__c", "Text__c", text).pop()).await
}

async fn pass(ms: i64) {
    tokio::time::sleep(Duration::from_millis(ms as u64)).await;
}

async fn budget(world: &World) -> Value {
    let path = "/api/v1/budget";
    world.eye().call(http::Method::GET, path, None, &Value::Null).await.unwrap().1
}

async fn alerts(world: &World) -> Vec<store::Alert> {
    let open = world.town.store.alerts_open(&world.town.tenant).await.unwrap();
    open.into_iter().filter(|alert| alert.kind == "salesforce_budget").collect()
}

#[tokio::test(start_paused = true)]
async fn at_the_ceiling_the_call_rate_does_not_grow_and_all_drains() {
    let world = used(740, 3 * HOUR_MS).await;
    first_call(&world).await;
    let people: Vec<_> = (0..20).map(|n| world.customer(&format!("P{n}"))).collect();
    let mut calls = Vec::new();
    for hour in 0..2_usize {
        let before = world.org_calls();
        // ten times as much in the second hour as in the first
        for n in 0..[4, 40][hour] {
            for person in &people {
                world.texts(person, &format!("h{hour} m{n}"));
            }
            pass(HOUR_MS / [4, 40][hour] as i64).await;
        }
        calls.push(world.org_calls() - before);
    }
    assert!(calls[0] <= 40 && calls[1] <= calls[0] + 1, "{calls:?} calls an hour");
    let open = alerts(&world).await;
    assert!(open[0].text.contains("of the ceiling of 800"), "{open:?}");
    let standing = budget(&world).await;
    assert_eq!((&standing["max"], &standing["ceiling"]), (&json!(1_000), &json!(800)));
    assert!(standing["used"].as_i64().unwrap() <= 800, "{standing}");
    assert_eq!(standing["waiting"], json!(["status", "automatic"]), "{standing}");

    pass(HOUR_MS).await;
    world.quiet(HOUR_MS).await;
    assert_eq!(world.org().count("Puente_Message__c"), 1 + 44 * people.len());
    assert_eq!(world.depths().await.sync_aside, 0);
    let refused = world.org().gate().log.after(0);
    assert!(refused.iter().all(|entry| entry.status != Some(403)), "no call beyond the allocation");
    pass(40 * MINUTE_MS).await;
    let open = alerts(&world).await;
    assert!(open.is_empty(), "called off: {open:?}, {}", budget(&world).await);
    assert_eq!(budget(&world).await["waiting"], json!([]));
}

#[tokio::test(start_paused = true)]
async fn statuses_are_slowed_before_what_a_person_waits_for() {
    let world = used(450, 6 * HOUR_MS).await;
    let ana = first_call(&world).await;
    let bea = world.customer("Bea");
    assert_eq!(budget(&world).await["slowed"], json!(["status"]));
    // her phone is off: its tick comes when all that showed the message is through
    world.phones().change(|sim| {
        if let Some(ana) = sim.customers.get_mut(&ana.id) {
            ana.online = false;
        }
    });
    let outbox = world.sends(&ana, "one", "buenas").await;
    shown(&world, "buenas", MINUTE_MS).await;
    pass(10_000).await;
    world.phones().comes_online(&ana.id);
    let before = world.org_calls();
    pass(5 * MINUTE_MS).await;
    assert_eq!(world.standing(&outbox).await["status"], "delivered");
    let status = || world.rows("Puente_Message__c", "Text__c", "buenas")[0]["Status__c"].clone();
    assert_ne!(status(), "delivered", "its tick is known and waits");
    assert_eq!(world.org_calls(), before, "a status alone is no call now");
    world.texts(&bea, "urgente");
    shown(&world, "urgente", 5_000).await;
    assert_eq!(status(), "delivered", "it went along");
}

#[tokio::test(start_paused = true)]
async fn a_used_up_allocation_parks_and_loses_nothing() {
    let world = used(MAX, 2 * HOUR_MS).await;
    let people: Vec<_> = (0..10).map(|n| world.customer(&format!("P{n}"))).collect();
    for n in 0..60 {
        for person in &people {
            world.texts(person, &format!("m{n}"));
        }
        pass(MINUTE_MS).await;
    }
    assert_eq!(world.org().count("Puente_Message__c"), 0);
    let tried = world.org_calls();
    assert!(tried <= 20, "{tried} calls in an hour that were all refused");
    let open = alerts(&world).await;
    assert!(open[0].text.contains("of the ceiling of 800"), "{open:?}");
    world.quiet(4 * HOUR_MS).await;
    assert_eq!(world.org().count("Puente_Message__c"), 60 * people.len());
    let depths = world.depths().await;
    assert_eq!((depths.sync_aside, depths.sync_due), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn what_was_used_is_known_after_a_restart() {
    let world = used(795, 20 * HOUR_MS).await;
    let ana = first_call(&world).await;
    pass(10_000).await;
    let world = world.restarted(None).await;
    let before = world.org_calls();
    for n in 0..30 {
        world.texts(&ana, &format!("m{n}"));
        pass(10_000).await;
    }
    let calls = world.org_calls() - before;
    assert!(calls == 0, "{calls} calls for 30 messages: the new process knows they are scarce");
    assert_eq!(world.depths().await.journal, 0, "and receives");
}
