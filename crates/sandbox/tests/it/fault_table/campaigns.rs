//! What a campaign hands to Meta when the process dies in its midst.

use serde_json::json;
use store::Op;

use super::{Count, HOUR_MS, after, probe};
use crate::campaigns::{crowd, done, file, got, people, planned, shown, step, utility};
use crate::kill::Fate;
use crate::world::World;

const PEOPLE: usize = 200;
type Aim = fn(&Op) -> bool;
/// Which commits, and which of them each time: some hold many members.
const AIMS: [(Aim, [u64; 3]); 5] = [
    (|op| matches!(op, Op::Accept(_)), [2, 2, 1]),
    (|op| matches!(op, Op::BeginSend(_)), [30, 40, 30]),
    (|op| matches!(op, Op::FinishSend(_)), [30, 40, 30]),
    (|op| matches!(op, Op::MemberStep(_)), [1, 2, 1]),
    (|op| matches!(op, Op::JournalDone { .. }), [4, 5, 3]),
];

/// Killed three times, around each kind of commit that a campaign makes. A
/// person is called once; who was not may only be one whose call was open.
#[tokio::test(start_paused = true)]
async fn campaign_repeated_after_a_crash() {
    let mut count = Count::of("campaign repeated after a crash");
    for ((aim, which), late) in AIMS.into_iter().zip([false, true, false, true, false]) {
        let world = World::quick().await;
        // calls that take their time are the ones that a kill finds under way
        world.meta_fault(json!({ "op": "messages.send", "act": { "delay_after": 200 } }));
        let crowd = crowd(&world, PEOPLE);
        let plan = json!({ "template": utility(), "tier": "UNLIMITED",
            "pause_at": { "failed": 100, "opted_out": 100, "after": 1_000_000 } });
        let (id, _) = planned(&world, plan, &file(&crowd)).await;
        let mut world = world;
        let mut open = 0;
        for (kill, nth) in which.into_iter().enumerate() {
            let fate = Fate::at(aim, nth, late ^ (kill == 1));
            world = Box::pin(world.restarted(probe(&fate))).await;
            if kill == 0 {
                step(&world, &id, "start").await;
            }
            world = Box::pin(after(world, &fate, 60_000)).await;
            assert!(fate.struck(), "kill {kill} of {which:?}, {late}");
            let depths = world.depths().await;
            open += (depths.sends_open + depths.sends_uncertain) as usize;
        }
        world.quiet(HOUR_MS).await;
        let mut missing = 0;
        for one in &crowd {
            let copies = got(&world, one);
            count.tried(copies <= 1, || format!("{}: {copies} copies", one.name));
            missing += usize::from(copies == 0);
        }
        let calls = world.phones().gate().log.counts()["messages.send"] as usize;
        count.tried(calls <= PEOPLE, || format!("{calls} calls for {PEOPLE} people"));
        count.tried(missing <= open, || format!("{missing} without, {open} calls were open"));
        let now = shown(&world, &id).await;
        let known = people(&now, "sent", None) + people(&now, "uncertain", None);
        count.tried(known as usize == PEOPLE, || format!("{now}"));
        let uncertain = people(&now, "uncertain", None) as usize;
        count.tried(uncertain == missing, || format!("{uncertain} uncertain, {missing} without"));
        if uncertain == 0 {
            done(&world, &id).await;
        }
    }
    count.closed(AIMS.len() * PEOPLE);
}
