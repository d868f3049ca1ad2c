//! A store in memory with a desk, a worker, and sends that end as a test says.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use model::ids::{AttemptId, CampaignId, KeyId, OutboxId};
use model::{Ambient, Clock, ConsentPolicy, Status, UnixMs};
use serde_json::{Map, Value, json};
use store::op::{
    BeginSend, FinishSend, NumberRow, SendEnd, SendPermit, StatusSeen, TemplateListed, TenantRow,
};
use store::{Campaign, Commit, Did, Member, MemberState, Op, OutboxState, Store};

use super::super::{CampaignDesk, Campaigns, Report};
use crate::consent::Settings;
use crate::directory::Directory;
use crate::lease::Lease;
use crate::nudge::Nudges;
use crate::org::Orgs;
use crate::outbound::{Caller, Desk, Pace, Refusal};
use crate::stage::{NOW, ambient, number, store, tenant};

pub const DAY_MS: i64 = 86_400_000;
pub const HOUR_MS: i64 = 3_600_000;

#[derive(Clone)]
pub struct Hands(Arc<AtomicI64>);

impl Clock for Hands {
    fn wall(&self) -> UnixMs {
        UnixMs(self.0.load(Ordering::Relaxed))
    }

    fn mono(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

pub struct World {
    pub hands: Hands,
    pub desk: CampaignDesk,
    pub worker: Campaigns,
}

impl World {
    pub async fn new() -> Self {
        let hands = Hands(Arc::new(AtomicI64::new(NOW.0)));
        let ambient = Ambient { clock: Arc::new(hands.clone()), ..ambient() };
        let (store, number) = (store(&ambient), number());
        let row = TenantRow { tenant: tenant(), org: None, at: NOW };
        let known = NumberRow {
            tenant: tenant(),
            number: number.id.clone(),
            waba: number.waba.clone(),
            app: number.app.clone(),
        };
        store.commit(Commit::of(vec![Op::PutTenant(row), Op::PutNumber(known)])).await.unwrap();
        let open = Settings { policy: ConsentPolicy::IMPLIED, ..Settings::default() };
        let directory = Directory::new([number]).with_consent([(tenant(), open)].into());
        let nudges = Nudges::default();
        let desk = Desk { store, ambient, directory, nudges };
        let desk = CampaignDesk { desk, pace: Pace::default(), orgs: Orgs::default() };
        let worker = worker(&desk);
        let world = Self { hands, desk, worker };
        world.template(|_| {}).await;
        world
    }

    pub fn store(&self) -> &Store {
        &self.desk.desk.store
    }

    pub fn now(&self) -> UnixMs {
        self.hands.wall()
    }

    pub fn pass(&self, ms: i64) {
        self.hands.0.fetch_add(ms, Ordering::Relaxed);
    }

    pub async fn did(&self, op: Op) -> Did {
        self.store().commit(Commit::of(vec![op])).await.unwrap().remove(0)
    }

    /// Meta's list says so of the template.
    pub async fn template(&self, with: impl Fn(&mut TemplateListed)) {
        let mut template = TemplateListed {
            tenant: tenant(),
            waba: number().waba,
            name: "spring".into(),
            language: "es_MX".into(),
            meta_id: "1".into(),
            state: "APPROVED".into(),
            category: "MARKETING".into(),
            named: false,
            parts: json!([{ "type": "BODY", "text": "Hola {{1}}, hay rebajas." }]).to_string(),
            reason: None,
            quality: Some("GREEN".into()),
            at: self.now(),
        };
        with(&mut template);
        self.did(Op::TemplateListed(template)).await;
    }

    /// A draft with as many people of Mexico.
    pub async fn draft(&self, people: usize, with: Value) -> CampaignId {
        let id = CampaignId::new(&self.desk.desk.ambient);
        self.desk.make(&caller(), id, "Rebajas", None, plan(with)).await.unwrap();
        let lines: Vec<_> = (0..people).map(|n| format!("+52 55 1{:07},Ana {n}", n)).collect();
        let file = format!("phone,name\n{}", lines.join("\n"));
        let taken = self.desk.add(&caller(), id, file.as_bytes()).await.unwrap();
        assert_eq!((taken.new, taken.refused), (people as u64, 0), "{:?}", taken.complaints);
        id
    }

    pub async fn running(&self, people: usize, with: Value) -> CampaignId {
        let id = self.draft(people, with).await;
        self.check(id).await.unwrap();
        self.desk.start(&caller(), id, None).await.unwrap();
        id
    }

    pub async fn check(&self, id: CampaignId) -> Result<Report, Refusal> {
        let checked = self.desk.check(&caller(), id).await?;
        Ok(Report::kept(&checked.report.unwrap()).unwrap())
    }

    pub async fn turn(&self) {
        self.worker.turn().await.unwrap();
    }

    pub async fn campaign(&self, id: CampaignId) -> Campaign {
        self.desk.campaign(&tenant(), id).await.unwrap()
    }

    pub async fn members(&self, id: CampaignId) -> Vec<Member> {
        self.store().members_after(&tenant(), id, 0, 9_999).await.unwrap()
    }

    pub async fn in_state(&self, id: CampaignId, state: MemberState) -> usize {
        self.members(id).await.iter().filter(|member| member.state == state).count()
    }

    pub async fn queued(&self) -> Vec<OutboxId> {
        let state = OutboxState::Queued;
        let rows = self.store().outbox_in_state(&tenant(), state, 9_999).await.unwrap();
        rows.into_iter().filter(|row| row.due_at <= self.now()).map(|row| row.id).collect()
    }

    pub async fn permit(&self, outbox: OutboxId) -> SendPermit {
        let did = self
            .did(Op::BeginSend(BeginSend {
                tenant: tenant(),
                outbox,
                attempt: AttemptId::new(&self.desk.desk.ambient),
                at: self.now(),
                deadline: self.now().plus(10_000),
                sync_due_at: self.now(),
                policy: ConsentPolicy::IMPLIED,
            }))
            .await;
        let Did::Permit(permit) = did else { panic!("{did:?}") };
        permit
    }

    pub async fn call(&self, outbox: OutboxId, end: SendEnd) {
        let permit = self.permit(outbox).await;
        let (at, sync_due_at) = (self.now(), self.now());
        self.did(Op::FinishSend(FinishSend { permit, at, end, sync_due_at })).await;
    }

    /// Meta took it, and then failed it with this code.
    pub async fn fails(&self, outbox: OutboxId, code: &str) {
        self.call(outbox, taken(outbox)).await;
        let seen = StatusSeen {
            tenant: tenant(),
            number: number().id,
            state_key: key(outbox),
            status: Status::Failed,
            at: self.now(),
            code: Some(code.into()),
            detail: None,
            pricing: None,
            attempt: None,
            wamid: outbox.to_string(),
            sync_due_at: self.now(),
        };
        self.did(Op::MergeStatus(seen)).await;
    }
}

pub fn worker(desk: &CampaignDesk) -> Campaigns {
    let lease = Lease {
        store: desk.desk.store.clone(),
        ambient: desk.desk.ambient.clone(),
        name: "campaigns".into(),
        holder: "test".into(),
        taken: Arc::default(),
    };
    Campaigns::new(desk.desk.clone(), Pace::default(), lease)
}

pub fn caller() -> Caller {
    Caller { tenant: tenant(), key: KeyId::from_bytes([5; 16]), acting_user: None }
}

pub fn plan(with: Value) -> Map<String, Value> {
    let body =
        json!({ "type": "body", "parameters": [{ "type": "text", "text": "{{name|amigo}}" }] });
    let template =
        json!({ "name": "spring", "language": { "code": "es_MX" }, "components": [body] });
    let mut plan = json!({ "template": template, "tier": "UNLIMITED" });
    plan.as_object_mut().unwrap().extend(with.as_object().unwrap().clone());
    plan.as_object().unwrap().clone()
}

pub fn key(outbox: OutboxId) -> [u8; 16] {
    *outbox.as_bytes()
}

pub fn taken(outbox: OutboxId) -> SendEnd {
    SendEnd::Accepted { state_key: key(outbox), wamid: outbox.to_string() }
}
