//! Several calls in one (REST API, Composite, Composite Graph).

use std::collections::BTreeSet;

use http::Method;
use serde_json::{Value, json};

use super::http::heed;
use super::plan::plan;
use super::refs::Answers;
use super::run::{lock, refuse, run};
use super::{Call, Plan, Reply, Shape};
use crate::error::ApiError;
use crate::locks::Held;
use crate::org::{Actor, Txn};
use crate::shared::Shared;

const SUBREQUESTS_MAX: usize = 25;
/// Of the subrequests, those that are collections or queries.
const HEAVY_MAX: usize = 5;
const GRAPHS_MAX: usize = 75;
const NODES_MAX: usize = 500;

/// A subrequest as it came, references and all.
struct Part {
    method: Method,
    url: String,
    reference_id: String,
    body: Value,
    headers: Vec<(String, String)>,
}

/// `POST /composite`
pub async fn composite(shared: &Shared, call: &Call) -> Reply {
    let parts = match parts(call.member("compositeRequest"), SUBREQUESTS_MAX) {
        Ok(parts) => parts,
        Err(error) => return Reply::error(&error),
    };
    let heavy = parts.iter().filter(|p| is_heavy(&p.url)).count();
    if heavy > HEAVY_MAX {
        let text = format!(
            "Limit of {HEAVY_MAX} sObject collections and queries in a composite request exceeded: {heavy}"
        );
        return Reply::error(&ApiError::bad("LIMIT_EXCEEDED", text));
    }
    let chunks =
        chunks(&parts, call.member("collateSubrequests").as_bool().unwrap_or(call.version >= 49));
    let replies = if call.flag("allOrNone") {
        atomic(shared, call, &parts, &chunks).await.0
    } else {
        one_by_one(shared, call, &parts, &chunks).await
    };
    Reply::ok(answer(&parts, replies))
}

/// `POST /composite/graph`: each graph stands or falls as a whole.
pub async fn graph(shared: &Shared, call: &Call) -> Reply {
    let graphs = call.member("graphs").as_array().cloned().unwrap_or_default();
    let nodes: usize =
        graphs.iter().filter_map(|g| g["compositeRequest"].as_array()).map(Vec::len).sum();
    if graphs.is_empty() || graphs.len() > GRAPHS_MAX || nodes > NODES_MAX {
        let text =
            format!("a request holds 1 to {GRAPHS_MAX} graphs and at most {NODES_MAX} nodes");
        return Reply::error(&ApiError::bad("LIMIT_EXCEEDED", text));
    }
    let mut out = Vec::new();
    for graph in graphs {
        let parts = match parts(&graph["compositeRequest"], NODES_MAX) {
            Ok(parts) => parts,
            Err(error) => return Reply::error(&error),
        };
        let chunks = vec![1; parts.len()];
        let (replies, stands) = atomic(shared, call, &parts, &chunks).await;
        let response = answer(&parts, replies);
        out.push(json!({ "graphId": graph["graphId"], "graphResponse": response, "isSuccessful": stands }));
    }
    Reply::ok(json!({ "graphs": out }))
}

fn parts(list: &Value, max: usize) -> Result<Vec<Part>, ApiError> {
    let list = list
        .as_array()
        .ok_or_else(|| ApiError::json("compositeRequest: a list of subrequests is required"))?;
    if list.is_empty() || list.len() > max {
        let text = format!("a request holds 1 to {max} subrequests, this one {}", list.len());
        return Err(ApiError::bad("LIMIT_EXCEEDED", text));
    }
    let mut seen = BTreeSet::new();
    let mut parts = Vec::new();
    for item in list {
        let part = part(item)?;
        if !seen.insert(part.reference_id.clone()) {
            let text = format!("Duplicate referenceId: {}", part.reference_id);
            return Err(ApiError::json(text));
        }
        parts.push(part);
    }
    Ok(parts)
}

fn part(item: &Value) -> Result<Part, ApiError> {
    let text = |name: &str| {
        item[name]
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| ApiError::json(format!("{name}: required in each subrequest")))
    };
    let reference_id = text("referenceId")?;
    let plain = reference_id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !plain || !reference_id.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return Err(ApiError::json(format!(
            "Provided referenceId ('{reference_id}') must start with a letter or a number, and it can contain only letters, numbers and underscores ('_')."
        )));
    }
    let method = match &*text("method")? {
        "GET" => Method::GET,
        "POST" => Method::POST,
        "PUT" => Method::PUT,
        "PATCH" => Method::PATCH,
        "DELETE" => Method::DELETE,
        other => {
            return Err(ApiError::json(format!(
                "method: {other} is not one of POST, PUT, PATCH, GET, DELETE"
            )));
        }
    };
    let headers = item["httpHeaders"].as_object();
    let forbidden = ["accept", "authorization", "content-type"];
    if let Some(name) =
        headers.and_then(|h| h.keys().find(|k| forbidden.contains(&&*k.to_lowercase())))
    {
        return Err(ApiError::bad(
            "INVALID_HTTP_HEADER",
            format!("{name} may not be set on a subrequest"),
        ));
    }
    let text_of = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let headers = headers.into_iter().flatten().map(|(k, v)| (k.clone(), text_of(v))).collect();
    Ok(Part { method, url: text("url")?, reference_id, body: item["body"].clone(), headers })
}

fn is_heavy(url: &str) -> bool {
    let path = url.split('?').next().unwrap_or_default().to_lowercase();
    path.contains("/composite/sobjects") || path.contains("/query")
}

/// How many neighbours of each subrequest are saved at once: creates of the
/// same object that follow each other are put together.
fn chunks(parts: &[Part], collate: bool) -> Vec<usize> {
    let mut sizes = vec![1; parts.len()];
    if !collate {
        return sizes;
    }
    let joins = |a: &Part, b: &Part| {
        a.method == Method::POST
            && b.method == Method::POST
            && a.headers.is_empty()
            && b.headers.is_empty()
            && a.url.eq_ignore_ascii_case(&b.url)
            && a.url.to_lowercase().contains("/sobjects/")
            && !b.body.to_string().contains(&format!("@{{{}", a.reference_id))
    };
    let mut from = 0;
    while from < parts.len() {
        let mut to = from + 1;
        while to < parts.len() && joins(&parts[to - 1], &parts[to]) {
            to += 1;
        }
        sizes[from..to].fill(to - from);
        from = to;
    }
    sizes
}

impl Part {
    /// The call with its references filled in.
    fn call(&self, parent: &Call, answers: &Answers) -> Result<Call, ApiError> {
        let url = answers.fill(&json!(self.url))?;
        let body = answers.fill(&self.body)?;
        let url = url.as_str().unwrap_or_default();
        let mut actor = parent.actor.clone();
        for (name, value) in &self.headers {
            heed(&mut actor, name, value);
        }
        Call::at(self.method.clone(), url, body, actor).ok_or_else(ApiError::not_found)
    }
}

async fn one_by_one(shared: &Shared, call: &Call, parts: &[Part], chunks: &[usize]) -> Vec<Reply> {
    let slow_ms = shared.arrive().await;
    let slow = shared.slow_part(parts.len());
    let mut answers = Answers::default();
    let mut replies = Vec::new();
    for (position, (part, chunk)) in parts.iter().zip(chunks).enumerate() {
        let slow_ms = if position == slow { slow_ms } else { 0 };
        let reply = match part.call(call, &answers) {
            Ok(sub) => run(shared, sub, Some(slow_ms), *chunk).await,
            Err(error) => Reply::error(&error),
        };
        answers.insert(&part.reference_id, &reply);
        replies.push(reply);
    }
    replies
}

/// All in one transaction; the flag says whether it stands.
async fn atomic(
    shared: &Shared,
    call: &Call,
    parts: &[Part],
    chunks: &[usize],
) -> (Vec<Reply>, bool) {
    let (locks, rows) = foreseen(shared, call, parts);
    let held = lock(shared, locks).await;
    let slow_ms = shared.arrive().await;
    shared.save(rows, slow_ms).await;
    let mut org = shared.org.lock();
    let mut actor = call.actor.clone();
    actor.at_ms = shared.gate.clock.now_ms();
    let mut txn = Txn::begin(&mut org, actor);
    let mut answers = Answers::default();
    let mut replies = Vec::new();
    for (part, chunk) in parts.iter().zip(chunks) {
        let (reply, failed) = match part.call(call, &answers) {
            Ok(sub) => step(shared, &mut txn, &sub, *chunk, &held),
            Err(error) => (Reply::error(&error), true),
        };
        answers.insert(&part.reference_id, &reply);
        replies.push(reply);
        if failed {
            return (halted(replies, parts.len()), false);
        }
    }
    txn.commit();
    (replies, true)
}

fn step(
    shared: &Shared,
    txn: &mut Txn<'_>,
    call: &Call,
    chunk: usize,
    held: &Held,
) -> (Reply, bool) {
    match plan(txn.org, call) {
        Err(error) => (Reply::error(&error), true),
        Ok(Plan::Done(reply)) => {
            let failed = reply.failed();
            (reply, failed)
        }
        Ok(Plan::Write(mut batch, shape)) => {
            batch.chunk = batch.chunk.max(chunk);
            batch.prepare(txn.org);
            txn.actor = Actor { at_ms: txn.actor.at_ms, ..call.actor.clone() };
            let locks = batch.locks(txn.org);
            refuse(shared, &mut batch, &locks, held);
            let outcomes = batch.save(txn);
            let any_failed = outcomes.iter().any(Result::is_err);
            let failed =
                any_failed && !matches!(shape, Shape::Collection { all_or_none: false, .. });
            (shape.reply(call, outcomes), failed)
        }
    }
}

/// The locks and the number of rows, as far as they can be told before the first subrequest runs.
fn foreseen(shared: &Shared, call: &Call, parts: &[Part]) -> (BTreeSet<String>, usize) {
    let mut org = shared.org.lock();
    let (mut locks, mut rows) = (BTreeSet::new(), 0);
    for part in parts {
        let planned = part.call(call, &Answers::default()).and_then(|sub| match sub.method {
            Method::GET => Err(ApiError::not_found()),
            _ => plan(&mut org, &sub),
        });
        match planned {
            Ok(Plan::Write(mut batch, _)) => {
                batch.prepare(&org);
                rows += batch.ops.len();
                locks.extend(batch.locks(&org).into_iter().flatten());
            }
            _ => rows += part.body["records"].as_array().map_or(1, Vec::len),
        }
    }
    (locks, rows)
}

/// The last reply is the culprit's; all others tell that they were undone.
fn halted(mut replies: Vec<Reply>, count: usize) -> Vec<Reply> {
    let text =
        "The transaction was rolled back since another operation in the same transaction failed.";
    let other = Reply::error(&ApiError::bad("PROCESSING_HALTED", text));
    let culprit = replies.len() - 1;
    replies[..culprit].fill(other.clone());
    replies.resize(count, other);
    replies
}

fn answer(parts: &[Part], replies: Vec<Reply>) -> Value {
    let items: Vec<_> = parts
        .iter()
        .zip(replies)
        .map(|(part, reply)| {
            let headers = reply.location.map_or(json!({}), |l| json!({ "Location": l }));
            json!({ "body": reply.body, "httpHeaders": headers, "httpStatusCode": reply.status, "referenceId": part.reference_id })
        })
        .collect();
    json!({ "compositeResponse": items })
}
