//! A send whose answer was lost is never repeated blindly: a person's word, or
//! the tenant's rule, and a status before both.

use http::{Method, StatusCode};
use model::ids::{OutboxId, Tracker};
use rules::uncertain::{Rule, Then};
use serde_json::{Value, json};
use whatsapp_sim::{Config, Customer};

use crate::world::{Setting, World, body, phone, status};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

async fn call(world: &World, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
    world.eye().call(method, path, None, &body).await.unwrap()
}

async fn listed(world: &World) -> Vec<Value> {
    let (_, answer) = call(world, Method::GET, "/api/v1/uncertain-sends", Value::Null).await;
    answer["items"].as_array().unwrap().clone()
}

fn sends(world: &World) -> u64 {
    world.phones().gate().log.count("messages.send")
}

/// A text whose call was cut before Meta acted.
async fn lost(world: &World, customer: &Customer, text: &str) -> String {
    world.meta_fault(
        json!({ "op": "messages.send", "when": { "nth": 1 }, "act": "cut_before", "times": 1 }),
    );
    let outbox = world.sends(customer, "lost", text).await;
    for _ in 0..200 {
        if world.standing(&outbox).await["status"] == "uncertain" {
            return outbox;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the send never became uncertain: {}", world.standing(&outbox).await);
}

async fn trail(world: &World) -> Vec<(String, String, String)> {
    let lines = world.town.store.audit_after(&world.town.tenant, 0, 200).await.unwrap();
    lines.into_iter().map(|line| (line.action, line.actor, line.subject)).collect()
}

#[tokio::test(start_paused = true)]
async fn an_uncertain_send_is_sent_once_more_and_only_after_a_persons_word() {
    let world = World::quick().await;
    let customer = world.writer("Ana").await;
    let outbox = lost(&world, &customer, "su pedido").await;
    let resend = format!("/api/v1/uncertain-sends/{outbox}/resend");
    let (early, problem) = call(&world, Method::POST, &resend, json!({})).await;
    assert_eq!((early, &problem["code"]), (StatusCode::CONFLICT, &json!("puente.too_early")));
    assert_eq!(listed(&world).await[0]["choices"], json!([]));

    world.quiet(HOUR_MS).await;
    tokio::time::sleep(std::time::Duration::from_secs(3_600)).await;
    assert_eq!(world.standing(&outbox).await["status"], "asked");
    assert_eq!((sends(&world), world.copies(&customer, "su pedido")), (1, 0), "nobody repeats it");
    let item = listed(&world).await.remove(0);
    assert_eq!((&item["id"], &item["state"]), (&json!(outbox), &json!("asked")));
    assert_eq!(item["choices"], json!(["resend", "drop"]));
    assert!(item["cause"].is_string() && item["cure"].is_string(), "{item}");

    let (done, answer) = call(&world, Method::POST, &resend, json!({})).await;
    assert_eq!((done, &answer["outcome"]), (StatusCode::OK, &json!("done")));
    world.quiet(HOUR_MS).await;
    assert_eq!((sends(&world), world.copies(&customer, "su pedido")), (2, 1));
    let standing = world.standing(&outbox).await;
    assert_eq!(
        (&standing["status"], &standing["out_of_order"]),
        (&json!("delivered"), &json!(true))
    );
    let (_, answer) = call(&world, Method::POST, &resend, json!({})).await;
    assert_eq!(answer["outcome"], "settled");
    world.quiet(HOUR_MS).await;
    assert_eq!(sends(&world), 2, "asked again it changes nothing");
    let decided: Vec<_> =
        trail(&world).await.into_iter().filter(|(action, ..)| action == "send.resent").collect();
    assert_eq!(decided.len(), 1);
    assert!(decided[0].1.starts_with("key_") && decided[0].2 == outbox, "{decided:?}");
    assert_eq!(world.rows("Puente_Message__c", "Text__c", "su pedido").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_send_fails_with_its_reason_and_a_late_status_is_still_recorded() {
    let world = World::quick().await;
    let customer = world.writer("Bea").await;
    let outbox = lost(&world, &customer, "ya no").await;
    world.quiet(HOUR_MS).await;
    let path = format!("/api/v1/uncertain-sends/{outbox}/drop");
    let (refused, problem) = call(&world, Method::POST, &path, json!({})).await;
    assert_eq!((refused.as_u16(), &problem["field"]), (422, &json!("reason")));
    let (done, _) = call(&world, Method::POST, &path, json!({ "reason": "she was called" })).await;
    assert_eq!(done, StatusCode::OK);
    world.quiet(HOUR_MS).await;
    let standing = world.standing(&outbox).await;
    assert_eq!(
        (&standing["status"], &standing["code"]),
        (&json!("failed"), &json!("puente.dropped"))
    );
    assert_eq!(standing["detail"], "she was called");
    let row = world.rows("Puente_Message__c", "Text__c", "ya no").remove(0);
    assert_eq!(row["Status__c"], "failed");
    assert_eq!(sends(&world), 1);

    let id = OutboxId::parse(&outbox).unwrap();
    let attempts = world.town.store.attempts(&world.town.tenant, id).await.unwrap();
    let installation = world.town.engine.installation;
    let tracker = Tracker { installation, attempt: attempts[0].id, outbox: Some(id) }.to_string();
    let mut late = status("wamid.late", "delivered", world.now().secs());
    late["biz_opaque_callback_data"] = tracker.into();
    let post = body(json!({ "statuses": [late] }));
    assert_eq!(world.phones().post_raw(Config::APP, &post).await, Some(200));
    world.quiet(HOUR_MS).await;
    assert_eq!(world.standing(&outbox).await["status"], "delivered");
    let row = world.rows("Puente_Message__c", "Text__c", "ya no").remove(0);
    assert_eq!(row["Status__c"], "delivered");
    assert_eq!(sends(&world), 1, "nothing is sent because of it");
}

#[tokio::test(start_paused = true)]
async fn a_rule_for_a_template_decides_in_a_persons_place_and_once() {
    let template = |name: &str| json!({ "type": "template", "template": { "name": name, "language": { "code": "en_US" } } });
    for (then, ends, calls) in
        [(Then::Resend, "delivered", 2), (Then::Drop, "failed", 1), (Then::Ask, "asked", 1)]
    {
        let rule = |template: &str, then| Rule { template: template.into(), then };
        let uncertain = vec![rule("hello_*", then), rule("*", Then::Drop)];
        let world = World::new(Setting { uncertain, ..Setting::default() }).await;
        let customer = world.writer("Cyd").await;
        world.meta_fault(
            json!({ "op": "messages.send", "when": { "nth": 1 }, "act": "cut_before", "times": 1 }),
        );
        let eye = world.eye();
        let outbox = eye.send(&phone(&customer), "t", &template("hello_world")).await.unwrap();
        world.quiet(HOUR_MS).await;
        assert_eq!(world.standing(&outbox).await["status"], ends, "{then:?}");
        assert_eq!(sends(&world), calls, "{then:?}");
        let by_rule = trail(&world).await.iter().filter(|(_, actor, _)| actor == "rule").count();
        assert_eq!(by_rule, usize::from(then != Then::Ask), "{then:?}");
    }
    // a second lost answer is a person's: a rule repeats nothing twice
    let uncertain = vec![Rule { template: "*".into(), then: Then::Resend }];
    let world = World::new(Setting { uncertain, ..Setting::default() }).await;
    let customer = world.writer("Dov").await;
    world.meta_fault(json!({ "op": "messages.send", "act": "cut_before" }));
    let outbox = world.eye().send(&phone(&customer), "t", &template("hello_world")).await.unwrap();
    world.quiet(HOUR_MS).await;
    assert_eq!(
        (world.standing(&outbox).await["status"].clone(), sends(&world)),
        (json!("asked"), 2)
    );
}
