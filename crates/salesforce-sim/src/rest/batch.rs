//! Independent calls in one (REST API, Composite Batch). Each counts.

use http::Method;
use serde_json::{Value, json};

use super::run::run;
use super::{Call, Reply};
use crate::error::ApiError;
use crate::shared::Shared;

const SUBREQUESTS_MAX: usize = 25;

/// `POST /composite/batch`
pub async fn batch(shared: &Shared, call: &Call) -> Reply {
    let list = call.member("batchRequests").as_array().cloned().unwrap_or_default();
    if list.is_empty() || list.len() > SUBREQUESTS_MAX {
        let text =
            format!("a batch holds 1 to {SUBREQUESTS_MAX} subrequests, this one {}", list.len());
        return Reply::error(&ApiError::bad("LIMIT_EXCEEDED", text));
    }
    let slow_ms = shared.arrive().await;
    let slow = shared.slow_part(list.len());
    let now = shared.gate.clock.now_ms();
    let (mut results, mut has_errors) = (Vec::new(), false);
    for (position, item) in list.iter().enumerate() {
        if has_errors && call.flag("haltOnError") {
            let text = "Batch processing halted per request";
            let error = ApiError::new(412, "BATCH_PROCESSING_HALTED", text);
            results.push(json!({ "statusCode": 412, "result": error.body() }));
            continue;
        }
        // The call itself was counted as one.
        if position > 0 {
            shared.usage.lock().spend(now);
        }
        let reply = match sub(call, item) {
            Ok(sub) => run(shared, sub, Some(if position == slow { slow_ms } else { 0 }), 1).await,
            Err(error) => Reply::error(&error),
        };
        has_errors |= reply.failed();
        results.push(json!({ "statusCode": reply.status, "result": reply.body }));
    }
    Reply::ok(json!({ "hasErrors": has_errors, "results": results }))
}

fn sub(call: &Call, item: &Value) -> Result<Call, ApiError> {
    let url = item["url"].as_str().unwrap_or_default();
    let url = match url.strip_prefix("/services/data/") {
        Some(_) => url.to_owned(),
        None => format!("/services/data/{}", url.trim_start_matches('/')),
    };
    let method = item["method"].as_str().and_then(|m| Method::from_bytes(m.as_bytes()).ok());
    let method = method.ok_or_else(|| ApiError::json("method: required in each subrequest"))?;
    Call::at(method, &url, item["richInput"].clone(), call.actor.clone())
        .ok_or_else(ApiError::not_found)
}
