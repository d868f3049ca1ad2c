//! `/jobs/ingest`: making, filling, closing, watching and forgetting jobs.

use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{Method, header};
use serde_json::{Value, json};

use super::csv::LineEnding;
use super::job::{Job, Operation, State, delimiter};
use super::{Said, UPLOAD_MAX, csv, work};
use crate::error::ApiError;
use crate::rest::{Call, Reply};
use crate::shared::Shared;

/// Jobs on one page of the list.
const PAGE: usize = 100;

/// An upload, whose body is no JSON.
pub fn is_upload(method: &Method, path: &str) -> bool {
    let path = path.trim_end_matches('/').to_lowercase();
    *method == Method::PUT && path.contains("/jobs/ingest/") && path.ends_with("/batches")
}

pub fn answer(shared: &Arc<Shared>, call: &Call, parts: &Parts, body: &Bytes) -> Said {
    let path: Vec<&str> = call.path.iter().skip(2).map(|s| &**s).collect();
    let said = match (&path[..], &call.method) {
        ([], &Method::POST) => create(shared, call).map(|v| Reply::ok(v).into()),
        ([], &Method::GET) => Ok(Reply::ok(list(shared, call)).into()),
        ([id], &Method::GET) => known(shared, id, |job| Ok(Reply::ok(job.shown(false)).into())),
        ([id], &Method::PATCH) => step(shared, call, id),
        ([id], &Method::DELETE) => delete(shared, id),
        ([id, "batches"], &Method::PUT) => upload(shared, parts, id, body),
        ([id, which], &Method::GET) => results(shared, id, which),
        ([], _) => Err(call.not_allowed("GET,POST")),
        ([_], _) => Err(call.not_allowed("DELETE,GET,PATCH")),
        _ => Err(ApiError::not_found()),
    };
    said.unwrap_or_else(|error| Reply::error(&error).into())
}

fn create(shared: &Shared, call: &Call) -> Result<Value, ApiError> {
    const KNOWN: [&str; 8] = [
        "object",
        "operation",
        "externalIdFieldName",
        "contentType",
        "lineEnding",
        "columnDelimiter",
        "assignmentRuleId",
        "concurrencyMode",
    ];
    let body = call.body.as_object().ok_or_else(|| ApiError::json("a job is an object"))?;
    if let Some(name) = body.keys().find(|name| !KNOWN.contains(&name.as_str())) {
        return Err(ApiError::json(format!("Unrecognized field \"{name}\" (a job)")));
    }
    let text = |name: &str, default: &'static str| {
        body.get(name).map_or(default.to_owned(), |v| v.as_str().unwrap_or_default().to_owned())
    };
    let invalid = |why: String| ApiError::bad("INVALIDJOB", why);
    if text("contentType", "CSV") != "CSV" {
        return Err(invalid("InvalidJob : contentType must be CSV".into()));
    }
    let operation = text("operation", "");
    let (_, operation) = *Operation::ALL
        .iter()
        .find(|(name, _)| *name == operation)
        .ok_or_else(|| invalid(format!("InvalidJob : operation '{operation}' is not supported")))?;
    let ending = LineEnding::named(&text("lineEnding", "LF"))
        .ok_or_else(|| invalid("InvalidJob : lineEnding must be LF or CRLF".into()))?;
    let delimiter = delimiter(&text("columnDelimiter", "COMMA"))
        .ok_or_else(|| invalid("InvalidJob : columnDelimiter is not known".into()))?;
    let name = text("object", "");
    let org = shared.org.lock();
    let object = org.schema.object(&name).cloned();
    let object =
        object.ok_or_else(|| invalid(format!("InvalidJob : Unable to find object: {name}")))?;
    let key = text("externalIdFieldName", "");
    let key = match operation {
        Operation::Upsert if key.is_empty() => {
            let why = format!(
                "InvalidJob : External ID was blank for {name}. An External ID must be specified for upsert."
            );
            return Err(invalid(why));
        }
        Operation::Upsert => {
            let field = org.visible(&object, &key).filter(|f| f.is_key()).cloned();
            Some(field.ok_or_else(|| {
                invalid(format!("InvalidJob : Field name provided, {key} does not match an External ID, Salesforce Id, or indexed field for {name}"))
            })?)
        }
        _ => None,
    };
    drop(org);
    let now = shared.gate.clock.now_ms();
    let mut jobs = shared.jobs.lock();
    if jobs.batches >= shared.config.bulk_batches_max {
        return Err(ApiError::bad("EXCEEDEDQUOTA", "ApiBatchItems Limit exceeded."));
    }
    Ok(jobs.open(Job {
        id: String::new(),
        object,
        operation,
        key,
        ending,
        delimiter,
        state: State::Open,
        call: Call { body: Value::Null, ..call.clone() },
        created_ms: now,
        changed_ms: now,
        content: None,
        header: Vec::new(),
        successful: String::new(),
        failed: String::new(),
        unprocessed: String::new(),
        processed: 0,
        failures: 0,
        error: None,
    }))
}

fn known(
    shared: &Shared,
    id: &str,
    see: impl FnOnce(&Job) -> Result<Said, ApiError>,
) -> Result<Said, ApiError> {
    see(shared.jobs.lock().get(id).ok_or_else(ApiError::not_found)?)
}

fn state_error(job: &Job, why: &str) -> ApiError {
    let text = format!("{why}: the job is in state {}", job.state.name());
    ApiError::bad("INVALIDJOBSTATE", text)
}

fn upload(shared: &Shared, parts: &Parts, id: &str, body: &Bytes) -> Result<Said, ApiError> {
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    if !kind.unwrap_or_default().to_lowercase().starts_with("text/csv") {
        let text = "Content type is not supported; send text/csv";
        return Err(ApiError::new(415, "UNSUPPORTED_MEDIA_TYPE", text));
    }
    if body.len() > UPLOAD_MAX {
        let text = format!("the data is longer than {UPLOAD_MAX} bytes");
        return Err(ApiError::new(413, "REQUEST_ENTITY_TOO_LARGE", text));
    }
    let mut jobs = shared.jobs.lock();
    let job = jobs.get_mut(id).ok_or_else(ApiError::not_found)?;
    if job.state != State::Open {
        return Err(state_error(job, "Data cannot be uploaded"));
    }
    if job.content.is_some() {
        return Err(state_error(job, "Data was uploaded already, and once is all"));
    }
    job.content = Some(body.clone());
    job.changed_ms = shared.gate.clock.now_ms();
    Ok(Reply { status: 201, location: None, body: None }.into())
}

fn step(shared: &Arc<Shared>, call: &Call, id: &str) -> Result<Said, ApiError> {
    let wanted = call.member("state").as_str().unwrap_or_default();
    let mut jobs = shared.jobs.lock();
    let job = jobs.get_mut(id).ok_or_else(ApiError::not_found)?;
    match wanted {
        "UploadComplete" if job.state == State::Open && job.content.is_some() => {
            job.state = State::UploadComplete;
            tokio::spawn(work::run(shared.clone(), job.id.clone()));
        }
        "UploadComplete" => return Err(state_error(job, "The upload cannot be completed")),
        "Aborted" if !job.state.is_over() => job.state = State::Aborted,
        "Aborted" => return Err(state_error(job, "Aborting already Completed Job not allowed")),
        _ => return Err(ApiError::json("state: UploadComplete or Aborted")),
    }
    job.changed_ms = shared.gate.clock.now_ms();
    Ok(Reply::ok(job.shown(true)).into())
}

fn delete(shared: &Shared, id: &str) -> Result<Said, ApiError> {
    let mut jobs = shared.jobs.lock();
    let job = jobs.get(id).ok_or_else(ApiError::not_found)?;
    if !job.state.is_over() && job.state != State::UploadComplete {
        return Err(state_error(job, "The job cannot be deleted"));
    }
    jobs.remove(id);
    Ok(Reply::no_content().into())
}

fn results(shared: &Shared, id: &str, which: &str) -> Result<Said, ApiError> {
    let file = |job: &Job, more: &[&str], lines: &str| {
        let mut text = String::new();
        csv::line(&mut text, more.iter().copied().chain(job.header.iter().map(String::as_str)));
        text.push_str(lines);
        Ok(Said::Csv(text))
    };
    known(shared, id, |job| {
        if !job.state.is_over() {
            return Err(state_error(job, "The results are not there yet"));
        }
        match which.to_lowercase().as_str() {
            "successfulresults" => file(job, &["sf__Id", "sf__Created"], &job.successful),
            "failedresults" => file(job, &["sf__Id", "sf__Error"], &job.failed),
            "unprocessedrecords" if job.header.is_empty() => Ok(Said::Csv(String::new())),
            "unprocessedrecords" => file(job, &[], &job.unprocessed),
            _ => Err(ApiError::not_found()),
        }
    })
}

fn list(shared: &Shared, call: &Call) -> Value {
    let skip: usize = call.param("queryLocator").and_then(|l| l.parse().ok()).unwrap_or(0);
    let jobs = shared.jobs.lock();
    let page: Vec<_> = jobs.iter().skip(skip).take(PAGE).map(|job| job.shown(true)).collect();
    let more = jobs.iter().count() > skip + page.len();
    let next = format!("{}/jobs/ingest?queryLocator={}", call.base(), skip + PAGE);
    json!({ "done": !more, "records": page, "nextRecordsUrl": if more { json!(next) } else { Value::Null } })
}
