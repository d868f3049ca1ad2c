//! `GET /api/v1/consent`

use axum::Json;
use axum::extract::State;
use engine::outbound::Recipient;
use model::{ConsentKind, Purpose};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::input::Params;
use crate::auth::ReadKey;
use crate::clock;
use crate::problem::{self, Problem};
use crate::state::App;

/// Events that are shown; nobody changes their mind so often.
const EVENTS_MAX: u32 = 10_000;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Whose {
    /// A phone number, a business-scoped user id, a Contact or Lead, a person.
    of: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Consent)]
pub struct Shown {
    person_id: String,
    /// Where they stand on each purpose: what sends are held against now.
    purposes: Vec<Standing>,
    /// All that they said, newest first: the evidence.
    events: Vec<Event>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ConsentStanding)]
pub struct Standing {
    #[schema(example = "marketing")]
    purpose: &'static str,
    /// `opt_in` or `opt_out`; absent when they never said anything about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ConsentEvent)]
pub struct Event {
    purpose: &'static str,
    kind: &'static str,
    happened_at: String,
    recorded_at: String,
    channel: String,
    /// `keyword`, `referral`, `meta.user_preferences`, `meta.131050`, or a caller's word.
    source: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wording: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<String>,
}

/// Where one person stands, and all that they said.
#[utoipa::path(
    get, path = "/api/v1/consent", tag = "consent", params(Whose),
    responses(
        (status = 200, description = "The person", body = Shown),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
        (status = 404, description = "Nobody is known by that", body = Problem),
        (status = 422, description = "A parameter cannot be accepted", body = Problem),
    )
)]
pub async fn consent(
    State(app): State<App>,
    ReadKey(session): ReadKey,
    Params(whose): Params<Whose>,
) -> Result<Json<Shown>, Problem> {
    let tenant = &session.tenant;
    let Recipient::Known(person) = app.desk.whom(tenant, &whose.of).await? else {
        return Err(Problem::new(&problem::NOT_FOUND, "Nobody is known by that.").at("of"));
    };
    let now = app.store.consents(tenant, person.id).await?;
    let purposes = Purpose::ASKED.iter().map(|purpose| {
        let said = now.iter().find(|said| said.purpose == *purpose);
        Standing {
            purpose: purpose.as_str(),
            kind: said.map(|said| said.kind).map(ConsentKind::as_str),
            since: said.map(|said| clock::text(said.happened_at)),
            source: said.map(|said| said.source.clone()),
        }
    });
    let events = app.store.consent_events(tenant, person.id, EVENTS_MAX).await?;
    let events = events.into_iter().map(|event| Event {
        purpose: event.purpose.as_str(),
        kind: event.kind.as_str(),
        happened_at: clock::text(event.happened_at),
        recorded_at: clock::text(event.recorded_at),
        channel: event.channel,
        source: event.source,
        phone_number_id: event.number.map(|number| number.to_string()),
        wording: event.about.wording,
        evidence: event.about.evidence,
    });
    let person_id = person.id.to_string();
    Ok(Json(Shown { person_id, purposes: purposes.collect(), events: events.collect() }))
}
