//! Meta's question when a callback URL is set.

use axum::extract::{Path, Query, State};
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;
use whatsapp::handshake::decide;

use super::app::{Named, find};
use crate::state::{App, Inner};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Question {
    /// `subscribe`
    #[serde(rename = "hub.mode")]
    mode: Option<String>,
    /// The token that was typed into Meta's form.
    #[serde(rename = "hub.verify_token")]
    verify_token: Option<String>,
    /// Comes back as it is.
    #[serde(rename = "hub.challenge")]
    challenge: Option<String>,
}

type Answer = (StatusCode, String);

fn answer(app: &Inner, named: Named<'_>, asked: &Question) -> Answer {
    let tokens = find(app, named).map(|a| a.verify_tokens.as_slice()).unwrap_or_default();
    let (mode, token) = (asked.mode.as_deref(), asked.verify_token.as_deref());
    match decide(mode, token, asked.challenge.as_deref(), tokens) {
        Ok(challenge) => (StatusCode::OK, challenge.to_owned()),
        Err(why) => {
            tracing::warn!(%why, "a webhook handshake was refused");
            (StatusCode::FORBIDDEN, "forbidden".to_owned())
        }
    }
}

/// Handshake of the default app, apart from the deliveries.
#[utoipa::path(
    get, path = "/webhook/verify", tag = "webhooks", security(()), params(Question),
    responses(
        (status = 200, description = "The challenge, alone", body = String),
        (status = 403, description = "The verify token is not ours"),
    )
)]
pub async fn verify(State(app): State<App>, Query(asked): Query<Question>) -> Answer {
    answer(&app, Named::Default, &asked)
}

/// Handshake of the default app, on the URL of its deliveries.
#[utoipa::path(
    get, path = "/messages", tag = "webhooks", security(()), params(Question),
    responses(
        (status = 200, description = "The challenge, alone", body = String),
        (status = 403, description = "The verify token is not ours"),
    )
)]
pub async fn ask(State(app): State<App>, Query(asked): Query<Question>) -> Answer {
    answer(&app, Named::Default, &asked)
}

/// Handshake of a tenant's own app.
#[utoipa::path(
    get, path = "/t/{tenant}/messages", tag = "webhooks", security(()),
    params(("tenant" = String, Path, description = "The tenant's name"), Question),
    responses(
        (status = 200, description = "The challenge, alone", body = String),
        (status = 403, description = "The verify token is not ours"),
    )
)]
pub async fn ask_of_tenant(
    State(app): State<App>,
    Path(tenant): Path<String>,
    Query(asked): Query<Question>,
) -> Answer {
    answer(&app, Named::Tenant(&tenant), &asked)
}

/// Handshake of one app of several.
#[utoipa::path(
    get, path = "/a/{app}/messages", tag = "webhooks", security(()),
    params(("app" = String, Path, description = "The app's name in the configuration"), Question),
    responses(
        (status = 200, description = "The challenge, alone", body = String),
        (status = 403, description = "The verify token is not ours"),
    )
)]
pub async fn ask_of_app(
    State(app): State<App>,
    Path(name): Path<String>,
    Query(asked): Query<Question>,
) -> Answer {
    answer(&app, Named::App(&name), &asked)
}
