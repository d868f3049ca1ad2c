//! What one message costs of the org's daily calls. Signing in is not counted.

use salesforce_sim::Latency;

use crate::world::{Setting, World};

const HOUR_MS: i64 = 3_600_000;

async fn usual() -> World {
    World::new(Setting { status_delay_ms: 60_000, latency: Latency::USUAL, ..Setting::default() })
        .await
}

#[tokio::test(start_paused = true)]
async fn a_stranger_costs_two_calls_and_a_known_person_one() {
    let world = usual().await;
    let ana = world.customer("Ana");
    world.texts(&ana, "hola");
    world.quiet(HOUR_MS).await;
    let first = world.org_calls();
    assert!(first <= 2, "{first} calls for a stranger's first message");
    for n in 1..=5 {
        world.texts(&ana, "otra");
        world.quiet(HOUR_MS).await;
        assert!(world.org_calls() - first <= n, "one call a message");
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_does_not_wait_for_the_dates_of_its_parents() {
    let world = usual().await;
    let ana = world.writer("Ana").await;
    for known in [true, false] {
        let from = world.org().last_change();
        let who = if known { ana.clone() } else { world.customer("Bea") };
        world.texts(&who, "otra");
        world.quiet(HOUR_MS).await;
        let written = world.org().changes(from, 100);
        let place = |object: &str| written.iter().position(|c| c.object == object).unwrap();
        let first = place("Puente_Message__c") < place("Puente_Conversation__c");
        assert_eq!(first, known, "a new conversation is there before its message");
    }
}

#[tokio::test(start_paused = true)]
async fn all_ticks_of_a_send_within_a_minute_cost_one_call() {
    let world = usual().await;
    let ana = world.writer("Ana").await;
    world.phones().change(|w| {
        w.customers.get_mut(&ana.id).unwrap().reads_after_ms = Some(5_000);
    });
    let before = world.org_calls();
    world.sends(&ana, "one", "buenas").await;
    world.quiet(HOUR_MS).await;
    let rows = world.rows("Puente_Message__c", "Text__c", "buenas");
    assert_eq!(rows[0]["Status__c"], "read");
    let spent = world.org_calls() - before;
    assert!(spent <= 2, "{spent} calls: one to show it, one for all its ticks");
}

#[tokio::test(start_paused = true)]
async fn under_load_twenty_messages_share_a_call() {
    const PERSONS: usize = 200;
    const EACH: usize = 10;
    let world = usual().await;
    let people: Vec<_> = (0..PERSONS).map(|n| world.customer(&format!("P{n}"))).collect();
    for n in 0..EACH {
        for person in &people {
            world.texts(person, &format!("m{n}"));
        }
    }
    world.quiet(HOUR_MS).await;
    assert_eq!(world.org().count("Puente_Message__c"), PERSONS * EACH);
    assert_eq!(world.org().count("Lead"), PERSONS);
    let per_message = world.org_calls() as f64 / (PERSONS * EACH) as f64;
    assert!(per_message <= 0.05, "{per_message} calls a message");
}
