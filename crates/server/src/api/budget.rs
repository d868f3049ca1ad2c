//! `GET /api/v1/budget`

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use model::{UnixMs, Urgency};
use serde::Serialize;
use store::ApiBudget;
use utoipa::ToSchema;

use crate::auth::ReadKey;
use crate::clock;
use crate::problem::Problem;
use crate::state::App;

/// The API calls of the tenant's Salesforce org.
#[derive(Serialize, ToSchema)]
pub struct Budget {
    /// Calls of all programs in the 24 hours before `read_at`. Absent, as all
    /// that follows from it, before the org has told its allocation.
    #[serde(skip_serializing_if = "Option::is_none")]
    used: Option<i64>,
    /// What the org allows in 24 hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<i64>,
    /// What puente lets be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    ceiling: Option<i64>,
    /// RFC 3339, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    read_at: Option<String>,
    /// When the ceiling is reached at the present pace; absent: not foreseen.
    #[serde(skip_serializing_if = "Option::is_none")]
    exhausted_at: Option<String>,
    /// What is called for less often: `status`, `automatic`, `live`.
    slowed: Vec<&'static str>,
    /// What waits until earlier calls are a day old.
    waiting: Vec<&'static str>,
    /// Own calls since the first, by kind.
    calls: BTreeMap<String, i64>,
    /// Messages that Salesforce came to show, since the first.
    messages: i64,
    /// Own calls of the last 24 hours for each message of the last 24 hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    calls_per_message: Option<f64>,
    /// Records that somebody else held for too long, since the first.
    lock_errors: i64,
}

/// How much of the org's API calls is used, and what that slows.
#[utoipa::path(
    get, path = "/api/v1/budget", tag = "operations",
    responses(
        (status = 200, description = "As it stands", body = Budget),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
    )
)]
pub async fn budget(
    State(app): State<App>,
    ReadKey(session): ReadKey,
) -> Result<Json<Budget>, Problem> {
    let known = app.store.api_budget(&session.tenant).await?;
    Ok(Json(shown(known, app.ambient.now())))
}

fn shown(known: ApiBudget, now: UnixMs) -> Budget {
    let standing = known.standing;
    let (slowed, waiting) = standing.map_or((0, 0), |s| (s.slowed as usize, s.waiting as usize));
    // the least urgent are slowed first
    let lanes: Vec<_> = Urgency::ALL.iter().rev().map(|u| u.as_str()).collect();
    Budget {
        used: standing.map(|s| s.used),
        max: standing.map(|s| s.max),
        ceiling: standing.map(|s| s.ceiling),
        read_at: standing.map(|s| clock::text(s.read_at)),
        exhausted_at: standing.and_then(|s| s.exhausted_at).map(clock::text),
        waiting: lanes.iter().take(waiting).copied().collect(),
        slowed: lanes.iter().skip(waiting).take(slowed).copied().collect(),
        calls_per_message: calls_per_message(&known, now),
        calls: known.calls.into_iter().collect(),
        messages: known.messages,
        lock_errors: known.lock_errors,
    }
}

/// Of the last 24 hours; `None` without a message.
pub(crate) fn calls_per_message(known: &ApiBudget, now: UnixMs) -> Option<f64> {
    let first = rules::budget::slot(now) - rules::budget::DAY_SLOTS;
    let day = known.slots.iter().filter(|slot| slot.slot >= first);
    let (calls, messages) =
        day.fold((0, 0), |(calls, messages), s| (calls + s.own, messages + s.messages));
    (messages > 0).then(|| calls as f64 / messages as f64)
}
