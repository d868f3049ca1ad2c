//! Campaigns: each person once, through crashes, pauses and stops.

use model::Status;
use model::ids::{CampaignId, KeyId, OutboxId, PersonId, RecordId, TenantId};
use store::op::*;
use store::{CampaignState, Class, Did, MemberState, Op, OutboxState, StoreError};

use crate::ambient::T0;
use crate::world::{HOUR, MINUTE, Sent, Thread, World, accepted, status};

const DRAFT: CampaignState = CampaignState::Draft;
const RUNNING: CampaignState = CampaignState::Running;
const PAUSED: CampaignState = CampaignState::Paused;

fn new(w: &World, tenant: &TenantId) -> (CampaignId, Op) {
    let id = CampaignId::new(&w.ambient);
    let op = NewCampaign {
        tenant: tenant.clone(),
        id,
        name: "spring".into(),
        number: model::ids::PhoneNumberId::new("100"),
        plan: "{}".into(),
        audience_in: true,
        shown_in: Some(RecordId::new("701550000000001AAA")),
        at: T0,
        by: KeyId::from_bytes([5; 16]),
        acting_user: None,
    };
    (id, Op::NewCampaign(op))
}

fn to(tenant: &TenantId, id: CampaignId, from: CampaignState, to: CampaignState) -> Op {
    Op::MoveCampaign(CampaignMove {
        tenant: tenant.clone(),
        id,
        from: vec![from],
        to,
        at: T0.plus(MINUTE),
        start_at: None,
        why: None,
        report: None,
    })
}

fn members(tenant: &TenantId, campaign: CampaignId, people: &[PersonId]) -> Op {
    let member = |person: &PersonId| NewMember {
        person: *person,
        member: None,
        bound: b"{\"name\":\"Ana\"}".to_vec(),
    };
    let members = people.iter().map(member).collect();
    Op::NewMembers(NewMembers { tenant: tenant.clone(), campaign, at: T0, members })
}

/// A running campaign of one person.
async fn running(w: &World) -> (Thread, CampaignId) {
    let thread = w.thread().await;
    let (id, op) = new(w, &thread.tenant);
    w.did(op).await;
    w.did(members(&thread.tenant, id, &[thread.person])).await;
    w.did(to(&thread.tenant, id, DRAFT, RUNNING)).await;
    (thread, id)
}

/// The member's send, as the desk accepts it.
fn send(w: &World, thread: &Thread, campaign: CampaignId, rounds: u32) -> (Sent, Op) {
    w.outbox(thread, |new| {
        new.class = Class::Campaign;
        new.free_form = false;
        new.request_key = [rounds as u8 + 1; 32];
        new.effects.push(Op::QueueMember(MemberQueued {
            tenant: thread.tenant.clone(),
            campaign,
            person: thread.person,
            rounds,
            outbox: new.id,
        }));
    })
}

async fn state(w: &World, thread: &Thread, id: CampaignId) -> (MemberState, Option<String>) {
    let member = w.store.members_after(&thread.tenant, id, 0, 9).await.unwrap().remove(0);
    (member.state, member.code)
}

fn step(thread: &Thread, campaign: CampaignId, outbox: Option<OutboxId>) -> MemberStep {
    MemberStep {
        tenant: thread.tenant.clone(),
        campaign,
        person: thread.person,
        outbox,
        from: vec![MemberState::Queued],
        to: MemberState::Sent,
        code: None,
        due_at: None,
        sent_at: Some(T0.plus(MINUTE)),
    }
}

pub async fn a_campaign_goes_only_where_its_state_lets_it(w: World) {
    let tenant = w.tenant("acme").await;
    let (id, op) = new(&w, &tenant);
    assert_eq!(w.did(op.clone()).await, Did::New(true));
    assert_eq!(w.did(op).await, Did::New(false));
    let made = w.store.campaign(&tenant, id).await.unwrap().unwrap();
    assert_eq!((made.state, made.name.as_str(), made.plan.as_str()), (DRAFT, "spring", "{}"));
    assert!(matches!(w.refused(to(&tenant, id, PAUSED, RUNNING)).await, StoreError::Conflict(_)));
    w.did(to(&tenant, id, DRAFT, RUNNING)).await;
    assert!(matches!(w.refused(to(&tenant, id, DRAFT, RUNNING)).await, StoreError::Conflict(_)));
    let page = Op::CampaignPage(CampaignPage {
        tenant: tenant.clone(),
        id,
        page: Some("9".into()),
        audience_in: true,
    });
    assert!(w.refused(page).await.is_conflict(), "what runs has its audience");
    assert!(w.refused(members(&tenant, id, &[])).await.is_conflict());
    let running = w.store.campaign(&tenant, id).await.unwrap().unwrap();
    assert_eq!((running.state, running.started_at), (RUNNING, Some(T0.plus(MINUTE))));
    w.did(to(&tenant, id, RUNNING, CampaignState::Done)).await;
    assert!(w.store.campaigns_open(&tenant).await.unwrap().is_empty());
    let all = w.store.campaigns(&tenant, None, 10).await.unwrap();
    assert_eq!(all.iter().filter(|one| one.state == CampaignState::Done).count(), 1);
    let other = w.tenant("globex").await;
    assert_eq!(w.store.campaign(&other, id).await.unwrap(), None);
    assert!(w.refused(to(&other, id, CampaignState::Done, RUNNING)).await.is_conflict());
}

pub async fn a_person_is_a_member_once(w: World) {
    let tenant = w.tenant("acme").await;
    w.number(&tenant, "100").await;
    let (one, two) = (w.person(&tenant, "100").await, w.person(&tenant, "100").await);
    let (id, op) = new(&w, &tenant);
    w.did(op).await;
    let people = [one.person, two.person, one.person];
    assert_eq!(w.did(members(&tenant, id, &people)).await, Did::Count(2));
    assert_eq!(w.did(members(&tenant, id, &people[..1])).await, Did::Count(0));
    let all = w.store.members_after(&tenant, id, 0, 9).await.unwrap();
    assert_eq!(all.iter().map(|m| m.person).collect::<Vec<_>>(), people[..2]);
    assert_eq!(all[0].bound, b"{\"name\":\"Ana\"}");
    let rest = w.store.members_after(&tenant, id, all[0].seq, 9).await.unwrap();
    assert_eq!(rest, all[1..]);
    // the page and where it ends are one commit: neither holds without the other
    let page = |tenant: TenantId| {
        Op::CampaignPage(CampaignPage { tenant, id, page: Some("7".into()), audience_in: false })
    };
    let nobody = PersonId::new(&w.ambient);
    let broken = vec![members(&tenant, id, &[nobody]), page(tenant.clone())];
    assert!(w.commit(broken).await.is_err());
    assert_eq!(w.store.campaign(&tenant, id).await.unwrap().unwrap().page, None);
    w.commit(vec![members(&tenant, id, &[]), page(tenant.clone())]).await.unwrap();
    assert_eq!(w.store.campaign(&tenant, id).await.unwrap().unwrap().page, Some("7".into()));
}

pub async fn a_member_is_queued_with_its_send_or_not_at_all(w: World) {
    let (thread, id) = running(&w).await;
    let due = w.store.members_due(&thread.tenant, id, T0, 9).await.unwrap();
    assert_eq!(due.iter().map(|m| (m.person, m.rounds)).collect::<Vec<_>>(), [(thread.person, 0)]);
    assert_eq!(w.store.member_next(&thread.tenant, id).await.unwrap(), Some(T0));
    let (sent, op) = send(&w, &thread, id, 0);
    assert_eq!(w.did(op.clone()).await, Did::Accepted);
    assert_eq!(w.did(op).await, Did::Known { outbox: sent.outbox, same_body: true });
    assert_eq!(state(&w, &thread, id).await.0, MemberState::Queued);
    assert!(w.store.members_due(&thread.tenant, id, T0, 9).await.unwrap().is_empty());
    assert_eq!(w.store.member_next(&thread.tenant, id).await.unwrap(), None);
    // a second send of a member that does not wait is not accepted
    let (second, op) = send(&w, &thread, id, 1);
    assert!(matches!(w.refused(op).await, StoreError::Conflict("campaign_member")));
    assert!(w.store.outbox(&thread.tenant, second.outbox).await.unwrap().is_none());
    let (tenant, people) = (&thread.tenant, [thread.person]);
    let other = CampaignId::new(&w.ambient);
    let written = w.store.members_written(tenant, &people, T0, other).await.unwrap();
    assert_eq!(written.get(&thread.person), Some(&vec![None]));
    assert!(w.store.members_written(tenant, &people, T0, id).await.unwrap().is_empty());
}

pub async fn a_paused_campaign_sends_nothing_more(w: World) {
    let (thread, id) = running(&w).await;
    let (sent, op) = send(&w, &thread, id, 0);
    w.did(op).await;
    w.did(to(&thread.tenant, id, RUNNING, PAUSED)).await;
    let later = T0.plus(1_000 * HOUR);
    assert!(w.claim(later).await.is_empty());
    assert_eq!(w.begin(&thread, &sent, later).await, Did::NotNow(NotNow::Gone));
    let held = Op::HoldCampaign(CampaignHeld { tenant: thread.tenant.clone(), id, until: T0 });
    w.did(held).await;
    assert!(w.claim(later).await.is_empty(), "what is held longer stays so");
    w.did(to(&thread.tenant, id, PAUSED, RUNNING)).await;
    assert!(matches!(w.begin(&thread, &sent, T0.plus(MINUTE)).await, Did::Permit(_)));
    // and what is not queued yet is not accepted while it is paused
    let (other, _) = running(&w).await;
    let (waiting, op) = {
        let (id, made) = new(&w, &other.tenant);
        w.did(made).await;
        w.did(members(&other.tenant, id, &[other.person])).await;
        send(&w, &other, id, 7)
    };
    assert!(matches!(w.refused(op).await, StoreError::Conflict("campaign")));
    assert!(w.store.outbox(&other.tenant, waiting.outbox).await.unwrap().is_none());
}

pub async fn what_is_queued_is_withdrawn_and_what_is_called_is_not(w: World) {
    let (thread, id) = running(&w).await;
    let (sent, op) = send(&w, &thread, id, 0);
    w.did(op).await;
    w.did(to(&thread.tenant, id, RUNNING, CampaignState::Stopping)).await;
    let withdraw = |outbox| {
        let (tenant, code) = (thread.tenant.clone(), "puente.campaign_stopped".into());
        Op::WithdrawSend(SendWithdrawn { tenant, outbox, at: T0, code })
    };
    w.did(withdraw(sent.outbox)).await;
    let row = w.store.outbox(&thread.tenant, sent.outbox).await.unwrap().unwrap();
    assert_eq!(row.state, OutboxState::Dropped);
    let told = (MemberState::LeftOut, Some("puente.campaign_stopped".to_owned()));
    assert_eq!(state(&w, &thread, id).await, told);
    assert_eq!(w.begin(&thread, &sent, T0.plus(HOUR)).await, Did::NotNow(NotNow::Gone));
    let live = w.sent(&thread).await;
    w.permit(&thread, &live).await;
    w.did(withdraw(live.outbox)).await;
    assert_eq!(w.outbox_state(&thread, &live).await, OutboxState::Sending);
}

pub async fn a_member_follows_its_last_send(w: World) {
    let (thread, id) = running(&w).await;
    let (sent, op) = send(&w, &thread, id, 0);
    w.did(op).await;
    let told =
        || async { w.store.member_sends(&thread.tenant, &[sent.outbox]).await.unwrap().remove(0) };
    let first = told().await;
    assert_eq!((first.send, first.status, first.rounds), (OutboxState::Queued, None, 1));
    let permit = w.permit(&thread, &sent).await;
    w.finish(&permit, accepted()).await;
    let second = told().await;
    assert_eq!((second.send, second.status), (OutboxState::Accepted, Some(Status::Accepted)));
    assert_eq!(second.accepted_at, Some(T0.plus(50)));
    let mut failed = status(&thread, Status::Failed, T0.plus(MINUTE));
    failed.code = Some("wa.131049".into());
    w.did(Op::MergeStatus(failed)).await;
    let third = told().await;
    assert_eq!(
        (third.status, third.status_code.as_deref()),
        (Some(Status::Failed), Some("wa.131049"))
    );
    assert_eq!(third.failed_at, Some(T0.plus(MINUTE)));
    // another send than the last one, and another state, change nothing
    w.did(Op::MemberStep(step(&thread, id, Some(OutboxId::new(&w.ambient))))).await;
    w.did(Op::MemberStep(step(&thread, id, None))).await;
    assert_eq!(state(&w, &thread, id).await.0, MemberState::Queued);
    w.did(Op::MemberStep(step(&thread, id, Some(sent.outbox)))).await;
    assert_eq!(state(&w, &thread, id).await.0, MemberState::Sent);
    let again = MemberStep {
        from: vec![MemberState::Sent],
        to: MemberState::HeldBack,
        code: Some("wa.131049".into()),
        due_at: Some(T0.plus(24 * HOUR)),
        sent_at: None,
        ..step(&thread, id, Some(sent.outbox))
    };
    w.did(Op::MemberStep(again)).await;
    assert!(w.store.members_due(&thread.tenant, id, T0.plus(HOUR), 9).await.unwrap().is_empty());
    let due = w.store.members_due(&thread.tenant, id, T0.plus(24 * HOUR), 9).await.unwrap();
    assert_eq!((due[0].rounds, due[0].sent_at), (1, Some(T0.plus(MINUTE))));
    let (_, op) = send(&w, &thread, id, 1);
    assert_eq!(w.did(op).await, Did::Accepted);
}

pub async fn counts_are_those_of_the_members_and_of_no_other_tenant(w: World) {
    let (thread, id) = running(&w).await;
    let other = w.tenant("globex").await;
    let left = MemberStep {
        from: vec![MemberState::Waiting],
        to: MemberState::LeftOut,
        code: Some("puente.opted_out".into()),
        sent_at: None,
        ..step(&thread, id, None)
    };
    w.did(Op::MemberStep(left)).await;
    let counts = w.store.member_counts(&thread.tenant, id).await.unwrap();
    let one = &counts[0];
    assert_eq!((counts.len(), one.state, one.members), (1, MemberState::LeftOut, 1));
    assert_eq!(one.code.as_deref(), Some("puente.opted_out"));
    assert!(w.store.member_counts(&other, id).await.unwrap().is_empty());
    let (thread, id) = running(&w).await;
    let (sent, op) = send(&w, &thread, id, 0);
    assert_eq!(w.store.members_queued(&thread.tenant, id).await.unwrap(), 0);
    w.did(op).await;
    assert_eq!(w.store.members_queued(&thread.tenant, id).await.unwrap(), 1);
    let permit = w.permit(&thread, &sent).await;
    w.finish(&permit, accepted()).await;
    let numbers = [thread.number.clone()];
    let opened = w.store.people_opened(&thread.tenant, &numbers, T0).await.unwrap();
    assert_eq!(opened, (1, Some(T0.plus(50))));
    assert_eq!(w.store.people_opened(&other, &numbers, T0).await.unwrap(), (0, None));
    let later = w.store.people_opened(&thread.tenant, &numbers, T0.plus(50)).await.unwrap();
    assert_eq!(later, (0, None));
}

pub async fn a_reply_counts_once_and_is_shown(w: World) {
    let (thread, id) = running(&w).await;
    let (sent, op) = send(&w, &thread, id, 0);
    w.did(op).await;
    let reply = |at, since| {
        let (tenant, person) = (thread.tenant.clone(), thread.person);
        Op::MemberReplied(MemberReplied { tenant, person, at, sent_since: since })
    };
    assert_eq!(w.did(reply(T0.plus(HOUR), T0)).await, Did::Count(0), "nothing was sent yet");
    w.did(Op::MemberStep(step(&thread, id, Some(sent.outbox)))).await;
    let unshown = || async { w.store.members_unshown(&thread.tenant, id, T0, 9).await.unwrap() };
    assert_eq!(unshown().await[0].wants, 1);
    let of = |tenant: TenantId, now| {
        let store = w.store.clone();
        async move { store.campaigns_unshown(&tenant, now).await.unwrap().len() }
    };
    assert_eq!(of(thread.tenant.clone(), T0).await, 1);
    assert_eq!(of(TenantId::new("nobody"), T0).await, 0);
    let shown = |end| {
        let (tenant, person) = (thread.tenant.clone(), thread.person);
        Op::MemberShown(MemberShown { tenant, campaign: id, person, end })
    };
    let member = RecordId::new("00v550000000001AAA");
    w.did(shown(ShowEnd::Again { at: T0.plus(MINUTE) })).await;
    assert!(unshown().await.is_empty());
    assert_eq!(of(thread.tenant.clone(), T0).await, 0);
    assert_eq!(of(thread.tenant.clone(), T0.plus(MINUTE)).await, 1);
    w.did(shown(ShowEnd::Shows { member: member.clone(), shows: 1 })).await;
    assert_eq!(w.did(reply(T0.plus(9 * HOUR), T0.plus(8 * HOUR))).await, Did::Count(0), "too late");
    assert_eq!(w.did(reply(T0.plus(HOUR), T0)).await, Did::Count(1));
    assert_eq!(w.did(reply(T0.plus(2 * HOUR), T0)).await, Did::Count(0));
    let row = unshown().await.remove(0);
    assert_eq!((row.wants, row.member), (2, Some(member)));
    w.did(shown(ShowEnd::Never { code: "sf.ENTITY_IS_DELETED".into() })).await;
    assert!(unshown().await.is_empty());
    let told = w.store.members_in(&thread.tenant, id, MemberState::Sent, 0, 9).await.unwrap();
    assert_eq!(told[0].replied_at, Some(T0.plus(HOUR)));
}
