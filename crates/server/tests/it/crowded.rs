//! What finds no place is told to come again, and leaves nothing behind.

use serde_json::json;
use server::auth::Scope;

use crate::world::{World, request};

fn send(key: &str, number: &str) -> http::Request<axum::body::Body> {
    let body = json!({ "to": "+5215512345678", "type": "text", "text": { "body": "hola" } });
    let mut asked = request("POST", "/send", key, &body.to_string());
    asked.headers_mut().insert("idempotency-key", number.parse().unwrap());
    asked
}

#[tokio::test]
async fn without_a_place_a_request_is_asked_to_come_again() {
    let world = World::with(|o| o.requests_max = 0).await;
    let key = world.key("one", &[Scope::Send]).await;
    let answer = world.ask(send(&key, "k")).await;
    assert_eq!((answer.problem().0, answer.problem().1.as_str()), (503, "puente.crowded"));
    assert_eq!(answer.head("retry-after"), "2");
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(world.get(path, &key).await.status, 200, "{path}: who looks must see");
    }
}

#[tokio::test]
async fn without_room_for_its_body_a_request_is_asked_to_come_again() {
    let world = World::with(|o| o.bytes_held_max = 20).await;
    let key = world.key("one", &[Scope::Send, Scope::Read]).await;
    let answer = world.ask(send(&key, "k")).await;
    assert_eq!((answer.problem().0, answer.problem().1.as_str()), (503, "puente.crowded"));
    assert_eq!(answer.head("retry-after"), "2");
    assert_ne!(world.get("/status", &key).await.status, 503, "what has no body needs no room");
}

#[tokio::test]
async fn a_body_beyond_its_limit_is_told_so() {
    let world = World::with(|o| o.request_bytes_max = 20).await;
    let key = world.key("one", &[Scope::Send]).await;
    let answer = world.ask(send(&key, "k")).await;
    assert_eq!((answer.problem().0, answer.problem().1.as_str()), (413, "puente.too_large"));
}

#[tokio::test]
async fn without_a_place_a_stream_is_asked_to_come_again() {
    let world = World::with(|o| o.streams_max = 0).await;
    let key = world.key("one", &[Scope::Read]).await;
    let answer = world.get("/status/stream", &key).await;
    assert_eq!((answer.problem().0, answer.problem().1.as_str()), (503, "puente.crowded"));
}
