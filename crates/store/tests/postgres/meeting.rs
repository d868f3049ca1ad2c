//! An answer recorded on one node while its status arrives on the other.

use model::Status;
use model::ids::{AttemptId, MessageId, OutboxId};
use store::op::*;
use store::{Class, Commit, Did, Direction, Op, Store};

use crate::ambient::{T0, ambient};
use crate::nodes::{Thread, acme, on_server, thread, two};

const ROUNDS: u64 = 120;

/// A queued send with its message, and the permission to make its call.
async fn permitted(node: &Store, thread: &Thread, seed: u64) -> (MessageId, SendPermit) {
    let ambient = ambient(seed).0;
    let (message, outbox) = (MessageId::new(&ambient), OutboxId::new(&ambient));
    let shown = NewMessage {
        tenant: acme(),
        id: message,
        conversation: thread.conversation,
        person: thread.person,
        lane: thread.lane,
        number: thread.number.clone(),
        direction: Direction::Out,
        kind: "text".into(),
        record_key: String::new(),
        state_key: None,
        outbox: Some(outbox),
        journal: None,
        sent_at: T0,
        received_at: T0,
        late: false,
        body: vec![],
    };
    let accept = NewOutbox {
        tenant: acme(),
        id: outbox,
        lane: thread.lane,
        number: thread.number.clone(),
        person: thread.person,
        message,
        class: Class::Live,
        request_key: [seed as u8; 32],
        request_digest: [1; 32],
        free_form: false,
        reference: None,
        due_at: T0,
        created_at: T0,
        body: b"{}".to_vec(),
        effects: vec![Op::NewMessage(shown)],
    };
    let begin = BeginSend {
        tenant: acme(),
        outbox,
        attempt: AttemptId::new(&ambient),
        at: T0,
        deadline: T0,
        sync_due_at: T0,
    };
    let ops = vec![Op::Accept(Box::new(accept)), Op::BeginSend(begin)];
    let Did::Permit(permit) = node.commit(Commit::of(ops)).await.unwrap().remove(1) else {
        panic!("no permit")
    };
    (message, permit)
}

/// The wamid alone brings them together: there is no tracker. Whoever commits
/// last must see the other, or Salesforce would never learn the delivery.
#[test]
fn the_later_of_answer_and_status_tells_of_both() {
    on_server("answer_and_status", |url| async move {
        let (a, b) = two(url).await;
        let (thread, ops) = thread(10);
        a.commit(Commit::of(ops)).await.unwrap();
        for round in 0..ROUNDS {
            let (message, permit) = permitted(&a, &thread, 100 + round).await;
            let state_key = [round as u8; 16];
            let end = SendEnd::Accepted { state_key, wamid: "wamid.x".into() };
            let answer = Op::FinishSend(FinishSend { permit, at: T0, end, sync_due_at: T0 });
            let status = Op::MergeStatus(StatusSeen {
                tenant: acme(),
                number: thread.number.clone(),
                state_key,
                status: Status::Delivered,
                at: T0,
                code: None,
                detail: None,
                pricing: None,
                attempt: None,
                wamid: "wamid.x".into(),
                sync_due_at: T0,
            });
            // Each round the status starts a little later after the answer.
            let (first, second) = tokio::join!(a.commit(Commit::of(vec![answer])), async {
                for _ in 0..round * 20 {
                    tokio::task::yield_now().await;
                }
                b.commit(Commit::of(vec![status])).await
            });
            first.and(second).expect("both hold");
            let feed = a.feed_after(&acme(), 0, 10_000).await.unwrap();
            let told = feed.iter().rev().find(|row| row.message == message);
            let told = told.and_then(|row| row.status);
            assert_eq!(told, Some(Status::Delivered), "round {round}");
        }
    });
}
