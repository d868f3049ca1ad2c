//! Does Salesforce sign us in, and for how long?

use model::{Fault, UnixMs};

use super::said::{Said, told};
use super::scene::Org;
use crate::config::Flow;

pub async fn check(org: &Org<'_>, now: UnixMs) -> Said {
    let client = match &org.client {
        Ok(client) => client,
        Err(why) => {
            return Said::fail(
                why,
                "correct [tenant.salesforce]; `puente serve --print-config` shows every key",
            );
        }
    };
    let tokens = client.tokens();
    let session = match tokens.session().await {
        Ok(session) => session,
        Err(fault) => return Said::fail(told(&fault), cure(&fault, &org.tenant.salesforce.flow)),
    };
    let host = session.instance_url;
    let Ok(found) = tokens.introspect().await else {
        return Said::ok(format!("signed in at {host}; the app may not ask when its session ends"));
    };
    if !found.active {
        return Said::fail(
            format!("signed in at {host}, but the session is dead at once"),
            format!(
                "{APP} > Policies > Edit > App Authorization: look at the session and IP policies"
            ),
        );
    }
    let scope = found.scope.unwrap_or_default();
    if !scope.is_empty() && !scope.split(' ').any(|s| s == "api" || s == "full") {
        return Said::fail(
            format!("the session may not use the API (it has: {scope})"),
            format!(
                "{APP} > Settings > OAuth Settings: add the scope 'Manage user data via APIs (api)'"
            ),
        );
    }
    let user = found.username.unwrap_or_else(|| session.user_id.as_str().to_owned());
    let left = found.expires_at.map(|at| (at.since(now) + 30_000) / 60_000);
    let ends = left.map_or(String::new(), |m| format!("; an idle session ends in {m} min"));
    Said::ok(format!("{user} at {host}{ends}"))
}

const APP: &str = "Setup > External Client App Manager > the app";

/// The screen that mends a refusal. An app that is minutes old gives several
/// of them by itself.
fn cure(fault: &Fault, flow: &Flow) -> String {
    let said = fault.detail.to_lowercase();
    if said.contains("code challenge") || said.contains("pkce") {
        return format!(
            "{APP} > Settings > OAuth Settings > Security: clear 'Require Proof Key for Code \
             Exchange (PKCE)'; no browser takes part in puente's sign-in"
        );
    }
    let flow_name = match flow {
        Flow::JwtBearer { .. } => "'Enable JWT Bearer Flow' and upload the certificate",
        Flow::ClientCredentials { .. } => "'Enable Client Credentials Flow'",
    };
    let code = fault.code.as_str();
    match code.strip_prefix("sf.login.").unwrap_or(code) {
        "unknown_client" => format!(
            "a new app is unknown for up to 10 minutes: wait, then run this again. If it stays: \
             {APP} > Settings > OAuth Settings > Consumer Key and Secret, and copy the key into \
             tenant.salesforce.client_id; a sandbox needs login_url https://test.salesforce.com"
        ),
        "user_not_approved" | "not_admin_approved" => format!(
            "{APP} > Policies > Edit: Permitted Users = 'Admin approved users are pre-authorized', \
             and select a permission set that the integration user has; the scopes api and \
             refresh_token must both be chosen under Settings. It takes effect within minutes"
        ),
        "no_run_as_user" => format!(
            "{APP} > Policies > Edit > OAuth Flows: tick 'Enable Client Credentials Flow' there, \
             too, and enter the integration user under Run As"
        ),
        "grant_type" => format!("{APP} > Settings > OAuth Settings > Flow Enablement: {flow_name}"),
        "wrong_secret" => format!(
            "{APP} > Settings > OAuth Settings > Consumer Key and Secret: copy both again; a new \
             app's secret, too, works only after some minutes"
        ),
        "wrong_host" => "Setup > My Domain: copy 'Current My Domain URL' into \
             tenant.salesforce.my_domain_url, with https:// in front"
            .to_owned(),
        "authentication_failure" => format!(
            "Setup > Users > the integration user > Login History names the reason. Usual ones: the \
             user name (a sandbox adds a suffix), login hours or IP ranges of its profile, a \
             certificate that is not the private key's or is newer than 10 minutes ({APP} > Settings)"
        ),
        "ip_restricted" => format!(
            "{APP} > Policies > Edit > App Authorization: IP Relaxation, or add this machine's address"
        ),
        "unreachable" => {
            "let this machine call out on port 443, check the host in [tenant.salesforce], and see \
             status.salesforce.com"
                .to_owned()
        }
        "inactive_user" | "inactive_user_code" => {
            "Setup > Users > the integration user: tick Active, or press Unlock".to_owned()
        }
        _ => fault.cure.to_string(),
    }
}
