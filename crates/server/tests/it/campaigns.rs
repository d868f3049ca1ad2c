use serde_json::{Value, json};
use server::auth::Scope;

use crate::world::{World, request};

const CAMPAIGNS: &str = "/api/v1/campaigns";

fn wish() -> Value {
    let body =
        json!({ "type": "body", "parameters": [{ "type": "text", "text": "{{name|amigo}}" }] });
    json!({ "name": "Rebajas", "plan": {
        "template": { "name": "spring", "language": { "code": "es_MX" }, "components": [body] },
        "zone": "America/Mexico_City", "quiet": "21:00-08:00", "tier": "2K",
    } })
}

#[tokio::test]
async fn a_campaign_is_planned_filled_checked_and_started() {
    let world = World::new().await;
    let key = world.key("one", &[Scope::Send, Scope::Read]).await;
    let other = world.key("two", &[Scope::Send, Scope::Read]).await;
    let made = world.post(CAMPAIGNS, &key, &wish()).await;
    assert_eq!(made.json()["state"], "draft", "{}", made.text());
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let path = |step: &str| format!("{CAMPAIGNS}/{id}{step}");
    // the same id is the same campaign
    let mut again = wish();
    again["id"] = id.clone().into();
    assert_eq!(world.post(CAMPAIGNS, &key, &again).await.json(), made.json());

    let file = "phone,name,city\n+525550100123,Ana,x\n5550100124,Eva,x\n+12025550123,Sam,x\n";
    let added = world.ask(request("POST", &path("/audience"), &key, file)).await.json();
    assert_eq!((&added["new"], &added["refused"]), (&json!(2), &json!(1)), "{added}");
    assert_eq!(added["complaints"][0]["line"], 3);
    assert_eq!(added["complaints"][0]["field"], "phone");
    assert_eq!(added["unused_columns"], json!(["city"]));

    let (status, code, _) = world.post(&path("/start"), &key, &json!({})).await.problem();
    assert_eq!((status, code.as_str()), (409, "puente.campaign_state"));
    let checked = world.post(&path("/check"), &key, &json!({})).await.json();
    assert_eq!(checked["check"]["taken"], 1, "{checked}");
    assert_eq!(checked["check"]["left_out"], json!({ "united_states": 1 }));
    assert_eq!(checked["check"]["tier_left"], 1_800);
    let (status, _, field) = world
        .post(&path("/start"), &key, &json!({ "starts_at": "2020-01-01T09:00" }))
        .await
        .problem();
    assert_eq!((status, field.as_str()), (422, "starts_at"));
    let states = ["start", "pause", "pause", "resume", "stop"];
    for (step, state) in states.iter().zip(["running", "paused", "paused", "running", "stopping"]) {
        let now = world.post(&path(&format!("/{step}")), &key, &json!({})).await.json();
        assert_eq!(now["state"], state, "{step}: {now}");
    }
    let shown = world.get(&path(""), &key).await.json();
    assert_eq!(shown["members"], json!([{ "state": "waiting", "people": 2 }]));
    let listed = world.get(&format!("{CAMPAIGNS}?limit=1"), &key).await.json();
    assert_eq!(listed["items"][0]["id"], id.as_str());
    // of another tenant nobody knows it
    assert_eq!(world.get(&path(""), &other).await.problem().0, 404);
    assert_eq!(world.post(&path("/stop"), &other, &json!({})).await.problem().0, 404);
    assert_eq!(world.get(CAMPAIGNS, &other).await.json()["items"], json!([]));
}

#[tokio::test]
async fn a_mistake_in_a_plan_names_its_field_and_scopes_are_kept() {
    let world = World::new().await;
    let key = world.key("one", &[Scope::Send]).await;
    let reader = world.key("one", &[Scope::Read]).await;
    assert_eq!(world.post(CAMPAIGNS, &reader, &wish()).await.problem().0, 403);
    assert_eq!(world.get(CAMPAIGNS, &key).await.problem().0, 403);
    for (field, pointer, value) in [
        ("name", "/name", Value::Null),
        ("id", "/id", json!("7")),
        ("plan", "/plan", Value::Null),
        ("plan", "/plan/colour", json!("red")),
        ("zone", "/plan/zone", json!("Mexico")),
        ("quiet", "/plan/quiet", json!("21-8")),
        ("number", "/phone_number_id", json!("1")),
        ("colour", "/colour", json!("red")),
    ] {
        let mut wish = wish();
        let (whole, name) = pointer.rsplit_once('/').unwrap();
        wish.pointer_mut(whole).unwrap()[name] = value;
        let (status, _, named) = world.post(CAMPAIGNS, &key, &wish).await.problem();
        assert_eq!((status, named.as_str()), (422, field), "{pointer}");
    }
}
