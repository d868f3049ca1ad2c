//! One person hears us in the order in which the sends were handed over.

use serde_json::json;
use sim_kit::Seed;

use crate::world::{World, phone, words};

const HOUR_MS: i64 = 3_600_000;

#[tokio::test(start_paused = true)]
async fn thirty_sends_arrive_in_the_order_of_hand_over() {
    for seed in 1..=5 {
        let world = World::quick().await;
        let customer = world.writer("Leo").await;
        let mut draw = Seed::new(seed);
        for nth in 1..=30 {
            let ms = draw.between(0, 3_000);
            let act = if draw.chance(0.5) { "delay" } else { "delay_after" };
            world.meta_fault(
                json!({ "op": "messages.send", "when": { "nth": nth }, "act": { act: ms } }),
            );
        }
        // every seventh is told to come again
        let busy = json!({ "error": { "message": "slow down", "code": 130_429 } });
        world.meta_fault(json!({ "op": "messages.send", "when": { "every": 7 },
            "act": { "answer": { "status": 400, "body": busy.to_string() } } }));
        let want: Vec<_> = (0..30).map(|n| format!("n{n}")).collect();
        for text in &want {
            world.sends(&customer, text, text).await;
        }
        world.quiet(HOUR_MS).await;
        assert_eq!(world.heard(&customer), want, "seed {seed}");
    }
}

/// Calls so slow that a lane's lease would run out under them.
#[tokio::test(start_paused = true)]
async fn slow_calls_keep_their_order_and_their_answers() {
    let world = World::quick().await;
    let customer = world.writer("Rut").await;
    world.meta_fault(json!({ "op": "messages.send", "act": { "delay_after": 14_000 } }));
    world.meta_fault(
        json!({ "op": "messages.send", "when": { "every": 3 }, "act": { "delay": 13_000 } }),
    );
    let want: Vec<_> = (0..14).map(|n| format!("n{n}")).collect();
    for text in &want {
        world.sends(&customer, text, text).await;
    }
    world.quiet(HOUR_MS).await;
    assert_eq!(world.heard(&customer), want);
    let depths = world.depths().await;
    assert_eq!((depths.sends_failed, depths.sends_asked), (0, 0));
    let gate = world.phones();
    let calls = gate.gate().log.after(0);
    let ends: Vec<_> = calls.iter().filter(|e| e.op == "messages.send").map(|e| e.at_ms).collect();
    assert!(ends.windows(2).all(|w| w[1] - w[0] >= 14_000), "two calls at once: {ends:?}");
}

#[tokio::test(start_paused = true)]
async fn one_person_does_not_wait_for_another() {
    let world = World::quick().await;
    let (slow, quick) = (world.writer("Sol").await, world.writer("Que").await);
    world.meta_fault(
        json!({ "op": "messages.send", "when": { "nth": 1 }, "act": { "delay": 25_000 } }),
    );
    world.sends(&slow, "slow", "lento").await;
    world
        .until("the slow call under way", 10_000, || {
            let fired = world.phones().gate().faults.fired();
            (fired[0].fired == 1).then_some(())
        })
        .await;
    let began = world.now();
    world.sends(&quick, "quick", "rápido").await;
    world
        .until("the other's message", 5_000, || (world.copies(&quick, "rápido") == 1).then_some(()))
        .await;
    assert!(world.now().since(began) < 2_000);
    assert_eq!(world.copies(&slow, "lento"), 0);
    world.quiet(HOUR_MS).await;
    assert_eq!(world.copies(&slow, "lento"), 1);
}

#[tokio::test(start_paused = true)]
async fn an_uncertain_send_holds_its_person_for_half_a_minute_at_most() {
    let world = World::quick().await;
    let customer = world.writer("Noa").await;
    world.meta_fault(json!({ "op": "messages.send", "when": { "nth": 1 }, "act": "cut_before" }));
    world.sends(&customer, "one", "uno").await;
    world.sends(&customer, "two", "dos").await;
    let began = world.now();
    world
        .until("the next message", 60_000, || (world.copies(&customer, "dos") == 1).then_some(()))
        .await;
    let waited = world.now().since(began);
    assert!((29_000..35_000).contains(&waited), "{waited} ms");
    world.quiet(HOUR_MS).await;
    assert_eq!(world.depths().await.sends_asked, 1, "a person is asked about the first");
}

#[tokio::test(start_paused = true)]
async fn live_goes_before_a_campaign() {
    let world = World::quick().await;
    let customer = world.writer("Cid").await;
    world.meta_fault(
        json!({ "op": "messages.send", "when": { "nth": 1 }, "act": { "delay": 2_000 } }),
    );
    let handed = [
        ("campaign", "c1"),
        ("campaign", "c2"),
        ("automatic", "a1"),
        ("live", "l1"),
        ("live", "l2"),
    ];
    for (class, text) in handed {
        let mut request = words(text);
        request["class"] = class.into();
        world.eye().send(&phone(&customer), text, &request).await.unwrap();
        // the first is under way before the others are handed over
        world
            .until("the first call", 5_000, || {
                (world.phones().gate().faults.fired()[0].seen > 0).then_some(())
            })
            .await;
    }
    world.quiet(HOUR_MS).await;
    assert_eq!(world.heard(&customer), ["c1", "l1", "l2", "a1", "c2"]);
}

/// Killed while a call is on its way: what was behind it does not overtake it.
#[tokio::test(start_paused = true)]
async fn a_call_under_way_at_a_kill_keeps_its_place() {
    let mut world = World::quick().await;
    let customer = world.writer("Noa").await;
    world.meta_fault(
        json!({ "op": "messages.send", "when": { "nth": 1 }, "act": { "delay": 5_000 } }),
    );
    for text in ["uno", "dos"] {
        world.sends(&customer, text, text).await;
    }
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    world = world.restarted(None).await;
    world.quiet(HOUR_MS).await;
    assert_eq!(world.heard(&customer), ["uno", "dos"]);
}

/// The wall clock jumps over the lease of a lane whose call is on its way.
#[tokio::test(start_paused = true)]
async fn a_clock_that_jumps_over_a_lease_changes_no_order() {
    let world = World::quick().await;
    let customer = world.writer("Sol").await;
    world.meta_fault(
        json!({ "op": "messages.send", "when": { "nth": 1 }, "act": { "delay": 9_000 } }),
    );
    for text in ["uno", "dos", "tres"] {
        world.sends(&customer, text, text).await;
    }
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    world.town.sims.clock.set_skew_ms(70_000);
    world.quiet(HOUR_MS).await;
    assert_eq!(world.heard(&customer), ["uno", "dos", "tres"]);
}
