use rules::mapping::DEFAULT;
use serde_json::{Value, json};
use server::auth::Scope;
use store::op::NewVersion;
use store::{Commit, Document, Op};

use crate::world::{START, World, tenant};

const MAPPING: &str = "/api/v1/mapping";

#[tokio::test]
async fn versions_are_shown_to_their_tenant_only() {
    let world = World::new().await;
    let one = world.key("one", &[Scope::Read]).await;
    let two = world.key("two", &[Scope::Read]).await;
    let shown = world.get(MAPPING, &one).await.json();
    assert_eq!((&shown["version"], &shown["text"]), (&json!(0), &json!(DEFAULT)));
    assert!(shown.get("since").is_none());
    let (tenant, text) = (tenant("one"), "format = 1\n".to_owned());
    let made = NewVersion {
        tenant,
        document: Document::Mapping,
        text: text.clone(),
        at: START,
        actor: "key_1".into(),
    };
    world.store.commit(Commit::of(vec![Op::NewVersion(made)])).await.unwrap();
    let shown = world.get(MAPPING, &one).await.json();
    assert_eq!((&shown["version"], &shown["text"]), (&json!(1), &json!(text)));
    assert_eq!((&shown["by"], &shown["versions"][0]["version"]), (&json!("key_1"), &json!(1)));
    let version = |n: &str| format!("{MAPPING}/versions/{n}");
    assert_eq!(world.get(&version("1"), &one).await.json()["text"], text);
    assert_eq!(world.get(&version("0"), &two).await.json()["text"], DEFAULT);
    for none in ["1", "2", "-1", "x"] {
        assert_eq!(world.get(&version(none), &two).await.problem().0, 404, "{none}");
    }
    assert_eq!(world.get(MAPPING, &two).await.json()["version"], 0);
    let paths = world.get(&format!("{MAPPING}/paths"), &two).await.json();
    assert!(paths["items"].as_array().unwrap().iter().any(|p| p["path"] == "person.phone"));
}

#[tokio::test]
async fn only_an_admin_changes_it_and_a_mistake_names_its_field() {
    let world = World::new().await;
    let reader = world.key("one", &[Scope::Read, Scope::Send]).await;
    let admin = world.key("one", &[Scope::Admin]).await;
    let post = |path: &str, key: &str, body: Value| {
        let (path, key, world) = (format!("{MAPPING}{path}"), key.to_owned(), &world);
        async move { world.post(&path, &key, &body).await.problem() }
    };
    for path in ["", "/check", "/dry-run", "/rollback"] {
        assert_eq!(post(path, &reader, json!({ "text": DEFAULT })).await.0, 403, "{path}");
    }
    for (path, body, field) in [
        ("", json!({}), "text"),
        ("", json!({ "text": 1 }), "text"),
        ("/check", json!({ "text": DEFAULT, "file": "x" }), "file"),
        ("/dry-run", json!({ "text": DEFAULT, "last": 0 }), "last"),
        ("/dry-run", json!({ "text": DEFAULT, "last": 5_001 }), "last"),
        ("/rollback", json!({ "version": "one" }), "version"),
        ("/rollback", json!({ "version": -1 }), "version"),
        ("/dry-run", json!({ "text": "format = 1\n[[field]]\nto='Lead.Fax'" }), "Lead.Fax"),
    ] {
        let (status, _, named) = post(path, &admin, body.clone()).await;
        assert_eq!((status, named.as_str()), (422, field), "{path} {body}");
    }
    // nothing came yet, so nothing differs
    let tried =
        world.post(&format!("{MAPPING}/dry-run"), &admin, &json!({ "text": DEFAULT })).await;
    assert_eq!(tried.json(), json!({ "messages": 0, "fields": [], "misfits": [] }));
}
