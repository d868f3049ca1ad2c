//! The admin endpoints that every simulator has.

use axum::extract::{Query, State};
use axum::routing::get;
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Fired, Gate, Rule};

/// Routes to be nested under a simulator's own admin path:
///
/// - `GET /faults`: the script with its counts; `POST`: one rule or a list of
///   them, appended; `DELETE`: ends the script and answers its last counts.
/// - `GET /requests?after=`: `{"counts":{..},"entries":[..]}`; `DELETE`: starts
///   counting anew.
pub fn admin(gate: Gate) -> Router {
    Router::new()
        .route("/faults", get(script).post(extend).delete(end))
        .route("/requests", get(requests).delete(reset))
        .with_state(gate)
}

async fn script(State(gate): State<Gate>) -> Json<Vec<Fired>> {
    Json(gate.faults.fired())
}

async fn extend(
    State(gate): State<Gate>,
    Json(body): Json<Value>,
) -> Result<Json<Vec<Fired>>, (StatusCode, String)> {
    let lines = match body {
        Value::Array(lines) => lines,
        one => vec![one],
    };
    // All or none: half a script would be a different test.
    let rules: Vec<Rule> = lines
        .into_iter()
        .map(serde_json::from_value)
        .collect::<Result<_, _>>()
        .map_err(|e| (StatusCode::UNPROCESSABLE_ENTITY, format!("not a fault rule: {e}")))?;
    rules.into_iter().for_each(|rule| gate.faults.add(rule));
    Ok(Json(gate.faults.fired()))
}

async fn end(State(gate): State<Gate>) -> Json<Vec<Fired>> {
    Json(gate.faults.clear())
}

#[derive(Deserialize)]
struct After {
    #[serde(default)]
    after: u64,
}

async fn requests(State(gate): State<Gate>, Query(from): Query<After>) -> Json<Value> {
    Json(json!({ "counts": gate.log.counts(), "entries": gate.log.after(from.after) }))
}

async fn reset(State(gate): State<Gate>) -> Json<Value> {
    gate.log.reset();
    Json(json!({ "success": true }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Act, Outlet, RouterOutlet, Seed, SimClock};
    use bytes::Bytes;
    use http::{Method, Request};

    #[tokio::test(start_paused = true)]
    async fn a_script_is_posted_counted_and_ended() {
        let gate = Gate::new(SimClock::starting_at(0), &Seed::new(1));
        let outlet = RouterOutlet(admin(gate.clone()));
        let ask = async |method: Method, path: &str, body: &'static str| {
            let request = Request::builder()
                .method(method)
                .uri(path)
                .header("content-type", "application/json")
                .body(Bytes::from(body))
                .unwrap();
            let answer = outlet.call(request).await.unwrap();
            serde_json::from_slice::<Value>(answer.body()).unwrap()
        };
        ask(Method::POST, "/faults", r#"{"op":"a","act":"cut_before"}"#).await;
        ask(Method::POST, "/faults", r#"[{"op":"b","act":{"delay":5}}]"#).await;
        assert_eq!(gate.faults.decide("a").end, Some(Act::CutBefore));
        let counts = ask(Method::DELETE, "/faults", "").await;
        assert_eq!((&counts[0]["fired"], &counts[1]["fired"]), (&json!(1), &json!(0)));
        assert_eq!(gate.faults.decide("a").end, None);
        gate.log.record(1, "a", "/a", Some(200));
        let log = ask(Method::GET, "/requests?after=0", "").await;
        assert_eq!((&log["counts"]["a"], &log["entries"][0]["status"]), (&json!(1), &json!(200)));
        ask(Method::DELETE, "/requests", "").await;
        assert_eq!(gate.log.total(), 0);
    }
}
