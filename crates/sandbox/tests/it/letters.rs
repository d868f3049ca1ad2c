//! What ended aside comes back when its cause is mended: whole, and once.

use std::collections::BTreeSet;

use http::{Method, StatusCode};
use salesforce_sim::TriggerFailure;
use serde_json::{Value, json};

use crate::world::{World, words};

const HOUR_MS: i64 = 3_600_000;

async fn call(world: &World, method: Method, path: &str, body: Value) -> Value {
    let (status, answer) = world.eye().call(method, path, None, &body).await.unwrap();
    assert_eq!(status, StatusCode::OK, "{path}: {answer}");
    answer
}

async fn letters(world: &World, query: &str) -> Vec<Value> {
    let path = format!("/api/v1/dead-letters?limit=200{query}");
    let answer = call(world, Method::GET, &path, Value::Null).await;
    answer["items"].as_array().unwrap().clone()
}

async fn replay(world: &World, letter: &Value) -> Value {
    let path = format!("/api/v1/dead-letters/{}/replay", letter["id"].as_str().unwrap());
    call(world, Method::POST, &path, json!({})).await["outcome"].clone()
}

#[tokio::test(start_paused = true)]
async fn a_replay_after_repair_creates_the_record_once() {
    let world = World::quick().await;
    world.org().set_knobs(|knobs| {
        knobs.trigger_failures.push(TriggerFailure {
            object: "Lead".into(),
            rows_max: 0,
            message: "System.NullPointerException: null".into(),
        });
    });
    let customer = world.customer("Nora");
    world.texts(&customer, "hola");
    world.quiet(HOUR_MS).await;
    let aside = letters(&world, "&kind=record").await;
    assert_eq!((aside.len(), world.org().count("Lead")), (1, 0));
    assert!(aside[0]["id"].as_str().unwrap().starts_with("lead-"), "{aside:?}");
    assert!(aside[0]["cure"].as_str().unwrap().contains("replay"), "{aside:?}");

    world.org().set_knobs(|knobs| knobs.trigger_failures.clear());
    for outcome in ["done", "settled"] {
        assert_eq!(replay(&world, &aside[0]).await, outcome);
        world.quiet(HOUR_MS).await;
        assert_eq!(world.org().count("Lead"), 1);
    }
    let person = world.eye().person_of(&customer).unwrap();
    assert!(person["Lead__c"].is_string(), "{person}");
    assert!(letters(&world, "").await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_bulk_replay_of_a_hundred_writes_each_once() {
    let world = World::quick().await;
    world.org().set_field_visible("Puente_Message__c", "Text__c", false);
    let people: Vec<_> = (0..10).map(|n| world.customer(&format!("Cliente {n}"))).collect();
    let mut wamids = BTreeSet::new();
    for n in 0..100 {
        wamids.insert(world.texts(&people[n % 10], &format!("m{n}")));
    }
    world.quiet(HOUR_MS).await;
    assert_eq!((world.org().count("Puente_Message__c"), world.depths().await.sync_aside), (0, 100));
    let filter = json!({ "kind": "write", "code": "sf.INVALID_FIELD" });
    let counted = call(&world, Method::POST, "/api/v1/dead-letters/replay", filter.clone()).await;
    assert_eq!((&counted["dry_run"], &counted["count"]), (&json!(true), &json!(100)));
    assert_eq!(world.depths().await.sync_aside, 100, "counting does nothing");

    world.org().set_field_visible("Puente_Message__c", "Text__c", true);
    let mut wish = filter;
    wish["dry_run"] = false.into();
    wish["until"] = counted["until"].clone();
    let done = call(&world, Method::POST, "/api/v1/dead-letters/replay", wish.clone()).await;
    assert_eq!((&done["done"], &done["refused"]), (&json!(100), &json!(0)), "{done}");
    world.quiet(HOUR_MS).await;
    let rows = world.org().rows("Puente_Message__c");
    let shown: BTreeSet<_> = rows.iter().map(|r| r["Wamid__c"].as_str().unwrap().into()).collect();
    assert_eq!((rows.len(), shown), (100, wamids));
    let again = call(&world, Method::POST, "/api/v1/dead-letters/replay", wish).await;
    assert_eq!(again["done"], 0, "once");
    let trail = world.town.store.audit_after(&world.town.tenant, 0, 1_000).await.unwrap();
    assert_eq!(trail.iter().filter(|line| line.action == "letter.replayed").count(), 100);
}

#[tokio::test(start_paused = true)]
async fn a_refused_send_is_edited_and_sent_once_behind_what_came_after_it() {
    let world = World::quick().await;
    let customer = world.writer("Olga").await;
    let refusal =
        json!({ "error": { "message": "no", "type": "OAuthException", "code": 131_009 } });
    let answer = json!({ "answer": { "status": 400, "body": refusal.to_string() } });
    world.meta_fault(
        json!({ "op": "messages.send", "when": { "nth": 1 }, "act": answer, "times": 1 }),
    );
    let outbox = world.sends(&customer, "wrong", "mal").await;
    world.sends(&customer, "next", "siguiente").await;
    world.quiet(HOUR_MS).await;
    let letter = letters(&world, "&kind=send&code=wa.131009").await.remove(0);
    assert_eq!(letter["id"], outbox);
    let path = format!("/api/v1/dead-letters/{outbox}");
    let open = call(&world, Method::GET, &path, Value::Null).await;
    assert_eq!(open["message"]["text"]["body"], "mal");

    let bad = json!({ "message": { "type": "text", "text": { "body": "" } } });
    let (status, problem) = world.eye().call(Method::PUT, &path, None, &bad).await.unwrap();
    assert_eq!((status.as_u16(), problem["field"].as_str()), (422, Some("text.body")), "{problem}");
    assert!(problem["cure"].is_string());
    call(&world, Method::PUT, &path, json!({ "message": words("bien") })).await;
    assert_eq!(replay(&world, &letter).await, "done");
    assert_eq!(replay(&world, &letter).await, "settled");
    world.quiet(HOUR_MS).await;
    assert_eq!(world.heard(&customer), ["siguiente", "bien"]);
    let standing = world.standing(&outbox).await;
    assert_eq!(
        (&standing["status"], &standing["out_of_order"]),
        (&json!("delivered"), &json!(true))
    );
    assert_eq!(world.rows("Puente_Message__c", "Text__c", "bien").len(), 1);
    assert!(world.rows("Puente_Message__c", "Text__c", "mal").is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_broken_event_is_mended_and_taken_in_once() {
    let world = World::quick().await;
    let no_sender = json!({ "id": "wamid.mended", "timestamp": world.now().secs().to_string(),
                            "type": "text", "text": { "body": "sin remitente" } });
    let post = crate::world::body(json!({ "messages": [no_sender] }));
    assert_eq!(world.phones().post_raw(whatsapp_sim::Config::APP, &post).await, Some(200));
    world.quiet(HOUR_MS).await;
    let letter = letters(&world, "&kind=item").await.remove(0);
    assert_eq!(letter["code"], "puente.no_sender");
    assert_eq!(replay(&world, &letter).await, "done");
    world.quiet(HOUR_MS).await;
    let letter = letters(&world, "&kind=item").await.remove(0);
    assert_eq!(world.org().count("Puente_Message__c"), 0, "as it is, it comes back");

    let path = format!("/api/v1/dead-letters/{}", letter["id"].as_str().unwrap());
    let mut body = call(&world, Method::GET, &path, Value::Null).await["body"].clone();
    body["entry"][0]["changes"][0]["value"]["messages"][0]["from"] = "15550107777".into();
    call(&world, Method::PUT, &path, json!({ "body": body })).await;
    assert_eq!(replay(&world, &letter).await, "done");
    assert_eq!(replay(&world, &letter).await, "settled");
    world.quiet(HOUR_MS).await;
    assert_eq!(world.rows("Puente_Message__c", "Wamid__c", "wamid.mended").len(), 1);
    assert!(letters(&world, "").await.is_empty());
    // Meta's own delivery of the same message makes no second one
    let again = crate::world::message("wamid.mended", "15550107777", "otra", world.now().secs());
    let mut again = crate::world::body(json!({ "messages": [again] }));
    again["entry"][0]["changes"][0]["value"]["messages"][0]["timestamp"] =
        body["entry"][0]["changes"][0]["value"]["messages"][0]["timestamp"].clone();
    world.phones().post_raw(whatsapp_sim::Config::APP, &again).await;
    world.quiet(HOUR_MS).await;
    assert_eq!(world.rows("Puente_Message__c", "Wamid__c", "wamid.mended").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_no_json_is_replaced_and_taken_in() {
    let world = World::quick().await;
    let app = model::ids::AppId::new("main");
    world.town.engine.inbox.append(&app, bytes::Bytes::from_static(b"{\"object")).await.unwrap();
    world.quiet(HOUR_MS).await;
    let letter = letters(&world, "&kind=webhook").await.remove(0);
    assert_eq!(letter["code"], "puente.not_json");
    let path = format!("/api/v1/dead-letters/{}", letter["id"].as_str().unwrap());
    let open = call(&world, Method::GET, &path, Value::Null).await;
    assert_eq!(open["body"], "{\"object");
    let message = crate::world::message("wamid.whole", "15550107778", "hola", world.now().secs());
    let body = crate::world::body(json!({ "messages": [message] }));
    call(&world, Method::PUT, &path, json!({ "body": body })).await;
    assert_eq!(replay(&world, &letter).await, "done");
    world.quiet(HOUR_MS).await;
    assert_eq!(world.rows("Puente_Message__c", "Wamid__c", "wamid.whole").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_discarded_stays_away_and_its_reason_stays() {
    let world = World::quick().await;
    let customer = world.writer("Pia").await;
    world.org().set_field_visible("Puente_Message__c", "Text__c", false);
    world.texts(&customer, "oculto");
    world.quiet(HOUR_MS).await;
    let before = world.org_calls();
    let wish = json!({ "kind": "write", "reason": "a test of ours", "dry_run": false });
    let done = call(&world, Method::POST, "/api/v1/dead-letters/discard", wish).await;
    assert_eq!(done["done"], 1);
    tokio::time::sleep(std::time::Duration::from_secs(3_600)).await;
    world.quiet(HOUR_MS).await;
    assert_eq!(world.org_calls(), before, "nothing is tried for it");
    assert!(letters(&world, "").await.is_empty());
    assert_eq!(world.depths().await.sync_aside, 0);
}

/// Every attempt of a message, both ways, with its end, code and time.
#[tokio::test(start_paused = true)]
async fn a_trace_shows_each_attempt() {
    let world = World::quick().await;
    let customer = world.writer("Rut").await;
    let error =
        json!({ "error": { "message": "slow", "type": "OAuthException", "code": 130_429 } });
    let answer = json!({ "answer": { "status": 400, "body": error.to_string() } });
    world.meta_fault(json!({ "op": "messages.send", "act": answer, "times": 2 }));
    let down =
        r#"[{"errorCode":"UNABLE_TO_LOCK_ROW","message":"unable to obtain exclusive access"}]"#;
    let locked = json!({ "answer": { "status": 503, "body": down } });
    world.org_fault(json!({ "op": "composite", "act": locked, "times": 1 }));
    let outbox = world.sends(&customer, "traced", "con huella").await;
    world.quiet(HOUR_MS).await;
    let path = format!("/api/v1/trace?id={outbox}");
    let trace = call(&world, Method::GET, &path, Value::Null).await["items"][0].clone();
    let steps: Vec<(String, String)> = trace["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| (s["what"].as_str().unwrap().into(), s["detail"].as_str().unwrap().into()))
        .collect();
    let of = |what: &str| {
        let found = steps.iter().filter(|(step, _)| step == what);
        found.map(|(_, detail)| detail.clone()).collect::<Vec<_>>()
    };
    let ends: Vec<_> =
        of("call ended").iter().map(|d| d.split_once(' ').unwrap().1.to_owned()).collect();
    assert_eq!(ends, ["not_sent (wa.130429)", "not_sent (wa.130429)", "accepted"], "{steps:?}");
    assert_eq!((of("call to WhatsApp").len(), of("accepted").len()), (3, 1));
    assert!(!of("in Salesforce").is_empty(), "{steps:?}");
}
