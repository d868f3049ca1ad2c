//! The one door of every guarded route.

use std::collections::BTreeSet;

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderMap;
use http::request::Parts;
use model::UnixMs;
use model::ids::{KeyId, TenantId};
use store::ApiKey;
use subtle::ConstantTimeEq;

use super::{Scope, key};
use crate::problem::{self, Known, Problem};
use crate::state::{App, Inner};

const ACTING_USER: &str = "x-puente-acting-user";

/// Who asks, proven.
#[derive(Clone, Debug)]
pub struct Session {
    pub tenant: TenantId,
    pub key: KeyId,
    pub scopes: BTreeSet<Scope>,
    /// Salesforce user on whose behalf the holder says to act; goes into the
    /// audit trail and grants nothing.
    pub acting_user: Option<String>,
    hash: [u8; 32],
}

impl Session {
    /// Whether the key still holds: for answers that last.
    pub(crate) async fn holds(&self, app: &Inner) -> bool {
        match app.store.api_key(&self.hash).await {
            Ok(Some(row)) => usable(&row, app.ambient.now()).is_ok(),
            Ok(None) => false,
            // Not known; the stream will notice the store by itself.
            Err(_) => true,
        }
    }
}

/// Layer around all guarded routes: no handler behind it can forget the key.
pub async fn guard(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let session = session_of(&app, request.headers()).await.inspect_err(|problem| {
        if problem.status() == http::StatusCode::UNAUTHORIZED {
            app.metrics.key_refused();
        }
    })?;
    request.extensions_mut().insert(session);
    Ok(next.run(request).await)
}

async fn session_of(app: &Inner, headers: &HeaderMap) -> Result<Session, Problem> {
    let refuse = |known, why: &str| Problem::new(known, why).at("Authorization");
    let text = super::bearer(headers)
        .ok_or_else(|| refuse(&problem::KEY_MISSING, "There is no single bearer token."))?;
    let unknown = || refuse(&problem::KEY_UNKNOWN, "No key of this installation fits.");
    let sent = key::parse(text).ok_or_else(unknown)?;
    let row = app.store.api_key(&sent.hash).await?.ok_or_else(unknown)?;
    if !bool::from(row.id.as_bytes().ct_eq(sent.id.as_bytes())) {
        return Err(unknown());
    }
    usable(&row, app.ambient.now()).map_err(|known| refuse(known, "This key no longer opens."))?;
    Ok(Session {
        scopes: Scope::of_words(&row.scopes),
        acting_user: acting_user(headers)?,
        tenant: row.tenant,
        key: row.id,
        hash: sent.hash,
    })
}

fn usable(row: &ApiKey, now: UnixMs) -> Result<(), &'static Known> {
    if row.revoked_at.is_some() {
        return Err(&problem::KEY_REVOKED);
    }
    match row.expires_at {
        Some(end) if end <= now => Err(&problem::KEY_EXPIRED),
        _ => Ok(()),
    }
}

fn acting_user(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(ACTING_USER) else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default();
    let shape = matches!(text.len(), 15 | 18)
        && text.starts_with("005")
        && text.bytes().all(|b| b.is_ascii_alphanumeric());
    if !shape {
        return Err(Problem::field(
            "X-Puente-Acting-User",
            "It is not the id of a Salesforce user.",
            "Send the 15 or 18 characters of the user's id, which begins with 005, or leave it out.",
        ));
    }
    Ok(Some(text.to_owned()))
}

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident = $scope:ident),* $(,)?) => {$(
        $(#[$doc])*
        pub struct $name(pub Session);

        impl<S: Sync> FromRequestParts<S> for $name {
            type Rejection = Problem;

            async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
                allowed(parts, Scope::$scope).map(Self)
            }
        }
    )*};
}

keys! {
    /// A key with the scope `send`.
    SendKey = Send,
    /// A key with the scope `read`.
    ReadKey = Read,
    /// A key with the scope `admin`.
    ManageKey = Admin,
}

fn allowed(parts: &Parts, scope: Scope) -> Result<Session, Problem> {
    // Absent only when a route stands outside the guard: closed, not open.
    let session = parts
        .extensions
        .get::<Session>()
        .cloned()
        .ok_or_else(|| Problem::new(&problem::KEY_MISSING, "This address needs a key."))?;
    if session.scopes.contains(&scope) {
        return Ok(session);
    }
    let why = format!("This address needs the scope `{}`.", scope.as_str());
    Err(Problem::new(&problem::SCOPE_MISSING, why))
}
