use model::UnixMs;
use server::auth::Scope;
use store::op::ApiKeyRevoked;
use store::{Commit, Op};

use crate::world::{START, World, request, tenant};

/// Each operation of the document with a path that reaches it.
fn guarded() -> Vec<(String, String)> {
    let document = serde_json::to_value(server::document()).unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let open = operation["security"]
                .as_array()
                .is_some_and(|list| list.iter().any(|one| one.as_object().unwrap().is_empty()));
            if !open {
                let path = path.replace("{id}", &format!("key_{}", "1".repeat(32)));
                operations.push((method.to_uppercase(), path));
            }
        }
    }
    operations
}

#[tokio::test]
async fn every_guarded_route_is_closed_without_a_key() {
    let world = World::new().await;
    let operations = guarded();
    assert!(operations.len() >= 13, "{operations:?}");
    for (method, path) in operations {
        for key in ["", "nonsense", &format!("pk_{}_{}", "0".repeat(32), "a".repeat(64))] {
            let answer = world.ask(request(&method, &path, key, "")).await;
            let (status, code, _) = answer.problem();
            assert_eq!(status, 401, "{method} {path}: {code}");
            assert!(answer.head("www-authenticate").starts_with("Bearer"), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn every_guarded_route_is_closed_without_its_scope() {
    let world = World::new().await;
    let key = world.key("one", &[]).await;
    for (method, path) in guarded() {
        let answer = world.ask(request(&method, &path, &key, "{}")).await;
        let (status, code, _) = answer.problem();
        assert_eq!((status, code.as_str()), (403, "puente.scope_missing"), "{method} {path}");
    }
}

#[tokio::test]
async fn no_scope_contains_another() {
    let world = World::new().await;
    let body = serde_json::json!({});
    for (scope, open) in [(Scope::Send, "send"), (Scope::Read, "read"), (Scope::Admin, "admin")] {
        let key = world.key("one", &[scope]).await;
        let answers = [
            ("send", world.post("/send/batch", &key, &body).await),
            ("read", world.get("/api/v1/numbers", &key).await),
            ("admin", world.get("/api/v1/keys", &key).await),
        ];
        for (needs, answer) in answers {
            assert_eq!(answer.status == 403, needs != open, "{open} at {needs}");
        }
    }
}

#[tokio::test]
async fn a_dead_key_is_401_and_says_why() {
    let world = World::new().await;
    let end = UnixMs(START.0 + 1000);
    let (id, key) = world.key_until("one", &[Scope::Read], Some(end)).await;
    let code = async || world.get("/api/v1/numbers", &key).await.json()["code"].to_string();
    assert_eq!(code().await, "null", "it opens before its end");
    world.clock.forward(1000);
    assert_eq!(code().await, "\"puente.key_expired\"");
    let revoked = ApiKeyRevoked { tenant: tenant("one"), id, at: end };
    world.store.commit(Commit::of(vec![Op::RevokeApiKey(revoked)])).await.unwrap();
    let answer = world.get("/api/v1/numbers", &key).await;
    assert_eq!(answer.problem().0, 401);
    assert_eq!(answer.problem().1, "puente.key_revoked");
}

#[tokio::test]
async fn id_and_secret_must_belong_together() {
    let world = World::new().await;
    let (one, other) =
        (world.key("one", &[Scope::Read]).await, world.key("one", &[Scope::Read]).await);
    let mixed =
        format!("{}_{}", one.rsplit_once('_').unwrap().0, other.rsplit_once('_').unwrap().1);
    assert_eq!(world.get("/api/v1/numbers", &one).await.status, 200);
    assert_eq!(world.get("/api/v1/numbers", &mixed).await.problem().1, "puente.key_unknown");
}

#[tokio::test]
async fn the_acting_user_is_checked() {
    let world = World::new().await;
    let key = world.key("one", &[Scope::Read]).await;
    for (user, status) in [
        ("005000000000001", 200),
        ("005000000000001AAA", 200),
        ("003000000000001", 422),
        ("005", 422),
        ("ana@example.com", 422),
    ] {
        let mut asked = request("GET", "/api/v1/numbers", &key, "");
        asked.headers_mut().insert("x-puente-acting-user", user.parse().unwrap());
        assert_eq!(world.ask(asked).await.status, status, "{user}");
    }
}
