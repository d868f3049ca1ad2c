//! A Meta that is slow or away delays sends and nothing else.

use std::time::Duration;

use serde_json::json;

use crate::world::{World, phone};

const HOUR_MS: i64 = 3_600_000;
const MESSAGE: &str = "Puente_Message__c";

/// What Meta does to us for a while.
#[derive(Clone, Copy, Debug)]
enum Slow {
    Throttled,
    Late,
    Unreachable,
}

#[tokio::test(start_paused = true)]
async fn half_an_hour_of_a_slow_meta_delays_sends_and_nothing_else() {
    for slow in [Slow::Throttled, Slow::Late, Slow::Unreachable] {
        let world = World::quick().await;
        let people = [world.writer("Ana").await, world.writer("Bea").await];
        let busy = r#"{"error":{"message":"(#130429) Rate limit hit","type":"OAuthException","code":130429}}"#;
        match slow {
            Slow::Throttled => world.meta_fault(
                json!({ "op": "messages.send", "act": { "answer": { "status": 400, "body": busy } } }),
            ),
            Slow::Late => world.meta_fault(json!({ "op": "messages.send", "act": { "delay": 20_000 } })),
            Slow::Unreachable => world.line.unreachable(u32::MAX),
        }
        let (began, mut texts) = (world.now(), Vec::new());
        while world.now().since(began) < HOUR_MS / 2 {
            let n = texts.len();
            let person = &people[n % 2];
            let wamid = world.texts(person, &format!("m{n}"));
            let text = format!("s{n}");
            world.sends(person, &text, &text).await;
            texts.push(text);
            tokio::time::sleep(Duration::from_secs(10)).await;
            let shown = world.rows(MESSAGE, "Wamid__c", &wamid);
            assert_eq!(shown.len(), 1, "{slow:?}: what came in is in Salesforce in seconds");
            tokio::time::sleep(Duration::from_secs(110)).await;
        }
        world.phones().gate().faults.clear();
        world.line.unreachable(0);
        world.quiet(HOUR_MS).await;
        for (at, person) in people.iter().enumerate() {
            let sent: Vec<_> = texts.iter().skip(at).step_by(2).cloned().collect();
            assert_eq!(world.heard(person), sent, "{slow:?}: {}", phone(person));
        }
    }
}
