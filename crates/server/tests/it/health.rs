use engine::Inbox;
use model::ids::{AppId, PersonId};
use serde_json::json;
use server::auth::Scope;
use store::op::Want;
use store::{Commit, Depths, Object, Op};

use crate::world::{START, World, request, tenant};

#[tokio::test]
async fn readiness_follows_the_store_and_the_backlog() {
    let world = World::with(|o| o.backlog_age_ms_max = 1000).await;
    let ready = async || {
        let answer = world.get("/readyz", "").await;
        (answer.status.as_u16(), answer.json())
    };
    assert_eq!(ready().await, (200, json!({ "ready": true, "reasons": [], "backlog_age_ms": 0 })));

    let inbox: &Inbox = &world.state.inbox;
    inbox.append(&AppId::new("one"), "{}".into()).await.unwrap();
    world.clock.forward(1000);
    assert_eq!(ready().await.0, 200, "at the limit");
    world.clock.forward(1);
    let (status, body) = ready().await;
    assert_eq!((status, &body["backlog_age_ms"]), (503, &json!(1001)));
    assert_eq!(body["reasons"][0], "the oldest unread webhook is 1001 ms old, above 1000");

    world.state.stopping.cancel();
    let (_, body) = ready().await;
    assert_eq!(body["reasons"][0], "the process is stopping");

    world.store.close().await;
    let (status, body) = ready().await;
    assert_eq!((status, &body["reasons"][1]), (503, &json!("the store does not answer")));
    assert_eq!(world.get("/healthz", "").await.status, 200, "the process itself lives");
}

#[tokio::test]
async fn metrics_may_be_closed_and_outlive_the_store() {
    let world = World::with(|o| o.metrics_token = Some("scrape".into())).await;
    for (token, status) in [("", 401), ("other", 401), ("scrape", 200)] {
        assert_eq!(world.ask(request("GET", "/metrics", token, "")).await.status, status);
    }
    world.store.close().await;
    let answer = world.get("/metrics", "scrape").await;
    assert_eq!(answer.status, 200);
    assert!(answer.text().contains("puente_http_answers_total"));
    assert!(answer.text().ends_with("# EOF\n"));
}

#[tokio::test]
async fn queues_tell_their_age_and_when_they_will_be_empty() {
    let world = World::new().await;
    let (one, two) =
        (world.key("one", &[Scope::Read]).await, world.key("two", &[Scope::Read]).await);
    let want = |n: u8| {
        Op::Want(Want {
            tenant: tenant("one"),
            object: Object::Message,
            id: [n; 16],
            root: PersonId::from_bytes([1; 16]),
            due_at: START,
        })
    };
    world.store.commit(Commit::of((0..90).map(want).collect())).await.unwrap();
    let queue = async |key: &str, name: &str| {
        let answer = world.get("/api/v1/queues", key).await.json();
        let items = answer["items"].as_array().unwrap().clone();
        items.into_iter().find(|q| q["name"] == name).unwrap()
    };
    world.clock.forward(30_000);
    let waiting = queue(&one, "salesforce").await;
    assert_eq!((&waiting["length"], &waiting["oldest_age_seconds"]), (&json!(90), &json!(30)));
    assert_eq!(waiting.get("drains_in_seconds"), None, "nobody knows yet");
    assert_eq!(queue(&two, "salesforce").await["length"], 0);
    assert_eq!(queue(&one, "outbox").await["drains_in_seconds"], 0);
    let metric = async |name: &str| {
        let text = world.get("/metrics", "").await.text().to_owned();
        let line = text.lines().find(|l| l.starts_with(name)).unwrap().to_owned();
        line.rsplit(' ').next().unwrap().to_owned()
    };
    assert_eq!(metric("puente_sync_drain_seconds").await.to_lowercase(), "nan");
    // thirty rows in thirty seconds
    let depths = Depths { sync_due: 120, ..Depths::default() };
    let trends = &world.state.board.trends;
    trends.see(Some(&tenant("one")), START, &depths);
    trends.see(None, START, &depths);
    let depths = world.store.depths(None).await.unwrap();
    trends.see(Some(&tenant("one")), world.ambient.now(), &depths);
    trends.see(None, world.ambient.now(), &depths);
    assert_eq!(queue(&one, "salesforce").await["drains_in_seconds"], 90);
    assert_eq!(metric("puente_sync_drain_seconds").await, "90.0");
    assert_eq!(metric("puente_sync_oldest_seconds").await, "30");
    assert_eq!(metric("puente_bulk_jobs").await, "0");
    assert_eq!(world.get("/api/v1/queues", "").await.status, 401);
}
