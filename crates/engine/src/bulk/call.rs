//! One step of a share: written down, then taken.

use model::ids::RecordId;
use model::{Act, Fault, Scope, Stage, UnixMs};
use salesforce::bulk::JobState;
use store::op::{BulkBegin, BulkClose, BulkRelease, BulkStep, ByCall};
use store::{BulkJob, BulkState, Object, Op, StoreError};

use super::claim::{Bulk, REST_MS};
use super::{convert, settle};
use crate::breakers::Heard;
use crate::writer::project;

/// Salesforce is asked after so long whether it is done, then less and less often.
const FIRST_LOOK_MS: i64 = 2_000;
const LOOK_MS_MAX: i64 = 15_000;
/// A job that is not done by then (some 100 minutes) is ended: what it did not
/// reach goes by calls.
const LOOKS_MAX: u32 = 400;
/// Stands for looks: the job was ended, and its last rows are given this time.
const ENDED: u32 = 1_000;
const ENDED_MS: i64 = 30_000;
/// After a step that was out of turn.
const AGAIN_MS: i64 = 5_000;
/// Salesforce's clock against ours, when jobs are looked for that may be ours.
const DRIFT_MS: i64 = 5 * 60_000;

pub async fn step(bulk: &Bulk, job: BulkJob) -> Result<(), StoreError> {
    if !bulk.enter() {
        return Ok(());
    }
    bulk.writer.look_again();
    let done = take(bulk, job).await;
    bulk.leave();
    done
}

async fn take(bulk: &Bulk, job: BulkJob) -> Result<(), StoreError> {
    match (job.state, job.remote.clone()) {
        (BulkState::Claimed, _) => begin(bulk, job).await,
        (BulkState::Creating, _) => look_for(bulk, job).await,
        (BulkState::Open, Some(remote)) => throw_away(bulk, job, &remote).await,
        (BulkState::Closing, Some(remote)) => close(bulk, job, &remote).await,
        (BulkState::Working, Some(remote)) => look(bulk, job, &remote).await,
        (BulkState::Settled, Some(remote)) => forget(bulk, job, &remote).await,
        // without Salesforce's id there is nothing to go on from
        (_, None) => start_over(bulk, job).await,
    }
}

/// Makes the file of the next part that has one, and hands it over.
async fn begin(bulk: &Bulk, mut job: BulkJob) -> Result<(), StoreError> {
    if job.object == Object::Person {
        // a share that was claimed in an outage has all that came until its end
        job.begun_at = bulk.now();
    }
    let part = loop {
        let part = convert::part(bulk, &job).await?;
        if !part.by_call.is_empty() {
            let (tenant, rows) = (bulk.writer.tenant.clone(), part.by_call.clone());
            bulk.commit(vec![Op::ByCall(ByCall { tenant, rows })]).await?;
        }
        match (part.rows.is_empty(), part.by_call.is_empty(), job.object) {
            (false, ..) => break part,
            (true, false, _) => {}
            (true, true, Object::Person) => job.object = Object::Conversation,
            (true, true, Object::Conversation) => job.object = Object::Message,
            (true, true, Object::Message) => return end(bulk, &job).await,
        }
    };
    let (id, tenant, at) = (job.id, bulk.writer.tenant.clone(), bulk.now());
    let rows = Op::BulkBegin(BulkBegin { tenant, id, rows: part.rows, at });
    (job.state, job.remote, job.looks) = (BulkState::Creating, None, 0);
    bulk.commit(vec![rows, moved(bulk, &job, at)]).await?;
    let made = match bulk.org(1).bulk_create(object(job.object), project::KEY).await {
        Ok(made) => made,
        Err(fault) => return failed(bulk, job, fault).await,
    };
    (job.state, job.remote) = (BulkState::Open, Some(made.id.clone()));
    let ops = bulk.well().into_iter().chain([moved(bulk, &job, at)]);
    bulk.commit(ops.collect()).await?;
    if let Err(fault) = bulk.org(1).bulk_upload(&made.id, part.csv).await {
        return failed(bulk, job, fault).await;
    }
    job.state = BulkState::Closing;
    bulk.commit(vec![moved(bulk, &job, at)]).await?;
    close(bulk, job, &made.id).await
}

/// A job may have been made, and nobody knows its id. It has no file and writes
/// nothing; it is ended, so that none is left standing.
async fn look_for(bulk: &Bulk, job: BulkJob) -> Result<(), StoreError> {
    let client = &bulk.writer.client;
    let known: Vec<_> = bulk
        .writer
        .store
        .bulk_jobs(&bulk.writer.tenant)
        .await?
        .into_iter()
        .filter_map(|job| job.remote)
        .collect();
    let listed = async {
        let us = client.tokens().session().await?.user_id.clone();
        Ok::<_, Fault>((us, bulk.org(1).bulk_jobs().await?))
    };
    let (us, listed) = match listed.await {
        Ok(listed) => listed,
        Err(fault) => return failed(bulk, job, fault).await,
    };
    let ours = listed.into_iter().filter(|open| {
        open.state == JobState::Open
            && open.object == client.names().object(object(job.object))
            && open.created_by.as_ref().is_some_and(|by| by.same(&us))
            && open.created_at.is_some_and(|at| at >= job.stepped_at.plus(-DRIFT_MS))
            && !known.iter().any(|id| id.same(&open.id))
    });
    for stray in ours {
        if let Err(fault) = end_remote(bulk, &stray.id).await {
            return failed(bulk, job, fault).await;
        }
    }
    start_over(bulk, job).await
}

/// Made, and nobody knows whether it has its file: a second upload is not
/// possible. It was not closed, so it wrote nothing.
async fn throw_away(bulk: &Bulk, job: BulkJob, remote: &RecordId) -> Result<(), StoreError> {
    match end_remote(bulk, remote).await {
        Ok(()) => start_over(bulk, job).await,
        Err(fault) => failed(bulk, job, fault).await,
    }
}

async fn end_remote(bulk: &Bulk, remote: &RecordId) -> Result<(), Fault> {
    match bulk.org(1).bulk_abort(remote).await {
        Err(fault) if !is_past(&fault) => Err(fault),
        _ => bulk.org(1).bulk_delete(remote).await,
    }
}

/// Over already, or gone: what was to be brought about has come about.
fn is_past(fault: &Fault) -> bool {
    matches!(fault.code.as_str(), "sf.NOT_FOUND" | "sf.INVALIDJOB" | "sf.INVALIDJOBSTATE")
}

/// The part's rows leave the job, and are taken up again as they stand by then.
async fn start_over(bulk: &Bulk, mut job: BulkJob) -> Result<(), StoreError> {
    (job.state, job.remote, job.looks) = (BulkState::Claimed, None, 0);
    let at = bulk.now();
    bulk.commit(vec![release(bulk, &job, false), moved(bulk, &job, at)]).await.map(drop)
}

/// The file is there. Closing twice is refused, and then the job says itself
/// how far it is.
async fn close(bulk: &Bulk, mut job: BulkJob, remote: &RecordId) -> Result<(), StoreError> {
    match bulk.org(1).bulk_close(remote).await {
        Ok(_) => {}
        Err(fault) if is_past(&fault) => {}
        Err(fault) => return failed(bulk, job, fault).await,
    }
    (job.state, job.looks) = (BulkState::Working, 0);
    let due_at = bulk.now().plus(look_ms(0));
    bulk.commit(vec![moved(bulk, &job, due_at)]).await.map(drop)
}

async fn look(bulk: &Bulk, mut job: BulkJob, remote: &RecordId) -> Result<(), StoreError> {
    let stands = match bulk.org(1).bulk_job(remote).await {
        Ok(Some(stands)) => stands,
        Ok(None) => return start_over(bulk, job).await,
        Err(fault) => return failed(bulk, job, fault).await,
    };
    match stands.state {
        // closing was refused over a file that is not there: it wrote nothing
        JobState::Open => return throw_away(bulk, job, remote).await,
        state if !state.is_over() => {
            job.looks += 1;
            if job.looks == LOOKS_MAX
                && let Err(fault) = bulk.org(1).bulk_abort(remote).await
                && !is_past(&fault)
            {
                return failed(bulk, job, fault).await;
            }
            let due_at = bulk.now().plus(look_ms(job.looks));
            return bulk.commit(vec![moved(bulk, &job, due_at)]).await.map(drop);
        }
        // what was under way when somebody ended it is saved still
        JobState::Aborted if job.looks < ENDED => {
            job.looks = ENDED;
            let due_at = bulk.now().plus(ENDED_MS);
            return bulk.commit(vec![moved(bulk, &job, due_at)]).await.map(drop);
        }
        _ => {}
    }
    match settle::settle(bulk, &job, remote, &stands).await? {
        Ok(()) => {
            job.state = BulkState::Settled;
            let at = bulk.now();
            let left = [release(bulk, &job, true), moved(bulk, &job, at)];
            bulk.commit(bulk.well().into_iter().chain(left).collect()).await?;
            forget(bulk, job, remote).await
        }
        Err(fault) => failed(bulk, job, fault).await,
    }
}

/// The next part of the share, once Salesforce has forgotten this one's data.
async fn forget(bulk: &Bulk, mut job: BulkJob, remote: &RecordId) -> Result<(), StoreError> {
    if let Err(fault) = bulk.org(1).bulk_delete(remote).await {
        if is_about_the_org(&fault) {
            return failed(bulk, job, fault).await;
        }
        tracing::warn!(tenant = %bulk.writer.tenant, code = %fault.code, "a job's data stays");
    }
    job.object = match job.object {
        Object::Person => Object::Conversation,
        // messages beyond the file's end make another part
        Object::Conversation | Object::Message => Object::Message,
    };
    (job.state, job.remote, job.looks) = (BulkState::Claimed, None, 0);
    let at = bulk.now();
    bulk.commit(vec![moved(bulk, &job, at)]).await?;
    begin(bulk, job).await
}

async fn end(bulk: &Bulk, job: &BulkJob) -> Result<(), StoreError> {
    let close = BulkClose { tenant: bulk.writer.tenant.clone(), id: job.id };
    bulk.commit(vec![Op::BulkClose(close)]).await?;
    tracing::info!(tenant = %bulk.writer.tenant, job = %job.id, "a share is done");
    bulk.writer.nudges.writer.wake();
    Ok(())
}

/// No call would fare better now.
fn is_about_the_org(fault: &Fault) -> bool {
    fault.scope >= Scope::Account || (fault.stage == Stage::Unknown && fault.scope > Scope::Item)
}

/// A step that did not come to its end. Nothing was made when the fault says
/// so; else the next step finds out.
async fn failed(bulk: &Bulk, mut job: BulkJob, fault: Fault) -> Result<(), StoreError> {
    let Heard { pause_ms, mut ops } = bulk.hear(&fault);
    if job.state == BulkState::Creating && fault.stage != Stage::Unknown {
        job.state = BulkState::Claimed;
        ops.push(release(bulk, &job, false));
    }
    if is_about_the_org(&fault) {
        ops.push(moved(bulk, &job, bulk.now().plus(pause_ms.max(AGAIN_MS))));
        return bulk.commit(ops).await.map(drop);
    }
    job.looks += 1;
    let again = matches!(fault.act, Act::Retry { .. }) && fault.scope == Scope::Item;
    if again && job.looks < ENDED + LOOKS_MAX {
        ops.push(moved(bulk, &job, bulk.now().plus(AGAIN_MS)));
        return bulk.commit(ops).await.map(drop);
    }
    // it is jobs that Salesforce does not take: all goes by calls for a while
    tracing::warn!(tenant = %bulk.writer.tenant, code = %fault.code, "no jobs for a while");
    rest(bulk);
    let close = BulkClose { tenant: bulk.writer.tenant.clone(), id: job.id };
    ops.push(Op::BulkClose(close));
    bulk.commit(ops).await?;
    if let Some(remote) = &job.remote {
        // left open it would write nothing, and ends by itself after a day
        let _ = end_remote(bulk, remote).await;
    }
    bulk.writer.nudges.writer.wake();
    Ok(())
}

pub(super) fn rest(bulk: &Bulk) {
    bulk.memory.lock().rest_until = bulk.now().plus(REST_MS);
    bulk.way().set(false);
}

fn release(bulk: &Bulk, job: &BulkJob, by_call: bool) -> Op {
    let tenant = bulk.writer.tenant.clone();
    Op::BulkRelease(BulkRelease { tenant, id: job.id, by_call })
}

fn moved(bulk: &Bulk, job: &BulkJob, due_at: UnixMs) -> Op {
    Op::BulkStep(BulkStep {
        tenant: bulk.writer.tenant.clone(),
        id: job.id,
        object: job.object,
        state: job.state,
        remote: job.remote.clone(),
        due_at,
        looks: job.looks,
        begun_at: job.begun_at,
        at: bulk.now(),
    })
}

pub(super) fn look_ms(looks: u32) -> i64 {
    let mut ms = FIRST_LOOK_MS;
    for _ in 0..looks.min(16) {
        ms = (ms * 3 / 2).min(LOOK_MS_MAX);
    }
    ms
}

pub(super) fn object(object: Object) -> &'static str {
    match object {
        Object::Person => "Puente_Person__c",
        Object::Conversation => "Puente_Conversation__c",
        Object::Message => "Puente_Message__c",
    }
}
