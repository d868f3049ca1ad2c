//! Ticks of what we sent.

use serde_json::{Value, json};
use whatsapp_sim::{Config, Customer, Outcome};

use super::{Count, HOUR_MS};
use crate::world::{World, body, status};

/// All that are told, in every order.
const ORDERS: [[&str; 3]; 6] = [
    ["sent", "delivered", "read"],
    ["sent", "read", "delivered"],
    ["delivered", "sent", "read"],
    ["delivered", "read", "sent"],
    ["read", "sent", "delivered"],
    ["read", "delivered", "sent"],
];

async fn silent_writer(world: &World, name: &str) -> Customer {
    let customer = world.writer(name).await;
    world.phones().change(|w| {
        w.customers.get_mut(&customer.id).unwrap().usually = Outcome::Silence;
    });
    customer
}

async fn tick(world: &World, wamid: &str, word: &str) {
    let post = body(json!({ "statuses": [status(wamid, word, world.now().secs())] }));
    assert_eq!(world.phones().post_raw(Config::APP, &post).await, Some(200));
}

fn shown(world: &World, text: &str) -> Vec<Value> {
    let rows = world.rows("Puente_Message__c", "Text__c", text);
    rows.into_iter().map(|row| row["Status__c"].clone()).collect()
}

fn rank(word: &Value) -> Option<i16> {
    let all = model::Status::ALL.into_iter();
    all.filter(|status| word == status.as_str()).map(|status| status.rank()).next()
}

/// An older write of a tick is under way to Salesforce for so long that the
/// process is killed, started again, and writes newer ones before it arrives.
#[tokio::test(start_paused = true)]
async fn status_goes_back() {
    let mut count = Count::of("status goes back");
    for order in ORDERS {
        for nth in 1..=3 {
            let world = World::quick().await;
            let customer = silent_writer(&world, "Tea").await;
            let outbox = world.sends(&customer, "back", "arriba").await;
            world.quiet(HOUR_MS).await;
            let wamid = world.eye().wamid_of(&outbox).await.unwrap();
            let late = json!({ "op": "composite", "when": { "nth": nth },
                               "act": { "delay": 90_000 } });
            world.org_fault(late);
            let (mut world, mut last) = (world, None);
            for (step, word) in order.into_iter().enumerate() {
                tick(&world, &wamid, word).await;
                // time enough for the write to be on its way
                for _ in 0..40 {
                    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                    last = rose(&world, last, &mut count, order);
                }
                if step + 1 == nth as usize {
                    world = world.restarted(None).await;
                }
            }
            let began = world.now();
            while world.now().since(began) < 120_000 {
                tokio::time::sleep(std::time::Duration::from_millis(500)).await;
                last = rose(&world, last, &mut count, order);
            }
            world.quiet(HOUR_MS).await;
            let end = shown(&world, "arriba");
            count.tried(end == ["read"], || format!("{order:?}, {nth}: ends as {end:?}"));
        }
    }
    count.closed(1_000);
}

/// The rank that is shown now, which is not below the one before.
fn rose(world: &World, last: Option<i16>, count: &mut Count, order: [&str; 3]) -> Option<i16> {
    let now = shown(world, "arriba").first().and_then(rank);
    count.tried(now >= last, || format!("{order:?}: from {last:?} to {now:?}"));
    now.max(last)
}

/// Ticks are here before the answer of the send that they are about; the
/// process is killed before them, after them, or not at all.
#[tokio::test(start_paused = true)]
async fn early_status_lost() {
    let mut count = Count::of("early status lost");
    for order in ORDERS {
        for killed_at in 0..=4 {
            let world = World::quick().await;
            let customer = silent_writer(&world, "Isa").await;
            world.meta_fault(json!({ "op": "messages.send", "act": { "delay_after": 20_000 } }));
            world.sends(&customer, "early", "pronto").await;
            let wamid = world
                .until("the message on the phone", 10_000, || {
                    world.phones().read(|w| {
                        let mut thread = w.thread(&customer.id);
                        thread.find(|m| m.content["body"] == "pronto").map(|m| m.wamid.clone())
                    })
                })
                .await;
            let tracker =
                world.phones().read(|w| w.message(&wamid).and_then(|m| m.tracker.clone()));
            let mut world = world;
            for (step, word) in order.into_iter().enumerate() {
                if step == killed_at {
                    world = world.restarted(None).await;
                }
                let mut one = status(&wamid, word, world.now().secs());
                one["biz_opaque_callback_data"] = tracker.clone().into();
                let post = body(json!({ "statuses": [one] }));
                assert_eq!(world.phones().post_raw(Config::APP, &post).await, Some(200));
            }
            if killed_at == 3 {
                world = world.restarted(None).await;
            }
            world.quiet(HOUR_MS).await;
            let end = shown(&world, "pronto");
            count.tried(end == ["read"], || format!("{order:?}, {killed_at}: {end:?}"));
            let copies = world.copies(&customer, "pronto");
            count.tried(copies == 1, || format!("{order:?}, {killed_at}: {copies} copies"));
        }
    }
    count.closed(60);
}
