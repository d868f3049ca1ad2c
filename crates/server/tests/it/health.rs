use engine::Inbox;
use model::ids::AppId;
use serde_json::json;

use crate::world::{World, request};

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
