//! `POST /api/v1/campaigns/{id}/audience` and `/audience/salesforce`

use axum::Json;
use axum::extract::{Path, State};
use bytes::Bytes;
use engine::campaign::{Source, Taken};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::ids;
use crate::api::input::{Object, nothing_else, take_text};
use crate::api::send::one::caller;
use crate::auth::SendKey;
use crate::problem::Problem;
use crate::state::App;

#[derive(Serialize, ToSchema)]
#[schema(as = AudienceAdded)]
pub struct Added {
    /// People who were not in the campaign before.
    new: u64,
    /// Lines of people who were: they stay as they are.
    known: u64,
    /// Lines that cannot be used.
    refused: u64,
    /// The first hundred of them.
    complaints: Vec<Complaint>,
    /// Columns that nothing is taken from.
    unused_columns: Vec<String>,
    /// The source in Salesforce has more: the same call goes on.
    more: bool,
}

#[derive(Serialize, ToSchema)]
#[schema(as = AudienceComplaint)]
pub struct Complaint {
    /// Of the file, or of the report, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    /// The column, or the record in Salesforce.
    field: String,
    why: String,
    cure: String,
}

/// Add people to a draft, by a CSV file.
///
/// Its first line names the columns: `phone`, `wa_id` or `user_id`, and those
/// that the template takes values from. Lines with a mistake are named and the
/// others taken; the same file again adds nobody. A file that is larger than a
/// request may be comes in parts, each with the first line.
#[utoipa::path(
    post, path = "/api/v1/campaigns/{id}/audience", tag = "campaigns",
    params(
        ("id" = String, Path, description = "As the list shows it"),
        ("X-Puente-Acting-User" = Option<String>, Header,
            description = "Salesforce user who adds them; for the audit trail"),
    ),
    request_body(content = String, content_type = "text/csv"),
    responses(
        (status = 200, description = "What became of the lines", body = Added),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `send`", body = Problem),
        (status = 404, description = "There is no such campaign", body = Problem),
        (status = 409, description = "It is no draft", body = Problem),
        (status = 413, description = "Larger than a request may be", body = Problem),
        (status = 422, description = "It is no id", body = Problem),
    )
)]
pub async fn add_audience(
    State(app): State<App>,
    SendKey(session): SendKey,
    Path(id): Path<String>,
    file: Bytes,
) -> Result<Json<Added>, Problem> {
    let id = ids::campaign("id", &id)?;
    let taken = app.campaigns.add(&caller(session), id, &file).await?;
    Ok(Json(taken.into()))
}

/// Where an audience stands in Salesforce: one of them.
#[derive(Deserialize, ToSchema)]
#[schema(as = AudienceSource)]
#[allow(dead_code, reason = "the shape for the document; a body is read field by field")]
pub struct From {
    /// Its members.
    #[schema(example = "7015500000ABCdeAAH")]
    campaign: Option<String>,
    /// Of Contacts or of Leads.
    list_view: Option<String>,
    /// With a column that leads to Contacts or Leads; at most 2,000 rows.
    report: Option<String>,
}

const SOURCES: [&str; 3] = ["campaign", "list_view", "report"];

/// Add people to a draft, out of Salesforce.
///
/// The template's `{{columns}}` are fields of the Contact or Lead, or of a record
/// that it belongs to: `{{FirstName|amigo}}`, `{{Account.Name}}`. A call reads one
/// page; while `more` is `true` the same call goes on, and until then the draft
/// cannot be checked. What is read again adds nobody.
#[utoipa::path(
    post, path = "/api/v1/campaigns/{id}/audience/salesforce", tag = "campaigns",
    request_body = From,
    params(
        ("id" = String, Path, description = "As the list shows it"),
        ("X-Puente-Acting-User" = Option<String>, Header,
            description = "Salesforce user who adds them; for the audit trail"),
    ),
    responses(
        (status = 200, description = "What became of the page", body = Added),
        (status = 400, description = "Not JSON", body = Problem),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `send`", body = Problem),
        (status = 404, description = "There is no such campaign", body = Problem),
        (status = 409, description = "It is no draft", body = Problem),
        (status = 422, description = "The source, or a field of the plan, is not there", body = Problem),
        (status = 503, description = "The org cannot be asked", body = Problem),
    )
)]
pub async fn add_from_salesforce(
    State(app): State<App>,
    SendKey(session): SendKey,
    Path(id): Path<String>,
    Object(mut body): Object,
) -> Result<Json<Added>, Problem> {
    let id = ids::campaign("id", &id)?;
    let mut named = Vec::new();
    for field in SOURCES {
        named.extend(take_text(&mut body, field, 40)?.map(|id| (field, id)));
    }
    nothing_else(&body)?;
    let [(field, from)] = &named[..] else {
        let why = format!("{} sources are named.", named.len());
        let cure = format!("Send the id of one: {}.", SOURCES.join(", "));
        return Err(Problem::field("campaign", why, cure));
    };
    let source = Source::read(field, from)?;
    let taken = app.campaigns.add_from(&caller(session), id, &source).await?;
    Ok(Json(taken.into()))
}

impl std::convert::From<Taken> for Added {
    fn from(taken: Taken) -> Self {
        let complaints = taken.complaints.into_iter().map(|one| Complaint {
            line: one.line,
            field: one.field,
            why: one.why,
            cure: one.cure,
        });
        Self {
            new: taken.new,
            known: taken.known,
            refused: taken.refused,
            complaints: complaints.collect(),
            unused_columns: taken.unused,
            more: taken.more,
        }
    }
}
