//! One call of the token endpoint.

use std::sync::Arc;

use aws_lc_rs::rsa::KeyPair;
use bytes::Bytes;
use http::{Request, header};
use model::ids::{OrgId, RecordId};
use model::{Exchange, Fault, UnixMs};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::{Credentials, Session, jwt, pem};
use crate::faults::{local, login};
use crate::{encode, ids};

/// Credentials whose key has been read once.
pub(super) struct Login {
    credentials: Credentials,
    key: Option<KeyPair>,
}

#[derive(Deserialize)]
struct Answer {
    access_token: String,
    instance_url: String,
    id: String,
    #[serde(default)]
    issued_at: String,
}

impl Login {
    pub(super) fn new(credentials: Credentials) -> Result<Self, Fault> {
        let host = credentials.host();
        if !host.starts_with("https://") && !host.starts_with("http://") {
            return Err(local::config(
                format!("login URL: '{host}' has no scheme"),
                "give it in full, e.g. https://login.salesforce.com",
            ));
        }
        let key = match &credentials {
            Credentials::JwtBearer { private_key_pem, .. } => {
                Some(pem::rsa_key(private_key_pem.expose_secret())?)
            }
            Credentials::ClientCredentials { .. } => None,
        };
        Ok(Self { credentials, key })
    }

    pub(super) fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Signs in. The session's serial is 0.
    pub(super) async fn fetch(
        &self,
        exchange: &dyn Exchange,
        now: UnixMs,
    ) -> Result<Session, Fault> {
        let form = self.form(now)?;
        let request = post_form(self.credentials.host(), "token", form)?;
        let answer = exchange.send(request).await.map_err(login::of_loss)?;
        if !answer.status().is_success() {
            return Err(login::of_answer(answer.status(), answer.body()));
        }
        let read = serde_json::from_slice::<Answer>(answer.body()).ok().and_then(session);
        read.ok_or_else(|| login::unreachable("the token answer could not be read".to_owned()))
    }

    fn form(&self, now: UnixMs) -> Result<String, Fault> {
        match (&self.credentials, &self.key) {
            (Credentials::JwtBearer { consumer_key, username, audience, .. }, Some(key)) => {
                let assertion = jwt::assertion(key, consumer_key, username, audience, now)?;
                Ok(encode::form(&[
                    ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
                    ("assertion", &assertion),
                ]))
            }
            (Credentials::ClientCredentials { client_id, client_secret, .. }, _) => {
                Ok(encode::form(&[
                    ("grant_type", "client_credentials"),
                    ("client_id", client_id),
                    ("client_secret", client_secret.expose_secret()),
                ]))
            }
            (Credentials::JwtBearer { .. }, None) => {
                Err(local::config("private_key_pem: not read", "give the key"))
            }
        }
    }
}

/// A form to `{host}/services/oauth2/{endpoint}`.
pub(super) fn post_form(host: &str, endpoint: &str, form: String) -> Result<Request<Bytes>, Fault> {
    Request::post(format!("{host}/services/oauth2/{endpoint}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "application/json")
        .body(form.into())
        .map_err(|_| {
            local::config(
                format!("login URL: '{host}' is none"),
                "give it in full, e.g. https://login.salesforce.com",
            )
        })
}

fn session(answer: Answer) -> Option<Session> {
    let (org_id, user_id) = identity(&answer.id)?;
    let instance_url: Arc<str> = answer.instance_url.trim_end_matches('/').into();
    (!instance_url.is_empty() && !answer.access_token.is_empty()).then_some(())?;
    Some(Session {
        instance_url,
        access_token: SecretString::from(answer.access_token),
        org_id,
        user_id,
        issued_at: UnixMs(answer.issued_at.parse().unwrap_or(0)),
        serial: 0,
    })
}

/// Org and user out of `https://login.salesforce.com/id/00D…/005…`.
fn identity(id: &str) -> Option<(OrgId, RecordId)> {
    let mut parts = id.trim_end_matches('/').rsplit('/');
    let user = ids::answered(parts.next()?)?;
    let org = ids::answered(parts.next()?).filter(|org| org.as_str().starts_with("00D"))?;
    Some((OrgId::new(org.as_str()), user))
}
