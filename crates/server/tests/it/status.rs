use serde_json::{Value, json};
use server::auth::Scope;

use crate::world::World;

async fn sent(world: &World, key: &str, n: u32) -> Value {
    let body = json!({
        "to": "+525550100123", "reference": "ref", "type": "template",
        "template": { "name": "order_ready", "language": { "code": "es_MX" } },
    });
    let answer = world.send(key, &format!("k-{n}"), &body).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    answer.json()
}

#[tokio::test]
async fn a_conversation_is_read_page_by_page_without_loss_or_repeat() {
    let world = World::new().await;
    let key = world.key("one", &[Scope::Send, Scope::Read]).await;
    let mut want = Vec::new();
    for n in 0..5 {
        want.push(sent(&world, &key, n).await);
        world.clock.forward(1000);
    }
    want.reverse();
    let conversation = want[0]["conversation_id"].as_str().unwrap();
    let mut got = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/status?conversation={conversation}&limit=2{cursor}");
        let page = world.get(&path, &key).await.json();
        got.extend(page["items"].as_array().unwrap().iter().map(|i| i["message_id"].clone()));
        let Some(next) = page["next"].as_str() else {
            break;
        };
        cursor = format!("&cursor={next}");
    }
    let want: Vec<_> = want.iter().map(|r| r["message_id"].clone()).collect();
    assert_eq!(got, want, "newest first");
}

#[tokio::test]
async fn every_way_to_find_it_and_no_way_across_tenants() {
    let world = World::new().await;
    let key = world.key("one", &[Scope::Send, Scope::Read]).await;
    let other = world.key("two", &[Scope::Read]).await;
    let receipt = sent(&world, &key, 1).await;
    let text = |field: &str| receipt[field].as_str().unwrap();
    let standing = world.get(&format!("/status/{}", text("id")), &key).await.json();
    let ways = [
        format!("id={}", text("id")),
        format!("id={}", text("message_id")),
        "reference=ref".to_owned(),
        format!("conversation={}", text("conversation_id")),
        format!("person={}", standing["person_id"].as_str().unwrap()),
    ];
    for way in ways {
        let found = world.get(&format!("/status?{way}"), &key).await.json();
        assert_eq!(found["items"][0], standing, "{way}");
        let theirs = world.get(&format!("/status?{way}"), &other).await.json();
        assert_eq!(theirs, json!({ "items": [] }), "{way}");
    }
    for id in [text("id"), text("message_id")] {
        assert_eq!(world.get(&format!("/status/{id}"), &other).await.problem().0, 404);
        let traced = world.get(&format!("/api/v1/trace?id={id}"), &other).await;
        assert_eq!(traced.problem().0, 404);
    }
}

#[tokio::test]
async fn questions_that_cannot_be_answered() {
    let world = World::new().await;
    let key = world.key("one", &[Scope::Read]).await;
    let out = format!("out_{}", "1".repeat(32));
    for (path, status, field) in [
        ("/status".to_owned(), 422, "query"),
        (format!("/status?id={out}&reference=r"), 422, "query"),
        ("/status?referense=r".to_owned(), 422, "query"),
        ("/status?id=17".to_owned(), 422, "id"),
        ("/status?record=500".to_owned(), 422, "record"),
        (format!("/status?id={out}&limit=0"), 422, "limit"),
        (format!("/status?id={out}&limit=201"), 422, "limit"),
        ("/status/17".to_owned(), 422, "id"),
        (format!("/status/{out}"), 404, "id"),
        ("/api/v1/trace".to_owned(), 422, "query"),
        ("/api/v1/trace?id=17".to_owned(), 422, "id"),
        ("/api/v1/audit?cursor=1".to_owned(), 403, ""),
        ("/api/v1/conversations?cursor=x".to_owned(), 422, "cursor"),
    ] {
        let (got, _, named) = world.get(&path, &key).await.problem();
        assert_eq!((got, named.as_str()), (status, field), "{path}");
    }
    let found = world.get("/status?wamid=wamid.A", &key).await;
    assert_eq!(found.json(), json!({ "items": [] }));
}

#[tokio::test]
async fn a_trace_tells_the_steps_in_order() {
    let world = World::new().await;
    let key = world.key("one", &[Scope::Send, Scope::Read]).await;
    let receipt = sent(&world, &key, 1).await;
    let path = format!("/api/v1/trace?id={}", receipt["id"].as_str().unwrap());
    let traces = world.get(&path, &key).await.json();
    let trace = &traces["items"][0];
    assert_eq!(
        (&trace["message_id"], &trace["direction"]),
        (&receipt["message_id"], &json!("out"))
    );
    let times: Vec<_> =
        trace["steps"].as_array().unwrap().iter().map(|s| s["at"].as_str().unwrap()).collect();
    assert!(!times.is_empty() && times.is_sorted(), "{trace}");
}
