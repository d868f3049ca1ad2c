//! Apps, users, sessions and refresh tokens.

use std::collections::BTreeMap;

use http::{HeaderMap, header};
use sim_kit::Seed;

use super::{OAuthError, key};
use crate::config::{App, Config};
use crate::error::ApiError;
use crate::org::Org;

#[derive(Clone, Debug)]
pub struct Session {
    pub user_id: String,
    pub username: String,
    /// Consumer key of the app it was opened for.
    pub client_id: String,
    pub scopes: String,
    pub issued_ms: i64,
    pub used_ms: i64,
}

#[derive(Clone, Debug)]
pub struct Refresh {
    pub username: String,
    pub client_id: String,
}

#[derive(Debug)]
pub struct Auth {
    pub org_id: String,
    /// `instance_url` of the next token.
    pub instance_url: String,
    pub idle_ms: i64,
    /// Answered by the token endpoint instead of a token, until it is taken back.
    pub refusal: Option<OAuthError>,
    apps: Vec<(App, Option<Vec<u8>>)>,
    /// User ids by name, with whether they may sign in.
    users: BTreeMap<String, (String, bool)>,
    sessions: BTreeMap<String, Session>,
    refreshes: BTreeMap<String, Refresh>,
    seed: Seed,
}

impl Auth {
    pub fn new(config: &Config, org: &Org, seed: Seed) -> Result<Self, String> {
        let mut apps = Vec::new();
        for app in &config.apps {
            let key = app.certificate.as_deref().map(key::from_pem).transpose();
            apps.push((
                app.clone(),
                key.map_err(|e| format!("certificate of the app {}: {e}", app.name))?,
            ));
        }
        let users = config
            .users
            .iter()
            .filter_map(|u| Some((u.username.clone(), (org.user_id(&u.username)?, u.active))));
        Ok(Self {
            org_id: org.org_id.clone(),
            instance_url: config.my_domain.trim_end_matches('/').to_owned(),
            idle_ms: config.session_minutes * 60_000,
            refusal: None,
            apps,
            users: users.collect(),
            sessions: BTreeMap::new(),
            refreshes: BTreeMap::new(),
            seed,
        })
    }

    pub fn app(&self, client_id: &str) -> Result<(&App, Option<&[u8]>), OAuthError> {
        let found = self.apps.iter().find(|(app, _)| app.consumer_key == client_id);
        let (app, key) = found
            .ok_or_else(|| OAuthError::new("invalid_client_id", "client identifier invalid"))?;
        Ok((app, key.as_deref()))
    }

    /// The id of a user who may sign in.
    pub fn user(&self, username: &str) -> Result<&str, OAuthError> {
        match self.users.get(username) {
            None => Err(OAuthError::grant("user hasn't approved this consumer")),
            Some((_, false)) => Err(OAuthError::grant("inactive user")),
            Some((id, true)) => Ok(id),
        }
    }

    /// Lets a user sign in, or not.
    pub fn set_active(&mut self, username: &str, active: bool) {
        if let Some(user) = self.users.get_mut(username) {
            user.1 = active;
        }
    }

    /// A session for the user; one that is alive for the same app is given again
    /// when `reuse` says so.
    pub fn open(
        &mut self,
        client_id: &str,
        username: &str,
        now_ms: i64,
        reuse: bool,
    ) -> Result<String, OAuthError> {
        let user_id = self.user(username)?.to_owned();
        let scopes = self.app(client_id)?.0.scopes.clone();
        self.expire(now_ms);
        let same = |s: &Session| s.client_id == client_id && s.user_id == user_id;
        if let Some((token, session)) = self.sessions.iter_mut().find(|(_, s)| reuse && same(s)) {
            session.used_ms = now_ms;
            return Ok(token.clone());
        }
        let random = self.random(80);
        let token = format!("{}!{random}", &self.org_id[..15]);
        let session = Session {
            user_id,
            username: username.to_owned(),
            client_id: client_id.to_owned(),
            scopes,
            issued_ms: now_ms,
            used_ms: now_ms,
        };
        self.sessions.insert(token.clone(), session);
        Ok(token)
    }

    pub fn session(&mut self, token: &str, now_ms: i64) -> Option<&Session> {
        self.expire(now_ms);
        self.sessions.get(token)
    }

    /// The session of a REST call, which it keeps alive.
    pub fn enter(&mut self, headers: &HeaderMap, now_ms: i64) -> Result<Session, ApiError> {
        let dead = || ApiError::new(401, "INVALID_SESSION_ID", "Session expired or invalid");
        let value = headers.get(header::AUTHORIZATION).ok_or_else(dead)?;
        let value = value.to_str().unwrap_or_default();
        let token = value.strip_prefix("Bearer ").or_else(|| value.strip_prefix("OAuth "));
        let token = token
            .ok_or_else(|| ApiError::new(401, "INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE"))?;
        self.expire(now_ms);
        let session = self.sessions.get_mut(token.trim()).ok_or_else(dead)?;
        session.used_ms = now_ms;
        Ok(session.clone())
    }

    pub fn open_refresh(&mut self, client_id: &str, username: &str) -> String {
        let token = format!("5Aep861{}", self.random(70));
        let refresh = Refresh { username: username.to_owned(), client_id: client_id.to_owned() };
        self.refreshes.insert(token.clone(), refresh);
        token
    }

    pub fn refresh(&self, token: &str) -> Option<&Refresh> {
        self.refreshes.get(token)
    }

    /// Ends a session, or a refresh token with the sessions of its user.
    pub fn revoke(&mut self, token: &str) -> bool {
        if let Some(refresh) = self.refreshes.remove(token) {
            self.sessions.retain(|_, s| {
                (&s.client_id, &s.username) != (&refresh.client_id, &refresh.username)
            });
            return true;
        }
        self.sessions.remove(token).is_some()
    }

    /// Ends one refresh token and nothing else.
    pub fn drop_refresh(&mut self, token: &str) {
        self.refreshes.remove(token);
    }

    /// Ends every session, as a move of the org to another instance does.
    pub fn invalidate(&mut self) -> usize {
        std::mem::take(&mut self.sessions).len()
    }

    fn expire(&mut self, now_ms: i64) {
        let idle = self.idle_ms;
        self.sessions.retain(|_, s| now_ms - s.used_ms < idle);
    }

    fn random(&mut self, length: usize) -> String {
        const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._";
        (0..length)
            .map(|_| ALPHABET[self.seed.below(ALPHABET.len() as u64) as usize] as char)
            .collect()
    }
}
