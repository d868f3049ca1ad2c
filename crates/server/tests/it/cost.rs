use model::ids::PhoneNumberId;
use model::{Status, UnixMs};
use serde_json::json;
use server::auth::Scope;
use store::op::{Pricing, StatusSeen};
use store::{Commit, Op};

use crate::world::{START, World, tenant};

async fn delivered(world: &World, owner: &str, n: u8, category: &str, at: UnixMs) {
    let number = world.state.directory.numbers_of(&tenant(owner)).next().unwrap().id.clone();
    let seen = StatusSeen {
        tenant: tenant(owner),
        number: PhoneNumberId::new(number.as_str()),
        state_key: [n; 16],
        status: Status::Delivered,
        at,
        code: None,
        detail: None,
        pricing: Some(Pricing {
            category: category.into(),
            kind: "regular".into(),
            model: "PMP".into(),
            billable: true,
            calling_code: Some("52".into()),
        }),
        attempt: None,
        wamid: format!("wamid.{n}"),
        sync_due_at: at,
    };
    world.store.commit(Commit::of(vec![Op::MergeStatus(seen)])).await.unwrap();
}

#[tokio::test]
async fn a_month_is_counted_for_its_tenant_only() {
    let world = World::new().await;
    let one = world.key("one", &[Scope::Read]).await;
    let two = world.key("two", &[Scope::Read]).await;
    for n in [1, 1, 2] {
        delivered(&world, "one", n, "service", START).await;
    }
    let month = model::Month::of(START);
    delivered(&world, "one", 3, "utility", month.start().plus(-1)).await;
    let shown = world.get("/api/v1/cost", &one).await.json();
    assert_eq!((&shown["delivered"], &shown["charged"]), (&json!(2), &json!(2)));
    assert_eq!(shown["month"], month.to_string());
    let count = &shown["counts"][0];
    assert_eq!((&count["category"], &count["type"]), (&json!("service"), &json!("regular")));
    assert_eq!((&count["calling_code"], &count["messages"]), (&json!("52"), &json!(2)));
    let service = shown["classes"].as_array().unwrap().iter().find(|c| c["category"] == "service");
    assert_eq!(service.unwrap()["charged_inside_window"], json!(true));
    let before = format!("/api/v1/cost?month={}", model::Month(month.0 - 1));
    assert_eq!(world.get(&before, &one).await.json()["counts"][0]["category"], "utility");
    assert_eq!(world.get("/api/v1/cost", &two).await.json()["delivered"], 0);
    for bad in ["2026-13", "november", "2026-11-01"] {
        let (status, _, field) =
            world.get(&format!("/api/v1/cost?month={bad}"), &one).await.problem();
        assert_eq!((status, field.as_str()), (422, "month"), "{bad}");
    }
}
