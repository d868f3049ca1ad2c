//! When the session ends: the only direct way to learn it (OpenID Connect Token
//! Introspection). For `doctor`, not for the daily run.

use model::{Exchange, Fault, UnixMs};
use secrecy::ExposeSecret;
use serde::Deserialize;

use super::login::post_form;
use super::{Credentials, Session};
use crate::encode;
use crate::faults::login;

/// What Salesforce says about a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Introspection {
    /// `false`: the token is dead, and the rest is empty.
    pub active: bool,
    pub username: Option<String>,
    /// Separated by spaces.
    pub scope: Option<String>,
    /// When an idle session ends; using it moves that time on.
    pub expires_at: Option<UnixMs>,
}

#[derive(Deserialize)]
struct Answer {
    active: bool,
    username: Option<String>,
    scope: Option<String>,
    exp: Option<i64>,
}

pub(super) async fn introspect(
    exchange: &dyn Exchange,
    credentials: &Credentials,
    session: &Session,
) -> Result<Introspection, Fault> {
    let mut form =
        vec![("token", session.access_token.expose_secret()), ("token_type_hint", "access_token")];
    match credentials {
        Credentials::JwtBearer { consumer_key, .. } => form.push(("client_id", consumer_key)),
        Credentials::ClientCredentials { client_id, client_secret, .. } => {
            form.push(("client_id", client_id));
            form.push(("client_secret", client_secret.expose_secret()));
        }
    }
    let request = post_form(credentials.host(), "introspect", encode::form(&form))?;
    let answer = exchange.send(request).await.map_err(login::of_loss)?;
    if !answer.status().is_success() {
        return Err(login::of_answer(answer.status(), answer.body()));
    }
    let read: Answer = serde_json::from_slice(answer.body())
        .map_err(|_| login::unreachable("the introspection could not be read".to_owned()))?;
    Ok(Introspection {
        active: read.active,
        username: read.username,
        scope: read.scope,
        expires_at: read.exp.map(UnixMs::from_secs),
    })
}
