//! Sends: accepted once, permitted once, finished however the call ended.

use model::Status;
use model::ids::OutboxId;
use store::op::*;
use store::{Did, Op, OutboxState};

use crate::ambient::T0;
use crate::world::{HOUR, KEY, MINUTE, Sent, Thread, WAMID, World, accepted};

async fn wanted(w: &World, thread: &Thread, sent: &Sent) -> i64 {
    let key = (store::Object::Message, *sent.message.as_bytes());
    let rows = w.store.sync_rows(&thread.tenant, &[key]).await.unwrap();
    rows.first().map_or(0, |row| row.wanted)
}

async fn feed(w: &World, thread: &Thread) -> Vec<String> {
    let rows = w.store.feed_after(&thread.tenant, 0, 99).await.unwrap();
    rows.into_iter().map(|row| row.kind).collect()
}

fn uncertain() -> SendEnd {
    let until = T0.plus(2 * MINUTE);
    SendEnd::Uncertain { code: "wa.lost".into(), detail: "no answer\0".into(), until }
}

pub async fn a_request_key_is_accepted_once(w: World) {
    let thread = w.thread().await;
    let key = [9; 32];
    let (first, op) = w.outbox(&thread, |new| new.request_key = key);
    assert_eq!(w.did(op).await, Did::Accepted);
    for (digest, same_body) in [([1; 32], true), ([2; 32], false)] {
        let (other, op) = w.outbox(&thread, |new| {
            new.request_key = key;
            new.request_digest = digest;
        });
        assert_eq!(w.did(op).await, Did::Known { outbox: first.outbox, same_body });
        assert!(w.store.outbox(&thread.tenant, other.outbox).await.unwrap().is_none());
        assert!(w.store.messages(&thread.tenant, &[other.message]).await.unwrap().is_empty());
    }
    let held = w.store.outbox_by_request_key(&thread.tenant, &key).await.unwrap();
    assert_eq!(held, Some((first.outbox, [1; 32])));
    assert_eq!(w.store.outbox_by_request_key(&thread.tenant, &[8; 32]).await.unwrap(), None);
    assert_eq!(feed(&w, &thread).await, ["send.accepted"]);
}

pub async fn a_send_goes_from_queue_to_accepted(w: World) {
    let thread = w.thread().await;
    let sent = w.sent(&thread).await;
    let head = w.store.lane_head(&thread.tenant, thread.lane, T0).await.unwrap().unwrap();
    assert_eq!((head.id, head.state, head.attempts), (sent.outbox, OutboxState::Queued, 0));
    assert_eq!(head.body, b"{\"type\":\"text\"}");
    let permit = w.permit(&thread, &sent).await;
    assert_eq!((permit.number_of_attempt, permit.deadline), (1, T0.plus(10_000)));
    assert_eq!(w.outbox_state(&thread, &sent).await, OutboxState::Sending);
    assert!(w.store.lane_head(&thread.tenant, thread.lane, T0).await.unwrap().is_none());
    w.finish(&permit, accepted()).await;
    assert_eq!(w.outbox_state(&thread, &sent).await, OutboxState::Accepted);
    let message = w.store.messages(&thread.tenant, &[sent.message]).await.unwrap().remove(0);
    let told = message.state.unwrap();
    assert_eq!((told.status, told.wamid.as_deref()), (Status::Accepted, Some(WAMID)));
    assert_eq!(told.accepted_at, Some(T0.plus(50)));
    let by_key = w.store.message_by_state_key(&thread.tenant, &thread.number, &KEY).await.unwrap();
    assert_eq!(by_key.map(|message| message.id), Some(sent.message));
    let attempts = w.store.attempts(&thread.tenant, sent.outbox).await.unwrap();
    assert_eq!((attempts.len(), attempts[0].end.as_str()), (1, "accepted"));
    let (tenant, attempt) = w.store.attempt(permit.attempt).await.unwrap().unwrap();
    assert_eq!((tenant, attempt.outbox), (thread.tenant.clone(), sent.outbox));
    assert_eq!(wanted(&w, &thread, &sent).await, 1);
    assert_eq!(feed(&w, &thread).await, ["send.accepted", "message.status"]);
}

pub async fn a_permit_is_given_once(w: World) {
    let thread = w.thread().await;
    let sent = w.sent(&thread).await;
    w.permit(&thread, &sent).await;
    assert_eq!(w.begin(&thread, &sent, T0).await, Did::NotNow(NotNow::Gone));
    let nothing = Sent { outbox: OutboxId::new(&w.ambient), ..sent };
    assert_eq!(w.begin(&thread, &nothing, T0).await, Did::NotNow(NotNow::Gone));
}

pub async fn a_row_is_not_permitted_before_it_is_due(w: World) {
    let thread = w.thread().await;
    w.wrote_in(&thread, T0).await;
    let sent = w.send(&thread, |new| new.due_at = T0.plus(1)).await;
    assert_eq!(w.begin(&thread, &sent, T0).await, Did::NotNow(NotNow::Gone));
    assert!(matches!(w.begin(&thread, &sent, T0.plus(1)).await, Did::Permit(_)));
}

pub async fn a_closed_window_fails_a_free_form_send_and_not_a_template(w: World) {
    let thread = w.thread().await;
    w.wrote_in(&thread, T0.plus(-24 * HOUR)).await;
    let text = w.send(&thread, |_| {}).await;
    assert_eq!(w.begin(&thread, &text, T0).await, Did::NotNow(NotNow::WindowClosed));
    let row = w.store.outbox(&thread.tenant, text.outbox).await.unwrap().unwrap();
    assert_eq!((row.state, row.attempts), (OutboxState::Failed, 0));
    assert_eq!(row.code.as_deref(), Some("puente.window_closed"));
    assert_eq!(w.begin(&thread, &text, T0).await, Did::NotNow(NotNow::Gone));
    assert!(w.store.attempts(&thread.tenant, text.outbox).await.unwrap().is_empty());
    assert_eq!(wanted(&w, &thread, &text).await, 1);
    assert_eq!(feed(&w, &thread).await, ["send.accepted", "send.failed"]);
    let message = w.store.messages(&thread.tenant, &[text.message]).await.unwrap().remove(0);
    assert_eq!(message.state.unwrap().status, Status::Failed);
    let template = w.send(&thread, |new| new.free_form = false).await;
    assert!(matches!(w.begin(&thread, &template, T0).await, Did::Permit(_)));
    w.wrote_in(&thread, T0.plus(1 - 24 * HOUR)).await;
    let text = w.send(&thread, |_| {}).await;
    assert!(matches!(w.begin(&thread, &text, T0).await, Did::Permit(_)));
}

pub async fn a_refusal_is_a_dead_letter_with_its_reason(w: World) {
    let thread = w.thread().await;
    let sent = w.sent(&thread).await;
    let permit = w.permit(&thread, &sent).await;
    let end = SendEnd::Refused { code: "wa.131026".into(), detail: "undeliverable \0".into() };
    w.finish(&permit, end).await;
    let row = w.store.outbox(&thread.tenant, sent.outbox).await.unwrap().unwrap();
    assert_eq!(row.state, OutboxState::Failed);
    assert_eq!(row.detail.as_deref(), Some("undeliverable \0"));
    let message = w.store.messages(&thread.tenant, &[sent.message]).await.unwrap().remove(0);
    let told = message.state.unwrap();
    assert_eq!((told.status, told.code.as_deref()), (Status::Failed, Some("wa.131026")));
    assert_eq!(told.failed_at, Some(T0.plus(50)));
    let dead = w.store.outbox_in_state(&thread.tenant, OutboxState::Failed, 9).await.unwrap();
    assert_eq!(dead.iter().map(|row| row.id).collect::<Vec<_>>(), [sent.outbox]);
    assert_eq!(wanted(&w, &thread, &sent).await, 1);
    assert_eq!(feed(&w, &thread).await, ["send.accepted", "send.failed"]);
}

pub async fn proven_unsent_goes_back_to_the_queue(w: World) {
    let thread = w.thread().await;
    let sent = w.sent(&thread).await;
    let permit = w.permit(&thread, &sent).await;
    let due_at = T0.plus(MINUTE);
    let end = SendEnd::NotSent { code: "wa.130429".into(), detail: "slow down".into(), due_at };
    w.finish(&permit, end).await;
    let row = w.store.outbox(&thread.tenant, sent.outbox).await.unwrap().unwrap();
    assert_eq!((row.state, row.due_at, row.attempts), (OutboxState::Queued, due_at, 1));
    assert_eq!(w.begin(&thread, &sent, T0).await, Did::NotNow(NotNow::Gone));
    let Did::Permit(second) = w.begin(&thread, &sent, due_at).await else { panic!("no permit") };
    assert_eq!(second.number_of_attempt, 2);
    assert_eq!(wanted(&w, &thread, &sent).await, 0);
}

pub async fn a_lost_answer_is_uncertain_then_asked(w: World) {
    let thread = w.thread().await;
    let sent = w.sent(&thread).await;
    let permit = w.permit(&thread, &sent).await;
    w.finish(&permit, uncertain()).await;
    assert_eq!(w.outbox_state(&thread, &sent).await, OutboxState::Uncertain);
    assert_eq!(w.begin(&thread, &sent, T0).await, Did::NotNow(NotNow::Gone));
    assert_eq!(w.did(Op::AskUncertain { at: T0.plus(MINUTE) }).await, Did::Count(0));
    assert_eq!(w.did(Op::AskUncertain { at: T0.plus(2 * MINUTE) }).await, Did::Count(1));
    assert_eq!(w.did(Op::AskUncertain { at: T0.plus(3 * MINUTE) }).await, Did::Count(0));
    assert_eq!(w.outbox_state(&thread, &sent).await, OutboxState::Asked);
    let message = w.store.messages(&thread.tenant, &[sent.message]).await.unwrap().remove(0);
    let told = message.state.unwrap();
    assert_eq!((told.status, told.detail.as_deref()), (Status::Uncertain, Some("no answer\0")));
    assert_eq!(wanted(&w, &thread, &sent).await, 1);
    assert_eq!(feed(&w, &thread).await, ["send.accepted", "send.uncertain"]);
}

pub async fn finishing_twice_changes_nothing(w: World) {
    let thread = w.thread().await;
    let sent = w.sent(&thread).await;
    let permit = w.permit(&thread, &sent).await;
    w.finish(&permit, accepted()).await;
    let refused = SendEnd::Refused { code: "wa.1".into(), detail: String::new() };
    let unsent = SendEnd::NotSent { code: "wa.1".into(), detail: String::new(), due_at: T0 };
    for end in [accepted(), uncertain(), refused, unsent] {
        w.finish(&permit, end).await;
        assert_eq!(w.outbox_state(&thread, &sent).await, OutboxState::Accepted);
    }
    assert_eq!(wanted(&w, &thread, &sent).await, 1);
    let forged = SendPermit { outbox: OutboxId::new(&w.ambient), ..permit };
    assert!(w.refused(crate::world::finish(&forged, accepted())).await.is_conflict());
}

pub async fn a_late_acceptance_is_believed(w: World) {
    let thread = w.thread().await;
    let sent = w.sent(&thread).await;
    let permit = w.permit(&thread, &sent).await;
    w.finish(&permit, uncertain()).await;
    w.did(Op::AskUncertain { at: T0.plus(HOUR) }).await;
    w.finish(&permit, accepted()).await;
    assert_eq!(w.outbox_state(&thread, &sent).await, OutboxState::Accepted);
    let row = w.store.outbox(&thread.tenant, sent.outbox).await.unwrap().unwrap();
    assert_eq!((row.code, row.detail), (None, None));
}

pub async fn references_are_found_and_not_readable(w: World) {
    let thread = w.thread().await;
    let reference = Some("order 42 of Ana".to_owned());
    let mut ids = vec![];
    for _ in 0..2 {
        ids.push(w.send(&thread, |new| new.reference.clone_from(&reference)).await.outbox);
    }
    w.send(&thread, |new| new.reference = Some("order 43".into())).await;
    let found = w.store.outbox_by_reference(&thread.tenant, "order 42 of Ana", 9).await.unwrap();
    assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), [ids[1], ids[0]]);
    assert!(found.iter().all(|row| row.reference == reference));
    let none = w.store.outbox_by_reference(&thread.tenant, "order 4", 9).await.unwrap();
    assert!(none.is_empty());
}
