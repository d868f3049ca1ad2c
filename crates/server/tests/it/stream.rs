use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use futures_util::StreamExt;
use serde_json::{Value, json};
use server::auth::Scope;
use store::op::ApiKeyRevoked;
use store::{Commit, Op};
use tower::ServiceExt;

use crate::world::{World, request, tenant};

#[derive(Debug)]
struct Event {
    id: String,
    name: String,
    data: Value,
}

/// One open stream, read event by event.
struct Reader {
    body: BodyDataStream,
    text: String,
}

impl Reader {
    async fn open(world: &World, key: &str, last: Option<&str>) -> Self {
        let mut asked = request("GET", "/status/stream", key, "");
        if let Some(id) = last {
            asked.headers_mut().insert("last-event-id", id.parse().unwrap());
        }
        let response = world.router.clone().oneshot(asked).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { body: Body::into_data_stream(response.into_body()), text: String::new() }
    }

    /// `None` when the stream ended.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                if !event.starts_with(':') {
                    return Some(parse(&event));
                }
                continue;
            }
            let bytes = self.body.next().await?.unwrap();
            self.text.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }
}

fn parse(text: &str) -> Event {
    let field = |name: &str| {
        let line = text.lines().find_map(|l| l.strip_prefix(name)).unwrap_or_default();
        line.trim_start().to_owned()
    };
    let data = serde_json::from_str(&field("data:")).unwrap();
    Event { id: field("id:"), name: field("event:"), data }
}

async fn world() -> World {
    World::with(|o| o.stream_tick = Duration::from_millis(5)).await
}

async fn sent(world: &World, key: &str, n: u32) -> Value {
    let body = json!({
        "to": "+525550100123", "type": "template",
        "template": { "name": "order_ready", "language": { "code": "es_MX" } },
    });
    let answer = world.send(key, &format!("k-{n}"), &body).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    answer.json()
}

#[tokio::test]
async fn a_reader_that_comes_back_misses_nothing_and_hears_nothing_twice() {
    let world = world().await;
    let key = world.key("one", &[Scope::Send, Scope::Read]).await;
    sent(&world, &key, 0).await;
    let mut reader = Reader::open(&world, &key, None).await;
    let ready = reader.next().await.unwrap();
    assert_eq!(ready.name, "ready");
    let first = sent(&world, &key, 1).await;
    let event = reader.next().await.unwrap();
    assert_eq!(event.name, "send.accepted");
    assert_eq!(event.data["message_id"], first["message_id"], "what was before is not told");
    assert_eq!(event.data["status"], "queued");
    drop(reader);

    let (second, third) = (sent(&world, &key, 2).await, sent(&world, &key, 3).await);
    let mut reader = Reader::open(&world, &key, Some(&event.id)).await;
    for want in [second, third] {
        let event = reader.next().await.unwrap();
        assert_eq!(event.data["message_id"], want["message_id"]);
    }
    let mut reader = Reader::open(&world, &key, Some(&ready.id)).await;
    assert_eq!(reader.next().await.unwrap().id, event.id, "`ready` is a place to return to");
}

#[tokio::test]
async fn an_id_that_is_not_ours_is_answered_with_reset_and_snapshot() {
    let world = world().await;
    let key = world.key("one", &[Scope::Send, Scope::Read]).await;
    let mut newest = sent(&world, &key, 0).await;
    for last in ["999999999", "-5", "abc"] {
        let mut reader = Reader::open(&world, &key, Some(last)).await;
        assert_eq!(reader.next().await.unwrap().name, "reset", "{last}");
        let snapshot = reader.next().await.unwrap();
        assert_eq!(snapshot.name, "snapshot");
        assert_eq!(snapshot.data["items"][0]["message_id"], newest["message_id"]);
        newest = sent(&world, &key, last.len() as u32 + 10).await;
        assert_eq!(reader.next().await.unwrap().data["message_id"], newest["message_id"]);
    }
}

#[tokio::test]
async fn a_tenant_hears_nothing_of_another() {
    let world = world().await;
    let one = world.key("one", &[Scope::Send]).await;
    let two = world.key("two", &[Scope::Send, Scope::Read]).await;
    let mut reader = Reader::open(&world, &two, None).await;
    assert_eq!(reader.next().await.unwrap().name, "ready");
    sent(&world, &one, 1).await;
    let ours = sent(&world, &two, 1).await;
    assert_eq!(reader.next().await.unwrap().data["message_id"], ours["message_id"]);
}

#[tokio::test]
async fn it_ends_when_the_process_stops_and_when_the_key_is_revoked() {
    let world = world().await;
    let (id, key) = world.key_until("one", &[Scope::Read], None).await;
    let mut reader = Reader::open(&world, &key, None).await;
    reader.next().await.unwrap();
    let revoked = ApiKeyRevoked { tenant: tenant("one"), id, at: world.ambient.now() };
    world.store.commit(Commit::of(vec![Op::RevokeApiKey(revoked)])).await.unwrap();
    world.clock.forward(world.state.options.stream_key_check_ms);
    assert!(reader.next().await.is_none());

    let key = world.key("one", &[Scope::Read]).await;
    let mut reader = Reader::open(&world, &key, None).await;
    reader.next().await.unwrap();
    world.state.stopping.cancel();
    assert!(reader.next().await.is_none());
}
