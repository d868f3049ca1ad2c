//! `POST /api/v1/campaigns`

use axum::Json;
use axum::extract::State;
use model::ids::{CampaignId, PhoneNumberId};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::Shown;
use crate::api::ids;
use crate::api::input::{Object, kind, nothing_else, take_text};
use crate::api::send::one::caller;
use crate::auth::SendKey;
use crate::problem::Problem;
use crate::state::App;

/// What a campaign is to be.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewCampaign)]
#[allow(dead_code, reason = "the shape for the document; a body is read field by field")]
pub struct Wish {
    /// `cmp_` and 32 hexadecimal digits of your own: the same call again is one
    /// campaign. Made here when left out.
    id: Option<String>,
    #[schema(example = "Rebajas de primavera")]
    name: String,
    /// May be left out when the tenant has one number.
    phone_number_id: Option<String>,
    /// `template` (Meta's template object, with `{{column}}` or
    /// `{{column|fallback}}` where the audience's values go), `zone`, `quiet`,
    /// `days`, `ends_at`, `per_second`, `tier`, `cap`, `pause_at`, `results`.
    #[schema(value_type = Object)]
    plan: Value,
}

/// Plan a campaign. It has no audience yet, and nothing is sent.
#[utoipa::path(
    post, path = "/api/v1/campaigns", tag = "campaigns", request_body = Wish,
    params(
        ("X-Puente-Acting-User" = Option<String>, Header,
            description = "Salesforce user who plans it; for the audit trail"),
    ),
    responses(
        (status = 200, description = "The draft", body = Shown),
        (status = 400, description = "Not JSON", body = Problem),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `send`", body = Problem),
        (status = 422, description = "A field cannot be accepted", body = Problem),
    )
)]
pub async fn make_campaign(
    State(app): State<App>,
    SendKey(session): SendKey,
    Object(mut body): Object,
) -> Result<Json<Shown>, Problem> {
    let id = match take_text(&mut body, "id", 40)? {
        Some(text) => ids::campaign("id", &text)?,
        None => CampaignId::new(&app.ambient),
    };
    let name = take_text(&mut body, "name", 80)?
        .ok_or_else(|| Problem::field("name", "It is missing.", "Send 1 to 80 characters."))?;
    let number = take_text(&mut body, "phone_number_id", 40)?.map(PhoneNumberId::new);
    let plan = match body.remove("plan") {
        Some(Value::Object(plan)) => plan,
        other => {
            let why = format!("It is {}.", kind(&other.unwrap_or_default()));
            return Err(Problem::field("plan", why, "Send an object with `template` in it."));
        }
    };
    nothing_else(&body)?;
    let made = app.campaigns.make(&caller(session), id, &name, number.as_ref(), plan).await?;
    Ok(Json(made.into()))
}
