//! Working a closed job off: batches beside each other, rows of a batch in order.

use std::sync::Arc;

use super::header::{self, Column};
use super::job::{Job, State};
use super::{BATCH_ROWS, CHUNK_ROWS, csv};
use crate::error::ApiError;
use crate::records::{Batch, Outcome};
use crate::rest::{Call, save};
use crate::shared::Shared;

type Rows = Vec<Vec<String>>;

pub async fn run(shared: Arc<Shared>, id: String) {
    let Some((columns, rows)) = begin(&shared, &id) else {
        return;
    };
    let columns = Arc::new(columns);
    let mut batches = tokio::task::JoinSet::new();
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let batch: Rows = rows.by_ref().take(BATCH_ROWS).collect();
        shared.jobs.lock().batches += 1;
        batches.spawn(one(shared.clone(), id.clone(), columns.clone(), batch));
    }
    while batches.join_next().await.is_some() {}
    change(&shared, &id, |job| {
        if !job.state.is_over() {
            job.state = State::JobComplete;
        }
    });
}

/// Reads the upload; `None` when the job failed over it.
fn begin(shared: &Shared, id: &str) -> Option<(Vec<Column>, Rows)> {
    let job = shared.jobs.lock().get(id).cloned()?;
    let read = || {
        let content = job.content.as_ref().map_or(&[][..], |c| &c[..]);
        let mut rows = csv::read(content, job.ending, job.delimiter.1)?;
        let body = rows.split_off(1);
        let names = rows.pop().unwrap_or_default();
        let columns = header::columns(&shared.org.lock(), &job, &names)?;
        Ok((names, columns, body))
    };
    match read() {
        Ok((names, columns, body)) => {
            change(shared, id, |job| {
                job.header = names;
                job.content = None;
            });
            Some((columns, body))
        }
        Err(complaint) => {
            change(shared, id, |job| {
                job.state = State::Failed;
                job.error = Some(complaint);
                job.content = None;
            });
            None
        }
    }
}

async fn one(shared: Arc<Shared>, id: String, columns: Arc<Vec<Column>>, rows: Rows) {
    // the queue: so many batches of the whole org at once
    let Ok(_turn) = shared.bulk_turns.acquire().await else {
        return;
    };
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let chunk: Rows = rows.by_ref().take(CHUNK_ROWS).collect();
        let Some((call, ops)) = ready(&shared, &id, &columns, &chunk) else {
            change(&shared, &id, |job| {
                let left = chunk.into_iter().chain(rows.by_ref());
                left.for_each(|row| {
                    csv::line(&mut job.unprocessed, row.iter().map(String::as_str))
                });
            });
            return;
        };
        let outcomes = save(&shared, &call, Batch::new(ops, false), Some(0)).await;
        change(&shared, &id, |job| told(job, &chunk, outcomes));
    }
}

type Ops = Vec<Result<crate::records::Op, ApiError>>;

/// `None` when the job was aborted or deleted meanwhile.
fn ready(shared: &Shared, id: &str, columns: &[Column], chunk: &Rows) -> Option<(Call, Ops)> {
    let mut jobs = shared.jobs.lock();
    let job = jobs.get_mut(id).filter(|job| !job.state.is_over())?;
    job.state = State::InProgress;
    let org = shared.org.lock();
    let ops = chunk.iter().map(|row| header::op(&org, job, columns, row)).collect();
    Some((job.call.clone(), ops))
}

fn told(job: &mut Job, chunk: &Rows, outcomes: Vec<Outcome>) {
    for (row, outcome) in chunk.iter().zip(outcomes) {
        let cells = row.iter().map(String::as_str);
        job.processed += 1;
        match outcome {
            Ok(saved) => {
                let created = if saved.created { "true" } else { "false" };
                csv::line(&mut job.successful, [&*saved.id, created].into_iter().chain(cells));
            }
            Err(error) => {
                job.failures += 1;
                let text =
                    format!("{}:{}:{} --", error.code, error.message, error.fields.join(", "));
                let text = text.replace(": --", ":--");
                csv::line(&mut job.failed, ["", &*text].into_iter().chain(cells));
            }
        }
    }
}

fn change(shared: &Shared, id: &str, act: impl FnOnce(&mut Job)) {
    let now = shared.gate.clock.now_ms();
    if let Some(job) = shared.jobs.lock().get_mut(id) {
        act(job);
        job.changed_ms = now;
    }
}
