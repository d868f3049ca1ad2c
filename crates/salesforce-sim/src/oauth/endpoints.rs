//! The paths under `/services/oauth2` and the identity URL.

use axum::body::Body;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderName, Method, Response, header};
use serde_json::{Value, json};

use super::token::{TokenRequest, token};
use super::{OAuthError, Session};
use crate::rest::Reply;
use crate::shared::Shared;
use crate::web::{host_of, pairs};

/// Answers; `None` when the path is none of sign-in's.
pub fn answer(shared: &Shared, parts: &Parts, body: &Bytes) -> Option<Response<Body>> {
    let path = parts.uri.path();
    let form = || pairs(&String::from_utf8_lossy(body));
    let post = parts.method == Method::POST;
    let reply = match path {
        "/services/oauth2/token" if post => issue(shared, parts, &form()),
        "/services/oauth2/introspect" if post => introspect(shared, parts, &form()),
        "/services/oauth2/revoke" => {
            let mut form = form();
            form.extend(pairs(parts.uri.query().unwrap_or_default()));
            revoke(shared, &form)
        }
        "/services/oauth2/userinfo" => person(shared, parts),
        "/services/oauth2/token" | "/services/oauth2/introspect" => {
            refused(&OAuthError::new("invalid_request", "must use HTTP POST"))
        }
        path if path.starts_with("/id/") => person(shared, parts),
        _ => return None,
    };
    let fresh: [(HeaderName, String); 2] =
        [(header::CACHE_CONTROL, "no-store".into()), (header::PRAGMA, "no-cache".into())];
    Some(reply.into_response(fresh.to_vec()))
}

fn refused(error: &OAuthError) -> Reply {
    Reply { status: error.status(), location: None, body: Some(error.body()) }
}

fn issue(shared: &Shared, parts: &Parts, form: &[(String, String)]) -> Reply {
    let login = host(&shared.config.login_host);
    let on_login_host = host_of(parts).is_some_and(|h| h.eq_ignore_ascii_case(login));
    let now_ms = shared.gate.clock.now_ms();
    let request = TokenRequest { form, headers: &parts.headers, on_login_host, now_ms };
    match token(&mut shared.auth.lock(), &shared.config, &request) {
        Ok(body) => Reply::ok(body),
        Err(error) => refused(&error),
    }
}

/// The host part of a URL.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

fn introspect(shared: &Shared, _parts: &Parts, form: &[(String, String)]) -> Reply {
    let named = form.iter().find(|(k, _)| k == "token").map_or("", |(_, v)| v);
    let mut auth = shared.auth.lock();
    let idle_ms = auth.idle_ms;
    let org_id = auth.org_id.clone();
    let Some(session) = auth.session(named, shared.gate.clock.now_ms()) else {
        return Reply::ok(json!({ "active": false }));
    };
    let issued = session.issued_ms.div_euclid(1000);
    Reply::ok(json!({
        "active": true, "scope": session.scopes, "client_id": session.client_id, "username": session.username,
        "sub": format!("{}/id/{org_id}/{}", shared.config.login_host, session.user_id), "token_type": "access_token",
        "exp": (session.used_ms + idle_ms).div_euclid(1000), "iat": issued, "nbf": issued,
    }))
}

fn revoke(shared: &Shared, form: &[(String, String)]) -> Reply {
    let named = form.iter().find(|(k, _)| k == "token").map_or("", |(_, v)| v);
    if shared.auth.lock().revoke(named) {
        return Reply { status: 200, location: None, body: None };
    }
    refused(&OAuthError::new("unsupported_token_type", "this token type is not supported"))
}

/// Userinfo and the identity URL: who the session is.
fn person(shared: &Shared, parts: &Parts) -> Reply {
    let now_ms = shared.gate.clock.now_ms();
    let query = pairs(parts.uri.query().unwrap_or_default());
    let mut auth = shared.auth.lock();
    // The identity URL takes the token as a parameter, too.
    let entered = match query.iter().find(|(name, _)| name == "oauth_token") {
        Some((_, token)) => auth.session(token, now_ms).cloned(),
        None => auth.enter(&parts.headers, now_ms).ok(),
    };
    let (org_id, instance) = (auth.org_id.clone(), auth.instance_url.clone());
    match entered {
        Some(session) => Reply::ok(identity(shared, &session, &org_id, &instance)),
        None => Reply { status: 403, location: None, body: Some(json!("Bad_OAuth_Token")) },
    }
}

fn identity(shared: &Shared, session: &Session, org_id: &str, instance: &str) -> Value {
    let sub = format!("{}/id/{org_id}/{}", shared.config.login_host, session.user_id);
    let data = format!("{instance}/services/data/v{{version}}");
    let user = shared.config.users.iter().find(|u| u.username == session.username);
    let (given, family) = user.map_or(("", ""), |u| (&u.first_name, &u.last_name));
    json!({
        "id": sub, "sub": sub, "user_id": session.user_id, "organization_id": org_id,
        "preferred_username": session.username, "username": session.username, "nick_name": given, "nickname": given,
        "name": format!("{given} {family}"), "display_name": format!("{given} {family}"), "given_name": given, "family_name": family,
        "email": session.username, "email_verified": true, "zoneinfo": "GMT", "language": "en_US", "locale": "en_US", "utcOffset": 0,
        "active": true, "user_type": "STANDARD", "is_app_installed": true,
        "urls": {
            "rest": format!("{data}/"), "sobjects": format!("{data}/sobjects/"), "search": format!("{data}/search/"),
            "query": format!("{data}/query/"), "recent": format!("{data}/recent/"), "custom_domain": instance,
            "profile": format!("{instance}/{}", session.user_id),
        },
    })
}
