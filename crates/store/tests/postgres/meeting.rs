//! An answer recorded on one node while its status arrives on the other.

use model::Status;
use model::ids::{AttemptId, MessageId, OutboxId, PersonId};
use store::op::*;
use store::{Class, Commit, Did, Direction, Object, Op, Store};

use crate::ambient::{T0, ambient};
use crate::nodes::{Thread, acme, on_server, thread, two};
use crate::server::ask;

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
        purpose: model::Purpose::Service,
        template: None,
        reference: None,
        agent: None,
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
        policy: model::ConsentPolicy::IMPLIED,
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

/// Many people's rows, in one order here and in the other there: nobody waits
/// in a circle, and nobody is told of a conflict.
#[test]
fn commits_for_many_do_not_meet() {
    on_server("commits_for_many", |url| async move {
        let (a, b) = two(url.clone()).await;
        let people: Vec<PersonId> = (0..40).map(|n| PersonId::new(&ambient(500 + n).0)).collect();
        let want = |person: &PersonId| {
            let (object, id, root) = (Object::Person, *person.as_bytes(), *person);
            Op::Want(Want { tenant: acme(), object, id, root, due_at: T0 })
        };
        let there: Vec<_> = people.iter().map(want).collect();
        let back: Vec<_> = people.iter().rev().map(want).collect();
        for _ in 0..60 {
            let (one, other) = (Commit::of(there.clone()), Commit::of(back.clone()));
            let (one, other) = tokio::join!(a.commit(one), b.commit(other));
            one.unwrap();
            other.unwrap();
        }
        // the server counts a moment later
        tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
        let count = "SELECT deadlocks::text FROM pg_stat_database \
                     WHERE datname = current_database()";
        assert_eq!(ask(&url, count).await, "0");
    });
}

/// Who comes finds out whether anybody is there.
#[test]
fn a_process_knows_whether_it_is_alone() {
    on_server("alone", |url| async move {
        let (a, b) = two(url).await;
        let first = a.enter().await.unwrap();
        assert!(first.alone());
        let first = first.stay().await.unwrap();
        let second = b.enter().await.unwrap();
        assert!(!second.alone(), "the first one is there");
        let second = second.stay().await.unwrap();
        drop(first);
        let again = a.enter().await.unwrap();
        assert!(!again.alone(), "the second one is there");
        drop((again, second));
        // the server notices a session that is gone
        assert!(a.enter().await.unwrap().alone());
    });
}
