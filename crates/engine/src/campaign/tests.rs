//! Campaigns over a store in memory: the desk, the worker, and sends that end as
//! a test says.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use model::ids::{AttemptId, CampaignId, KeyId, OutboxId};
use model::{Ambient, Clock, Denied, Status, UnixMs};
use serde_json::{Map, Value, json};
use store::op::{
    BeginSend, FinishSend, NumberRow, SendEnd, SendPermit, StatusSeen, TemplateListed, TenantRow,
};
use store::{Campaign, CampaignState, Commit, Did, Member, MemberState, Op, OutboxState, Store};

use super::{CampaignDesk, Campaigns, Report};
use crate::consent::Said;
use crate::directory::Directory;
use crate::lease::Lease;
use crate::nudge::Nudges;
use crate::outbound::{Caller, Desk, Pace, Refusal};
use crate::stage::{NOW, ambient, number, store, tenant};

const DAY_MS: i64 = 86_400_000;
const HOUR_MS: i64 = 3_600_000;

#[derive(Clone)]
struct Hands(Arc<AtomicI64>);

impl Clock for Hands {
    fn wall(&self) -> UnixMs {
        UnixMs(self.0.load(Ordering::Relaxed))
    }

    fn mono(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

struct World {
    hands: Hands,
    desk: CampaignDesk,
    worker: Campaigns,
}

impl World {
    async fn new() -> Self {
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
        let directory = Directory::new([number]);
        let nudges = Nudges::default();
        let desk = Desk { store, ambient, directory, nudges };
        let desk = CampaignDesk { desk, pace: Pace::default() };
        let worker = worker(&desk);
        let world = Self { hands, desk, worker };
        world.template(|_| {}).await;
        world
    }

    fn store(&self) -> &Store {
        &self.desk.desk.store
    }

    fn now(&self) -> UnixMs {
        self.hands.wall()
    }

    fn pass(&self, ms: i64) {
        self.hands.0.fetch_add(ms, Ordering::Relaxed);
    }

    async fn did(&self, op: Op) -> Did {
        self.store().commit(Commit::of(vec![op])).await.unwrap().remove(0)
    }

    /// Meta's list says so of the template.
    async fn template(&self, with: impl Fn(&mut TemplateListed)) {
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
    async fn draft(&self, people: usize, with: Value) -> CampaignId {
        let id = CampaignId::new(&self.desk.desk.ambient);
        self.desk.make(&caller(), id, "Rebajas", None, plan(with)).await.unwrap();
        let lines: Vec<_> = (0..people).map(|n| format!("+52 55 1{:07},Ana {n}", n)).collect();
        let file = format!("phone,name\n{}", lines.join("\n"));
        let taken = self.desk.add(&caller(), id, file.as_bytes()).await.unwrap();
        assert_eq!((taken.new, taken.refused), (people as u64, 0), "{:?}", taken.complaints);
        id
    }

    async fn running(&self, people: usize, with: Value) -> CampaignId {
        let id = self.draft(people, with).await;
        self.check(id).await.unwrap();
        self.desk.start(&caller(), id, None).await.unwrap();
        id
    }

    async fn check(&self, id: CampaignId) -> Result<Report, Refusal> {
        let checked = self.desk.check(&caller(), id).await?;
        Ok(Report::kept(&checked.report.unwrap()).unwrap())
    }

    async fn turn(&self) {
        self.worker.turn().await.unwrap();
    }

    async fn campaign(&self, id: CampaignId) -> Campaign {
        self.desk.campaign(&tenant(), id).await.unwrap()
    }

    async fn members(&self, id: CampaignId) -> Vec<Member> {
        self.store().members_after(&tenant(), id, 0, 9_999).await.unwrap()
    }

    async fn in_state(&self, id: CampaignId, state: MemberState) -> usize {
        self.members(id).await.iter().filter(|member| member.state == state).count()
    }

    async fn queued(&self) -> Vec<OutboxId> {
        let state = OutboxState::Queued;
        let rows = self.store().outbox_in_state(&tenant(), state, 9_999).await.unwrap();
        rows.into_iter().filter(|row| row.due_at <= self.now()).map(|row| row.id).collect()
    }

    async fn permit(&self, outbox: OutboxId) -> SendPermit {
        let did = self
            .did(Op::BeginSend(BeginSend {
                tenant: tenant(),
                outbox,
                attempt: AttemptId::new(&self.desk.desk.ambient),
                at: self.now(),
                deadline: self.now().plus(10_000),
                sync_due_at: self.now(),
                policy: Default::default(),
            }))
            .await;
        let Did::Permit(permit) = did else { panic!("{did:?}") };
        permit
    }

    async fn call(&self, outbox: OutboxId, end: SendEnd) {
        let permit = self.permit(outbox).await;
        let (at, sync_due_at) = (self.now(), self.now());
        self.did(Op::FinishSend(FinishSend { permit, at, end, sync_due_at })).await;
    }

    /// Meta took it, and then failed it with this code.
    async fn fails(&self, outbox: OutboxId, code: &str) {
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

fn worker(desk: &CampaignDesk) -> Campaigns {
    let lease = Lease {
        store: desk.desk.store.clone(),
        ambient: desk.desk.ambient.clone(),
        name: "campaigns".into(),
        holder: "test".into(),
        taken: Arc::default(),
    };
    Campaigns::new(desk.desk.clone(), Pace::default(), lease)
}

fn caller() -> Caller {
    Caller { tenant: tenant(), key: KeyId::from_bytes([5; 16]), acting_user: None }
}

fn plan(with: Value) -> Map<String, Value> {
    let body =
        json!({ "type": "body", "parameters": [{ "type": "text", "text": "{{name|amigo}}" }] });
    let template =
        json!({ "name": "spring", "language": { "code": "es_MX" }, "components": [body] });
    let mut plan = json!({ "template": template, "tier": "UNLIMITED" });
    plan.as_object_mut().unwrap().extend(with.as_object().unwrap().clone());
    plan.as_object().unwrap().clone()
}

fn key(outbox: OutboxId) -> [u8; 16] {
    *outbox.as_bytes()
}

fn taken(outbox: OutboxId) -> SendEnd {
    SendEnd::Accepted { state_key: key(outbox), wamid: outbox.to_string() }
}

#[tokio::test]
async fn an_audience_is_read_line_by_line_and_the_same_file_adds_nobody() {
    let w = World::new().await;
    let id = w.draft(3, json!({})).await;
    let file = "phone;name;city\n+525510000000;Otra;x\n5510000001;Sin;x\n+52 55 9999 9999;Eva;x\n\
                +525599999999;Eva;x\nMX.1;Bis;x\n";
    let taken = w.desk.add(&caller(), id, file.as_bytes()).await.unwrap();
    assert_eq!((taken.new, taken.known, taken.refused), (1, 2, 2), "{taken:?}");
    assert_eq!(taken.complaints.iter().map(|c| c.line).collect::<Vec<_>>(), [Some(3), Some(6)]);
    assert_eq!(taken.unused, ["city"]);
    let again = w.desk.add(&caller(), id, file.as_bytes()).await.unwrap();
    assert_eq!((again.new, again.known), (0, 3));
    let members = w.members(id).await;
    assert_eq!(members.len(), 4);
    assert_eq!(members[0].bound, br#"{"name":"Ana 0"}"#, "the first line holds");
}

#[tokio::test]
async fn a_check_says_who_is_left_out_and_sends_nothing() {
    let w = World::new().await;
    let plan = json!({ "tier": "2K", "zone": "America/Mexico_City" });
    let id = w.draft(3, plan).await;
    w.desk.add(&caller(), id, b"phone,name\n+12025550123,Sam\n").await.unwrap();
    let said = Said {
        whom: "+525510000000".into(),
        purpose: model::Purpose::Marketing,
        kind: model::ConsentKind::OptOut,
        channel: "api".into(),
        source: "api".into(),
        happened_at: None,
        wording: None,
        evidence: None,
    };
    w.desk.desk.record_consent(&caller(), &said).await.unwrap();
    let report = w.check(id).await.unwrap();
    let left: Vec<_> = report.left_out.iter().map(|(why, n)| (why.as_str(), *n)).collect();
    assert_eq!((report.taken, left), (2, vec![("opted_out", 1), ("united_states", 1)]));
    assert_eq!((report.tier_left, report.by_tier), (Some(1_800), false));
    assert!(report.ends_at.is_some());
    assert_eq!(w.campaign(id).await.state, CampaignState::Checked);
    w.turn().await;
    assert!(w.queued().await.is_empty());
    w.desk.start(&caller(), id, None).await.unwrap();
    w.turn().await;
    assert_eq!(w.queued().await.len(), 2);
    let codes: Vec<_> = w.members(id).await.into_iter().filter_map(|m| m.code).collect();
    assert_eq!(codes, ["puente.opted_out", "puente.united_states"]);
}

#[tokio::test]
async fn a_plan_or_a_template_that_cannot_be_sent_is_refused_with_its_field() {
    let w = World::new().await;
    for (with, field) in [
        (json!({ "zone": "Bogota" }), "zone"),
        (json!({ "quiet": "night" }), "quiet"),
        (json!({ "days": ["lunes"] }), "days"),
        (json!({ "tier": "many" }), "tier"),
        (json!({ "per_second": 0 }), "per_second"),
        (json!({ "cap": { "messages": 0, "days": 1 } }), "cap.messages"),
        (json!({ "pause_at": { "failed": 101 } }), "pause_at"),
        (json!({ "ends_at": "2025-01-01T00:00" }), "ends_at"),
        (json!({ "colour": 1 }), "plan"),
        (json!({ "template": { "name": "spring" } }), "plan.template"),
    ] {
        let id = CampaignId::new(&w.desk.desk.ambient);
        let refused = w.desk.make(&caller(), id, "x", None, plan(with)).await.unwrap_err();
        assert_eq!(refused.field.as_deref(), Some(field), "{refused:?}");
    }
    let empty = w.draft(0, json!({})).await;
    assert_eq!(w.check(empty).await.unwrap_err().field.as_deref(), Some("audience"));
    let refused = w.desk.start(&caller(), empty, None).await.unwrap_err();
    assert_eq!(refused.code.as_str(), "puente.campaign_state");
    assert!(refused.cause.contains("check it first"), "{}", refused.cause);
    let id = w.draft(1, json!({})).await;
    w.template(|template| template.state = "PAUSED".into()).await;
    assert_eq!(w.check(id).await.unwrap_err().code.as_str(), "puente.template_stopped");
}

#[tokio::test]
async fn each_member_is_queued_once_whenever_the_worker_is_another() {
    let w = World::new().await;
    let id = w.running(120, json!({})).await;
    for _ in 0..6 {
        worker(&w.desk).turn().await.unwrap();
        w.pass(1_000);
    }
    let sends = w.queued().await;
    assert_eq!(sends.len(), 120);
    // of some the answer is lost, and of some the answer comes while nobody hears
    for (n, outbox) in sends.iter().enumerate() {
        let lost = SendEnd::Uncertain {
            code: "wa.no_answer".into(),
            detail: String::new(),
            until: w.now().plus(120_000),
        };
        w.call(*outbox, if n % 10 == 0 { lost } else { taken(*outbox) }).await;
    }
    for _ in 0..3 {
        worker(&w.desk).turn().await.unwrap();
        w.pass(DAY_MS);
    }
    assert_eq!(w.queued().await.len(), 0);
    assert_eq!(w.in_state(id, MemberState::Uncertain).await, 12);
    assert_eq!(w.in_state(id, MemberState::Sent).await, 108);
    assert!(w.members(id).await.iter().all(|member| member.rounds == 1));
    assert_eq!(w.campaign(id).await.state, CampaignState::Done);
}

#[tokio::test]
async fn what_meta_holds_back_is_tried_after_a_day_and_then_ever_later() {
    let w = World::new().await;
    let id = w.running(1, json!({ "pause_at": { "failed": 100 } })).await;
    for gap in [1, 2, 4] {
        w.turn().await;
        w.pass(1_000);
        w.fails(w.queued().await[0], "wa.131049").await;
        w.turn().await;
        let member = w.members(id).await.remove(0);
        let told = (member.state, member.code.as_deref());
        assert_eq!(told, (MemberState::HeldBack, Some("wa.131049")));
        let waits = member.due_at.since(w.now());
        assert!((gap * DAY_MS..gap * DAY_MS + 2 * HOUR_MS).contains(&waits), "{gap}: {waits}");
        w.pass(gap * DAY_MS - 1);
        w.turn().await;
        assert!(w.queued().await.is_empty(), "not before");
        w.pass(2 * HOUR_MS);
    }
    w.turn().await;
    w.fails(w.queued().await[0], "wa.131049").await;
    w.turn().await;
    assert_eq!(w.in_state(id, MemberState::Failed).await, 1);
    w.pass(7 * HOUR_MS);
    w.turn().await;
    assert_eq!(w.campaign(id).await.state, CampaignState::Done);
}

#[tokio::test]
async fn what_would_end_alike_for_all_pauses_it_and_loses_nobody() {
    for (code, why) in [
        ("wa.131063", "marketing_elsewhere"),
        ("wa.131048", "spam"),
        ("puente.template_stopped", "template"),
    ] {
        let w = World::new().await;
        let id = w.running(20, json!({})).await;
        w.turn().await;
        let sends = w.queued().await;
        w.fails(sends[0], code).await;
        w.turn().await;
        let paused = w.campaign(id).await;
        assert_eq!((paused.state, paused.why.as_deref()), (CampaignState::Paused, Some(why)));
        assert!(w.queued().await.is_empty(), "{code}: what waits is held");
        w.pass(HOUR_MS);
        w.turn().await;
        assert!(w.queued().await.is_empty());
        w.desk.resume(&caller(), id).await.unwrap();
        w.pass(6_000);
        w.turn().await;
        assert_eq!(w.queued().await.len(), 20, "{code}: with the one that failed");
    }
}

#[tokio::test]
async fn it_pauses_at_failures_and_at_a_lower_rating_and_a_resume_counts_anew() {
    let w = World::new().await;
    let id = w.running(40, json!({ "pause_at": { "failed": 20, "after": 10 } })).await;
    w.turn().await;
    let sends = w.queued().await;
    for (n, outbox) in sends.iter().take(10).enumerate() {
        match n < 3 {
            true => w.fails(*outbox, "wa.131026").await,
            false => w.call(*outbox, taken(*outbox)).await,
        }
    }
    w.turn().await;
    w.pass(6_000);
    w.turn().await;
    assert_eq!(w.campaign(id).await.why.as_deref(), Some("failures"));
    w.desk.resume(&caller(), id).await.unwrap();
    w.pass(6_000);
    w.turn().await;
    assert_eq!(w.campaign(id).await.state, CampaignState::Running, "what was seen is seen");
    w.template(|template| template.quality = Some("YELLOW".into())).await;
    w.pass(6_000);
    w.turn().await;
    assert_eq!(w.campaign(id).await.why.as_deref(), Some("template_quality"));
}

#[tokio::test]
async fn a_stop_takes_back_what_was_not_called_and_waits_for_what_was() {
    let w = World::new().await;
    let id = w.running(10, json!({})).await;
    w.turn().await;
    let first = w.queued().await[0];
    let permit = w.permit(first).await;
    w.desk.stop(&caller(), id).await.unwrap();
    w.turn().await;
    assert_eq!(w.in_state(id, MemberState::LeftOut).await, 9);
    assert_eq!(w.campaign(id).await.state, CampaignState::Stopping, "a call is open");
    let (at, sync_due_at) = (w.now(), w.now());
    let end = taken(first);
    w.did(Op::FinishSend(FinishSend { permit, at, end, sync_due_at })).await;
    w.turn().await;
    assert_eq!(w.campaign(id).await.state, CampaignState::Stopped);
    assert_eq!(w.in_state(id, MemberState::Sent).await, 1);
    let refused = w.desk.resume(&caller(), id).await.unwrap_err();
    assert!(refused.cause.contains("make a new campaign"), "{}", refused.cause);
}

#[tokio::test]
async fn it_begins_at_its_time_and_nobody_is_written_to_in_quiet_hours() {
    let w = World::new().await;
    let with = json!({ "zone": "America/Bogota", "quiet": "21:00-08:00" });
    let id = w.draft(5, with).await;
    w.check(id).await.unwrap();
    // it is seven in the evening there
    w.desk.start(&caller(), id, Some("2025-12-31T20:59")).await.unwrap();
    w.turn().await;
    assert_eq!(w.campaign(id).await.state, CampaignState::Scheduled);
    w.pass(2 * HOUR_MS);
    w.turn().await;
    w.turn().await;
    let waits = w.campaign(id).await;
    assert_eq!((waits.state, waits.wait_for.as_deref()), (CampaignState::Running, Some("hours")));
    assert_eq!(waits.wait_until, Some(NOW.plus(13 * HOUR_MS)));
    assert!(w.queued().await.is_empty());
    w.pass(11 * HOUR_MS);
    w.turn().await;
    assert_eq!(w.queued().await.len(), 5);
    assert_eq!(w.campaign(id).await.wait_for, None);
}

#[tokio::test]
async fn no_more_people_than_the_portfolio_has_left_and_the_cap_holds_over_campaigns() {
    let w = World::new().await;
    let id = w.running(300, json!({ "tier": "250" })).await;
    for _ in 0..20 {
        w.turn().await;
        for outbox in w.queued().await {
            w.call(outbox, taken(outbox)).await;
        }
        w.pass(1_000);
    }
    assert_eq!(w.in_state(id, MemberState::Sent).await, 225, "a tenth is not for campaigns");
    assert_eq!(w.campaign(id).await.wait_for.as_deref(), Some("tier"));
    w.desk.stop(&caller(), id).await.unwrap();
    w.turn().await;
    let capped = json!({ "cap": { "messages": 1, "days": 7 } });
    let other = w.running(226, capped).await;
    w.turn().await;
    assert_eq!(w.queued().await.len(), 1, "who was written to waits");
    let waiting = w.members(other).await;
    let waits = waiting.iter().filter(|member| member.state == MemberState::Waiting);
    let waits: Vec<_> = waits.map(|member| member.due_at.since(w.now())).collect();
    assert_eq!(waits.len(), 225);
    assert!(waits.iter().all(|ms| (6 * DAY_MS..=7 * DAY_MS).contains(ms)));
}

#[tokio::test]
async fn who_opts_out_while_queued_is_left_out_and_not_failed() {
    let w = World::new().await;
    let id = w.running(1, json!({})).await;
    w.turn().await;
    let outbox = w.queued().await[0];
    let said = Said {
        whom: "+525510000000".into(),
        purpose: model::Purpose::Marketing,
        kind: model::ConsentKind::OptOut,
        channel: "api".into(),
        source: "api".into(),
        happened_at: None,
        wording: None,
        evidence: None,
    };
    w.desk.desk.record_consent(&caller(), &said).await.unwrap();
    let begin = BeginSend {
        tenant: tenant(),
        outbox,
        attempt: AttemptId::new(&w.desk.desk.ambient),
        at: w.now(),
        deadline: w.now().plus(10_000),
        sync_due_at: w.now(),
        policy: Default::default(),
    };
    let did = w.did(Op::BeginSend(begin)).await;
    assert_eq!(did, Did::NotNow(store::op::NotNow::Denied(Denied::OptedOut)));
    w.turn().await;
    let member = w.members(id).await.remove(0);
    let told = (member.state, member.code.as_deref());
    assert_eq!(told, (MemberState::LeftOut, Some("puente.opted_out")));
}
