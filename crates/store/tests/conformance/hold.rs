//! Sends that are held because somebody else may have made them.

use model::Status;
use store::op::*;
use store::{Did, HoldWhy, Object, Op, OutboxState};

use crate::ambient::T0;
use crate::world::{HOUR, KEY, MINUTE, Sent, Thread, WAMID, World, status};

fn hold(why: HoldWhy) -> Op {
    Op::Hold(HoldRaised { at: T0, why })
}

fn decide(thread: &Thread, sent: Option<&Sent>, word: Word) -> Op {
    let (tenant, outbox) = (thread.tenant.clone(), sent.map(|sent| sent.outbox));
    Op::DecideHeld(HeldDecision { tenant, outbox, word, at: T0.plus(HOUR) })
}

pub async fn while_held_nothing_is_claimed_and_nothing_begins(w: World) {
    let thread = w.thread().await;
    let (queued, open, lost) =
        (w.sent(&thread).await, w.sent(&thread).await, w.sent(&thread).await);
    w.permit(&thread, &open).await;
    let permit = w.permit(&thread, &lost).await;
    let end = SendEnd::Uncertain { code: "wa.lost".into(), detail: String::new(), until: T0 };
    w.finish(&permit, end).await;
    assert_eq!(w.store.hold().await.unwrap(), None);
    assert_eq!(w.did(hold(HoldWhy::Ahead)).await, Did::Count(3));
    // the first reason stays
    assert_eq!(w.did(hold(HoldWhy::Copied)).await, Did::Count(0));
    assert_eq!(w.store.hold().await.unwrap().unwrap().why, HoldWhy::Ahead);
    for sent in [&queued, &open, &lost] {
        assert_eq!(w.outbox_state(&thread, sent).await, OutboxState::Held);
    }
    // what is accepted meanwhile waits in the queue
    let later = w.sent(&thread).await;
    assert!(w.claim(T0.plus(HOUR)).await.is_empty());
    for sent in [&later, &queued] {
        assert_eq!(w.begin(&thread, sent, T0).await, Did::NotNow(NotNow::Held));
    }
    assert_eq!(w.store.held_count(&thread.tenant).await.unwrap(), 3);
    let page = w.store.held_after(&thread.tenant, 0, 2).await.unwrap();
    assert_eq!(page.iter().map(|row| row.id).collect::<Vec<_>>(), [queued.outbox, open.outbox]);
    let rest = w.store.held_after(&thread.tenant, page[1].seq, 9).await.unwrap();
    assert_eq!(
        rest.iter().map(|row| (row.id, row.attempts)).collect::<Vec<_>>(),
        [(lost.outbox, 1)]
    );
    assert_eq!(w.store.last_begun(&thread.tenant).await.unwrap(), Some(T0));
}

pub async fn a_held_send_ends_by_a_match_a_status_or_a_word(w: World) {
    let thread = w.thread().await;
    let (matched, told, resent, dropped) = (
        w.sent(&thread).await,
        w.sent(&thread).await,
        w.sent(&thread).await,
        w.sent(&thread).await,
    );
    let permit = w.permit(&thread, &told).await;
    w.did(hold(HoldWhy::Restored)).await;
    let found = |sent: &Sent| {
        Op::HeldSent(HeldSent {
            tenant: thread.tenant.clone(),
            outbox: sent.outbox,
            at: T0.plus(MINUTE),
            state_key: KEY,
            wamid: WAMID.into(),
            known: vec![(Status::Accepted, T0), (Status::Read, T0.plus(5))],
            sync_due_at: T0.plus(MINUTE),
        })
    };
    w.did(found(&matched)).await;
    assert_eq!(w.outbox_state(&thread, &matched).await, OutboxState::Accepted);
    let message = w.store.messages(&thread.tenant, &[matched.message]).await.unwrap().remove(0);
    let state = message.state.unwrap();
    assert_eq!((state.status, state.wamid.as_deref()), (Status::Read, Some(WAMID)));
    assert_eq!((state.accepted_at, state.read_at), (Some(T0), Some(T0.plus(5))));
    let mut seen = status(&thread, Status::Sent, T0);
    (seen.attempt, seen.state_key, seen.wamid) = (Some(permit.attempt), [8; 16], "wamid.B".into());
    w.did(Op::MergeStatus(seen)).await;
    assert_eq!(w.outbox_state(&thread, &told).await, OutboxState::Accepted);
    assert_eq!(w.did(decide(&thread, Some(&dropped), Word::Drop)).await, Did::Count(1));
    assert_eq!(w.outbox_state(&thread, &dropped).await, OutboxState::Dropped);
    assert_eq!(w.did(Op::EndHold(HoldEnd { by_person: false })).await, Did::Count(1));
    assert!(w.store.hold().await.unwrap().is_some(), "one is held still");
    assert_eq!(w.did(decide(&thread, None, Word::Send)).await, Did::Count(1));
    assert_eq!(w.did(decide(&thread, None, Word::Drop)).await, Did::Count(0));
    assert_eq!(w.outbox_state(&thread, &resent).await, OutboxState::Queued);
    assert_eq!(w.did(Op::EndHold(HoldEnd { by_person: false })).await, Did::Count(0));
    assert_eq!(w.store.hold().await.unwrap(), None);
    assert_eq!(w.claim(T0.plus(2 * HOUR)).await.len(), 1);
    // one that is held no more is left alone
    w.did(found(&resent)).await;
    assert_eq!(w.outbox_state(&thread, &resent).await, OutboxState::Queued);
}

pub async fn a_copy_goes_on_only_by_a_persons_word(w: World) {
    let thread = w.thread().await;
    w.did(hold(HoldWhy::OtherProcess)).await;
    w.did(Op::EndHold(HoldEnd { by_person: false })).await;
    assert!(w.store.hold().await.unwrap().is_some());
    w.did(Op::EndHold(HoldEnd { by_person: true })).await;
    assert_eq!(w.store.hold().await.unwrap(), None);
    w.sent(&thread).await;
    assert_eq!(w.claim(T0).await.len(), 1);
}

pub async fn a_restore_writes_above_all_that_was_written_before(w: World) {
    const STEP: i64 = 1 << 32;
    let thread = w.thread().await;
    let want = |id: u8| {
        let (tenant, root) = (thread.tenant.clone(), thread.person);
        Op::Want(Want { tenant, object: Object::Message, id: [id; 16], root, due_at: T0 })
    };
    let versions = |id: u8| {
        let (w, tenant) = (&w, thread.tenant.clone());
        async move {
            let row = w.store.sync_rows(&tenant, &[(Object::Message, [id; 16])]).await.unwrap();
            (row[0].wanted, row[0].sent, row[0].done)
        }
    };
    w.did(want(1)).await;
    w.did(want(1)).await;
    let row = SyncRef { object: Object::Message, id: [1; 16], version: 1 };
    let tenant = thread.tenant.clone();
    w.did(Op::SyncBegin(SyncBegin { tenant: tenant.clone(), rows: vec![row], at: T0 })).await;
    let end = SyncOutcome::Written(model::ids::RecordId::new("a0X000000000001AAA"));
    w.did(Op::SyncEnd(SyncEnd { tenant, row, at: T0, end })).await;
    w.did(want(2)).await;
    let before = w.store.installation().await.unwrap();
    w.did(hold(HoldWhy::Restored)).await;
    let after = w.store.installation().await.unwrap();
    assert_eq!((after.id, after.generation), (before.id, before.generation + 1));
    assert_eq!(versions(1).await, (2 + STEP, 1 + STEP, 1 + STEP));
    assert_eq!(versions(2).await, (1 + STEP, 0, 0));
    w.did(want(3)).await;
    assert_eq!(versions(3).await.0, 1 + STEP);
}

pub async fn a_restart_lies_where_it_lay_and_derives_the_same(w: World) {
    let again = w.reopened().await;
    assert_eq!(w.store.place().await.unwrap(), again.place().await.unwrap());
    assert_eq!(w.store.derive("one thing"), again.derive("one thing"));
    assert_ne!(w.store.derive("one thing"), w.store.derive("another"));
    assert_ne!(w.store.derive("one thing"), w.store.hmac_installation(b"one thing"));
}
