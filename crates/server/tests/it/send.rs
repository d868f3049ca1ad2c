use serde_json::{Value, json};
use server::auth::Scope;

use crate::world::World;

/// A template needs no open window, so it may begin a conversation.
fn template(to: &str) -> Value {
    json!({
        "to": to,
        "reference": "order-1",
        "type": "template",
        "template": { "name": "order_ready", "language": { "code": "es_MX" } },
    })
}

#[tokio::test]
async fn an_accepted_send_is_on_disk_and_can_be_asked_for() {
    let world = World::new().await;
    let key = world.key("one", &[Scope::Send, Scope::Read]).await;
    let answer = world.send(&key, "k-1", &template("+525550100123")).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    assert_eq!(answer.head("idempotent-replayed"), "");
    let receipt = answer.json();
    assert_eq!(receipt["status"], "queued");
    for (field, prefix) in [("id", "out_"), ("message_id", "msg_"), ("conversation_id", "con_")] {
        assert!(receipt[field].as_str().unwrap().starts_with(prefix), "{receipt}");
    }
    let text = |field: &str| receipt[field].as_str().unwrap().to_owned();
    for path in [format!("/status/{}", text("id")), format!("/status/{}", text("message_id"))] {
        let standing = world.get(&path, &key).await.json();
        assert_eq!(standing["id"], receipt["id"], "{path}");
        assert_eq!(standing["message_id"], receipt["message_id"]);
        assert_eq!(standing["status"], "queued");
        assert_eq!(standing["reference"], "order-1");
        assert_eq!(
            (&standing["type"], &standing["direction"]),
            (&json!("template"), &json!("out"))
        );
    }
}

#[tokio::test]
async fn the_same_key_gives_the_first_answer_again() {
    let world = World::new().await;
    let key = world.key("one", &[Scope::Send]).await;
    let first = world.send(&key, "k-1", &template("+525550100123")).await;
    let again = world.send(&key, "k-1", &template("+525550100123")).await;
    assert_eq!((again.status.as_u16(), again.head("idempotent-replayed")), (202, "true"));
    assert_eq!(first.json(), again.json());

    let other = world.send(&key, "k-1", &template("+525550100124")).await;
    assert_eq!((other.problem().0, other.problem().1.as_str()), (422, "puente.key_reused"));

    let elsewhere = world.key("two", &[Scope::Send]).await;
    let theirs = world.send(&elsewhere, "k-1", &template("+525550100123")).await;
    assert_eq!((theirs.status.as_u16(), theirs.head("idempotent-replayed")), (202, ""));
    assert_ne!(theirs.json()["id"], first.json()["id"], "keys of two tenants never meet");
}

#[tokio::test]
async fn an_idempotency_key_is_required() {
    let world = World::new().await;
    let key = world.key("one", &[Scope::Send]).await;
    let answer = world.post("/send", &key, &template("+525550100123")).await;
    let (status, code, field) = answer.problem();
    assert_eq!(
        (status, code.as_str(), field.as_str()),
        (400, "puente.idempotency_key", "Idempotency-Key")
    );
    for bad in ["", "a b", &"x".repeat(256)] {
        assert_eq!(world.send(&key, bad, &template("+525550100123")).await.status, 400, "{bad}");
    }
    let longest = "x".repeat(255);
    assert_eq!(world.send(&key, &longest, &template("+525550100123")).await.status, 202);
}

#[tokio::test]
async fn a_refusal_carries_its_field_cause_and_cure() {
    let world = World::new().await;
    let key = world.key("one", &[Scope::Send]).await;
    let text = |to: &str| json!({ "to": to, "type": "text", "text": { "body": "hola" } });
    for (body, status, field) in [
        (text("+525550100123"), 422, "type"),
        (text("who?"), 422, "to"),
        (text(&format!("per_{}", "1".repeat(32))), 404, "to"),
        (json!({ "to": "+525550100123", "type": "text" }), 422, "text"),
    ] {
        let answer = world.send(&key, "k", &body).await;
        let (got, code, named) = answer.problem();
        assert_eq!((got, named.as_str()), (status, field), "{body}: {}", answer.text());
        let json = answer.json();
        assert_eq!(json["type"], format!("/docs/faults/{code}"));
        for said in ["title", "detail", "cure", "instance"] {
            assert!(json[said].as_str().is_some_and(|s| !s.is_empty()), "{said}: {json}");
        }
    }
}

#[tokio::test]
async fn a_store_that_is_gone_is_never_answered_with_202() {
    let world = World::new().await;
    let key = world.key("one", &[Scope::Send]).await;
    world.store.close().await;
    let answer = world.send(&key, "k", &template("+525550100123")).await;
    assert_eq!((answer.problem().0, answer.problem().1.as_str()), (500, "puente.broken"));
}

#[tokio::test]
async fn a_batch_answers_for_each_in_its_place() {
    let world = World::new().await;
    let key = world.key("one", &[Scope::Send]).await;
    let keyed = |n: u32, to: &str| {
        let mut message = template(to);
        message["idempotency_key"] = json!(format!("b-{n}"));
        message
    };
    let body = json!({ "messages": [
        keyed(0, "+525550100123"),
        keyed(1, "who?"),
        template("+525550100124"),
        "nothing",
        keyed(0, "+525550100123"),
        keyed(5, "+525550100125"),
    ] });
    let answer = world.post("/send/batch", &key, &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let results = answer.json()["results"].as_array().unwrap().clone();
    let statuses: Vec<_> = results.iter().map(|r| r["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [202, 422, 422, 422, 202, 202]);
    assert_eq!(results[1]["problem"]["field"], "to");
    assert_eq!(results[2]["problem"]["field"], "idempotency_key");
    assert_eq!(results[3]["problem"]["field"], "messages");
    assert_eq!(results[4]["repeated"], true);
    assert_eq!(results[4]["accepted"], results[0]["accepted"]);
    assert!(results[0].get("repeated").is_none() && results[0].get("problem").is_none());
}

#[tokio::test]
async fn a_batch_has_one_to_two_hundred_messages() {
    let world = World::new().await;
    let key = world.key("one", &[Scope::Send]).await;
    let many = |n: usize| json!({ "messages": vec![json!({}); n] });
    for (body, status) in [
        (many(0), 422),
        (many(1), 200),
        (many(200), 200),
        (many(201), 422),
        (json!({}), 422),
        (json!({ "messages": {} }), 422),
    ] {
        let answer = world.post("/send/batch", &key, &body).await;
        assert_eq!(answer.status, status, "{}", answer.text());
    }
}
