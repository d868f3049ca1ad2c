//! `GET /debug_token`: the health of a token.

use std::sync::Arc;

use serde_json::json;

use super::auth;
use super::{Call, Replied, Reply, Wrong};
use crate::core::Core;

pub fn answer(core: &Arc<Core>, call: &Call) -> Replied {
    // An app token, or any good token of the same app.
    let app_id = match auth::app(core, call) {
        Ok(app_id) => app_id,
        Err(_) => auth::token(core, call)?.app_id,
    };
    let Some(input) = call.query.get("input_token") else {
        return Err(Wrong::graph(100, None, "The parameter input_token is required."));
    };
    let world = core.world.lock();
    let Some(token) = world.tokens.get(input).filter(|t| t.app_id == app_id) else {
        return Ok(Reply::json(json!({ "data": { "is_valid": false, "scopes": [],
            "error": { "code": 190, "message": "Invalid OAuth access token - Cannot parse access token" } } })));
    };
    let fault = token.fault(core.now_ms());
    let granular: Vec<_> = token
        .scopes
        .iter()
        .map(|scope| match &token.wabas {
            None => json!({ "scope": scope }),
            Some(wabas) => json!({ "scope": scope, "target_ids": wabas }),
        })
        .collect();
    let mut data = json!({
        "app_id": token.app_id, "type": token.kind,
        "application": world.apps.get(&token.app_id).map(|app| &app.name),
        "is_valid": fault.is_none(), "issued_at": token.issued_ms / 1000,
        "expires_at": token.expires_ms.unwrap_or(0) / 1000, "data_access_expires_at": 0,
        "scopes": token.scopes, "granular_scopes": granular, "user_id": token.user_id,
    });
    if let Some(subcode) = fault {
        data["error"] =
            json!({ "code": 190, "subcode": subcode, "message": auth::fault_text(subcode) });
    }
    Ok(Reply::json(json!({ "data": data })))
}
