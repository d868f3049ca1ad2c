//! Ticks come in any order, twice and too early; what is shown never falls.

use std::collections::BTreeSet;

use model::Status;
use serde_json::{Value, json};
use whatsapp_sim::{Config, Outcome};

use crate::world::{Setting, World, body, status};

const HOUR_MS: i64 = 3_600_000;
const WORDS: [&str; 4] = ["sent", "delivered", "read", "failed"];

/// All orders of all subsets that are not empty.
fn orders() -> Vec<Vec<&'static str>> {
    fn grow(taken: &mut Vec<&'static str>, out: &mut Vec<Vec<&'static str>>) {
        for word in WORDS {
            if !taken.contains(&word) {
                taken.push(word);
                out.push(taken.clone());
                grow(taken, out);
                taken.pop();
            }
        }
    }
    let mut out = Vec::new();
    grow(&mut Vec::new(), &mut out);
    out
}

fn rank(word: &str) -> i16 {
    let all = Status::ALL.into_iter().find(|s| s.as_str() == word);
    all.unwrap_or_else(|| panic!("{word} is no status")).rank()
}

async fn silent() -> World {
    World::new(Setting { status_delay_ms: 100, ..Setting::default() }).await
}

/// The row's status after every change of it, read as the changes come.
struct Watch {
    last: i16,
    wamid: String,
}

impl Watch {
    fn look(&mut self, world: &World, order: &[&str]) {
        for row in world.rows("Puente_Message__c", "Wamid__c", &self.wamid) {
            let now = rank(row["Status__c"].as_str().unwrap());
            assert!(now >= self.last, "{order:?}: fell from {} to {now}", self.last);
            self.last = now;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn every_order_of_ticks_ends_at_the_highest() {
    let world = silent().await;
    let customer = world.writer("Tea").await;
    world.phones().change(|w| {
        w.customers.get_mut(&customer.id).unwrap().usually = Outcome::Silence;
    });
    for (n, order) in orders().into_iter().enumerate() {
        let outbox = world.sends(&customer, &format!("order-{n}"), &format!("o{n}")).await;
        world.until_sent(&outbox).await;
        let wamid = world.eye().wamid_of(&outbox).await.unwrap();
        let mut watch = Watch { last: 0, wamid: wamid.clone() };
        let at = world.now().secs();
        for (step, word) in order.iter().enumerate() {
            // every one comes twice, some of them again at the end
            for word in [word, word, order.first().unwrap()].into_iter().take(2 + step % 2) {
                let post = body(json!({ "statuses": [status(&wamid, word, at + step as i64)] }));
                assert_eq!(world.phones().post_raw(Config::APP, &post).await, Some(200));
            }
            if step % 2 == n % 2 {
                world.quiet(HOUR_MS).await;
            }
            watch.look(&world, &order);
        }
        world.quiet(HOUR_MS).await;
        watch.look(&world, &order);
        let highest = order.iter().map(|word| rank(word)).max().unwrap();
        assert_eq!(watch.last, highest, "{order:?}");
        let row = world.rows("Puente_Message__c", "Wamid__c", &wamid).remove(0);
        let seen: BTreeSet<_> = order.iter().copied().collect();
        assert_eq!(row["Read_At__c"].is_string(), seen.contains("read"), "{order:?}");
        assert_eq!(row["Failed_At__c"].is_string(), seen.contains("failed"), "{order:?}");
    }
}

/// Ticks that are here before the answer of the send that they are about.
#[tokio::test(start_paused = true)]
async fn early_ticks_are_kept_in_every_order() {
    for order in [
        ["sent", "delivered", "read"],
        ["read", "sent", "delivered"],
        ["delivered", "read", "sent"],
    ] {
        let world = silent().await;
        let customer = world.writer("Isa").await;
        world.phones().change(|w| {
            w.customers.get_mut(&customer.id).unwrap().usually = Outcome::Silence;
        });
        world.meta_fault(json!({ "op": "messages.send", "act": { "delay_after": 20_000 } }));
        let outbox = world.sends(&customer, "early", "pronto").await;
        let shown = world
            .until("the message on the phone", 10_000, || {
                world.phones().read(|w| {
                    w.thread(&customer.id).find(|m| m.content["body"] == "pronto").cloned()
                })
            })
            .await;
        let at = world.now().secs();
        for word in order {
            let post = body(json!({ "statuses": [status(&shown.wamid, word, at)] }));
            assert_eq!(world.phones().post_raw(Config::APP, &post).await, Some(200));
        }
        world.quiet(HOUR_MS).await;
        assert_eq!(world.standing(&outbox).await["status"], "read", "{order:?}");
        let rows = world.rows("Puente_Message__c", "Text__c", "pronto");
        let shown: Vec<&Value> = rows.iter().map(|r| &r["Status__c"]).collect();
        assert_eq!(shown, ["read"], "{order:?}");
        assert_eq!(world.copies(&customer, "pronto"), 1);
    }
}
