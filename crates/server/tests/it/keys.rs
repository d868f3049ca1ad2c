use serde_json::json;
use server::auth::Scope;

use crate::world::{World, request};

#[tokio::test]
async fn a_key_is_made_used_listed_and_revoked() {
    let world = World::new().await;
    let admin = world.key("one", &[Scope::Admin]).await;
    let wish = json!({ "label": "Flow", "scopes": ["read"], "expires_at": "2030-01-01T00:00:00Z" });
    let made = world.post("/api/v1/keys", &admin, &wish).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let (id, key) = (made.json()["id"].clone(), made.json()["key"].clone());
    let (id, key) = (id.as_str().unwrap(), key.as_str().unwrap());
    assert_eq!(world.get("/api/v1/numbers", key).await.status, 200);
    assert_eq!(world.get("/api/v1/keys", key).await.status, 403);

    let list = world.get("/api/v1/keys", &admin).await;
    let secret = key.rsplit('_').next().unwrap();
    assert!(!list.text().contains(secret), "a secret is shown once");
    let items = list.json()["items"].as_array().unwrap().clone();
    let row = items.iter().find(|row| row["id"] == id).unwrap();
    assert_eq!((&row["label"], &row["scopes"]), (&json!("Flow"), &json!(["read"])));
    assert_eq!(row["expires_at"], "2030-01-01T00:00:00.000Z");

    let path = format!("/api/v1/keys/{id}");
    for _ in 0..2 {
        assert_eq!(world.ask(request("DELETE", &path, &admin, "")).await.status, 204);
        assert_eq!(world.get("/api/v1/numbers", key).await.problem().1, "puente.key_revoked");
    }
    let trail = world.get("/api/v1/audit", &admin).await.json();
    let told: Vec<_> = trail["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| (line["action"].as_str().unwrap(), line["subject"].as_str().unwrap()))
        .collect();
    assert_eq!(told, [("key.created", id), ("key.revoked", id)], "once each");
}

#[tokio::test]
async fn nobody_revokes_the_key_of_another_tenant() {
    let world = World::new().await;
    let admin = world.key("one", &[Scope::Admin]).await;
    let (id, theirs) = world.key_until("two", &[Scope::Read], None).await;
    let answer = world.ask(request("DELETE", &format!("/api/v1/keys/{id}"), &admin, "")).await;
    assert_eq!(answer.problem().0, 404);
    assert_eq!(world.get("/api/v1/numbers", &theirs).await.status, 200);
}
