//! Is a number's token alive, allowed enough, and alive next month?

use jiff::Timestamp;
use model::{Act, Fault, UnixMs};
use whatsapp::Client;
use whatsapp::wire::node::TokenInfo;

use super::said::{Said, told};
use super::scene::{Line, app_token, place};

const SCOPES: [&str; 2] = ["whatsapp_business_messaging", "whatsapp_business_management"];
const EARLY_MS: i64 = 30 * 86_400_000;

pub async fn check(line: &Line<'_>, now: UnixMs) -> Said {
    let client = match &line.client {
        Ok(client) => client,
        Err(why) => return Said::fail(why, new_token(line)),
    };
    match ask(client, line).await {
        Ok(info) => judge(&info, line, now),
        // nothing is known of the token when Meta could not be asked
        Err(fault) if matches!(fault.act, Act::Retry { .. }) => Said::of(&fault),
        Err(fault) => Said::fail(told(&fault), new_token(line)),
    }
}

/// Asked as the app; where that is not possible, the token asks about itself.
async fn ask(client: &Client, line: &Line<'_>) -> Result<TokenInfo, Fault> {
    if let Some(app) = line.app.and_then(app_token)
        && let Ok(info) = client.debug_token(&app).await
        && info.app_id.is_some()
    {
        return Ok(info);
    }
    client.debug_token(&client.token).await
}

fn judge(info: &TokenInfo, line: &Line<'_>, now: UnixMs) -> Said {
    if info.is_valid != Some(true) {
        let why = info.error.as_ref().and_then(|error| error.message.as_deref());
        return Said::fail(why.unwrap_or("Meta calls the token invalid"), new_token(line));
    }
    let mut remarks = Vec::new();
    let missing: Vec<_> = SCOPES.into_iter().filter(|scope| !info.has_scope(scope)).collect();
    if !missing.is_empty() {
        remarks.push(Said::fail(format!("lacks {}", missing.join(" and ")), new_token(line)));
    }
    remarks.extend(unassigned(info, line));
    remarks.extend(foreign(info, line));
    remarks.extend(ending(info, line, now));
    if info.kind.as_deref() == Some("USER") {
        let found = "is a person's token, which ends within hours or with the password";
        remarks.push(Said::warn(found, new_token(line)));
    }
    let kind = info.kind.as_deref().unwrap_or("token");
    let end = info.expires_at.map_or("never ends".to_owned(), |at| format!("ends {}", day(at)));
    Said::sum(format!("{kind}, both permissions, {end}"), remarks)
}

/// A permission may be limited to accounts; ours must be among them.
fn unassigned(info: &TokenInfo, line: &Line<'_>) -> Option<Said> {
    let waba = &line.number.waba_id;
    let limited = |scope: &str| {
        let granted = info.granular_scopes.iter().find(|g| g.scope.as_deref() == Some(scope));
        granted.is_some_and(|g| !g.target_ids.is_empty() && !g.target_ids.contains(waba))
    };
    SCOPES.into_iter().any(limited).then(|| {
        Said::fail(
            format!("is not allowed to use the WhatsApp account {waba}"),
            format!(
                "Meta Business Suite > Settings > Accounts > WhatsApp accounts > {waba} > WhatsApp \
                 account access: add the system user with full control, then generate a new token"
            ),
        )
    })
}

fn foreign(info: &TokenInfo, line: &Line<'_>) -> Option<Said> {
    let (ours, theirs) = (line.app?.meta_app_id.as_deref()?, info.app_id.as_deref()?);
    (ours != theirs).then(|| {
        Said::warn(
            format!("belongs to the app {theirs}, while app.meta_app_id is {ours}"),
            format!("generate the token for the app {ours}, or correct app.meta_app_id"),
        )
    })
}

fn ending(info: &TokenInfo, line: &Line<'_>, now: UnixMs) -> Option<Said> {
    let at = info.expires_at.filter(|at| at.since(now) < EARLY_MS)?;
    let left = at.since(now).max(0) / 86_400_000;
    Some(Said::warn(format!("ends {}, in {left} days", day(at)), new_token(line)))
}

fn new_token(line: &Line<'_>) -> String {
    format!(
        "Meta Business Suite > Settings > Users > System users > the user > Generate token: choose \
         the app, 'Never' as expiry, {}; put it into {}",
        SCOPES.join(" and "),
        place(&line.number.token)
    )
}

fn day(at: UnixMs) -> String {
    let at = Timestamp::from_millisecond(at.0).ok();
    at.map_or("at an unknown time".to_owned(), |at| at.strftime("%Y-%m-%d").to_string())
}
