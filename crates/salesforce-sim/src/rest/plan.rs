//! From a call to what it means: an answer read now, or records to save.

use http::Method;
use serde_json::{Value, json};

use super::{Call, Reply, collections, limits, query, rows, views};
use crate::error::ApiError;
use crate::org::Org;
use crate::records::{Batch, Outcome};

#[derive(Debug)]
pub enum Plan {
    Done(Reply),
    Write(Batch, Shape),
}

/// How outcomes are shown.
#[derive(Clone, Debug)]
pub enum Shape {
    Create { object: String },
    Update,
    Upsert { object: String },
    Delete,
    Collection { shows_created: bool, all_or_none: bool },
}

/// Reads the call against the org. Composites are not calls in this sense.
pub fn plan(org: &mut Org, call: &Call) -> Result<Plan, ApiError> {
    let path: Vec<&str> = call.path.iter().map(|s| &**s).collect();
    let lower: Vec<String> = path.iter().map(|s| s.to_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(|s| &**s).collect();
    let get = call.method == Method::GET;
    let read = |body: Value| Ok(Plan::Done(Reply::ok(body)));
    match &lower[..] {
        [] if get => read(resources(&call.base())),
        ["sobjects"] if get => read(global(org, call)),
        ["sobjects", _, "describe"] if get => read(rows::describe(org, call, path[1])?),
        ["sobjects", _, "listviews", _, "describe"] if get => {
            read(views::list_view(org, path[1], path[3])?)
        }
        ["analytics", "reports", _] if get => read(views::report(org, call, path[2])?),
        ["sobjects", _] => rows::object(org, call, path[1]),
        ["sobjects", _, _] => rows::row(org, call, path[1], path[2]),
        ["sobjects", _, _, _] => rows::keyed(org, call, path[1], path[2], path[3]),
        ["composite", "sobjects", rest @ ..] => {
            collections::plan(org, call, &path[2..2 + rest.len()])
        }
        ["query"] if get => read(query::first(org, call, false)?),
        ["queryall"] if get => read(query::first(org, call, true)?),
        ["query" | "queryall", _] if get => read(query::next(org, call, path[1])?),
        ["limits", "recordcount"] if get => read(limits::record_count(org, call)),
        ["query", ..] | ["queryall", ..] | ["limits", ..] | ["sobjects", ..] | [] => {
            Err(call.not_allowed("GET"))
        }
        _ => Err(ApiError::not_found()),
    }
}

fn resources(base: &str) -> Value {
    let names = ["sobjects", "query", "queryAll", "composite", "limits"];
    names.iter().map(|n| ((*n).to_owned(), json!(format!("{base}/{n}")))).collect()
}

fn global(org: &Org, call: &Call) -> Value {
    let objects: Vec<_> = org.schema.objects().map(|o| o.summary(&call.base())).collect();
    json!({ "encoding": "UTF-8", "maxBatchSize": 200, "sobjects": objects })
}

impl Shape {
    pub fn reply(&self, call: &Call, outcomes: Vec<Outcome>) -> Reply {
        if let Self::Collection { shows_created, .. } = self {
            let items = outcomes.into_iter().map(|o| collections::item(o, *shows_created));
            return Reply::ok(items.collect());
        }
        let saved = match outcomes.into_iter().next() {
            Some(Ok(saved)) => saved,
            Some(Err(error)) => return rows::refusal(call, self, &error),
            None => return Reply::no_content(),
        };
        let location =
            |object: &str| Some(format!("{}/sobjects/{object}/{}", call.base(), saved.id));
        let mut body = json!({ "id": saved.id, "success": true, "errors": [] });
        match self {
            Self::Create { object } => {
                Reply { status: 201, location: location(object), body: Some(body) }
            }
            // Before v46 an upsert that found its row answered like an update.
            Self::Upsert { .. } if !saved.created && call.version < 46 => Reply::no_content(),
            Self::Upsert { object } => {
                body["created"] = json!(saved.created);
                let (status, location) =
                    if saved.created { (201, location(object)) } else { (200, None) };
                Reply { status, location, body: Some(body) }
            }
            _ => Reply::no_content(),
        }
    }
}
