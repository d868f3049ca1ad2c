//! What people and rules decide about a send whose answer was lost.

use model::{Status, UnixMs};
use store::op::*;
use store::{Did, Op, OutboxState};

use crate::ambient::T0;
use crate::world::{HOUR, KEY, MINUTE, Sent, Thread, WAMID, World, accepted, status};

const LATER: UnixMs = UnixMs(T0.0 + 2 * MINUTE);

/// A send whose answer was lost, two minutes before [`LATER`].
async fn lost(w: &World, thread: &Thread) -> (Sent, SendPermit) {
    let sent = w.sent(thread).await;
    let permit = w.permit(thread, &sent).await;
    let (code, detail) = ("wa.no_answer".to_owned(), "no answer".to_owned());
    w.finish(&permit, SendEnd::Uncertain { code, detail, until: LATER }).await;
    (sent, permit)
}

fn decision(thread: &Thread, sent: &Sent, at: UnixMs, choice: Choice) -> SendDecision {
    let tenant = thread.tenant.clone();
    SendDecision { tenant, outbox: sent.outbox, at, choice, effects: vec![] }
}

async fn resend(w: &World, thread: &Thread, sent: &Sent, at: UnixMs) -> Did {
    w.did(Op::DecideSend(decision(thread, sent, at, Choice::Resend))).await
}

async fn drop_it(w: &World, thread: &Thread, sent: &Sent, at: UnixMs) -> Did {
    let choice = Choice::Drop { reason: "she was called\0".into() };
    w.did(Op::DecideSend(decision(thread, sent, at, choice))).await
}

const DONE: Did = Did::Decided(Decided::Done);
const GONE: Did = Did::Decided(Decided::Gone);

pub async fn a_send_is_decided_about_only_when_it_is_asked_or_overdue(w: World) {
    let thread = w.thread().await;
    let queued = w.sent(&thread).await;
    assert_eq!(resend(&w, &thread, &queued, LATER).await, GONE);
    let (sent, _) = lost(&w, &thread).await;
    assert_eq!(resend(&w, &thread, &sent, LATER.plus(-1)).await, GONE, "a status may still come");
    assert!(w.store.outbox_overdue(&thread.tenant, LATER.plus(-1), 9).await.unwrap().is_empty());
    let overdue = w.store.outbox_overdue(&thread.tenant, LATER, 9).await.unwrap();
    assert_eq!(overdue.iter().map(|row| row.id).collect::<Vec<_>>(), [sent.outbox]);
    assert_eq!(resend(&w, &thread, &sent, LATER).await, DONE);
    assert_eq!(resend(&w, &thread, &sent, LATER).await, GONE, "it was decided");
    let (sent, _) = lost(&w, &thread).await;
    w.did(Op::AskUncertain { at: LATER }).await;
    assert_eq!(drop_it(&w, &thread, &sent, LATER).await, DONE);
    assert_eq!(resend(&w, &thread, &sent, LATER).await, GONE, "it was dropped");
}

pub async fn a_resend_joins_the_tail_of_its_lane(w: World) {
    let thread = w.thread().await;
    let (sent, _) = lost(&w, &thread).await;
    let next = w.send(&thread, |_| {}).await;
    w.did(Op::AskUncertain { at: LATER }).await;
    assert_eq!(resend(&w, &thread, &sent, LATER).await, DONE);
    let head = w.store.lane_head(&thread.tenant, thread.lane, LATER).await.unwrap().unwrap();
    assert_eq!((head.id, head.replays, head.replayed_at), (next.outbox, 0, None));
    let after = w.send(&thread, |_| {}).await;
    let order = w.store.outbox_in_state(&thread.tenant, OutboxState::Queued, 9).await.unwrap();
    let ids: Vec<_> = order.iter().map(|row| row.id).collect();
    assert_eq!(ids, [next.outbox, sent.outbox, after.outbox]);
    let row = &order[1];
    assert_eq!((row.replays, row.replayed_at, row.due_at), (1, Some(LATER), LATER));
    assert_eq!((row.code.clone(), row.detail.clone()), (None, None));
    let message = w.store.messages(&thread.tenant, &[sent.message]).await.unwrap().remove(0);
    assert_eq!(message.state.unwrap().status, Status::Queued);
}

pub async fn a_resend_waits_for_the_deadline_of_its_permit(w: World) {
    let thread = w.thread().await;
    let sent = w.sent(&thread).await;
    let permit = w.permit(&thread, &sent).await;
    let end = SendEnd::Uncertain { code: "wa.no_answer".into(), detail: "".into(), until: T0 };
    w.finish(&permit, end).await;
    w.did(Op::AskUncertain { at: T0 }).await;
    let early = permit.deadline.plus(-1);
    assert_eq!(resend(&w, &thread, &sent, early).await, Did::Decided(Decided::TooEarly));
    assert_eq!(w.outbox_state(&thread, &sent).await, OutboxState::Asked);
    assert_eq!(resend(&w, &thread, &sent, permit.deadline).await, DONE);
    let Did::Permit(second) = w.begin(&thread, &sent, permit.deadline).await else {
        panic!("no permit")
    };
    assert_eq!(second.number_of_attempt, 2);
    assert_ne!(second.attempt, permit.attempt);
    w.finish(&second, accepted()).await;
    assert_eq!(w.outbox_state(&thread, &sent).await, OutboxState::Accepted);
    let attempts = w.store.attempts(&thread.tenant, sent.outbox).await.unwrap();
    let ends: Vec<_> = attempts.iter().map(|a| a.end.as_str()).collect();
    assert_eq!(ends, ["uncertain", "accepted"]);
}

pub async fn a_dropped_send_ends_with_its_reason(w: World) {
    let thread = w.thread().await;
    let (sent, _) = lost(&w, &thread).await;
    w.did(Op::AskUncertain { at: LATER }).await;
    assert_eq!(drop_it(&w, &thread, &sent, LATER).await, DONE);
    assert_eq!(drop_it(&w, &thread, &sent, LATER).await, GONE);
    let row = w.store.outbox(&thread.tenant, sent.outbox).await.unwrap().unwrap();
    assert_eq!((row.state, row.code.as_deref()), (OutboxState::Dropped, Some("puente.dropped")));
    assert_eq!(row.detail.as_deref(), Some("she was called\0"));
    let message = w.store.messages(&thread.tenant, &[sent.message]).await.unwrap().remove(0);
    let told = message.state.unwrap();
    assert_eq!((told.status, told.failed_at), (Status::Failed, Some(LATER)));
    let feed = w.store.feed_after(&thread.tenant, 0, 9).await.unwrap();
    assert_eq!(feed.last().map(|row| row.kind.as_str()), Some("send.failed"));
    assert_eq!(w.begin(&thread, &sent, LATER).await, Did::NotNow(NotNow::Gone));
}

pub async fn what_a_status_settled_is_not_decided(w: World) {
    let thread = w.thread().await;
    let (sent, permit) = lost(&w, &thread).await;
    w.did(Op::AskUncertain { at: LATER }).await;
    let seen = StatusSeen { attempt: Some(permit.attempt), ..status(&thread, Status::Sent, LATER) };
    w.did(Op::MergeStatus(seen)).await;
    assert_eq!(resend(&w, &thread, &sent, LATER).await, GONE);
    assert_eq!(drop_it(&w, &thread, &sent, LATER).await, GONE);
    assert_eq!(w.outbox_state(&thread, &sent).await, OutboxState::Accepted);
}

pub async fn a_status_of_the_first_attempt_takes_a_resend_out_of_the_queue(w: World) {
    let thread = w.thread().await;
    let (sent, permit) = lost(&w, &thread).await;
    assert_eq!(resend(&w, &thread, &sent, LATER).await, DONE);
    let seen = StatusSeen { attempt: Some(permit.attempt), ..status(&thread, Status::Sent, LATER) };
    w.did(Op::MergeStatus(seen)).await;
    assert_eq!(w.outbox_state(&thread, &sent).await, OutboxState::Accepted);
    assert_eq!(w.begin(&thread, &sent, LATER).await, Did::NotNow(NotNow::Gone));
}

pub async fn two_deliveries_after_a_resend_raise_an_alert(w: World) {
    let thread = w.thread().await;
    let (sent, permit) = lost(&w, &thread).await;
    assert_eq!(resend(&w, &thread, &sent, LATER).await, DONE);
    let Did::Permit(second) = w.begin(&thread, &sent, LATER).await else { panic!("no permit") };
    w.finish(&second, accepted()).await;
    assert!(w.store.alerts_open(&thread.tenant).await.unwrap().is_empty());
    let seen = StatusSeen {
        attempt: Some(permit.attempt),
        state_key: [8; 16],
        wamid: "wamid.first".into(),
        ..status(&thread, Status::Delivered, LATER.plus(5))
    };
    w.did(Op::MergeStatus(seen)).await;
    let alerts = w.store.alerts_open(&thread.tenant).await.unwrap();
    assert_eq!(alerts.len(), 1);
    assert_eq!(alerts[0].kind, "double_send");
    let attempts = w.store.attempts(&thread.tenant, sent.outbox).await.unwrap();
    assert_eq!(attempts[0].end, "settled", "the late status is recorded");
    let told = w.store.messages(&thread.tenant, &[sent.message]).await.unwrap().remove(0);
    assert_eq!(told.state.unwrap().wamid.as_deref(), Some(WAMID), "the first one known is shown");
}

pub async fn an_older_attempt_decides_nothing_of_a_newer(w: World) {
    let thread = w.thread().await;
    let (sent, permit) = lost(&w, &thread).await;
    assert_eq!(resend(&w, &thread, &sent, LATER).await, DONE);
    let Did::Permit(second) = w.begin(&thread, &sent, LATER).await else { panic!("no permit") };
    let (code, detail) = ("wa.131026".to_owned(), "late".to_owned());
    w.finish(&permit, SendEnd::Refused { code, detail }).await;
    assert_eq!(w.outbox_state(&thread, &sent).await, OutboxState::Sending);
    let attempts = w.store.attempts(&thread.tenant, sent.outbox).await.unwrap();
    assert_eq!(attempts[0].end, "refused", "it is written down with its call");
    w.finish(&second, accepted()).await;
    assert_eq!(w.outbox_state(&thread, &sent).await, OutboxState::Accepted);
}

/// Whatever the clock says: it may have been put back between the two.
pub async fn the_call_begun_last_decides(w: World) {
    let thread = w.thread().await;
    let early = T0.plus(-MINUTE);
    let sent = w.send(&thread, |new| (new.due_at, new.free_form) = (early, false)).await;
    let first = w.permit(&thread, &sent).await;
    let (code, detail) = ("wa.130429".to_owned(), "slow down".to_owned());
    w.finish(&first, SendEnd::NotSent { code, detail, due_at: early }).await;
    for back in [30_000, 30_000, 0] {
        let at = T0.plus(-back);
        let Did::Permit(next) = w.begin(&thread, &sent, at).await else { panic!("no permit") };
        let (code, detail) = ("wa.130429".to_owned(), "slow down".to_owned());
        w.finish(&next, SendEnd::NotSent { code, detail, due_at: early }).await;
        assert_eq!(w.outbox_state(&thread, &sent).await, OutboxState::Queued);
    }
    let attempts = w.store.attempts(&thread.tenant, sent.outbox).await.unwrap();
    let begun: Vec<_> = attempts.iter().map(|attempt| attempt.begun_at.since(T0)).collect();
    assert_eq!(begun, [0, 1, 2, 3]);
}

pub async fn a_late_status_is_recorded_after_a_drop(w: World) {
    let thread = w.thread().await;
    let (sent, permit) = lost(&w, &thread).await;
    assert_eq!(drop_it(&w, &thread, &sent, LATER).await, DONE);
    let seen = StatusSeen {
        attempt: Some(permit.attempt),
        ..status(&thread, Status::Delivered, LATER.plus(HOUR))
    };
    w.did(Op::MergeStatus(seen)).await;
    let message = w.store.messages(&thread.tenant, &[sent.message]).await.unwrap().remove(0);
    assert_eq!(message.state.unwrap().status, Status::Delivered);
    let by_key = w.store.message_by_state_key(&thread.tenant, &thread.number, &KEY).await.unwrap();
    assert_eq!(by_key.map(|message| message.id), Some(sent.message));
}

pub async fn effects_of_a_decision_happen_with_it(w: World) {
    let thread = w.thread().await;
    let (sent, _) = lost(&w, &thread).await;
    let note = |at| {
        let entry = AuditEntry {
            tenant: thread.tenant.clone(),
            at,
            actor: "key_1".into(),
            action: "send.resent".into(),
            subject: sent.outbox.to_string(),
            detail: String::new(),
        };
        let effects = vec![Op::Audit(entry)];
        Op::DecideSend(SendDecision { effects, ..decision(&thread, &sent, at, Choice::Resend) })
    };
    assert_eq!(w.did(note(T0.plus(MINUTE))).await, GONE);
    assert!(w.store.audit_after(&thread.tenant, 0, 9).await.unwrap().is_empty());
    assert_eq!(w.did(note(LATER)).await, DONE);
    assert_eq!(w.did(note(LATER)).await, GONE);
    assert_eq!(w.store.audit_after(&thread.tenant, 0, 9).await.unwrap().len(), 1);
}

pub async fn one_send_is_asked_about_alone(w: World) {
    let thread = w.thread().await;
    let (sent, _) = lost(&w, &thread).await;
    let (other, _) = lost(&w, &thread).await;
    let ask = |at| Op::DecideSend(decision(&thread, &sent, at, Choice::Ask));
    assert_eq!(w.did(ask(LATER.plus(-1))).await, GONE, "a status may still come");
    assert_eq!(w.did(ask(LATER)).await, DONE);
    assert_eq!(w.did(ask(LATER)).await, GONE);
    assert_eq!(w.outbox_state(&thread, &sent).await, OutboxState::Asked);
    assert_eq!(w.outbox_state(&thread, &other).await, OutboxState::Uncertain);
}
