use rules::routing::DEFAULT;
use serde_json::json;
use server::auth::Scope;

use crate::world::World;

const CHECK: &str = "/api/v1/routing/check";

#[tokio::test]
async fn only_an_admin_checks_a_routing_and_a_mistake_names_its_line() {
    let world = World::new().await;
    let reader = world.key("one", &[Scope::Read, Scope::Send]).await;
    let admin = world.key("one", &[Scope::Admin]).await;
    let body = json!({ "text": DEFAULT });
    assert_eq!(world.post(CHECK, &reader, &body).await.problem().0, 403);
    for (body, field) in [
        (json!({}), "text"),
        (json!({ "text": 1 }), "text"),
        (json!({ "text": DEFAULT, "file": "x" }), "file"),
    ] {
        let (status, _, named) = world.post(CHECK, &admin, &body).await.problem();
        assert_eq!((status, named.as_str()), (422, field), "{body}");
    }
    // read before the org is asked, of which this tenant has none
    let broken = "format = 1\n\n[[newcomer]]\nname = 'x'\nmake = 'friend'\n";
    let found = world.post(CHECK, &admin, &json!({ "text": broken })).await.json();
    assert_eq!((&found["good"], &found["active"]), (&json!(false), &json!(0)));
    assert_eq!(found["complaints"][0]["line"], 5, "{found}");
    assert_eq!(world.post(CHECK, &admin, &body).await.problem().0, 404);
}
