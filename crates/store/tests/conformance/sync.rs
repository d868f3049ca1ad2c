//! What Salesforce must come to show.

use model::ids::RecordId;
use model::{Status, UnixMs, Urgency};
use store::op::*;
use store::{Class, Object, Op, SyncRow};

use crate::ambient::T0;
use crate::world::{HOUR, MINUTE, Thread, World, accepted, status};

const ID: [u8; 16] = [5; 16];

fn want(thread: &Thread, due_at: UnixMs) -> Op {
    let (tenant, root) = (thread.tenant.clone(), thread.person);
    Op::Want(Want { tenant, object: Object::Message, id: ID, root, due_at })
}

fn of(version: i64) -> SyncRef {
    SyncRef { object: Object::Message, id: ID, version }
}

fn begin(thread: &Thread, version: i64, at: UnixMs) -> Op {
    Op::SyncBegin(SyncBegin { tenant: thread.tenant.clone(), rows: vec![of(version)], at })
}

fn end(thread: &Thread, version: i64, end: SyncOutcome) -> Op {
    Op::SyncEnd(SyncEnd { tenant: thread.tenant.clone(), row: of(version), at: T0.plus(500), end })
}

fn written() -> SyncOutcome {
    SyncOutcome::Written(RecordId::new("a0X000000000001AAA"))
}

async fn row(w: &World, thread: &Thread) -> SyncRow {
    w.store.sync_rows(&thread.tenant, &[(Object::Message, ID)]).await.unwrap().remove(0)
}

async fn due(w: &World, thread: &Thread, now: UnixMs) -> bool {
    !w.store.sync_due(&thread.tenant, now, 9).await.unwrap().is_empty()
}

pub async fn wants_coalesce_into_one_row(w: World) {
    let thread = w.thread().await;
    w.did(want(&thread, T0.plus(60))).await;
    w.did(want(&thread, T0.plus(20))).await;
    w.did(want(&thread, T0.plus(90))).await;
    let all = w.store.sync_due(&thread.tenant, T0.plus(20), 9).await.unwrap();
    assert_eq!((all.len(), all[0].wanted, all[0].due_at), (1, 3, T0.plus(20)));
    assert_eq!((all[0].sent, all[0].done, all[0].attempts), (0, 0, 0));
    assert!(!due(&w, &thread, T0.plus(19)).await);
}

pub async fn a_row_in_a_call_is_not_due_until_the_call_ends(w: World) {
    let thread = w.thread().await;
    w.did(want(&thread, T0)).await;
    w.did(begin(&thread, 1, T0)).await;
    assert!(!due(&w, &thread, T0.plus(MINUTE)).await);
    assert_eq!((row(&w, &thread).await.sent, row(&w, &thread).await.attempts), (1, 1));
    w.did(end(&thread, 1, written())).await;
    let row = row(&w, &thread).await;
    assert_eq!((row.wanted, row.sent, row.done, row.attempts), (1, 1, 1, 0));
    assert_eq!(row.record, Some(RecordId::new("a0X000000000001AAA")));
    assert_eq!((row.last_sent_at, row.last_done_at), (Some(T0), Some(T0.plus(500))));
    assert!(!due(&w, &thread, T0.plus(24 * HOUR)).await);
}

pub async fn what_is_wanted_during_a_call_is_due_after_it(w: World) {
    let thread = w.thread().await;
    w.did(want(&thread, T0)).await;
    w.did(begin(&thread, 1, T0)).await;
    w.did(want(&thread, T0.plus(10))).await;
    assert!(!due(&w, &thread, T0.plus(MINUTE)).await, "two calls for one row at once");
    w.did(end(&thread, 1, written())).await;
    let row = row(&w, &thread).await;
    assert_eq!((row.wanted, row.done, row.due_at), (2, 1, T0.plus(10)));
    assert!(due(&w, &thread, T0.plus(10)).await);
    // An old answer that comes late lowers nothing.
    w.did(begin(&thread, 2, T0)).await;
    w.did(end(&thread, 2, written())).await;
    w.did(end(&thread, 1, written())).await;
    assert_eq!(super::sync::row(&w, &thread).await.done, 2);
}

pub async fn a_projection_that_was_overtaken_stays_due(w: World) {
    let thread = w.thread().await;
    w.did(want(&thread, T0)).await;
    w.did(want(&thread, T0)).await;
    w.did(begin(&thread, 1, T0)).await;
    assert!(!due(&w, &thread, T0).await);
    w.did(end(&thread, 1, written())).await;
    assert!(due(&w, &thread, T0).await);
}

pub async fn a_retry_waits_and_is_charged(w: World) {
    let thread = w.thread().await;
    w.did(want(&thread, T0)).await;
    for attempt in 1..=2 {
        w.did(begin(&thread, 1, T0)).await;
        let code = "sf.UNABLE_TO_LOCK_ROW".into();
        let retry = SyncOutcome::Retry { code, detail: "busy\0".into(), due_at: T0.plus(MINUTE) };
        w.did(end(&thread, 1, retry)).await;
        let row = row(&w, &thread).await;
        assert_eq!((row.attempts, row.due_at), (attempt, T0.plus(MINUTE)));
        assert_eq!(row.detail.as_deref(), Some("busy\0"));
    }
    assert!(
        !due(&w, &thread, T0.plus(MINUTE - 1)).await && due(&w, &thread, T0.plus(MINUTE)).await
    );
    w.did(begin(&thread, 1, T0)).await;
    w.did(end(&thread, 1, written())).await;
    let row = row(&w, &thread).await;
    assert_eq!((row.attempts, row.code, row.detail), (0, None, None));
}

pub async fn a_halted_row_is_not_charged(w: World) {
    let thread = w.thread().await;
    w.did(want(&thread, T0)).await;
    w.did(begin(&thread, 1, T0)).await;
    w.did(end(&thread, 1, SyncOutcome::Halted { due_at: T0.plus(7) })).await;
    let row = row(&w, &thread).await;
    assert_eq!((row.attempts, row.due_at, row.done), (0, T0.plus(7), 0));
    assert!(due(&w, &thread, T0.plus(7)).await);
}

pub async fn a_row_set_aside_returns_when_it_is_wanted_anew(w: World) {
    let thread = w.thread().await;
    let aside = || SyncOutcome::Aside { code: "sf.STRING_TOO_LONG".into(), detail: "Name".into() };
    w.did(want(&thread, T0)).await;
    w.did(begin(&thread, 1, T0)).await;
    w.did(end(&thread, 1, aside())).await;
    assert!(!due(&w, &thread, T0.plus(24 * HOUR)).await);
    let refused = row(&w, &thread).await;
    assert_eq!((refused.aside, refused.aside_at), (true, Some(T0.plus(500))));
    assert_eq!(refused.code.as_deref(), Some("sf.STRING_TOO_LONG"));
    w.did(want(&thread, T0.plus(3))).await;
    assert!(due(&w, &thread, T0.plus(3)).await);
    assert!(!row(&w, &thread).await.aside);
    // What was wanted while the refused version was in its call has not been refused.
    w.did(begin(&thread, 2, T0)).await;
    w.did(want(&thread, T0.plus(4))).await;
    w.did(end(&thread, 2, aside())).await;
    assert!(due(&w, &thread, T0.plus(4)).await);
}

pub async fn calls_that_failed_are_kept_until_they_are_purged(w: World) {
    let thread = w.thread().await;
    w.did(want(&thread, T0)).await;
    let failures = [
        SyncOutcome::Retry { code: "sf.HTTP_5XX".into(), detail: "".into(), due_at: T0 },
        SyncOutcome::Halted { due_at: T0 },
        SyncOutcome::Aside { code: "sf.INVALID_FIELD".into(), detail: "".into() },
        written(),
    ];
    for failure in failures {
        w.did(begin(&thread, 1, T0)).await;
        w.did(end(&thread, 1, failure)).await;
    }
    let kept = async || {
        let kept = w.store.sync_attempts(&thread.tenant, Object::Message, &ID).await.unwrap();
        kept.into_iter().map(|a| (a.at, a.version, a.outcome, a.code)).collect::<Vec<_>>()
    };
    let of = |outcome: &str, code: &str| (T0.plus(500), 1, outcome.into(), code.into());
    assert_eq!(kept().await, [of("retry", "sf.HTTP_5XX"), of("aside", "sf.INVALID_FIELD")]);
    let purge =
        |attempts_before| Op::Purge(Purge { attempts_before, rows_max: 9, ..Purge::default() });
    assert_eq!(w.did(purge(Some(T0.plus(500)))).await, store::Did::Count(0));
    assert_eq!(w.did(purge(Some(T0.plus(501)))).await, store::Did::Count(2));
    assert!(kept().await.is_empty());
}

pub async fn an_abandoned_call_is_given_up(w: World) {
    let thread = w.thread().await;
    w.did(want(&thread, T0)).await;
    w.did(begin(&thread, 1, T0)).await;
    assert_eq!(w.store.next_due(T0).await.unwrap(), Some(T0.plus(5 * MINUTE)));
    assert!(!due(&w, &thread, T0.plus(5 * MINUTE - 1)).await);
    assert!(due(&w, &thread, T0.plus(5 * MINUTE)).await);
}

pub async fn rows_of_a_root_may_ride_along(w: World) {
    let thread = w.thread().await;
    let other = w.person(&thread.tenant, "100").await;
    let ids: [[u8; 16]; 5] = std::array::from_fn(|n| [n as u8; 16]);
    let row = |thread: &Thread, id, due_at| {
        let (tenant, root) = (thread.tenant.clone(), thread.person);
        Op::Want(Want { tenant, object: Object::Message, id, root, due_at })
    };
    for (thread, id) in [(&thread, ids[0]), (&thread, ids[1]), (&thread, ids[2]), (&other, ids[3])]
    {
        w.did(row(thread, id, T0.plus(HOUR))).await;
    }
    let tenant = thread.tenant.clone();
    let refs = |id| vec![SyncRef { object: Object::Message, id, version: 1 }];
    let begin = |id| Op::SyncBegin(SyncBegin { tenant: tenant.clone(), rows: refs(id), at: T0 });
    w.did(begin(ids[1])).await;
    w.did(begin(ids[2])).await;
    let (code, detail) = ("sf.SERVER_UNAVAILABLE".to_owned(), String::new());
    let end = SyncOutcome::Retry { code, detail, due_at: T0.plus(MINUTE) };
    let row = refs(ids[2])[0];
    w.did(Op::SyncEnd(SyncEnd { tenant: tenant.clone(), row, at: T0, end })).await;
    let riding = async || {
        let rows = w.store.sync_pending(&tenant, &[thread.person], 9).await.unwrap();
        rows.iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(riding().await, [ids[0]], "a row in a call or waiting after a refusal rode along");
    w.clock.forward(MINUTE);
    assert_eq!(riding().await, [ids[0], ids[2]], "whichever is due first");
    let both = w.store.sync_pending(&tenant, &[other.person, thread.person], 1).await.unwrap();
    assert_eq!(both.iter().map(|row| row.id).collect::<Vec<_>>(), [ids[3], ids[0]]);
    assert!(!w.commit(vec![begin(ids[4])]).await.is_ok_and(|_| true), "a row nobody wanted");
}

pub async fn the_urgent_come_first_and_stay_urgent(w: World) {
    let thread = w.thread().await;
    w.wrote_in(&thread, T0).await;
    let sent = w.send(&thread, |_| ()).await;
    let permit = w.permit(&thread, &sent).await;
    w.finish(&permit, accepted()).await;
    w.did(want(&thread, T0.plus(HOUR))).await;
    let due = async || {
        let rows = w.store.sync_due(&thread.tenant, T0.plus(9 * HOUR), 9).await.unwrap();
        rows.into_iter().map(|row| (row.id == ID, row.urgency)).collect::<Vec<_>>()
    };
    let tick = (false, Urgency::Status);
    assert_eq!(due().await, [(true, Urgency::Live), tick], "though it is due later");
    let rows = w.store.sync_due(&thread.tenant, T0.plus(9 * HOUR), 1).await.unwrap();
    assert_eq!((rows.len(), rows[0].id), (1, ID));
    // the message of the send is wanted anew, by a person now
    let (tenant, root) = (thread.tenant.clone(), thread.person);
    let id = *sent.message.as_bytes();
    let anew = Want { tenant, object: Object::Message, id, root, due_at: T0.plus(2 * HOUR) };
    w.did(Op::Want(anew)).await;
    assert_eq!(due().await.iter().filter(|(_, u)| *u == Urgency::Live).count(), 2);
    // and a tick that comes meanwhile makes it no less urgent
    w.did(Op::MergeStatus(status(&thread, Status::Delivered, T0.plus(9)))).await;
    assert_eq!(due().await.iter().filter(|(_, u)| *u == Urgency::Live).count(), 2);
}

pub async fn what_a_campaign_wants_is_less_urgent(w: World) {
    let thread = w.thread().await;
    let wish = want(&thread, T0);
    w.send(&thread, |new| {
        new.class = Class::Campaign;
        new.effects.push(wish.clone());
    })
    .await;
    assert_eq!(row(&w, &thread).await.urgency, Urgency::Automatic);
    w.did(want(&thread, T0)).await;
    assert_eq!(row(&w, &thread).await.urgency, Urgency::Live);
}
