//! Purge, depths, sleep.

use model::ids::{AppId, MessageId};
use store::op::*;
use store::{Depths, Did, Op};

use crate::ambient::T0;
use crate::inbound::item;
use crate::world::{HOUR, MINUTE, World};

async fn journal(w: &World, count: usize) -> Vec<i64> {
    let mut seqs = vec![];
    for _ in 0..count {
        let (app, body) = (AppId::new("main"), "{}".into());
        match w.did(Op::AppendWebhook(NewWebhook { app, received_at: T0, body })).await {
            Did::Seq(seq) => seqs.push(seq),
            other => panic!("{other:?}"),
        }
    }
    seqs
}

pub async fn purging_keeps_what_is_open_and_stops_at_its_bound(w: World) {
    let seqs = journal(&w, 6).await;
    for seq in &seqs[..4] {
        w.did(Op::JournalDone { seq: *seq, at: T0.plus(*seq) }).await;
    }
    w.did(Op::JournalAside { seq: seqs[4], at: T0, code: "puente.poison".into() }).await;
    let before = T0.plus(seqs[3]);
    let purge =
        || Op::Purge(Purge { journal_before: Some(before), rows_max: 2, ..Purge::default() });
    assert_eq!(w.did(purge()).await, Did::Count(2));
    assert_eq!(w.did(purge()).await, Did::Count(1));
    assert_eq!(w.did(purge()).await, Did::Count(0));
    let mut left = vec![];
    for seq in &seqs {
        if w.store.journal_body(*seq).await.unwrap().is_some() {
            left.push(*seq);
        }
    }
    assert_eq!(left, seqs[3..]);
    // A number is never given twice, even when the highest rows are gone.
    w.did(Op::JournalDone { seq: seqs[5], at: T0 }).await;
    let all = Purge { journal_before: Some(T0.plus(HOUR)), rows_max: 9, ..Purge::default() };
    w.did(Op::Purge(all)).await;
    assert!(journal(&w, 1).await[0] > seqs[5]);
}

pub async fn keys_and_feed_are_purged_by_age(w: World) {
    let thread = w.thread().await;
    for day in [1, 2, 3] {
        w.did(Op::Item(item(&thread, day, vec![]))).await;
    }
    for at in [0, 10] {
        let mut new = w.message(&thread, MessageId::new(&w.ambient));
        new.received_at = T0.plus(at);
        w.did(Op::NewMessage(new)).await;
    }
    let purge = Purge {
        keys_before_day: Some(3),
        feed_before: Some(T0.plus(10)),
        rows_max: 100,
        ..Purge::default()
    };
    assert_eq!(w.did(Op::Purge(purge)).await, Did::Count(3));
    for (day, new) in [(2, true), (3, false)] {
        assert_eq!(w.did(Op::Item(item(&thread, day, vec![]))).await, Did::New(new));
    }
    assert_eq!(w.store.feed_bounds(&thread.tenant).await.unwrap(), (2, 2));
    let all = Purge { feed_before: Some(T0.plus(HOUR)), rows_max: 9, ..Purge::default() };
    w.did(Op::Purge(all)).await;
    assert_eq!(w.store.feed_bounds(&thread.tenant).await.unwrap(), (3, 2));
}

pub async fn a_call_under_way_holds_its_lane_after_a_take_over(w: World) {
    let (slow, other) = (w.thread().await, w.person(&w.tenant("acme").await, "5550001").await);
    let sent = w.sent(&slow).await;
    w.permit(&slow, &sent).await;
    w.send(&slow, |_| {}).await;
    w.send(&other, |_| {}).await;
    w.did(Op::TakeOver { at: T0 }).await;
    let lanes: Vec<_> = w.claim(T0).await.into_iter().map(|claimed| claimed.lane).collect();
    assert_eq!(lanes, [other.lane], "the call may still arrive: nothing overtakes it");
    assert_eq!(w.claim(T0.plus(MINUTE)).await[0].lane, slow.lane);
}

pub async fn depths_count_what_waits(w: World) {
    assert_eq!(w.store.depths(None).await.unwrap(), Depths::default());
    let thread = w.thread().await;
    journal(&w, 2).await;
    let sent = w.sent(&thread).await;
    w.send(&thread, |new| new.created_at = T0.plus(5)).await;
    w.send(&thread, |new| new.created_at = T0.plus(9)).await;
    let permit = w.permit(&thread, &sent).await;
    let lost = SendEnd::Uncertain { code: "wa.lost".into(), detail: String::new(), until: T0 };
    w.finish(&permit, lost).await;
    let unclaimed =
        NewItem { tenant: None, state: ItemState::Unclaimed, ..item(&thread, 1, vec![]) };
    let aside = ItemState::Aside { code: "puente.shape".into(), detail: String::new() };
    w.did(Op::Item(unclaimed)).await;
    w.did(Op::Item(NewItem { state: aside, ..item(&thread, 2, vec![]) })).await;
    let expected = Depths {
        journal: 2,
        journal_oldest: Some(T0),
        outbox_queued: 2,
        outbox_oldest: Some(T0.plus(5)),
        sends_uncertain: 1,
        sync_due: 1,
        sync_oldest: Some(T0),
        items_aside: 1,
        items_unclaimed: 1,
        ..Depths::default()
    };
    assert_eq!(w.store.depths(None).await.unwrap(), expected);
    assert_eq!(w.store.depths(Some(&thread.tenant)).await.unwrap(), expected);
    let other = w.tenant("globex").await;
    let theirs =
        Depths { journal: 2, journal_oldest: Some(T0), items_unclaimed: 1, ..Depths::default() };
    assert_eq!(w.store.depths(Some(&other)).await.unwrap(), theirs);
}

pub async fn the_next_due_time_is_the_earliest(w: World) {
    let thread = w.thread().await;
    assert_eq!(w.store.next_due(T0).await.unwrap(), None);
    w.send(&thread, |new| new.due_at = T0.plus(HOUR)).await;
    assert_eq!(w.store.next_due(T0).await.unwrap(), Some(T0.plus(HOUR)));
    assert_eq!(w.store.next_due(T0.plus(HOUR)).await.unwrap(), None);
    w.did(Op::Want(Want {
        tenant: thread.tenant.clone(),
        object: store::Object::Person,
        id: *thread.person.as_bytes(),
        root: thread.person,
        due_at: T0.plus(30 * MINUTE),
    }))
    .await;
    assert_eq!(w.store.next_due(T0).await.unwrap(), Some(T0.plus(30 * MINUTE)));
    w.did(Op::WantRecord(NewRecordLink {
        tenant: thread.tenant.clone(),
        person: thread.person,
        kind: store::RecordKind::Lead,
        slot: *thread.person.as_bytes(),
        at: T0,
        due_at: T0.plus(20 * MINUTE),
        again: false,
    }))
    .await;
    assert_eq!(w.store.next_due(T0).await.unwrap(), Some(T0.plus(20 * MINUTE)));
    let (lane, epoch) = (thread.lane, 0);
    let hold_until = Some(T0.plus(10 * MINUTE));
    w.did(Op::ReleaseLane(LaneRelease { lane, epoch, hold_until })).await;
    assert_eq!(w.store.next_due(T0).await.unwrap(), Some(T0.plus(10 * MINUTE)));
}

pub async fn taking_over_frees_what_a_dead_process_held(w: World) {
    let thread = w.thread().await;
    let tenant = thread.tenant.clone();
    let lease = |lease_ms| {
        let (name, holder) = ("writer".into(), "me".into());
        Op::TakeLease(TakeLease { name, holder, lease_ms })
    };
    assert_eq!(w.did(lease(HOUR)).await, Did::Lease(Some(1)));
    w.send(&thread, |_| {}).await;
    assert_eq!(w.claim(T0).await.len(), 1);
    let (object, id) = (store::Object::Person, *thread.person.as_bytes());
    let root = thread.person;
    w.did(Op::Want(Want { tenant: tenant.clone(), object, id, root, due_at: T0 })).await;
    let rows = vec![SyncRef { object, id, version: 1 }];
    w.did(Op::SyncBegin(SyncBegin { tenant: tenant.clone(), rows, at: T0 })).await;
    w.did(Op::TakeOver { at: T0.plus(1) }).await;
    assert_eq!(w.claim(T0).await[0].epoch, 2);
    assert_eq!(w.store.sync_due(&tenant, T0.plus(1), 9).await.unwrap().len(), 1);
    assert_eq!(w.did(lease(HOUR)).await, Did::Lease(Some(2)));
    let stale = store::Fence::Lease { name: "writer".into(), epoch: 1 };
    let row = CursorRow { tenant, name: "x".into(), value: vec![] };
    assert!(w.fenced(stale, vec![Op::PutCursor(row)]).await.is_err());
}
