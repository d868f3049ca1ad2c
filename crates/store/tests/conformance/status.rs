//! Statuses and answers meet, whoever comes first.

use model::ids::{AttemptId, MessageId};
use model::{Status, UnixMs};
use store::op::*;
use store::{Did, Direction, MessageState, Object, Op, OutboxState, SyncRow};

use crate::ambient::T0;
use crate::world::{KEY, MINUTE, Sent, Thread, WAMID, World, accepted, finish, status};

async fn read(w: &World, thread: &Thread, sent: &Sent) -> (OutboxState, MessageState) {
    let outbox = w.store.outbox(&thread.tenant, sent.outbox).await.unwrap().unwrap();
    let message = w.store.messages(&thread.tenant, &[sent.message]).await.unwrap().remove(0);
    (outbox.state, message.state.expect("an outbound message stands somewhere"))
}

async fn row(w: &World, thread: &Thread, sent: &Sent) -> Option<SyncRow> {
    let key = (Object::Message, *sent.message.as_bytes());
    w.store.sync_rows(&thread.tenant, &[key]).await.unwrap().into_iter().next()
}

fn tracked(thread: &Thread, seen: Status, at: UnixMs, attempt: AttemptId) -> Op {
    Op::MergeStatus(StatusSeen { attempt: Some(attempt), ..status(thread, seen, at) })
}

fn lost() -> SendEnd {
    let until = T0.plus(MINUTE);
    SendEnd::Uncertain { code: "wa.lost".into(), detail: String::new(), until }
}

/// All 24 orders of sent, delivered, read and the answer; each a send of its
/// own thread; each status carries the tracker.
pub async fn every_order_of_statuses_and_answer_ends_alike(w: World) {
    let first = w.thread().await;
    for code in 0..24u8 {
        let thread = w.person(&first.tenant, "100").await;
        let sent = w.sent(&thread).await;
        let permit = w.permit(&thread, &sent).await;
        let key = [100 + code; 16];
        let seen = |word, at| {
            Op::MergeStatus(StatusSeen {
                state_key: key,
                attempt: Some(permit.attempt),
                ..status(&thread, word, T0.plus(at))
            })
        };
        let mut steps = vec![
            seen(Status::Sent, 100),
            seen(Status::Delivered, 200),
            seen(Status::Read, 300),
            finish(&permit, SendEnd::Accepted { state_key: key, wamid: WAMID.into() }),
        ];
        let mut left = code as usize;
        for n in (1..=4).rev() {
            let step = steps.remove(left % n);
            left /= n;
            w.did(step).await;
        }
        let (outbox, told) = read(&w, &thread, &sent).await;
        assert_eq!(outbox, OutboxState::Accepted, "order {code}");
        assert_eq!(told.status, Status::Read, "order {code}");
        assert_eq!(told.wamid.as_deref(), Some(WAMID), "order {code}");
        let times = [told.accepted_at, told.sent_at, told.delivered_at, told.read_at];
        assert_eq!(times, [50, 100, 200, 300].map(|ms| Some(T0.plus(ms))), "order {code}");
        assert!(w.store.alerts_open(&thread.tenant).await.unwrap().is_empty(), "order {code}");
        let wanted = row(&w, &thread, &sent).await.expect("the row is wanted").wanted;
        assert_eq!(wanted, 4, "order {code}: each step changed something");
    }
}

pub async fn a_status_before_its_answer_settles_the_send(w: World) {
    let thread = w.thread().await;
    let sent = w.sent(&thread).await;
    let permit = w.permit(&thread, &sent).await;
    let did = w.did(tracked(&thread, Status::Delivered, T0.plus(9), permit.attempt)).await;
    assert_eq!(did, Did::Raised(true));
    let (outbox, told) = read(&w, &thread, &sent).await;
    assert_eq!((outbox, told.status), (OutboxState::Accepted, Status::Delivered));
    assert_eq!(told.wamid.as_deref(), Some(WAMID));
    let attempts = w.store.attempts(&thread.tenant, sent.outbox).await.unwrap();
    assert_eq!(attempts[0].end, "settled");
    for end in [lost(), accepted()] {
        w.finish(&permit, end).await;
        let (outbox, told) = read(&w, &thread, &sent).await;
        assert_eq!((outbox, told.status), (OutboxState::Accepted, Status::Delivered));
    }
    let attempts = w.store.attempts(&thread.tenant, sent.outbox).await.unwrap();
    assert_eq!(attempts[0].end, "settled");
}

pub async fn a_status_settles_an_uncertain_send(w: World) {
    let tenant = w.thread().await.tenant;
    for asked in [false, true] {
        let thread = w.person(&tenant, "100").await;
        let sent = w.sent(&thread).await;
        let permit = w.permit(&thread, &sent).await;
        w.finish(&permit, lost()).await;
        if asked {
            w.did(Op::AskUncertain { at: T0.plus(MINUTE) }).await;
        }
        let key = [30 + u8::from(asked); 16];
        let seen = StatusSeen {
            state_key: key,
            attempt: Some(permit.attempt),
            ..status(&thread, Status::Sent, T0.plus(70))
        };
        w.did(Op::MergeStatus(seen)).await;
        let (outbox, told) = read(&w, &thread, &sent).await;
        assert_eq!((outbox, told.status), (OutboxState::Accepted, Status::Sent));
        assert_eq!(told.code, None);
    }
}

pub async fn a_status_takes_an_unsent_send_out_of_the_queue(w: World) {
    let thread = w.thread().await;
    let sent = w.sent(&thread).await;
    let permit = w.permit(&thread, &sent).await;
    let end = SendEnd::NotSent { code: "wa.connect".into(), detail: String::new(), due_at: T0 };
    w.finish(&permit, end).await;
    w.did(tracked(&thread, Status::Sent, T0.plus(9), permit.attempt)).await;
    assert_eq!(read(&w, &thread, &sent).await.0, OutboxState::Accepted);
    assert_eq!(w.begin(&thread, &sent, T0).await, Did::NotNow(NotNow::Gone));
}

/// Without a tracker: the wamid alone must bring them together.
pub async fn an_early_status_waits_for_its_message(w: World) {
    let thread = w.thread().await;
    let sent = w.sent(&thread).await;
    let permit = w.permit(&thread, &sent).await;
    w.did(Op::MergeStatus(status(&thread, Status::Delivered, T0.plus(9)))).await;
    assert_eq!(read(&w, &thread, &sent).await.0, OutboxState::Sending);
    assert!(row(&w, &thread, &sent).await.is_none());
    let known = w.store.message_states(&thread.tenant, &[(thread.number.clone(), KEY)]).await;
    let known = known.unwrap();
    assert_eq!(known[0].2.status, Status::Delivered);
    assert_eq!(known[0].2.wamid.as_deref(), Some(WAMID));
    w.finish(&permit, accepted()).await;
    let (outbox, told) = read(&w, &thread, &sent).await;
    assert_eq!((outbox, told.status), (OutboxState::Accepted, Status::Delivered));
    assert_eq!(told.delivered_at, Some(T0.plus(9)));
    let feed = w.store.feed_after(&thread.tenant, 0, 9).await.unwrap();
    assert_eq!(feed.last().and_then(|row| row.status), Some(Status::Delivered));
}

pub async fn a_repeat_raises_nothing_and_writes_nothing(w: World) {
    let thread = w.thread().await;
    let sent = w.sent(&thread).await;
    let permit = w.permit(&thread, &sent).await;
    w.finish(&permit, accepted()).await;
    let seen = |at| Op::MergeStatus(status(&thread, Status::Delivered, T0.plus(at)));
    assert_eq!(w.did(seen(9)).await, Did::Raised(true));
    let before = row(&w, &thread, &sent).await.unwrap().wanted;
    let (_, feed) = w.store.feed_bounds(&thread.tenant).await.unwrap();
    assert_eq!(w.did(seen(9)).await, Did::Raised(false));
    assert_eq!(w.did(seen(10)).await, Did::Raised(false));
    assert_eq!(row(&w, &thread, &sent).await.unwrap().wanted, before);
    assert_eq!(w.store.feed_bounds(&thread.tenant).await.unwrap().1, feed);
    // An earlier time of the same step is news.
    assert_eq!(w.did(seen(8)).await, Did::Raised(true));
    let row = row(&w, &thread, &sent).await.unwrap();
    assert_eq!((row.wanted, row.root, row.due_at), (before + 1, thread.person, T0));
}

pub async fn two_wamids_for_one_send_raise_an_alert(w: World) {
    let thread = w.thread().await;
    let sent = w.sent(&thread).await;
    let first = w.permit(&thread, &sent).await;
    let end = SendEnd::NotSent { code: "wa.connect".into(), detail: String::new(), due_at: T0 };
    w.finish(&first, end).await;
    let second = w.permit(&thread, &sent).await;
    w.finish(&second, accepted()).await;
    let other = StatusSeen {
        state_key: [8; 16],
        wamid: "wamid.other".into(),
        attempt: Some(first.attempt),
        ..status(&thread, Status::Read, T0.plus(90))
    };
    w.did(Op::MergeStatus(other)).await;
    let (_, told) = read(&w, &thread, &sent).await;
    assert_eq!((told.status, told.wamid.as_deref()), (Status::Accepted, Some(WAMID)));
    let alerts = w.store.alerts_open(&thread.tenant).await.unwrap();
    assert_eq!(alerts.len(), 1);
    assert_eq!(
        (alerts[0].kind.as_str(), &alerts[0].subject),
        ("double_send", &sent.message.to_string())
    );
    let kept = w.store.message_states(&thread.tenant, &[(thread.number.clone(), [8; 16])]).await;
    assert_eq!(kept.unwrap()[0].2.status, Status::Read);
}

pub async fn anothers_tracker_is_not_merged(w: World) {
    let thread = w.thread().await;
    let sent = w.sent(&thread).await;
    let permit = w.permit(&thread, &sent).await;
    w.did(tracked(&thread, Status::Sent, T0, AttemptId::new(&w.ambient))).await;
    assert_eq!(read(&w, &thread, &sent).await.0, OutboxState::Sending);
    // The right attempt under a wrong number is a stranger's too.
    let number = w.number(&thread.tenant, "101").await;
    let seen =
        StatusSeen { number, attempt: Some(permit.attempt), ..status(&thread, Status::Sent, T0) };
    w.did(Op::MergeStatus(seen)).await;
    assert_eq!(read(&w, &thread, &sent).await.0, OutboxState::Sending);
}

pub async fn a_failure_carries_its_reason(w: World) {
    let thread = w.thread().await;
    let sent = w.sent(&thread).await;
    let permit = w.permit(&thread, &sent).await;
    w.finish(&permit, accepted()).await;
    let pricing = Pricing {
        category: "utility".into(),
        kind: "regular".into(),
        model: "PMP".into(),
        billable: true,
        calling_code: None,
    };
    let failed = StatusSeen {
        code: Some("wa.131049".into()),
        detail: Some("kept \0 back".into()),
        pricing: Some(pricing.clone()),
        ..status(&thread, Status::Failed, T0.plus(99))
    };
    w.did(Op::MergeStatus(failed)).await;
    let (outbox, told) = read(&w, &thread, &sent).await;
    assert_eq!((outbox, told.status), (OutboxState::Accepted, Status::Failed));
    assert_eq!(told.failed_at, Some(T0.plus(99)));
    assert_eq!(told.code.as_deref(), Some("wa.131049"));
    assert_eq!(told.detail.as_deref(), Some("kept \0 back"));
    assert_eq!(told.pricing, Some(pricing));
}

/// Sent from the phone's own app: no outbox row, so only the wamid ties them.
pub async fn an_echo_meets_its_statuses_in_either_order(w: World) {
    let thread = w.thread().await;
    for early in [false, true] {
        let key = [50 + u8::from(early); 16];
        let id = MessageId::new(&w.ambient);
        let echo = Op::NewMessage(NewMessage {
            direction: Direction::Echo,
            state_key: Some(key),
            ..w.message(&thread, id)
        });
        let seen = Op::MergeStatus(StatusSeen {
            state_key: key,
            ..status(&thread, Status::Delivered, T0.plus(9))
        });
        let order = if early { [seen, echo] } else { [echo, seen] };
        for op in order {
            w.did(op).await;
        }
        let found = w.store.messages(&thread.tenant, &[id]).await.unwrap().remove(0);
        let told = found.state.expect("an echo stands somewhere");
        assert_eq!((told.status, told.delivered_at), (Status::Delivered, Some(T0.plus(9))));
        assert_eq!(told.wamid.as_deref(), Some(WAMID));
    }
}
