//! The admin API, as a test in another language would use it.

use http::Method;
use serde_json::{Value, json};
use whatsapp_sim::Config;

use crate::scene::Scene;

#[tokio::test(start_paused = true)]
async fn a_conversation_is_played_over_http() {
    let scene = Scene::new();
    let ana =
        scene.post("/_sim/customers", json!({ "name": "Ana", "phone": "+15550001111" })).await.1;
    let id = ana["id"].as_str().unwrap();
    let said = scene
        .post(&format!("/_sim/customers/{id}/says"), json!({ "type": "text", "body": "hi" }))
        .await;
    assert_eq!(said.0, 200, "{}", said.1);
    scene.text("+15550001111", "hello").await;
    scene.sim.settled().await;
    let view = scene.get(&format!("/_sim/phones/{id}?after=0")).await.1;
    let lines: Vec<_> = view["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| (m["direction"].clone(), m["content"]["body"].clone(), m["tick"].clone()))
        .collect();
    assert_eq!(
        lines,
        [
            (json!("in"), json!("hi"), json!("sent")),
            (json!("out"), json!("hello"), json!("delivered")),
        ]
    );
    let cursor = view["cursor"].as_u64().unwrap();
    let path = format!("/_sim/phones/{id}?after={cursor}");
    assert_eq!(scene.get(&path).await.1["messages"], json!([]), "nothing new");
    let read = scene.post(&format!("/_sim/customers/{id}/reads"), json!({})).await.1;
    assert_eq!(read, json!({ "read": 1 }));
    let news = scene.get(&path).await.1;
    assert_eq!(news["messages"][0]["tick"], "read", "a changed message comes again");
    assert_eq!(scene.get("/_sim/state").await.1["messages"], 2);
    assert_eq!(scene.get("/_sim/requests").await.1["counts"]["messages.send"], 1);
    assert!(scene.get("/_sim/tally").await.1["posts"].as_u64().unwrap() >= 3);
}

#[tokio::test(start_paused = true)]
async fn knobs_and_states_are_turned_over_http() {
    let scene = Scene::new();
    let ana = scene.ana();
    let patch = async |path: &str, body: Value| scene.call(Method::PATCH, path, Some(body)).await;
    let knobs = patch("/_sim/knobs", json!({ "webhooks": { "batch": 50 } })).await.1;
    assert_eq!(
        (&knobs["webhooks"]["batch"], &knobs["webhooks"]["linger_ms"]),
        (&json!(50), &json!(20))
    );
    assert_eq!(patch("/_sim/knobs", json!({ "webhooks": { "bach": 5 } })).await.0, 422);
    assert_eq!(scene.sim.read(|w| w.webhooks.batch), 50);
    let path = format!("/_sim/customers/{}", ana.id);
    assert_eq!(patch(&path, json!({ "script": [{ "fail": 131026 }, "silence"] })).await.0, 200);
    assert_eq!(scene.sim.read(|w| w.customers[&ana.id].script.len()), 2);
    assert_eq!(patch(&path, json!({ "phone": "1" })).await.0, 422);
    assert_eq!(patch("/_sim/customers/none", json!({})).await.0, 404);
    let number = format!("/_sim/numbers/{}", Config::NUMBER);
    assert_eq!(patch(&number, json!({ "refusal": 131057 })).await.0, 200);
    assert_eq!(scene.text("+15550001111", "x").await.1["error"]["code"], 131057);
    let fault = json!({ "op": "messages.send", "act": { "answer": { "status": 503 } } });
    assert_eq!(scene.post("/_sim/faults", fault).await.0, 200);
    assert_eq!(scene.text("+15550001111", "x").await.0, 503);
    let unknown = scene.post(&format!("/_sim/customers/{}/dances", ana.id), json!({})).await;
    assert_eq!(unknown.0, 404);
}

#[tokio::test(start_paused = true)]
async fn any_change_can_be_told_over_http() {
    let scene = Scene::new();
    let change = json!({ "waba_id": Config::WABA, "field": "account_update",
        "value": { "event": "ACCOUNT_RESTRICTION" } });
    assert_eq!(scene.post("/_sim/changes", change.clone()).await.0, 200);
    scene.sim.settled().await;
    assert_eq!(scene.bodies()[0]["entry"][0]["changes"][0]["field"], "account_update");
    let mut lost = change;
    lost["waba_id"] = json!("1");
    assert_eq!(scene.post("/_sim/changes", lost).await.0, 404);
}
