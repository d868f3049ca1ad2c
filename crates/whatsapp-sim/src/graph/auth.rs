//! Who asks, and what they may.

use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;

use super::{Call, Wrong};
use crate::core::Core;
use crate::state::{Number, Token, World};
use crate::webhook::proof;

pub const MESSAGING: &str = "whatsapp_business_messaging";
pub const MANAGEMENT: &str = "whatsapp_business_management";

fn bearer(call: &Call) -> Option<String> {
    let header = call.headers.get("authorization").and_then(|v| v.to_str().ok());
    let given = header.and_then(|h| h.strip_prefix("Bearer ").or(h.strip_prefix("OAuth ")));
    given.map(|t| t.trim().to_owned()).or_else(|| call.param("access_token"))
}

/// A user's token that is good now, with its proof where the app demands one.
pub fn token(core: &Arc<Core>, call: &Call) -> Result<Token, Wrong> {
    let Some(value) = bearer(call).filter(|v| !v.is_empty()) else {
        return Err(Wrong::new(104));
    };
    let world = core.world.lock();
    let Some(token) = world.tokens.get(&value) else {
        return Err(invalid(None, "Invalid OAuth access token - Cannot parse access token"));
    };
    if let Some(subcode) = token.fault(core.now_ms()) {
        return Err(invalid(Some(subcode), fault_text(subcode)));
    }
    let app = world.apps.get(&token.app_id).ok_or_else(|| Wrong::new(0))?;
    match call.param("appsecret_proof") {
        None if app.proof_required => {
            let text = "API calls from the server require an appsecret_proof argument";
            Err(Wrong::graph(104, None, text))
        }
        Some(given) => {
            let want = proof(&app.secret, &value);
            verify_slices_are_equal(given.as_bytes(), want.as_bytes()).map_err(|_| {
                let text = "Invalid appsecret_proof provided in the API argument";
                Wrong::graph(104, None, text)
            })?;
            Ok(token.clone())
        }
        None => Ok(token.clone()),
    }
}

pub fn invalid(subcode: Option<u32>, text: &str) -> Wrong {
    Wrong::graph(190, subcode, text)
}

pub fn fault_text(subcode: u32) -> &'static str {
    match subcode {
        458 => "Error validating access token: The user has not authorized application.",
        459 => "Error validating access token: You cannot access the app till you log in.",
        460 => {
            "Error validating access token: The session has been invalidated because the user \
                changed the password."
        }
        463 => "Error validating access token: Session has expired.",
        464 => "Error validating access token: Sessions for the user are not allowed.",
        _ => "The access token is invalid since the user hasn't engaged the app.",
    }
}

/// The app behind an app token, `APP_ID|APP_SECRET`.
pub fn app(core: &Arc<Core>, call: &Call) -> Result<String, Wrong> {
    let Some(value) = bearer(call) else {
        return Err(Wrong::new(104));
    };
    let world = core.world.lock();
    let known = value
        .split_once('|')
        .and_then(|(id, secret)| world.apps.get(id).filter(|app| app.secret == secret));
    match known {
        Some(app) => Ok(app.id.clone()),
        None => Err(invalid(None, "Invalid OAuth access token - Cannot parse access token")),
    }
}

/// The token has the scope and its user the account; codes 10 and 200.
pub fn permit(token: &Token, scope: &str, waba_id: &str) -> Result<(), Wrong> {
    if !token.scopes.contains(scope) {
        return Err(Wrong::with(10, format!("The token lacks the permission {scope}.")));
    }
    if !token.reaches(waba_id) {
        return Err(Wrong::new(200));
    }
    Ok(())
}

/// A number that exists and that the token may use.
pub fn number<'a>(
    world: &'a mut World,
    call: &Call,
    token: &Token,
    scope: &str,
) -> Result<&'a mut Number, Wrong> {
    let id = call.node();
    let Some(number) = world.numbers.get_mut(id) else {
        return Err(Wrong::no_object(call.method.as_str(), id));
    };
    permit(token, scope, &number.waba_id)?;
    Ok(number)
}

/// An account that exists and that the token may manage. Counts the call
/// against the account's hourly quota: code 80008 beyond it. Answers the
/// percentage used.
pub fn waba(
    world: &mut World,
    call: &Call,
    token: &Token,
    now_ms: i64,
) -> Result<(String, u32), Wrong> {
    let id = call.node();
    let most = world.rules.management_per_hour.max(1);
    let Some(waba) = world.wabas.get_mut(id) else {
        return Err(Wrong::no_object(call.method.as_str(), id));
    };
    permit(token, MANAGEMENT, id)?;
    let hour = now_ms.div_euclid(3_600_000);
    if waba.calls.0 != hour {
        waba.calls = (hour, 0);
    }
    if waba.calls.1 >= most {
        return Err(Wrong::new(80008));
    }
    waba.calls.1 += 1;
    Ok((id.to_owned(), waba.calls.1 * 100 / most))
}
