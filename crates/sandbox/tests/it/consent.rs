//! Who said no gets no more, whatever was under way, and is told so once.

use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode};
use model::ConsentPolicy;
use serde_json::{Value, json};
use store::op::TemplateListed;
use store::{Commit, Op, Probe};
use whatsapp_sim::state::Customer;

use crate::kill::Fate;
use crate::world::{World, phone};

const HOUR_MS: i64 = 3_600_000;
const NOTICE: &str = "Listo: no recibirás más mensajes de este tipo. \
                      Si cambias de opinión, escribe ALTA.";

/// Marketing, by Meta's category.
fn template() -> Value {
    json!({ "type": "template", "template": { "name": "spring_offer", "language": { "code": "en_US" },
        "components": [
            { "type": "header", "parameters": [{ "type": "image",
                "image": { "link": "https://example.com/spring.jpg" } }] },
            { "type": "body", "parameters": [{ "type": "text", "text": "Ana" }] },
            { "type": "button", "sub_type": "copy_code", "index": "1",
                "parameters": [{ "type": "coupon_code", "coupon_code": "SPRING25" }] },
        ] } })
}

/// A template of which puente knows that it is no marketing.
async fn utility(world: &World) -> Value {
    let listed = TemplateListed {
        tenant: world.town.tenant.clone(),
        waba: model::ids::WabaId::new(whatsapp_sim::Config::WABA),
        name: "hello_world".into(),
        language: "en_US".into(),
        meta_id: "1".into(),
        state: "APPROVED".into(),
        category: "UTILITY".into(),
        named: false,
        parts: "[]".into(),
        reason: None,
        quality: None,
        at: world.now(),
    };
    world.town.store.commit(Commit::of(vec![Op::TemplateListed(listed)])).await.unwrap();
    json!({ "type": "template",
        "template": { "name": "hello_world", "language": { "code": "en_US" } } })
}

async fn ask(world: &World, to: &Customer, key: &str, message: Value) -> (StatusCode, Value) {
    let mut body = message;
    body["to"] = phone(to).into();
    world.eye().call(Method::POST, "/send", Some(key), &body).await.unwrap()
}

async fn refused(world: &World, to: &Customer, key: &str, code: &str) {
    let (status, problem) = ask(world, to, key, template()).await;
    assert_eq!((status.as_u16(), &problem["code"]), (422, &json!(code)), "{problem}");
    assert_eq!(problem["field"], "to");
}

async fn goes(world: &World, to: &Customer, key: &str) {
    let (status, receipt) = ask(world, to, key, template()).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{receipt}");
    world.quiet(HOUR_MS).await;
    let standing = world.standing(receipt["id"].as_str().unwrap()).await;
    assert_eq!(standing["status"], "delivered", "{standing}");
}

/// What the phone shows of templates of ours.
fn templates(world: &World, customer: &Customer) -> usize {
    world.phones().read(|sim| {
        let ours = sim.thread(&customer.id).filter(|m| m.kind == "template");
        ours.count()
    })
}

#[tokio::test(start_paused = true)]
async fn after_an_opt_out_what_is_queued_fails_and_it_is_said_once() {
    let world = World::asking(ConsentPolicy::IMPLIED).await;
    let (ana, bo) = (world.writer("Ana").await, world.writer("Bo").await);
    // the first call does not leave; meanwhile the customer writes
    world.line.unreachable(1);
    let outbox = world.eye().send(&phone(&ana), "k", &template()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    world.texts(&ana, "¡Baja! 🙏");
    world.quiet(HOUR_MS).await;
    let standing = world.standing(&outbox).await;
    assert_eq!(
        (&standing["status"], &standing["code"]),
        (&json!("failed"), &json!("puente.opted_out")),
        "{standing}"
    );
    assert_eq!(templates(&world, &ana), 0);
    assert_eq!(world.copies(&ana, NOTICE), 1);
    refused(&world, &ana, "k2", "puente.opted_out").await;
    // what is no marketing goes on
    let order = utility(&world).await;
    let outbox = world.eye().send(&phone(&ana), "k1", &order).await.unwrap();
    world.until_sent(&outbox).await;
    // once more is the same, and no other word is needed
    world.texts(&ana, "BAJA");
    world.quiet(HOUR_MS).await;
    assert_eq!(world.copies(&ana, NOTICE), 1);
    // a sentence is a person's, and replies go on
    world.texts(&bo, "¿baja el precio mañana?");
    world.quiet(HOUR_MS).await;
    goes(&world, &bo, "k3").await;
    let reply = world.sends(&ana, "k4", "con gusto").await;
    world.until_sent(&reply).await;
    // until they want them again
    world.texts(&ana, "Alta");
    world.quiet(HOUR_MS).await;
    goes(&world, &ana, "k5").await;
    world.texts(&ana, "STOP");
    world.quiet(HOUR_MS).await;
    assert_eq!(world.copies(&ana, NOTICE), 2, "they left a second time");
    refused(&world, &ana, "k6", "puente.opted_out").await;
}

#[tokio::test(start_paused = true)]
async fn killed_around_any_commit_an_opt_out_holds_and_is_said_once() {
    let aim = |op: &Op| matches!(op, Op::JournalDone { .. } | Op::BeginSend(_) | Op::FinishSend(_));
    let mut struck = 0;
    for after in [false, true] {
        for nth in 1..=4 {
            let world = World::asking(ConsentPolicy::IMPLIED).await;
            let ana = world.writer("Ana").await;
            let fate = Fate::at(aim, nth, after);
            let world = world.restarted(Some(fate.clone() as Arc<dyn Probe>)).await;
            world.line.unreachable(1);
            world.eye().send(&phone(&ana), "k", &template()).await.unwrap();
            tokio::time::sleep(Duration::from_millis(300)).await;
            world.texts(&ana, "BAJA");
            let patience = world.now().plus(60_000);
            while !fate.struck() && world.now() < patience {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            struck += u32::from(fate.struck());
            let world = world.restarted(None).await;
            world.quiet(HOUR_MS).await;
            refused(&world, &ana, "k2", "puente.opted_out").await;
            assert_eq!(world.copies(&ana, NOTICE), 1, "{nth} {after}");
        }
    }
    assert!(struck >= 6, "{struck} kills");
}

#[tokio::test(start_paused = true)]
async fn metas_own_switch_holds_within_a_second_and_both_ways() {
    let world = World::quick().await;
    let known = world.writer("Cy").await;
    // somebody who never wrote here can use the switch too
    let unknown = world.customer("Di");
    for customer in [&known, &unknown] {
        for (round, stop) in [true, false, true].into_iter().enumerate() {
            let number = world.town.number.as_str();
            world.phones().prefers(&customer.id, number, stop).unwrap();
            tokio::time::sleep(Duration::from_secs(1)).await;
            let key = format!("{}-{round}", customer.id);
            if stop {
                refused(&world, customer, &key, "puente.opted_out").await;
            } else {
                goes(&world, customer, &key).await;
            }
        }
        assert_eq!(world.copies(customer, NOTICE), 0, "WhatsApp told them itself");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_metas_is_an_opt_out_that_was_not_heard_of() {
    let world = World::asking(ConsentPolicy::IMPLIED).await;
    let eva = world.writer("Eva").await;
    world.phones().change(|sim| {
        sim.customers.get_mut(&eva.id).unwrap().marketing_stopped = true;
    });
    let outbox = world.eye().send(&phone(&eva), "k", &template()).await.unwrap();
    world.quiet(HOUR_MS).await;
    let standing = world.standing(&outbox).await;
    assert_eq!(
        (&standing["status"], &standing["code"]),
        (&json!("failed"), &json!("wa.131050")),
        "{standing}"
    );
    refused(&world, &eva, "k2", "puente.opted_out").await;
}

#[tokio::test(start_paused = true)]
async fn where_consent_is_required_an_opt_in_comes_first() {
    let world = World::asking(ConsentPolicy::default()).await;
    let fay = world.writer("Fay").await;
    let gus = world.customer("Gus");
    for customer in [&fay, &gus] {
        refused(&world, customer, &format!("{}-1", customer.id), "puente.no_consent").await;
    }
    world.texts(&fay, "quiero recibir mensajes");
    world.quiet(HOUR_MS).await;
    goes(&world, &fay, "k2").await;
    refused(&world, &gus, "k3", "puente.no_consent").await;
}
