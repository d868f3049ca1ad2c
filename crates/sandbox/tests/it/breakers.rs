//! A part of a remote that refuses is left alone, and nothing is lost by it.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use crate::world::World;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

async fn open(world: &World) -> Vec<(String, String)> {
    let path = "/api/v1/breakers";
    let (_, answer) = world.eye().call(Method::GET, path, None, &Value::Null).await.unwrap();
    let items = answer["items"].as_array().unwrap().clone();
    let word = |item: &Value, name: &str| item[name].as_str().unwrap().to_owned();
    items.iter().map(|item| (word(item, "remote"), word(item, "scope"))).collect()
}

/// How Meta refuses, and the scope that is left alone.
fn refusals() -> Vec<(&'static str, Value, &'static str)> {
    let error = |status: u16, code: i64| {
        let body = json!({ "error": { "message": "no", "type": "OAuthException", "code": code } });
        json!({ "answer": { "status": status, "body": body.to_string() } })
    };
    vec![
        ("token dead", error(401, 190), "account"),
        ("account locked", error(403, 131_031), "account"),
        ("calls used up", error(400, 80_007), "account"),
        ("number throttled", error(400, 130_429), "number"),
        ("display name refused", error(400, 131_037), "number"),
    ]
}

/// The fault "events dropped while a channel is marked broken": zero.
#[tokio::test(start_paused = true)]
async fn events_dropped_while_a_channel_is_marked_broken() {
    for (name, act, scope) in refusals() {
        let world = World::quick().await;
        let customers = [world.writer("Ana").await, world.writer("Bea").await];
        world.meta_fault(json!({ "op": "messages.send", "act": act }));
        let before = world.phones().gate().log.count("messages.send");
        let (mut sent, mut received) = (Vec::new(), Vec::new());
        for n in 0..30 {
            let customer = &customers[n % 2];
            sent.push((n % 2, world.sends(customer, &format!("k{n}"), &format!("s{n}")).await));
            received.push(world.texts(customer, &format!("m{n}")));
            tokio::time::sleep(Duration::from_millis(2 * MINUTE_MS as u64)).await;
        }
        assert!(
            open(&world).await.contains(&("whatsapp".into(), scope.into())),
            "{name}: {:?}",
            open(&world).await
        );
        let calls = world.phones().gate().log.count("messages.send") - before;
        assert!(calls < 300, "{name}: {calls} calls at a closed door in an hour");
        let alerts = world.town.store.alerts_open(&world.town.tenant).await.unwrap();
        assert!(alerts.iter().any(|a| a.kind == "breaker"), "{name}: {alerts:?}");
        let (_, metrics) = metrics(&world).await;
        let line = format!("puente_breaker_state{{remote=\"whatsapp\",scope=\"{scope}\"}} ");
        let state = metrics.lines().find_map(|l| l.strip_prefix(&line)).unwrap_or("none");
        assert!(["1", "2"].contains(&state), "{name}: {state}");

        world.phones().gate().faults.clear();
        world.quiet(HOUR_MS).await;
        let mut dropped = 0;
        for (of, customer) in customers.iter().enumerate() {
            let want: Vec<_> = (0..30).filter(|n| n % 2 == of).map(|n| format!("s{n}")).collect();
            let heard = world.heard(customer);
            dropped += want.iter().filter(|text| !heard.contains(text)).count();
            assert_eq!(heard, want, "{name}: each once, in order");
        }
        let there = |wamid: &String| world.rows("Puente_Message__c", "Wamid__c", wamid).len() == 1;
        dropped += received.iter().filter(|wamid| !there(wamid)).count();
        assert_eq!(dropped, 0, "{name}");
        for (_, outbox) in &sent {
            assert_eq!(world.standing(outbox).await["status"], "delivered", "{name}");
        }
        assert!(open(&world).await.is_empty(), "{name}: closed again");
        // how old the queue is, is looked at every half minute
        tokio::time::sleep(Duration::from_secs(40)).await;
        let alerts = world.town.store.alerts_open(&world.town.tenant).await.unwrap();
        assert!(alerts.is_empty(), "{name}: the alert ends: {alerts:?}");
    }
}

async fn metrics(world: &World) -> (u16, String) {
    use axum::body::{Body, to_bytes};
    use tower::ServiceExt;
    let request = http::Request::get("/metrics").body(Body::empty()).unwrap();
    let answer = world.town.router.clone().oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    let bytes = to_bytes(answer.into_body(), 1 << 22).await.unwrap();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

#[tokio::test(start_paused = true)]
async fn one_number_that_refuses_one_person_leaves_the_others_alone() {
    let world = World::quick().await;
    let (ana, bea) = (world.writer("Ana").await, world.writer("Bea").await);
    let body = json!({ "error": { "message": "pair", "type": "OAuthException", "code": 131_056 } });
    world.meta_fault(json!({ "op": "messages.send", "when": { "nth": 1 }, "times": 1,
        "act": { "answer": { "status": 400, "body": body.to_string() } } }));
    world.sends(&ana, "a", "para ana").await;
    tokio::time::sleep(Duration::from_millis(1_000)).await;
    let began = world.now();
    world.sends(&bea, "b", "para bea").await;
    world
        .until("the other person's message", 5_000, || {
            (world.copies(&bea, "para bea") == 1).then_some(())
        })
        .await;
    assert!(world.now().since(began) < 2_000, "one lane's limit holds one lane");
    assert_eq!(world.copies(&ana, "para ana"), 0);
    world.quiet(HOUR_MS).await;
    assert_eq!(world.copies(&ana, "para ana"), 1);
}
