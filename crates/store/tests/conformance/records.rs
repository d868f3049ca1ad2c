//! Standard records that are created once.

use model::ids::RecordId;
use store::op::*;
use store::{Did, Op, RecordKind, RecordState};

use crate::ambient::T0;
use crate::world::{HOUR, MINUTE, Thread, World};

fn link(thread: &Thread) -> Op {
    Op::WantRecord(NewRecordLink {
        tenant: thread.tenant.clone(),
        person: thread.person,
        kind: RecordKind::Case,
        slot: *thread.conversation.as_bytes(),
        at: T0,
        due_at: T0.plus(5),
        again: false,
    })
}

pub async fn a_record_is_wanted_once(w: World) {
    let thread = w.thread().await;
    assert_eq!(w.did(link(&thread)).await, Did::New(true));
    assert_eq!(w.did(link(&thread)).await, Did::New(false));
    let slot = thread.conversation.as_bytes();
    let found = w.store.record_link_by_slot(&thread.tenant, RecordKind::Case, slot).await.unwrap();
    assert_eq!(found.map(|link| (link.state, link.attempts)), Some((RecordState::Wanted, 0)));
    assert!(w.store.record_links_due(&thread.tenant, T0.plus(4), 9).await.unwrap().is_empty());
    assert_eq!(w.store.record_links_due(&thread.tenant, T0.plus(5), 9).await.unwrap().len(), 1);
    let lead = w.store.record_link_by_slot(&thread.tenant, RecordKind::Lead, slot).await.unwrap();
    assert!(lead.is_none());
}

pub async fn what_was_declined_is_wanted_again_when_the_person_writes(w: World) {
    let thread = w.thread().await;
    let link = |again| {
        let Op::WantRecord(mut link) = link(&thread) else { unreachable!() };
        link.again = again;
        Op::WantRecord(link)
    };
    let step = |state, plan: Option<&str>| {
        Op::RecordStep(RecordStep {
            tenant: thread.tenant.clone(),
            person: thread.person,
            kind: RecordKind::Case,
            slot: *thread.conversation.as_bytes(),
            state,
            record: None,
            due_at: T0,
            charge: false,
            code: None,
            detail: None,
            plan: plan.map(str::to_owned),
            at: T0.plus(1),
        })
    };
    w.did(link(false)).await;
    w.did(step(RecordState::Declined, Some("{}"))).await;
    let due =
        || async { w.store.record_links_due(&thread.tenant, T0.plus(HOUR), 9).await.unwrap() };
    assert!(due().await.is_empty());
    assert_eq!(w.did(link(false)).await, Did::New(false), "looking at it changes nothing");
    assert!(due().await.is_empty());
    assert_eq!(w.did(link(true)).await, Did::New(true));
    assert_eq!(w.did(link(true)).await, Did::New(false), "it waits already");
    let found = due().await.remove(0);
    assert_eq!((found.state, found.plan.as_deref()), (RecordState::Wanted, Some("{}")));
    w.did(step(RecordState::Absent, None)).await;
    assert_eq!(due().await[0].plan.as_deref(), Some("{}"), "a step without a plan keeps it");
}

pub async fn record_steps_move_and_charge(w: World) {
    let thread = w.thread().await;
    w.did(link(&thread)).await;
    let step = |state, record: Option<&str>, charge| {
        Op::RecordStep(RecordStep {
            tenant: thread.tenant.clone(),
            person: thread.person,
            kind: RecordKind::Case,
            slot: *thread.conversation.as_bytes(),
            state,
            record: record.map(RecordId::new),
            due_at: T0.plus(MINUTE),
            charge,
            code: charge.then(|| "sf.DUPLICATES_DETECTED".into()),
            detail: charge.then(|| "two \0 candidates".into()),
            plan: None,
            at: T0.plus(1),
        })
    };
    w.did(step(RecordState::Absent, None, false)).await;
    w.did(step(RecordState::Creating, None, true)).await;
    let links = w.store.record_links(&thread.tenant, thread.person).await.unwrap();
    assert_eq!((links[0].state, links[0].attempts), (RecordState::Creating, 1));
    assert_eq!(links[0].detail.as_deref(), Some("two \0 candidates"));
    assert_eq!(
        w.store.record_links_due(&thread.tenant, T0.plus(MINUTE), 9).await.unwrap().len(),
        1
    );
    for (state, record) in
        [(RecordState::Linked, Some("500000000000001AAA")), (RecordState::Aside, None)]
    {
        w.did(step(state, record, false)).await;
        let due = w.store.record_links_due(&thread.tenant, T0.plus(HOUR), 9).await.unwrap();
        assert!(due.is_empty());
    }
    let links = w.store.record_links(&thread.tenant, thread.person).await.unwrap();
    assert_eq!(links[0].record, Some(RecordId::new("500000000000001AAA")));
    let stranger = w.person(&thread.tenant, "100").await;
    let Op::RecordStep(mut nowhere) = step(RecordState::Absent, None, false) else {
        return;
    };
    nowhere.person = stranger.person;
    assert!(w.refused(Op::RecordStep(nowhere)).await.is_conflict());
}

pub async fn opportunities_are_due_for_a_worker_of_their_own(w: World) {
    let thread = w.thread().await;
    let want = |kind| {
        let (tenant, person) = (thread.tenant.clone(), thread.person);
        let slot = *thread.conversation.as_bytes();
        Op::WantRecord(NewRecordLink {
            tenant,
            person,
            kind,
            slot,
            at: T0,
            due_at: T0,
            again: false,
        })
    };
    w.did(want(RecordKind::Case)).await;
    w.did(want(RecordKind::Opportunity)).await;
    let kinds = |links: Vec<store::RecordLink>| links.iter().map(|l| l.kind).collect::<Vec<_>>();
    let writers = w.store.record_links_due(&thread.tenant, T0, 9).await.unwrap();
    assert_eq!(kinds(writers), [RecordKind::Case]);
    let theirs = w.store.opportunity_links_due(&thread.tenant, T0, 9).await.unwrap();
    assert_eq!(kinds(theirs), [RecordKind::Opportunity]);
    let early = w.store.opportunity_links_due(&thread.tenant, T0.plus(-1), 9).await.unwrap();
    assert!(early.is_empty());
}
