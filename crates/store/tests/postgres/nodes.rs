//! Two nodes, one truth.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use model::ids::{AppId, ConversationId, LaneId, MessageId, OutboxId, PersonId};
use model::ids::{PhoneNumberId, TenantId};
use store::op::*;
use store::{Class, Commit, Did, Direction, MasterKey, Op, Profile, Store, StoreError};

use crate::ambient::{T0, ambient};
use crate::database::Database;
use crate::server::server;

pub fn on_server<F: Future<Output = ()>>(name: &str, case: fn(String) -> F) {
    let Some(server) = server() else { return };
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime starts").block_on(async {
        let database = Database::create(&server, name).await;
        case(database.url.clone()).await;
        database.drop_it().await;
    });
}

pub async fn node(url: &str, seed: u64) -> Store {
    let master = MasterKey::from_bytes([0x42; 32]);
    Store::open_postgres(url, master, ambient(seed).0).await.expect("a node starts")
}

/// Opened at the same time on an empty database, like two nodes of one release.
pub async fn two(url: String) -> (Store, Store) {
    let (a, b) = tokio::join!(node(&url, 1), node(&url, 2));
    let tenant = Op::PutTenant(TenantRow { tenant: acme(), org: None, at: T0 });
    a.commit(Commit::of(vec![tenant])).await.unwrap();
    (a, b)
}

pub fn acme() -> TenantId {
    TenantId::new("acme")
}

pub struct Thread {
    pub lane: LaneId,
    pub person: PersonId,
    pub conversation: ConversationId,
    pub number: PhoneNumberId,
}

/// A person with an open thread, and the ops that make it.
pub fn thread(seed: u64) -> (Thread, Vec<Op>) {
    let ambient = ambient(seed).0;
    let (lane, person) = (LaneId::new(&ambient), PersonId::new(&ambient));
    let conversation = ConversationId::new(&ambient);
    let number = PhoneNumberId::new("100");
    let profile = Profile::default();
    let ops = vec![
        Op::NewPerson(NewPerson { tenant: acme(), id: person, at: T0, profile }),
        Op::NewLane(NewLane { tenant: acme(), id: lane, number: number.clone(), person }),
        Op::NewConversation(NewConversation {
            tenant: acme(),
            id: conversation,
            lane,
            person,
            number: number.clone(),
            opened_at: T0,
        }),
    ];
    (Thread { lane, person, conversation, number }, ops)
}

fn send(lane: LaneId, person: PersonId, seed: u64, key: u8) -> Op {
    let ambient = ambient(seed).0;
    Op::Accept(Box::new(NewOutbox {
        tenant: acme(),
        id: OutboxId::new(&ambient),
        lane,
        number: PhoneNumberId::new("100"),
        person,
        message: MessageId::new(&ambient),
        class: Class::Live,
        request_key: [key; 32],
        request_digest: [1; 32],
        free_form: false,
        purpose: model::Purpose::Service,
        template: None,
        reference: None,
        agent: None,
        due_at: T0,
        created_at: T0,
        body: b"{}".to_vec(),
        effects: vec![],
    }))
}

#[test]
fn two_nodes_start_at_once_and_are_one_installation() {
    on_server("start_at_once", |url| async move {
        let (a, b) = two(url).await;
        assert_eq!(a.installation().await.unwrap(), b.installation().await.unwrap());
        assert_eq!(a.hmac(&acme(), b"x"), b.hmac(&acme(), b"x"));
        let (Thread { person, .. }, ops) = thread(10);
        a.commit(Commit::of(ops)).await.unwrap();
        assert_eq!(b.persons(&acme(), &[person]).await.unwrap().len(), 1);
    });
}

#[test]
fn a_lane_is_claimed_by_one_node() {
    on_server("claimed_by_one", |url| async move {
        let (a, b) = two(url).await;
        for n in 0..40u8 {
            let (Thread { lane, person, .. }, mut ops) = thread(100 + u64::from(n));
            ops.push(send(lane, person, 1_000 + u64::from(n), n));
            a.commit(Commit::of(ops)).await.unwrap();
        }
        let claim = |node: &Store| {
            let claim =
                ClaimLanes { lease_ms: 60_000, lanes_max: 7, live_only: 0, numbers: None, now: T0 };
            let node = node.clone();
            async move { node.commit(Commit::of(vec![Op::ClaimLanes(claim)])).await }
        };
        let mut seen = BTreeSet::new();
        for _ in 0..12 {
            for did in join_all([claim(&a), claim(&b), claim(&a), claim(&b)]).await {
                let Did::Claimed(lanes) = &did.expect("claimers never wait in a circle")[0] else {
                    panic!("no claim")
                };
                for lane in lanes {
                    assert!(seen.insert(lane.lane), "a lane was claimed twice");
                }
            }
        }
        assert_eq!(seen.len(), 40);
    });
}

#[test]
fn a_request_key_is_accepted_by_one_node() {
    on_server("accepted_by_one", |url| async move {
        let (a, b) = two(url).await;
        let (Thread { lane, person, .. }, ops) = thread(10);
        a.commit(Commit::of(ops)).await.unwrap();
        for key in 0..20 {
            let seed = 100 + 4 * u64::from(key);
            let tries = (0..4).map(|n| {
                let node = if n % 2 == 0 { a.clone() } else { b.clone() };
                let op = send(lane, person, seed + n, key);
                async move { node.commit(Commit::of(vec![op])).await }
            });
            let answers = join_all(tries).await;
            let accepted = answers
                .iter()
                .filter(|answer| matches!(answer, Ok(did) if did[0] == Did::Accepted));
            assert_eq!(accepted.count(), 1, "{answers:?}");
            assert!(answers.iter().all(|answer| match answer {
                Ok(did) => matches!(did[0], Did::Accepted | Did::Known { same_body: true, .. }),
                Err(error) => error.is_conflict(),
            }));
        }
    });
}

#[test]
fn a_fence_holds_against_the_other_node() {
    on_server("fence_holds", |url| async move {
        let (a, b) = two(url).await;
        let take = |holder: &str, lease_ms| {
            let (name, holder) = ("writer".into(), holder.into());
            Commit::of(vec![Op::TakeLease(TakeLease { name, holder, lease_ms })])
        };
        assert_eq!(a.commit(take("a", -1)).await.unwrap(), [Did::Lease(Some(1))]);
        assert_eq!(b.commit(take("b", 60_000)).await.unwrap(), [Did::Lease(Some(2))]);
        let fence = store::Fence::Lease { name: "writer".into(), epoch: 1 };
        let row = CursorRow { tenant: acme(), name: "x".into(), value: vec![1] };
        let stale = a.commit(Commit::fenced(fence, vec![Op::PutCursor(row)])).await;
        assert!(matches!(stale, Err(StoreError::Fenced)));
        assert_eq!(a.commit(take("a", 60_000)).await.unwrap(), [Did::Lease(None)]);
    });
}

/// A reader that follows the feed never meets a number below its cursor.
#[test]
fn feed_numbers_become_visible_in_order() {
    on_server("feed_in_order", |url| async move {
        let (a, b) = two(url).await;
        let (Thread { lane, person, conversation, .. }, ops) = thread(10);
        a.commit(Commit::of(ops)).await.unwrap();
        let message = |seed| {
            Op::NewMessage(NewMessage {
                tenant: acme(),
                id: MessageId::new(&ambient(seed).0),
                conversation,
                person,
                lane,
                number: PhoneNumberId::new("100"),
                direction: Direction::In,
                kind: "text".into(),
                record_key: String::new(),
                state_key: None,
                outbox: None,
                journal: None,
                sent_at: T0,
                received_at: T0,
                late: false,
                body: vec![],
            })
        };
        let write = join_all((0..60).map(|n| {
            let node = if n % 2 == 0 { a.clone() } else { b.clone() };
            let ops = vec![message(1_000 + 2 * n), message(1_001 + 2 * n)];
            async move { node.commit(Commit::of(ops)).await.expect("it holds") }
        }));
        let follow = async {
            let mut followed = vec![];
            while followed.len() < 120 {
                let after = followed.last().copied().unwrap_or(0);
                let rows = b.feed_after(&acme(), after, 1_000).await.unwrap();
                followed.extend(rows.iter().map(|row| row.seq));
                tokio::task::yield_now().await;
            }
            followed
        };
        let (_, followed) = tokio::join!(write, follow);
        assert_eq!(followed, (1..=120).collect::<Vec<i64>>());
    });
}

#[test]
fn webhooks_written_together_keep_their_own_numbers() {
    on_server("written_together", |url| async move {
        let (a, b) = two(url).await;
        let appends = (0..400u32).map(|n| {
            let node = if n % 2 == 0 { a.clone() } else { b.clone() };
            let (app, body) = (AppId::new("main"), n.to_string().into());
            let webhook = NewWebhook { app, received_at: T0.plus(n.into()), body };
            async move { node.commit(Commit::of(vec![Op::AppendWebhook(webhook)])).await }
        });
        let answers = join_all(appends).await;
        for (n, did) in answers.into_iter().enumerate() {
            let [Did::Seq(seq)] = did.unwrap()[..] else { panic!("no number") };
            assert_eq!(a.journal_body(seq).await.unwrap().unwrap(), n.to_string());
        }
        let rows = b.journal_next(1_000).await.unwrap();
        assert_eq!(rows.len(), 400);
        assert!(rows.iter().all(|row| row.body == row.received_at.since(T0).to_string()));
    });
}
