use model::ids::ReportId;
use serde_json::{Value, json};
use server::auth::Scope;
use store::op::{HoldRaised, ReportEnd};
use store::{Commit, HoldWhy, Op};

use crate::world::{START, World, tenant};

const REPORTS: &str = "/api/v1/reports/reconcile";

#[tokio::test]
async fn a_report_is_asked_for_kept_and_seen_by_its_tenant_only() {
    let world = World::new().await;
    let scopes = [Scope::Read, Scope::Admin];
    let (one, two) = (world.key("one", &scopes).await, world.key("two", &scopes).await);
    let reader = world.key("one", &[Scope::Read]).await;
    assert_eq!(world.post(REPORTS, &reader, &json!({})).await.problem().0, 403);
    let (status, _, field) = world.post(REPORTS, &one, &json!({ "since": "soon" })).await.problem();
    assert_eq!((status, field.as_str()), (422, "since"));

    let asked = world.post(REPORTS, &one, &json!({ "repair": true })).await;
    assert_eq!(asked.status, 202, "{}", asked.text());
    let asked = asked.json();
    assert_eq!((&asked["state"], &asked["repair"]), (&json!("wanted"), &json!(true)));
    let path = format!("{REPORTS}/{}", asked["id"].as_str().unwrap());
    assert_eq!(world.get(&path, &one).await.json(), asked);
    assert_eq!(world.get(&path, &two).await.problem().0, 404);
    assert_eq!(world.get(&format!("{REPORTS}/rep_1"), &one).await.problem().2, "id");

    let end = ReportEnd {
        tenant: tenant("one"),
        id: ReportId::parse(asked["id"].as_str().unwrap()).unwrap(),
        at: START,
        summary: "received 0".into(),
        body: Some(br#"{"report":{},"signature":{}}"#.to_vec()),
    };
    world.store.commit(Commit::of(vec![Op::EndReport(end)])).await.unwrap();
    let made = world.get(&path, &reader).await.json();
    assert_eq!((&made["state"], &made["signed"]["report"]), (&json!("done"), &json!({})));
    let list = |key: String| {
        let world = &world;
        async move { world.get(REPORTS, &key).await.json()["items"].clone() }
    };
    assert_eq!(list(one.clone()).await[0]["summary"], "received 0");
    assert_eq!(list(two.clone()).await, json!([]));
    let key = |of: String| {
        let world = &world;
        async move { world.get(&format!("{REPORTS}/key"), &of).await.json()["public_key"].clone() }
    };
    assert_eq!(key(one).await, key(two).await, "an installation has one");
}

#[tokio::test]
async fn what_is_held_is_shown_and_decided_within_a_tenant() {
    let world = World::new().await;
    let scopes = [Scope::Send, Scope::Read, Scope::Admin];
    let (one, two) = (world.key("one", &scopes).await, world.key("two", &scopes).await);
    let template = json!({ "to": "+525550100123", "type": "template",
        "template": { "name": "order_ready", "language": { "code": "es_MX" } } });
    let ours = world.send(&one, "a", &template).await.json()["id"].clone();
    world.send(&two, "a", &template).await;
    let show = |key: String| {
        let world = &world;
        async move { world.get("/api/v1/restore", &key).await.json() }
    };
    assert_eq!(show(one.clone()).await["held"], false);
    let hold = HoldRaised { at: START, why: HoldWhy::Restored };
    world.store.commit(Commit::of(vec![Op::Hold(hold)])).await.unwrap();
    let shown = show(one.clone()).await;
    assert_eq!((&shown["why"], &shown["count"]), (&json!("restored"), &json!(1)));
    assert_eq!(shown["items"][0]["id"], ours);

    let decide = |key: String, body: Value| {
        let world = &world;
        async move { world.post("/api/v1/restore/decide", &key, &body).await }
    };
    let body = json!({ "word": "send", "id": ours });
    assert_eq!(decide(two.clone(), body.clone()).await.problem().0, 404, "it is not theirs");
    assert_eq!(decide(one.clone(), json!({ "word": "go" })).await.problem().2, "word");
    let done = decide(one.clone(), body).await.json();
    assert_eq!(done, json!({ "decided": 1, "held": true }), "the other tenant's is held still");
    let done = decide(two, json!({ "word": "drop" })).await.json();
    assert_eq!(done, json!({ "decided": 1, "held": false }));
    let trail = world.get("/api/v1/audit", &one).await.json();
    let lines = trail["items"].as_array().unwrap();
    assert!(lines.iter().any(|line| line["action"] == "restore.decided"), "{lines:?}");
}
