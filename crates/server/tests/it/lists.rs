use serde_json::{Value, json};
use server::auth::Scope;
use store::op::{AlertRaised, AuditEntry};
use store::{Commit, Op};

use crate::world::{NUMBER, START, World, tenant};

async fn items(world: &World, path: &str, key: &str) -> Vec<Value> {
    let answer = world.get(path, key).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn each_list_shows_its_own_tenant_only() {
    let world = World::new().await;
    let scopes = [Scope::Send, Scope::Read, Scope::Admin];
    let (one, two) = (world.key("one", &scopes).await, world.key("two", &scopes).await);
    let alert = AlertRaised {
        tenant: tenant("one"),
        kind: "double_send".into(),
        subject: "msg_1".into(),
        text: "Meta reported two messages for one send".into(),
        at: START,
    };
    world.store.commit(Commit::of(vec![Op::RaiseAlert(alert)])).await.unwrap();
    let body = json!({
        "to": "+525550100123", "type": "template",
        "template": { "name": "order_ready", "language": { "code": "es_MX" } },
    });
    let receipt = world.send(&one, "k", &body).await.json();

    assert_eq!(items(&world, "/api/v1/numbers", &one).await[0]["id"], NUMBER);
    assert_ne!(items(&world, "/api/v1/numbers", &two).await[0]["id"], NUMBER);
    assert_eq!(items(&world, "/api/v1/alerts", &one).await[0]["kind"], "double_send");
    let conversations = items(&world, "/api/v1/conversations", &one).await;
    assert_eq!(conversations[0]["id"], receipt["conversation_id"]);
    let trail = items(&world, "/api/v1/audit", &one).await;
    assert!(trail.iter().any(|line| line["action"] == "send.accepted"), "{trail:?}");
    for path in ["/api/v1/alerts", "/api/v1/conversations", "/api/v1/audit", "/api/v1/dead-letters"]
    {
        assert!(items(&world, path, &two).await.is_empty(), "{path}");
    }
}

#[tokio::test]
async fn the_trail_is_read_page_by_page() {
    let world = World::new().await;
    let admin = world.key("one", &[Scope::Admin]).await;
    for n in 0..5 {
        let entry = AuditEntry {
            tenant: tenant("one"),
            at: START,
            actor: "test".into(),
            action: format!("step.{n}"),
            subject: "x".into(),
            detail: String::new(),
        };
        world.store.commit(Commit::of(vec![Op::Audit(entry)])).await.unwrap();
    }
    let (mut got, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/audit?limit=2{cursor}");
        let page = world.get(&path, &admin).await.json();
        got.extend(page["items"].as_array().unwrap().iter().map(|l| l["action"].clone()));
        let Some(next) = page["next"].as_str() else {
            break;
        };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(got, ["step.0", "step.1", "step.2", "step.3", "step.4"]);
}
