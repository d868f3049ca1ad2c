//! `POST /services/oauth2/token`: the flows without a browser.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, header};
use serde_json::{Value, json};

use super::jwt::Assertion;
use super::{Auth, OAuthError};
use crate::config::Config;

pub struct TokenRequest<'a> {
    pub form: &'a [(String, String)],
    pub headers: &'a HeaderMap,
    /// Whether it came to the sign-in host of all orgs.
    pub on_login_host: bool,
    pub now_ms: i64,
}

impl TokenRequest<'_> {
    fn get(&self, name: &str) -> &str {
        self.form.iter().find(|(k, _)| k == name).map_or("", |(_, v)| v)
    }

    /// Key and secret of the app, from the body or from HTTP Basic.
    fn client(&self) -> (String, String) {
        let basic = self.headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
        let decoded =
            basic.and_then(|v| v.strip_prefix("Basic ")).and_then(|v| STANDARD.decode(v).ok());
        let text = decoded.and_then(|d| String::from_utf8(d).ok()).unwrap_or_default();
        match text.split_once(':') {
            Some((key, secret)) => (key.to_owned(), secret.to_owned()),
            None => (self.get("client_id").to_owned(), self.get("client_secret").to_owned()),
        }
    }
}

/// The body of a token, or why there is none.
pub fn token(
    auth: &mut Auth,
    config: &Config,
    request: &TokenRequest<'_>,
) -> Result<Value, OAuthError> {
    if let Some(refusal) = &auth.refusal {
        return Err(refusal.clone());
    }
    match request.get("grant_type") {
        "urn:ietf:params:oauth:grant-type:jwt-bearer" => jwt_bearer(auth, config, request),
        "client_credentials" => client_credentials(auth, config, request),
        "refresh_token" => refresh(auth, config, request),
        _ => Err(OAuthError::new("unsupported_grant_type", "grant type not supported")),
    }
}

fn jwt_bearer(
    auth: &mut Auth,
    config: &Config,
    request: &TokenRequest<'_>,
) -> Result<Value, OAuthError> {
    let assertion = Assertion::read(request.get("assertion"))?;
    let claims = &assertion.claims;
    let (app, key) = auth.app(&claims.iss)?;
    let key =
        key.ok_or_else(|| OAuthError::new("unsupported_grant_type", "grant type not supported"))?;
    assertion.check(key, &config.audiences, request.now_ms.div_euclid(1000))?;
    if !app.approved.contains(&claims.sub) {
        return Err(OAuthError::grant("user hasn't approved this consumer"));
    }
    let token = auth.open(&claims.iss, &claims.sub, request.now_ms, true)?;
    body(auth, config, &token, request.now_ms)
}

fn client_credentials(
    auth: &mut Auth,
    config: &Config,
    request: &TokenRequest<'_>,
) -> Result<Value, OAuthError> {
    if request.on_login_host {
        return Err(OAuthError::grant("request not supported on this domain"));
    }
    let client_id = authenticate(auth, request, true)?;
    let run_as = auth.app(&client_id)?.0.run_as.clone();
    let run_as = run_as.ok_or_else(|| OAuthError::grant("no client credentials user enabled"))?;
    let token = auth.open(&client_id, &run_as, request.now_ms, false)?;
    body(auth, config, &token, request.now_ms)
}

fn refresh(
    auth: &mut Auth,
    config: &Config,
    request: &TokenRequest<'_>,
) -> Result<Value, OAuthError> {
    let client_id = authenticate(auth, request, false)?;
    let old = request.get("refresh_token");
    let known = auth.refresh(old).filter(|r| r.client_id == client_id).cloned();
    let known = known.ok_or_else(|| OAuthError::grant("expired access/refresh token"))?;
    let token = auth.open(&client_id, &known.username, request.now_ms, false)?;
    let mut body = body(auth, config, &token, request.now_ms)?;
    if auth.app(&client_id)?.0.rotate_refresh {
        auth.drop_refresh(old);
        body["refresh_token"] = json!(auth.open_refresh(&client_id, &known.username));
    }
    Ok(body)
}

/// The app that asks. Without a secret it is known, not proved.
fn authenticate(
    auth: &Auth,
    request: &TokenRequest<'_>,
    needs_secret: bool,
) -> Result<String, OAuthError> {
    let (client_id, secret) = request.client();
    let (app, _) = auth.app(&client_id)?;
    if app.consumer_secret == secret || !needs_secret && secret.is_empty() {
        return Ok(client_id);
    }
    Err(OAuthError::new("invalid_client", "invalid client credentials"))
}

/// No `expires_in`: opaque tokens live as long as they are used.
fn body(auth: &mut Auth, config: &Config, token: &str, now_ms: i64) -> Result<Value, OAuthError> {
    let session = auth
        .session(token, now_ms)
        .cloned()
        .ok_or_else(|| OAuthError::grant("expired access/refresh token"))?;
    let id = format!("{}/id/{}/{}", config.login_host, auth.org_id, session.user_id);
    let issued_at = now_ms.to_string();
    let secret = auth.app(&session.client_id)?.0.consumer_secret.clone();
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let signature = STANDARD.encode(hmac::sign(&key, format!("{id}{issued_at}").as_bytes()));
    Ok(json!({
        "access_token": token, "token_type": "Bearer", "scope": session.scopes, "id": id,
        "instance_url": auth.instance_url, "issued_at": issued_at, "signature": signature,
    }))
}
