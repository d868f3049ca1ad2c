use serde_json::{Value, json};
use server::auth::Scope;

use crate::world::World;

const CONSENT: &str = "/api/v1/consent";
const ANA: &str = "+525550100123";

fn said(kind: &str, at: &str) -> Value {
    json!({ "to": ANA, "purpose": "marketing", "kind": kind, "happened_at": at,
        "channel": "web", "source": "form 7", "wording": "Sí, quiero ofertas", "evidence": "f/7" })
}

#[tokio::test]
async fn what_is_recorded_is_shown_with_its_proof_and_holds_sends() {
    let world = World::new().await;
    let key = world.key("one", &[Scope::Send, Scope::Read]).await;
    let other = world.key("two", &[Scope::Send, Scope::Read]).await;
    let of = format!("{CONSENT}?of=%2B525550100123");
    assert_eq!(world.get(&of, &key).await.problem().0, 404);

    let first = world.post(CONSENT, &key, &said("opt_in", "2024-01-01T10:00:00-06:00")).await;
    assert_eq!(first.json()["new"], true, "{}", first.text());
    let again = world.post(CONSENT, &key, &said("opt_in", "2024-01-01T16:00:00Z")).await;
    assert_eq!(again.json(), json!({ "person_id": first.json()["person_id"], "new": false }));
    world.post(CONSENT, &key, &said("opt_out", "2024-03-01T00:00:00Z")).await;
    // older than what holds
    world.post(CONSENT, &key, &said("opt_in", "2024-02-01T00:00:00Z")).await;

    let shown = world.get(&of, &key).await.json();
    assert_eq!(shown["person_id"], first.json()["person_id"]);
    let standing = &shown["purposes"][0];
    assert_eq!((&standing["purpose"], &standing["kind"]), (&json!("marketing"), &json!("opt_out")));
    assert_eq!(standing["since"], "2024-03-01T00:00:00.000Z");
    assert_eq!(shown["purposes"][1], json!({ "purpose": "utility" }));
    let events = shown["events"].as_array().unwrap();
    assert_eq!(events.len(), 3);
    assert_eq!(
        (&events[2]["happened_at"], &events[2]["channel"], &events[2]["source"]),
        (&json!("2024-01-01T16:00:00.000Z"), &json!("web"), &json!("form 7"))
    );
    assert_eq!(
        (&events[2]["wording"], &events[2]["evidence"]),
        (&json!("Sí, quiero ofertas"), &json!("f/7"))
    );

    let template = json!({ "to": ANA, "type": "template",
        "template": { "name": "offer", "language": { "code": "es_MX" } } });
    let (status, code, field) = world.send(&key, "k-1", &template).await.problem();
    assert_eq!((status, code.as_str(), field.as_str()), (422, "puente.opted_out", "to"));
    // of another tenant nobody knows it
    assert_eq!(world.get(&of, &other).await.problem().0, 404);
    assert_eq!(world.send(&other, "k-1", &template).await.status, 202);
}

#[tokio::test]
async fn a_mistake_names_its_field_and_scopes_are_kept() {
    let world = World::new().await;
    let key = world.key("one", &[Scope::Send]).await;
    let reader = world.key("one", &[Scope::Read]).await;
    let good = said("opt_in", "2024-01-01T10:00:00Z");
    assert_eq!(world.post(CONSENT, &reader, &good).await.problem().0, 403);
    assert_eq!(world.get(&format!("{CONSENT}?of=x"), &key).await.problem().0, 403);
    for (field, value) in [
        ("to", Value::Null),
        ("to", json!("nobody")),
        ("purpose", Value::Null),
        ("purpose", json!("authentication")),
        ("kind", json!("maybe")),
        ("happened_at", json!("yesterday")),
        ("happened_at", json!("2999-01-01T00:00:00Z")),
        ("wording", json!("")),
        ("channel", json!(7)),
        ("propose", json!("marketing")),
    ] {
        let mut body = good.clone();
        body[field] = value.clone();
        let (status, _, named) = world.post(CONSENT, &key, &body).await.problem();
        assert_eq!((status, named.as_str()), (422, field), "{field} {value}");
    }
}
