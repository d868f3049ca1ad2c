use store::MasterKey;

use super::*;
use crate::stage::{NOW, ambient};

async fn governor(store: &Store) -> Governor {
    let governor = Governor::new(TenantId::new("acme"), Policy::default());
    governor.reload(store).await.unwrap();
    governor.hold(true);
    governor
}

fn told(used: u64) -> Option<salesforce::Budget> {
    Some(salesforce::Budget { used, max: 15_000 })
}

async fn commit(store: &Store, governor: &Governor, now: UnixMs) {
    let step = governor.step(now);
    store.commit(store::Commit::of(step.ops().collect())).await.unwrap();
    governor.noted(step);
}

#[tokio::test]
async fn counts_and_alerts_outlive_the_process() {
    let store = Store::open_memory(MasterKey::from_bytes([7; 32]), ambient()).unwrap();
    let tenant = TenantId::new("acme");
    let row = store::op::TenantRow { tenant: tenant.clone(), org: None, at: NOW };
    store.commit(store::Commit::of(vec![Op::PutTenant(row)])).await.unwrap();
    let first = governor(&store).await;
    for _ in 0..3 {
        first.spend(WRITE, NOW);
    }
    first.read(told(12_000), NOW);
    first.wrote(40, 2, NOW);
    commit(&store, &first, NOW).await;
    commit(&store, &first, NOW).await;
    let known = store.api_budget(&tenant).await.unwrap();
    assert_eq!((known.messages, known.lock_errors), (40, 2), "noted once");
    assert_eq!(known.calls, [(WRITE.to_owned(), 3)]);
    let alerts = store.alerts_open(&tenant).await.unwrap();
    assert!(alerts[0].text.contains("waiting: live, automatic, status"), "{alerts:?}");

    let second = governor(&store).await;
    assert_eq!(second.outlook(NOW), first.outlook(NOW));
    assert!(second.may_call(Urgency::Live, true, NOW).is_err());
    let later = NOW.plus(60_000);
    second.read(told(100), later);
    assert_eq!(second.may_call(Urgency::Status, false, later), Ok(()));
    commit(&store, &second, later).await;
    assert!(store.alerts_open(&tenant).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_call_waits_a_moment_for_company_unless_it_is_full() {
    let store = Store::open_memory(MasterKey::from_bytes([7; 32]), ambient()).unwrap();
    let governor = governor(&store).await;
    assert_eq!(governor.may_call(Urgency::Live, false, NOW), Ok(()), "at once when idle");
    governor.called(NOW);
    let soon = NOW.plus(10);
    assert_eq!(governor.may_call(Urgency::Live, true, soon), Ok(()));
    assert_eq!(governor.may_call(Urgency::Live, false, soon), Err(NOW.plus(GATHER_MS)));
}

#[tokio::test]
async fn the_org_is_asked_when_nothing_was_heard_for_long() {
    let store = Store::open_memory(MasterKey::from_bytes([7; 32]), ambient()).unwrap();
    let governor = governor(&store).await;
    assert!(!governor.is_stale(NOW), "the first call will tell");
    governor.read(told(1), NOW);
    assert!(!governor.is_stale(NOW.plus(IDLE_MS - 1)));
    assert!(governor.is_stale(NOW.plus(IDLE_MS)));
    assert!(!governor.is_stale(NOW.plus(IDLE_MS + 1)), "once");
    let later = NOW.plus(2 * IDLE_MS);
    governor.read(told(15_000), later);
    assert!(governor.is_stale(later.plus(LOOK_AGAIN_MS)), "sooner when calls wait");
}

#[tokio::test]
async fn a_step_that_was_not_written_is_written_by_the_next_and_none_twice() {
    let store = Store::open_memory(MasterKey::from_bytes([7; 32]), ambient()).unwrap();
    let tenant = TenantId::new("acme");
    let row = store::op::TenantRow { tenant: tenant.clone(), org: None, at: NOW };
    store.commit(store::Commit::of(vec![Op::PutTenant(row)])).await.unwrap();
    let governor = governor(&store).await;
    governor.spend(WRITE, NOW);
    let first = governor.step(NOW);
    governor.spend(FILES, NOW);
    // both are on their way at once: each has its own
    let second = governor.step(NOW);
    store.commit(store::Commit::of(second.ops().collect())).await.unwrap();
    governor.noted(second);
    drop(first);
    commit(&store, &governor, NOW).await;
    commit(&store, &governor, NOW).await;
    let known = store.api_budget(&tenant).await.unwrap();
    assert_eq!(known.calls, [(FILES.to_owned(), 1), (WRITE.to_owned(), 1)]);
    assert_eq!(known.slots[0].own, 2);
}

#[tokio::test]
async fn files_wait_before_writes_do_and_have_a_pace_of_their_own() {
    let store = Store::open_memory(MasterKey::from_bytes([7; 32]), ambient()).unwrap();
    // of a ceiling of 12,000: (used, may a file's call go, and another at once)
    for (used, first, second) in [
        (1_000, true, true),
        // slowed from 65 %, while writes that a person waits for are not
        (8_000, true, false),
        (10_700, true, false),
        // none from 90 % on
        (10_801, false, false),
        (12_000, false, false),
    ] {
        let governor = governor(&store).await;
        governor.read(told(used), NOW);
        let urgency = Urgency::Automatic;
        assert_eq!(governor.may_file(urgency, NOW).is_ok(), first, "{used}");
        assert_eq!(governor.may_file(urgency, NOW).is_ok(), second, "{used}");
        let live = governor.may_call(Urgency::Live, false, NOW);
        assert_eq!(live.is_ok(), used < 12_000, "a file takes no write's turn: {used}");
    }
}

#[tokio::test]
async fn who_does_not_hold_the_writer_calls_for_no_file_and_tells_no_standing() {
    let store = Store::open_memory(MasterKey::from_bytes([7; 32]), ambient()).unwrap();
    let governor = governor(&store).await;
    governor.read(told(1), NOW);
    governor.hold(false);
    assert_eq!(governor.may_file(Urgency::Automatic, NOW), Err(NOW.plus(HELD_LOOK_MS)));
    let ops: Vec<_> = governor.step(NOW).ops().collect();
    assert!(matches!(&ops[..], [Op::Budget(step)] if step.standing.is_none()), "{ops:?}");
    governor.hold(true);
    assert_eq!(governor.may_file(Urgency::Automatic, NOW), Ok(()));
}
