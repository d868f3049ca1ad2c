//! Short words for building rows, so that a case shows only what it is about.

use std::path::PathBuf;
use std::sync::Arc;

use model::ids::{
    AppId, AttemptId, ConversationId, LaneId, MessageId, OutboxId, PersonId, PhoneNumberId,
    TenantId, WabaId,
};
use model::{Ambient, Status, UnixMs};
use store::op::*;
use store::{Class, Commit, Did, Direction, Fence, Op, OutboxState, Profile, Store, StoreError};

use crate::ambient::{T0, TestClock};
use crate::engines::master;

pub const MINUTE: i64 = 60_000;
pub const HOUR: i64 = 60 * MINUTE;

#[derive(Clone)]
pub enum Place {
    Memory,
    File(PathBuf),
    Postgres(String),
}

pub struct World {
    pub store: Store,
    pub ambient: Ambient,
    pub clock: Arc<TestClock>,
    pub place: Place,
}

/// One customer on one number.
#[derive(Clone, Debug)]
pub struct Thread {
    pub tenant: TenantId,
    pub number: PhoneNumberId,
    pub person: PersonId,
    pub lane: LaneId,
    pub conversation: ConversationId,
}

/// One send and its message.
#[derive(Clone, Debug)]
pub struct Sent {
    pub outbox: OutboxId,
    pub message: MessageId,
}

impl World {
    pub fn new(store: Store, ambient: Ambient, clock: Arc<TestClock>, place: Place) -> Self {
        Self { store, ambient, clock, place }
    }

    /// A second opening of the same rows, as after a restart.
    pub async fn reopened(&self) -> Store {
        let ambient = self.ambient.clone();
        match &self.place {
            Place::Memory => self.store.restarted(),
            Place::File(path) => Store::open_sqlite(path, master(), ambient).expect("reopens"),
            Place::Postgres(url) => {
                Store::open_postgres(url, master(), ambient).await.expect("reopens")
            }
        }
    }

    pub async fn commit(&self, ops: Vec<Op>) -> Result<Vec<Did>, StoreError> {
        self.store.commit(Commit::of(ops)).await
    }

    pub async fn did(&self, op: Op) -> Did {
        self.commit(vec![op]).await.expect("the commit holds").remove(0)
    }

    pub async fn refused(&self, op: Op) -> StoreError {
        self.commit(vec![op]).await.expect_err("the commit is refused")
    }

    pub async fn tenant(&self, name: &str) -> TenantId {
        let tenant = TenantId::new(name);
        self.did(Op::PutTenant(TenantRow { tenant: tenant.clone(), org: None, at: T0 })).await;
        tenant
    }

    pub async fn number(&self, tenant: &TenantId, number: &str) -> PhoneNumberId {
        let row = NumberRow {
            tenant: tenant.clone(),
            number: PhoneNumberId::new(number),
            waba: WabaId::new("200"),
            app: AppId::new("main"),
        };
        self.did(Op::PutNumber(row)).await;
        PhoneNumberId::new(number)
    }

    /// A tenant, a person and an open thread.
    pub async fn thread(&self) -> Thread {
        let tenant = self.tenant("acme").await;
        self.number(&tenant, "100").await;
        self.person(&tenant, "100").await
    }

    pub async fn person(&self, tenant: &TenantId, number: &str) -> Thread {
        let thread = Thread {
            tenant: tenant.clone(),
            number: PhoneNumberId::new(number),
            person: PersonId::new(&self.ambient),
            lane: LaneId::new(&self.ambient),
            conversation: ConversationId::new(&self.ambient),
        };
        self.commit(thread.ops(Profile::default())).await.expect("a thread is new");
        thread
    }

    pub async fn wrote_in(&self, thread: &Thread, at: UnixMs) {
        let (tenant, lane) = (thread.tenant.clone(), thread.lane);
        self.did(Op::LaneInbound(LaneInbound { tenant, lane, at })).await;
    }

    /// A free-form live send, accepted and due at once, in an open window.
    pub async fn sent(&self, thread: &Thread) -> Sent {
        self.wrote_in(thread, T0).await;
        self.send(thread, |_| {}).await
    }

    pub async fn send(&self, thread: &Thread, change: impl FnOnce(&mut NewOutbox)) -> Sent {
        let (sent, op) = self.outbox(thread, change);
        assert_eq!(self.did(op).await, Did::Accepted);
        sent
    }

    pub fn outbox(&self, thread: &Thread, change: impl FnOnce(&mut NewOutbox)) -> (Sent, Op) {
        let outbox = OutboxId::new(&self.ambient);
        let message = MessageId::new(&self.ambient);
        let mut key = [0; 32];
        self.ambient.chance.fill(&mut key);
        let mut new = NewOutbox {
            tenant: thread.tenant.clone(),
            id: outbox,
            lane: thread.lane,
            number: thread.number.clone(),
            person: thread.person,
            message,
            class: Class::Live,
            request_key: key,
            request_digest: [1; 32],
            free_form: true,
            purpose: model::Purpose::Service,
            template: None,
            reference: None,
            agent: None,
            due_at: T0,
            created_at: T0,
            body: b"{\"type\":\"text\"}".to_vec(),
            effects: vec![Op::NewMessage(NewMessage {
                direction: Direction::Out,
                outbox: Some(outbox),
                ..self.message(thread, message)
            })],
        };
        change(&mut new);
        (Sent { outbox, message }, Op::Accept(Box::new(new)))
    }

    pub fn message(&self, thread: &Thread, id: MessageId) -> NewMessage {
        NewMessage {
            tenant: thread.tenant.clone(),
            id,
            conversation: thread.conversation,
            person: thread.person,
            lane: thread.lane,
            number: thread.number.clone(),
            direction: Direction::In,
            kind: "text".into(),
            record_key: "00".repeat(32),
            state_key: None,
            outbox: None,
            journal: None,
            sent_at: T0,
            received_at: T0,
            late: false,
            body: b"hello".to_vec(),
        }
    }

    pub async fn begin(&self, thread: &Thread, sent: &Sent, at: UnixMs) -> Did {
        self.did(Op::BeginSend(BeginSend {
            tenant: thread.tenant.clone(),
            outbox: sent.outbox,
            attempt: AttemptId::new(&self.ambient),
            at,
            deadline: at.plus(10_000),
            sync_due_at: at,
            policy: model::ConsentPolicy::IMPLIED,
        }))
        .await
    }

    pub async fn permit(&self, thread: &Thread, sent: &Sent) -> SendPermit {
        match self.begin(thread, sent, T0).await {
            Did::Permit(permit) => permit,
            other => panic!("no permit: {other:?}"),
        }
    }

    pub async fn finish(&self, permit: &SendPermit, end: SendEnd) {
        self.did(finish(permit, end)).await;
    }

    pub async fn outbox_state(&self, thread: &Thread, sent: &Sent) -> OutboxState {
        let row = self.store.outbox(&thread.tenant, sent.outbox).await.expect("it can be read");
        row.expect("it is there").state
    }

    pub async fn claim(&self, now: UnixMs) -> Vec<ClaimedLane> {
        let op = Op::ClaimLanes(ClaimLanes {
            lease_ms: 60_000,
            lanes_max: 10,
            live_only: 0,
            numbers: None,
            now,
        });
        match self.did(op).await {
            Did::Claimed(lanes) => lanes,
            other => panic!("no claim: {other:?}"),
        }
    }

    pub async fn fenced(&self, fence: Fence, ops: Vec<Op>) -> Result<Vec<Did>, StoreError> {
        self.store.commit(Commit::fenced(fence, ops)).await
    }
}

pub fn finish(permit: &SendPermit, end: SendEnd) -> Op {
    Op::FinishSend(FinishSend { permit: permit.clone(), at: T0.plus(50), end, sync_due_at: T0 })
}

pub const WAMID: &str = "wamid.HBgLMTU1NTAxMDAwMDE";
pub const KEY: [u8; 16] = [7; 16];

pub fn accepted() -> SendEnd {
    SendEnd::Accepted { state_key: KEY, wamid: WAMID.into() }
}

pub fn status(thread: &Thread, status: Status, at: UnixMs) -> StatusSeen {
    StatusSeen {
        tenant: thread.tenant.clone(),
        number: thread.number.clone(),
        state_key: KEY,
        status,
        at,
        code: None,
        detail: None,
        pricing: None,
        attempt: None,
        wamid: WAMID.into(),
        sync_due_at: T0.plus(MINUTE),
    }
}

impl Thread {
    pub fn ops(&self, profile: Profile) -> Vec<Op> {
        let tenant = self.tenant.clone();
        vec![
            Op::NewPerson(NewPerson { tenant: tenant.clone(), id: self.person, at: T0, profile }),
            Op::NewLane(NewLane {
                tenant: tenant.clone(),
                id: self.lane,
                number: self.number.clone(),
                person: self.person,
            }),
            Op::NewConversation(NewConversation {
                tenant,
                id: self.conversation,
                lane: self.lane,
                person: self.person,
                number: self.number.clone(),
                opened_at: T0,
            }),
        ]
    }
}
