//! What we hand to Salesforce.

use sim_kit::{Act, Rule, When};
use store::Op;

use super::{Count, HOUR_MS, after, probe};
use crate::kill::Fate;
use crate::world::{Setting, World};

/// A call that creates is lost after it acted, or the process dies around it;
/// what was decided is tried again, and makes no second record.
#[tokio::test(start_paused = true)]
async fn second_record_after_a_retry() {
    let mut count = Count::of("second record after a retry");
    let acts = [
        Act::CutAfter,
        Act::answer_after(503, "<html>down for maintenance</html>"),
        Act::answer_after(200, r#"{"compositeResponse":[]}"#),
        // longer than the kill: it acts when the next process is at work
        Act::Delay(4_000),
    ];
    type Aim = fn(&Op) -> bool;
    let aims: [(&str, Aim); 2] = [
        ("SyncBegin", |op| matches!(op, Op::SyncBegin(_))),
        ("SyncEnd", |op| matches!(op, Op::SyncEnd(_))),
    ];
    for act in &acts {
        for nth in 1..=4 {
            for (name, aim) in aims {
                for late in [false, true] {
                    let fate = Fate::at(aim, nth, late);
                    let world = World::new(Setting { probe: probe(&fate), ..Setting::default() });
                    let world = world.await;
                    let rule = Rule::new("composite", When::Nth(nth), act.clone());
                    world.org().gate().faults.add(rule);
                    let stranger = world.customer("Zoe");
                    let (known, contact) = world.contact("Ivo");
                    let mut said = Vec::new();
                    for text in ["uno", "dos"] {
                        said.push(world.texts(&stranger, text));
                        said.push(world.texts(&known, text));
                    }
                    let world = Box::pin(after(world, &fate, 30_000)).await;
                    world.quiet(HOUR_MS).await;
                    let case = format!("{act:?} at {nth}, killed at {name}, {late}");
                    look(&world, &said, &contact, &case, &mut count);
                }
            }
        }
    }
    count.closed(500);
}

fn look(world: &World, said: &[String], contact: &str, case: &str, count: &mut Count) {
    let want = [
        ("Lead", 1),
        ("Contact", 1),
        ("Case", 1),
        ("Puente_Person__c", 2),
        ("Puente_Conversation__c", 2),
        ("Puente_Message__c", said.len()),
    ];
    for (object, want) in want {
        let there = world.org().count(object);
        count.tried(there == want, || format!("{case}: {there} {object}, not {want}"));
    }
    let cases = world.rows("Case", "ContactId", contact).len();
    count.tried(cases == 1, || format!("{case}: {cases} cases of the Contact"));
    for wamid in said {
        let rows = world.rows("Puente_Message__c", "Wamid__c", wamid).len();
        count.tried(rows == 1, || format!("{case}: {wamid} has {rows} rows"));
    }
}
