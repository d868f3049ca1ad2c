use axum::body::Body;
use http::Request;
use whatsapp::signature::sign;

use crate::world::{SECRET, World};

const BODY: &str = r#"{"object":"whatsapp_business_account","entry":[]}"#;

fn delivery(path: &str, signature: Option<&str>, body: &str) -> Request<Body> {
    let mut builder = Request::builder().method("POST").uri(path);
    if let Some(value) = signature {
        builder = builder.header("x-hub-signature-256", value);
    }
    builder.body(Body::from(body.to_owned())).unwrap()
}

async fn stored(world: &World) -> Vec<(String, String)> {
    let rows = world.store.journal_next(100).await.unwrap();
    rows.into_iter()
        .map(|row| (row.app.to_string(), String::from_utf8(row.body.to_vec()).unwrap()))
        .collect()
}

#[tokio::test]
async fn a_signed_delivery_is_on_disk_when_it_is_answered() {
    let world = World::new().await;
    let body = r#"{"object":"whatsapp_business_account","x":"\u00f1 \/ \ud83d\ude00"}"#;
    let answer = world
        .ask(delivery("/messages", Some(&sign(SECRET.as_bytes(), body.as_bytes())), body))
        .await;
    assert_eq!((answer.status.as_u16(), answer.text()), (200, ""));
    assert_eq!(stored(&world).await, [("one".to_owned(), body.to_owned())], "byte for byte");
}

#[tokio::test]
async fn the_path_names_the_app_and_so_the_secret() {
    let world = World::new().await;
    let two = sign(b"secret-of-two", BODY.as_bytes());
    let older = sign(b"older-secret", BODY.as_bytes());
    for (path, signature, status, app) in [
        ("/t/two/messages", &two, 200, Some("two")),
        ("/a/two/messages", &two, 200, Some("two")),
        ("/a/one/messages", &older, 200, Some("one")),
        ("/messages", &older, 200, Some("one")),
        ("/messages", &two, 401, None),
        ("/t/one/messages", &older, 401, None),
        ("/a/none/messages", &two, 401, None),
    ] {
        let before = stored(&world).await.len();
        let answer = world.ask(delivery(path, Some(signature), BODY)).await;
        assert_eq!(answer.status, status, "{path}");
        let rows = stored(&world).await;
        let new = rows.get(before).map(|(app, _)| app.as_str());
        assert_eq!(new, app, "{path}");
    }
}

#[tokio::test]
async fn every_forgery_gets_the_same_answer_and_leaves_nothing() {
    let world = World::new().await;
    let good = sign(SECRET.as_bytes(), BODY.as_bytes());
    let other = sign(SECRET.as_bytes(), b"{}");
    let mut answers = std::collections::BTreeSet::new();
    for (path, signature) in [
        ("/messages", None),
        ("/messages", Some("")),
        ("/messages", Some("sha256=")),
        ("/messages", Some(&good[7..])),
        ("/messages", Some(&good[..70])),
        ("/messages", Some(other.as_str())),
        ("/a/none/messages", Some(good.as_str())),
        ("/t/none/messages", None),
    ] {
        let mut answer = world.ask(delivery(path, signature, BODY)).await;
        assert_eq!(answer.status, 401, "{path} {signature:?}");
        answer.headers.remove("x-request-id");
        answers.insert(format!("{} {:?}", answer.text(), answer.headers));
    }
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert!(stored(&world).await.is_empty());
}

#[tokio::test]
async fn bodies_up_to_the_limit_and_not_beyond() {
    let world = World::with(|o| o.webhook_bytes_max = 1000).await;
    for (length, status, rows) in [(1000, 200, 1), (1001, 413, 1)] {
        let body = "x".repeat(length);
        let signature = sign(SECRET.as_bytes(), body.as_bytes());
        let answer = world.ask(delivery("/messages", Some(&signature), &body)).await;
        assert_eq!((answer.status.as_u16(), stored(&world).await.len()), (status, rows));
    }
}

#[tokio::test]
async fn without_room_meta_is_asked_to_come_again() {
    let world = World::with(|o| o.bytes_held_max = 10).await;
    let signature = sign(SECRET.as_bytes(), BODY.as_bytes());
    let answer = world.ask(delivery("/messages", Some(&signature), BODY)).await;
    assert_eq!((answer.status.as_u16(), answer.head("retry-after")), (503, "5"));
    assert!(stored(&world).await.is_empty());
}

#[tokio::test]
async fn a_store_that_refuses_is_never_answered_with_200() {
    let world = World::new().await;
    world.store.close().await;
    let signature = sign(SECRET.as_bytes(), BODY.as_bytes());
    let answer = world.ask(delivery("/messages", Some(&signature), BODY)).await;
    assert_eq!((answer.status.as_u16(), answer.head("retry-after")), (503, "5"));
}

#[tokio::test]
async fn the_handshake_returns_the_challenge_alone() {
    let world = World::new().await;
    for (path, mode, token, status, body) in [
        ("/webhook/verify", "subscribe", "token-of-one", 200, "1158201444"),
        ("/messages", "subscribe", "token-of-one", 200, "1158201444"),
        ("/t/two/messages", "subscribe", "token-of-two", 200, "1158201444"),
        ("/a/two/messages", "subscribe", "token-of-two", 200, "1158201444"),
        ("/messages", "subscribe", "token-of-two", 403, "forbidden"),
        ("/messages", "unsubscribe", "token-of-one", 403, "forbidden"),
        ("/a/none/messages", "subscribe", "token-of-one", 403, "forbidden"),
    ] {
        // The order of the parameters is Meta's to choose.
        let query = format!("hub.challenge=1158201444&hub.verify_token={token}&hub.mode={mode}");
        let answer = world.get(&format!("{path}?{query}"), "").await;
        assert_eq!((answer.status.as_u16(), answer.text()), (status, body), "{path} {token}");
        assert!(answer.head("content-type").starts_with("text/plain"));
    }
    assert_eq!(world.get("/webhook/verify", "").await.status, 403);
}

#[tokio::test]
async fn deliveries_are_counted_by_outcome() {
    let world = World::new().await;
    let signature = sign(SECRET.as_bytes(), BODY.as_bytes());
    world.ask(delivery("/messages", Some(&signature), BODY)).await;
    world.ask(delivery("/messages", None, BODY)).await;
    world.ask(delivery("/a/made-up/messages", None, BODY)).await;
    let text = world.get("/metrics", "").await.text().to_owned();
    for line in [
        r#"puente_webhooks_total{app="one",outcome="stored"} 1"#,
        r#"puente_webhooks_total{app="one",outcome="unsigned"} 1"#,
        r#"puente_webhooks_total{app="unknown",outcome="unsigned"} 1"#,
        &format!("puente_webhook_bytes_total {}", BODY.len()),
        "puente_journal_depth 1",
    ] {
        assert!(text.lines().any(|l| l == line), "{line} is not in\n{text}");
    }
    assert!(!text.contains("made-up"), "no label comes from a stranger");
}
