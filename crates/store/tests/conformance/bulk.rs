//! A long backlog by Bulk jobs.

use model::UnixMs;
use model::ids::{BulkId, MessageId, PersonId, RecordId, TenantId};
use store::op::*;
use store::{BulkState, Did, Object, Op, RecordKind, StoreError, SyncRow};

use crate::ambient::T0;
use crate::world::{HOUR, MINUTE, Thread, World};

const JOB: BulkId = BulkId::from_bytes([9; 16]);
const OTHER: BulkId = BulkId::from_bytes([8; 16]);

fn want(tenant: &TenantId, root: PersonId, object: Object, id: [u8; 16], at: UnixMs) -> Op {
    Op::Want(Want { tenant: tenant.clone(), object, id, root, due_at: at })
}

/// A person with a message and what Salesforce must show of both.
async fn thread(w: &World) -> (Thread, [u8; 16]) {
    let tenant = w.tenant("acme").await;
    w.number(&tenant, "100").await;
    let thread = w.person(&tenant, "100").await;
    let message = MessageId::new(&w.ambient);
    let new = NewMessage { record_key: message.to_string(), ..w.message(&thread, message) };
    w.did(Op::NewMessage(new)).await;
    let (root, id) = (thread.person, *message.as_bytes());
    w.did(want(&tenant, root, Object::Person, *root.as_bytes(), T0)).await;
    w.did(want(&tenant, root, Object::Message, id, T0)).await;
    (thread, id)
}

fn claim(thread: &Thread, id: BulkId, roots: &[PersonId]) -> Op {
    let (tenant, roots) = (thread.tenant.clone(), roots.to_vec());
    Op::BulkClaim(BulkClaim { tenant, id, roots, at: T0.plus(MINUTE) })
}

fn of(object: Object, id: [u8; 16]) -> SyncRef {
    SyncRef { object, id, version: 1 }
}

fn begin(thread: &Thread, rows: Vec<SyncRef>) -> Op {
    let tenant = thread.tenant.clone();
    Op::BulkBegin(BulkBegin { tenant, id: JOB, rows, at: T0.plus(MINUTE) })
}

fn end(thread: &Thread, row: SyncRef, end: SyncOutcome) -> Op {
    Op::SyncEnd(SyncEnd { tenant: thread.tenant.clone(), row, at: T0.plus(2 * MINUTE), end })
}

fn close(thread: &Thread) -> Op {
    Op::BulkClose(BulkClose { tenant: thread.tenant.clone(), id: JOB })
}

async fn due(w: &World, thread: &Thread) -> usize {
    w.store.sync_due(&thread.tenant, T0.plus(HOUR), 99).await.unwrap().len()
}

async fn pending(w: &World, thread: &Thread, object: Object) -> Vec<SyncRow> {
    w.store.bulk_pending(&thread.tenant, JOB, object, T0.plus(MINUTE), 99).await.unwrap()
}

async fn row(w: &World, thread: &Thread, object: Object, id: [u8; 16]) -> SyncRow {
    w.store.sync_rows(&thread.tenant, &[(object, id)]).await.unwrap().remove(0)
}

pub async fn held_people_are_nobody_elses(w: World) {
    let (ana, message) = thread(&w).await;
    let (bea, _) = thread(&w).await;
    let link = NewRecordLink {
        tenant: ana.tenant.clone(),
        person: ana.person,
        kind: RecordKind::Lead,
        slot: *ana.person.as_bytes(),
        at: T0,
        due_at: T0,
        again: false,
    };
    w.did(Op::WantRecord(link)).await;
    assert_eq!(due(&w, &ana).await, 4);
    assert_eq!(w.did(claim(&ana, JOB, &[ana.person])).await, Did::Count(1));
    let rows = w.store.sync_due(&ana.tenant, T0.plus(HOUR), 99).await.unwrap();
    assert!(rows.len() == 2 && rows.iter().all(|r| r.root == bea.person));
    let links = w.store.record_links_due(&ana.tenant, T0.plus(HOUR), 9).await.unwrap();
    assert!(links.is_empty());
    let call =
        SyncBegin { tenant: ana.tenant.clone(), rows: vec![of(Object::Message, message)], at: T0 };
    let refused = w.refused(Op::SyncBegin(call)).await;
    assert!(matches!(refused, StoreError::Conflict(_)), "a call that was planned before");
    w.did(close(&ana)).await;
    assert_eq!(due(&w, &ana).await, 4);
    assert_eq!(w.store.record_links_due(&ana.tenant, T0.plus(HOUR), 9).await.unwrap().len(), 1);
}

pub async fn people_in_a_call_or_held_are_not_claimed(w: World) {
    let (ana, message) = thread(&w).await;
    let (bea, _) = thread(&w).await;
    let rows = vec![of(Object::Message, message)];
    let call = SyncBegin { tenant: ana.tenant.clone(), rows, at: T0.plus(MINUTE) };
    w.did(Op::SyncBegin(call)).await;
    assert_eq!(w.did(claim(&ana, JOB, &[ana.person, bea.person])).await, Did::Count(1));
    let refused = w.refused(claim(&ana, OTHER, &[ana.person, bea.person])).await;
    assert!(matches!(refused, StoreError::Conflict(_)));
    let jobs = w.store.bulk_jobs(&ana.tenant).await.unwrap();
    assert_eq!(jobs.len(), 1, "a job without people is none");
    let end = end(&ana, of(Object::Message, message), SyncOutcome::Halted { due_at: T0 });
    w.did(end).await;
    assert_eq!(w.did(claim(&ana, OTHER, &[ana.person, bea.person])).await, Did::Count(1));
    let nobody = w.refused(claim(&ana, BulkId::from_bytes([1; 16]), &[])).await;
    assert!(matches!(nobody, StoreError::Conflict(_)));
}

pub async fn a_job_takes_its_peoples_rows_and_lets_go_of_what_is_left(w: World) {
    let (ana, message) = thread(&w).await;
    w.did(claim(&ana, JOB, &[ana.person])).await;
    assert_eq!(pending(&w, &ana, Object::Conversation).await.len(), 0);
    assert_eq!(pending(&w, &ana, Object::Person).await.len(), 1);
    let rows = pending(&w, &ana, Object::Message).await;
    assert_eq!((rows.len(), rows[0].id), (1, message));
    w.did(begin(&ana, vec![of(Object::Message, message)])).await;
    let twice = w.refused(begin(&ana, vec![of(Object::Message, message)])).await;
    assert!(matches!(twice, StoreError::Conflict(_)));
    let inside = w.store.bulk_rows(&ana.tenant, JOB).await.unwrap();
    let key = MessageId::from_bytes(message).to_string();
    assert_eq!((inside.len(), inside[0].sent, inside[0].attempts), (1, 1, 1));
    assert_eq!((inside[0].root, inside[0].record_key.as_deref()), (ana.person, Some(&*key)));
    assert!(pending(&w, &ana, Object::Message).await.is_empty());
    // wanted again meanwhile: written at its version, and wanted still
    w.did(want(&ana.tenant, ana.person, Object::Message, message, T0.plus(MINUTE))).await;
    let written = SyncOutcome::Written(RecordId::new("a0X000000000001AAA"));
    w.did(end(&ana, of(Object::Message, message), written)).await;
    assert!(w.store.bulk_rows(&ana.tenant, JOB).await.unwrap().is_empty());
    let after = row(&w, &ana, Object::Message, message).await;
    assert_eq!((after.wanted, after.done, after.attempts), (2, 1, 0));
    w.did(close(&ana)).await;
    assert!(w.store.bulk_jobs(&ana.tenant).await.unwrap().is_empty());
    // what is left goes by calls: no job takes it, however old
    let since = T0.plus(HOUR);
    assert_eq!(w.store.bulk_backlog(&ana.tenant, since, since, 99).await.unwrap(), 0);
    let fresh = w.store.sync_due_fresh(&ana.tenant, since, since, 99).await.unwrap();
    assert_eq!(fresh.len(), 2, "the person, and the message's newer version");
}

pub async fn what_a_job_did_not_write_is_not_charged(w: World) {
    let (ana, message) = thread(&w).await;
    let person = of(Object::Person, *ana.person.as_bytes());
    w.did(claim(&ana, JOB, &[ana.person])).await;
    w.did(begin(&ana, vec![of(Object::Message, message), person])).await;
    let release =
        |by_call| Op::BulkRelease(BulkRelease { tenant: ana.tenant.clone(), id: JOB, by_call });
    w.did(release(false)).await;
    assert_eq!(row(&w, &ana, Object::Message, message).await.attempts, 0);
    assert_eq!(pending(&w, &ana, Object::Message).await.len(), 1, "a job may take it again");
    w.did(begin(&ana, vec![of(Object::Message, message)])).await;
    w.did(release(true)).await;
    assert!(pending(&w, &ana, Object::Message).await.is_empty(), "a call must take it");
    assert_eq!(row(&w, &ana, Object::Message, message).await.attempts, 0);
    // refused in a job: charged, and a call's from now on
    w.did(begin(&ana, vec![person])).await;
    let (code, detail) = ("sf.UNABLE_TO_LOCK_ROW".to_owned(), "locked".to_owned());
    w.did(end(&ana, person, SyncOutcome::Retry { code, detail, due_at: T0 })).await;
    assert!(pending(&w, &ana, Object::Person).await.is_empty());
    assert_eq!(row(&w, &ana, Object::Person, person.id).await.attempts, 1);
    let by_call = ByCall { tenant: ana.tenant.clone(), rows: vec![(Object::Person, person.id)] };
    w.did(Op::ByCall(by_call)).await;
}

pub async fn a_job_stands_where_it_was_left(w: World) {
    let (ana, _) = thread(&w).await;
    w.did(claim(&ana, JOB, &[ana.person])).await;
    let first = w.store.bulk_jobs(&ana.tenant).await.unwrap().remove(0);
    assert_eq!(
        (first.object, first.state, first.remote),
        (Object::Person, BulkState::Claimed, None)
    );
    let remote = RecordId::new("7505500001QdQWaAAN");
    let step = |object, state, remote: Option<RecordId>| {
        Op::BulkStep(BulkStep {
            tenant: ana.tenant.clone(),
            id: JOB,
            object,
            state,
            remote,
            due_at: T0.plus(HOUR),
            looks: 3,
            begun_at: T0.plus(2 * MINUTE),
            at: T0.plus(MINUTE),
        })
    };
    w.did(step(Object::Message, BulkState::Working, Some(remote.clone()))).await;
    let again = w.reopened().await.bulk_jobs(&ana.tenant).await.unwrap().remove(0);
    assert_eq!(
        (again.object, again.state, again.remote),
        (Object::Message, BulkState::Working, Some(remote))
    );
    assert_eq!((again.due_at, again.looks, again.stepped_at), (T0.plus(HOUR), 3, T0.plus(MINUTE)));
    assert_eq!(again.begun_at, T0.plus(2 * MINUTE));
    w.did(step(Object::Message, BulkState::Claimed, None)).await;
    let again = w.store.bulk_jobs(&ana.tenant).await.unwrap().remove(0);
    assert_eq!((again.state, again.remote), (BulkState::Claimed, None));
    assert_eq!(w.store.depths(None).await.unwrap().bulk_jobs, 1);
    w.did(close(&ana)).await;
    let refused = w.refused(step(Object::Message, BulkState::Open, None)).await;
    assert!(matches!(refused, StoreError::Conflict(_)), "a job that is closed moves no more");
    assert_eq!(w.store.depths(None).await.unwrap().bulk_jobs, 0);
}

pub async fn fresh_rows_are_those_of_people_without_a_backlog(w: World) {
    let (ana, _) = thread(&w).await;
    w.clock.forward(10 * MINUTE);
    let since = w.ambient.now().plus(-MINUTE);
    let now = w.ambient.now();
    let (bea, _) = thread(&w).await;
    // ana writes again: her old rows come first
    let newer = *MessageId::new(&w.ambient).as_bytes();
    w.did(want(&ana.tenant, ana.person, Object::Message, newer, now)).await;
    let newer = *MessageId::new(&w.ambient).as_bytes();
    w.did(want(&bea.tenant, bea.person, Object::Message, newer, now)).await;
    let fresh = w.store.sync_due_fresh(&ana.tenant, now, since, 99).await.unwrap();
    assert!(fresh.iter().all(|r| r.root == bea.person), "{fresh:?}");
    assert_eq!(fresh.iter().filter(|r| r.id == newer).count(), 1);
    let all = w.store.sync_due(&ana.tenant, now, 99).await.unwrap();
    assert_eq!(all.len(), 6);
    w.did(claim(&bea, JOB, &[bea.person])).await;
    assert!(w.store.sync_due_fresh(&ana.tenant, now, since, 99).await.unwrap().is_empty(), "held");
}

pub async fn the_backlog_is_counted_to_a_bound_and_taken_oldest_first(w: World) {
    let (ana, _) = thread(&w).await;
    let (bea, _) = thread(&w).await;
    for n in 0..5u8 {
        let at = T0.plus(i64::from(n) * 1_000);
        w.did(want(&bea.tenant, bea.person, Object::Message, [n; 16], at.plus(1))).await;
    }
    let (tenant, now) = (&ana.tenant, T0.plus(HOUR));
    assert_eq!(w.store.bulk_backlog(tenant, now, now, 99).await.unwrap(), 9);
    assert_eq!(w.store.bulk_backlog(tenant, now, now, 4).await.unwrap(), 4);
    assert_eq!(
        w.store.bulk_backlog(tenant, now, T0.plus(-1), 99).await.unwrap(),
        0,
        "all are fresh"
    );
    assert_eq!(w.store.bulk_backlog(tenant, T0.plus(-1), now, 99).await.unwrap(), 0, "none is due");
    let mut roots = w.store.bulk_roots(tenant, now, now, 99).await.unwrap();
    roots.sort_by_key(|(_, messages)| *messages);
    assert_eq!(roots, [(ana.person, 1), (bea.person, 6)]);
    w.did(claim(&ana, JOB, &[bea.person])).await;
    assert_eq!(w.store.bulk_roots(tenant, now, now, 99).await.unwrap(), [(ana.person, 1)]);
    assert_eq!(w.store.bulk_backlog(tenant, now, now, 99).await.unwrap(), 2);
}

/// Ids of one millisecond are drawn by chance: they say nothing about order.
pub async fn messages_go_in_the_order_they_were_stored_in(w: World) {
    let (ana, first) = thread(&w).await;
    let mut stored = vec![first];
    for n in [9u8, 200, 4, 77] {
        let id = MessageId::from_bytes([n; 16]);
        let new = NewMessage { record_key: id.to_string(), ..w.message(&ana, id) };
        w.did(Op::NewMessage(new)).await;
        w.did(want(&ana.tenant, ana.person, Object::Message, [n; 16], T0)).await;
        stored.push([n; 16]);
    }
    let riding = w.store.sync_pending(&ana.tenant, &[ana.person], 99).await.unwrap();
    let riding: Vec<_> =
        riding.iter().filter(|r| r.object == Object::Message).map(|r| r.id).collect();
    assert_eq!(riding, stored);
    w.did(claim(&ana, JOB, &[ana.person])).await;
    let rows: Vec<_> = pending(&w, &ana, Object::Message).await.iter().map(|r| r.id).collect();
    assert_eq!(rows, stored);
}

/// A job would be ahead of the message that a call brings, and a call that
/// brings it brings the others too.
pub async fn who_has_a_row_that_goes_by_call_goes_by_call(w: World) {
    let (ana, message) = thread(&w).await;
    let (bea, _) = thread(&w).await;
    let (tenant, rows) = (ana.tenant.clone(), vec![(Object::Message, message)]);
    w.did(Op::ByCall(ByCall { tenant, rows })).await;
    let now = T0.plus(HOUR);
    let roots = w.store.bulk_roots(&ana.tenant, now, now, 99).await.unwrap();
    assert_eq!(roots, [(bea.person, 1)]);
    assert_eq!(w.store.bulk_backlog(&ana.tenant, now, now, 99).await.unwrap(), 2);
    let fresh = w.store.sync_due_fresh(&ana.tenant, now, now, 99).await.unwrap();
    let fresh: Vec<_> = fresh.iter().map(|row| (row.object, row.root)).collect();
    assert_eq!(fresh, [(Object::Person, ana.person), (Object::Message, ana.person)]);
    assert!(w.refused(claim(&ana, JOB, &[ana.person])).await.is_conflict());
    assert_eq!(w.did(claim(&ana, OTHER, &[ana.person, bea.person])).await, Did::Count(1));
}

/// Of a person whose job found a row that it cannot write, it takes no more.
pub async fn who_goes_by_call_since_the_claim_is_the_jobs_no_more(w: World) {
    let (ana, message) = thread(&w).await;
    let (bea, other) = thread(&w).await;
    w.did(claim(&ana, JOB, &[ana.person, bea.person])).await;
    let (tenant, rows) = (ana.tenant.clone(), vec![(Object::Person, *ana.person.as_bytes())]);
    w.did(Op::ByCall(ByCall { tenant, rows })).await;
    let ids: Vec<_> = pending(&w, &ana, Object::Message).await.iter().map(|row| row.id).collect();
    assert_eq!(ids, [other], "not {message:?}");
}

/// A message that was tried and comes again soon is not overtaken by one that
/// was stored after it, by call or by job; one put off for long is.
pub async fn who_comes_again_soon_is_waited_for(w: World) {
    let (ana, first) = thread(&w).await;
    let second = [9u8; 16];
    let id = MessageId::from_bytes(second);
    let new = NewMessage { record_key: id.to_string(), ..w.message(&ana, id) };
    w.did(Op::NewMessage(new)).await;
    w.did(want(&ana.tenant, ana.person, Object::Message, second, T0)).await;
    let row = of(Object::Message, first);
    let tried = async |due_at| {
        let (tenant, rows) = (ana.tenant.clone(), vec![row]);
        w.did(Op::SyncBegin(SyncBegin { tenant, rows, at: T0 })).await;
        let (code, detail) = ("sf.LOST_AFTER_WRITE".to_owned(), String::new());
        let end = SyncOutcome::Retry { code, detail, due_at };
        w.did(Op::SyncEnd(SyncEnd { tenant: ana.tenant.clone(), row, at: T0, end })).await;
    };
    let riding = async || {
        let rows = w.store.sync_pending(&ana.tenant, &[ana.person], 99).await.unwrap();
        let messages = rows.into_iter().filter(|r| r.object == Object::Message);
        messages.map(|r| r.id).collect::<Vec<_>>()
    };
    tried(T0.plus(30_000)).await;
    assert!(riding().await.is_empty());
    tried(T0.plus(HOUR)).await;
    assert_eq!(riding().await, [second], "one that is put off for long holds nobody");
    tried(T0.plus(30_000)).await;
    w.did(claim(&ana, JOB, &[ana.person])).await;
    assert!(pending(&w, &ana, Object::Message).await.is_empty());
    w.clock.forward(30_000);
    assert_eq!(riding().await, [first, second]);
}

pub async fn jobs_of_two_tenants_never_meet(w: World) {
    let (ana, message) = thread(&w).await;
    let other = w.tenant("other").await;
    w.did(claim(&ana, JOB, &[ana.person])).await;
    w.did(begin(&ana, vec![of(Object::Message, message)])).await;
    assert!(w.store.bulk_jobs(&other).await.unwrap().is_empty());
    assert!(w.store.bulk_rows(&other, JOB).await.unwrap().is_empty());
    assert!(
        w.store
            .bulk_pending(&other, JOB, Object::Person, T0.plus(MINUTE), 9)
            .await
            .unwrap()
            .is_empty()
    );
    let theirs = BulkClose { tenant: other.clone(), id: JOB };
    assert!(matches!(w.refused(Op::BulkClose(theirs)).await, StoreError::Conflict(_)));
    let release = BulkRelease { tenant: other, id: JOB, by_call: true };
    w.did(Op::BulkRelease(release)).await;
    assert_eq!(w.store.bulk_rows(&ana.tenant, JOB).await.unwrap().len(), 1);
}
