//! `POST /api/v1/keys`

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use model::UnixMs;
use serde::Serialize;
use serde_json::{Map, Value};
use store::op::NewApiKey;
use store::{Commit, Op};
use utoipa::ToSchema;

use crate::api::input::{Object, take_text};
use crate::auth::{ManageKey, Scope, mint};
use crate::clock;
use crate::problem::Problem;
use crate::state::App;

#[derive(ToSchema)]
#[allow(dead_code, reason = "documents the body; it is read field by field")]
pub struct NewKey {
    /// Who holds it and what for; at most 100 characters.
    #[schema(max_length = 100, example = "Salesforce named credential")]
    label: String,
    #[schema(min_items = 1)]
    scopes: BTreeSet<Scope>,
    /// RFC 3339; never when left out.
    expires_at: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct MadeKey {
    id: String,
    /// The key itself. It is shown here once and is stored nowhere.
    key: String,
}

/// Make a key. Its secret is in this answer and nowhere else.
#[utoipa::path(
    post, path = "/api/v1/keys", tag = "keys", request_body = NewKey,
    responses(
        (status = 201, description = "The new key", body = MadeKey),
        (status = 400, description = "Not JSON", body = Problem),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `admin`", body = Problem),
        (status = 422, description = "A field cannot be accepted", body = Problem),
    )
)]
pub async fn create_key(
    State(app): State<App>,
    ManageKey(session): ManageKey,
    Object(body): Object,
) -> Result<(StatusCode, Json<MadeKey>), Problem> {
    let now = app.ambient.now();
    let wish = Wish::read(body, now)?;
    let minted = mint(&app.ambient);
    let words: Vec<String> = wish.scopes.iter().map(|s| s.as_str().to_owned()).collect();
    let detail = format!("scopes: {}", words.join(" "));
    let key = NewApiKey {
        tenant: session.tenant.clone(),
        id: minted.id,
        hash: minted.hash,
        scopes: words,
        label: wish.label,
        at: now,
        expires_at: wish.expires_at,
    };
    let entry = super::audited(&app, &session, "key.created", minted.id.to_string(), detail);
    app.store.commit(Commit::of(vec![Op::NewApiKey(key), Op::Audit(entry)])).await?;
    let made = MadeKey { id: minted.id.to_string(), key: minted.text };
    Ok((StatusCode::CREATED, Json(made)))
}

#[derive(Debug)]
struct Wish {
    label: String,
    scopes: BTreeSet<Scope>,
    expires_at: Option<UnixMs>,
}

impl Wish {
    fn read(mut map: Map<String, Value>, now: UnixMs) -> Result<Self, Problem> {
        let cure = "Say who will hold the key, in 1 to 100 characters.";
        let label = take_text(&mut map, "label", 100)?
            .ok_or_else(|| Problem::field("label", "It is missing.", cure))?;
        let scopes = map.remove("scopes").map(serde_json::from_value::<BTreeSet<Scope>>);
        let Some(Ok(scopes)) = scopes.filter(|s| s.as_ref().is_ok_and(|set| !set.is_empty()))
        else {
            let cure = "Send a list of one or more of send, read and admin.";
            return Err(Problem::field("scopes", "It is not a list of scopes.", cure));
        };
        let expires_at = match take_text(&mut map, "expires_at", 64)? {
            None => None,
            Some(text) => Some(clock::parse(&text).filter(|at| *at > now).ok_or_else(|| {
                let cure = "Send a time to come, for instance 2030-01-31T00:00:00Z.";
                Problem::field("expires_at", "It is not an RFC 3339 time to come.", cure)
            })?),
        };
        if let Some(name) = map.keys().next() {
            let cure = "Send label, scopes and expires_at only.";
            return Err(Problem::field(name, "There is no such field.", cure));
        }
        Ok(Self { label, scopes, expires_at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_mistake_names_its_field() {
        let now = UnixMs::from_secs(1_800_000_000);
        let read = |value: Value| {
            let Value::Object(map) = value else { panic!("an object is expected") };
            Wish::read(map, now)
        };
        let wish = read(json!({ "label": "x", "scopes": ["send", "read"] })).unwrap();
        assert_eq!(wish.scopes, BTreeSet::from([Scope::Send, Scope::Read]));
        for (body, field) in [
            (json!({ "scopes": ["send"] }), "label"),
            (json!({ "label": "x" }), "scopes"),
            (json!({ "label": "x", "scopes": [] }), "scopes"),
            (json!({ "label": "x", "scopes": ["root"] }), "scopes"),
            (json!({ "label": "x", "scopes": "send" }), "scopes"),
            (json!({ "label": "x", "scopes": ["send"], "expires_at": "soon" }), "expires_at"),
            (
                json!({ "label": "x", "scopes": ["send"], "expires_at": "2001-01-01T00:00:00Z" }),
                "expires_at",
            ),
            (json!({ "label": "x", "scopes": ["send"], "tenant": "other" }), "tenant"),
        ] {
            let problem = serde_json::to_value(read(body.clone()).unwrap_err()).unwrap();
            assert_eq!(problem["field"], field, "{body}");
        }
    }
}
