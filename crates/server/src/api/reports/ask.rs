//! `POST /api/v1/reports/reconcile`

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use model::UnixMs;
use model::ids::ReportId;
use serde_json::{Map, Value};
use store::op::{AuditEntry, NewReport};
use store::{AskedReport, Commit, Op, ReportState};
use utoipa::ToSchema;

use super::Report;
use crate::api::input::{Object, take_text};
use crate::auth::ManageKey;
use crate::clock;
use crate::problem::Problem;
use crate::state::App;

#[derive(ToSchema)]
#[schema(as = AskReport)]
#[allow(dead_code, reason = "documents the body; it is read field by field")]
pub struct Wish {
    /// RFC 3339: only what puente learned of since then. Everything when left out.
    since: Option<String>,
    /// Write again what is missing or lowered in Salesforce; `false` when left out.
    repair: Option<bool>,
}

/// Ask for a report. It is made within seconds to minutes; its address shows it.
///
/// One is made each day without being asked for.
#[utoipa::path(
    post, path = "/api/v1/reports/reconcile", tag = "reports", request_body = Wish,
    responses(
        (status = 202, description = "It will be made", body = Report),
        (status = 400, description = "Not JSON", body = Problem),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `admin`", body = Problem),
        (status = 422, description = "A field cannot be accepted", body = Problem),
    )
)]
pub async fn ask_report(
    State(app): State<App>,
    ManageKey(session): ManageKey,
    Object(body): Object,
) -> Result<(StatusCode, Json<Report>), Problem> {
    let at = app.ambient.now();
    let (since, repair) = read(body, at)?;
    let id = ReportId::new(&app.ambient);
    let asked_by = session.key.to_string();
    let tenant = session.tenant.clone();
    let ask = NewReport {
        tenant: tenant.clone(),
        id,
        asked_at: at,
        asked_by: asked_by.clone(),
        since,
        repair,
    };
    let entry = AuditEntry {
        tenant,
        at,
        actor: asked_by.clone(),
        action: "report.asked".into(),
        subject: id.to_string(),
        detail: format!("repair: {repair}"),
    };
    app.store.commit(Commit::of(vec![Op::AskReport(ask), Op::Audit(entry)])).await?;
    app.desk.nudges.reports.wake();
    let asked = AskedReport {
        id,
        state: ReportState::Wanted,
        asked_at: at,
        asked_by,
        since,
        repair,
        ended_at: None,
        summary: None,
    };
    Ok((StatusCode::ACCEPTED, Json(Report::new(asked, None))))
}

fn read(mut map: Map<String, Value>, now: UnixMs) -> Result<(Option<UnixMs>, bool), Problem> {
    let since = match take_text(&mut map, "since", 64)? {
        None => None,
        Some(text) => Some(clock::parse(&text).filter(|at| *at < now).ok_or_else(|| {
            let cure = "Send a time that has passed, for instance 2026-01-31T00:00:00Z.";
            Problem::field("since", "It is not an RFC 3339 time that has passed.", cure)
        })?),
    };
    let repair = match map.remove("repair") {
        None | Some(Value::Null) => false,
        Some(Value::Bool(repair)) => repair,
        Some(_) => {
            let cure = "Send true or false, or leave the field out.";
            return Err(Problem::field("repair", "It is neither true nor false.", cure));
        }
    };
    if let Some(name) = map.keys().next() {
        let cure = "Send since and repair only.";
        return Err(Problem::field(name, "There is no such field.", cure));
    }
    Ok((since, repair))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_mistake_names_its_field() {
        let now = UnixMs::from_secs(1_800_000_000);
        let read = |value: Value| {
            let Value::Object(map) = value else { panic!("an object is expected") };
            read(map, now)
        };
        assert_eq!(read(json!({})).unwrap(), (None, false));
        let asked = read(json!({ "since": "2026-01-01T00:00:00Z", "repair": true })).unwrap();
        assert_eq!(asked, (Some(UnixMs::from_secs(1_767_225_600)), true));
        for (body, field) in [
            (json!({ "since": "yesterday" }), "since"),
            (json!({ "since": "2030-01-01T00:00:00Z" }), "since"),
            (json!({ "repair": "yes" }), "repair"),
            (json!({ "tenant": "other" }), "tenant"),
        ] {
            let problem = serde_json::to_value(read(body.clone()).unwrap_err()).unwrap();
            assert_eq!(problem["field"], field, "{body}");
        }
    }
}
