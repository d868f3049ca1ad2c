//! The table of the token endpoint (OAuth 2.0 flow errors). Only what passes by
//! itself is tried again; everything else parks the sign-in and needs an
//! administrator, while messages go on being received and kept.

use http::StatusCode;
use model::{Act, Code, Fault, Lost, Scope, Stage};
use serde::Deserialize;

use super::row::retry;

/// What one refusal of the token endpoint means.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// `sf.login.<name>`, and the name of its fixture.
    pub name: &'static str,
    /// The `error` of the answer; empty for any.
    pub error: &'static str,
    /// Any of these in `error_description`, without regard to case; none means always.
    pub words: &'static [&'static str],
    pub act: Act,
    pub cure: &'static str,
}

macro_rules! table {
    ($($name:ident: $error:literal $([$($word:literal),+])? => $act:expr, $cure:literal;)*) => {
        /// The first row that fits holds.
        pub const ROWS: &[Row] = &[$(Row {
            name: stringify!($name),
            error: $error,
            words: &[$($($word),+)?],
            act: $act,
            cure: $cure,
        }),*];
    };
}

const ASK: Act = Act::Ask;

table! {
    login_rate: "" ["login rate exceeded"] => retry(300),
        "tried again later; look for another program that signs in with the same user";
    user_not_approved: "invalid_grant" ["hasn't approved this consumer"] => ASK,
        "needs an administrator: in the app's policies set 'Admin approved users are pre-authorized' and add the integration user's permission set";
    audience: "invalid_grant" ["audience"] => ASK,
        "needs an administrator: set salesforce.audience to https://login.salesforce.com, or https://test.salesforce.com for a sandbox";
    expired_assertion: "invalid_grant" ["expired authorization code"] => ASK,
        "needs an administrator: set this machine's clock right (the assertion is valid for three minutes), then resume";
    authentication_failure: "invalid_grant" ["authentication failure"] => ASK,
        "needs an administrator: check the user name, its login hours and IP ranges, and the app's certificate; a new certificate takes up to ten minutes";
    expired_refresh_token: "invalid_grant" ["expired access/refresh token"] => ASK,
        "needs an administrator: connect the org again";
    inactive_user: "invalid_grant" ["inactive user", "user is locked"] => ASK,
        "needs an administrator: activate or unlock the integration user";
    inactive_user_code: "inactive_user" => ASK,
        "needs an administrator: activate the integration user";
    inactive_org: "inactive_org" => ASK,
        "needs an administrator: the org is locked or deleted; ask Salesforce Support";
    wrong_host: "invalid_grant" ["not supported on this domain"] => ASK,
        "needs an administrator: set salesforce.my_domain_url to the org's My Domain (https://….my.salesforce.com)";
    no_run_as_user: "invalid_grant" ["no client credentials user"] => ASK,
        "needs an administrator: choose a run-as user for the client credentials flow in the app's policies";
    ip_restricted: "invalid_grant" ["ip restricted"] => ASK,
        "needs an administrator: add this machine's address to the trusted IP ranges or relax IP restrictions in the app's policies";
    redirect_uri: "invalid_grant" ["redirect uri"] => ASK,
        "needs an administrator: enter puente's callback URL in the app";
    redirect_uri_mismatch: "redirect_uri_mismatch" => ASK,
        "needs an administrator: enter puente's callback URL in the app";
    invalid_grant: "invalid_grant" => ASK,
        "needs an administrator: look at the login history of the integration user; it names the reason";
    unknown_client: "invalid_client_id" => retry(60),
        "check salesforce.client_id; a new app takes up to ten minutes to be known";
    app_not_installed: "invalid_client" ["must be installed"] => ASK,
        "needs an administrator: install the app's package in the org or create the app there";
    wrong_secret: "invalid_client" => ASK,
        "needs an administrator: enter the app's current consumer key and secret";
    not_admin_approved: "invalid_app_access" => ASK,
        "needs an administrator: add the integration user's profile or permission set to the app's policies";
    grant_type: "unsupported_grant_type" => ASK,
        "needs an administrator: enable this OAuth flow in the app";
    rate_limit: "rate_limit_exceeded" => retry(300),
        "tried again later; look for another program that signs in with the same user";
    unknown_error: "unknown_error" => retry(0),
        "tried again; see status.salesforce.com";
    server_error: "server_error" => retry(0),
        "tried again; see status.salesforce.com";
}

#[derive(Deserialize)]
struct Body {
    error: String,
    #[serde(default)]
    error_description: String,
}

/// An answer of the token endpoint that is no success.
pub fn of_answer(status: StatusCode, body: &[u8]) -> Fault {
    let Ok(body) = serde_json::from_slice::<Body>(body) else {
        return unreachable(format!("HTTP {} without an OAuth error", status.as_u16()));
    };
    let said = body.error_description.to_lowercase();
    let detail = format!("{}: {}", body.error, body.error_description);
    let fits = |row: &&Row| {
        (row.error.is_empty() || row.error == body.error)
            && (row.words.is_empty() || row.words.iter().any(|w| said.contains(w)))
    };
    match ROWS.iter().find(fits) {
        Some(row) => fault(row.name, row.act, detail, row.cure),
        None if status.is_server_error() => unreachable(detail),
        None => fault(
            "other",
            ASK,
            detail,
            "needs an administrator: look at the login history of the integration user; it names the reason",
        ),
    }
}

/// No answer. A sign-in has no effect that could be doubled.
pub fn of_loss(lost: Lost) -> Fault {
    unreachable(lost.to_string())
}

pub(crate) fn unreachable(detail: String) -> Fault {
    fault(
        "unreachable",
        retry(0),
        detail,
        "tried again; check the network and salesforce.login_url; see status.salesforce.com",
    )
}

fn fault(name: &str, act: Act, detail: String, cure: &'static str) -> Fault {
    Fault {
        act,
        scope: Scope::Org,
        stage: Stage::NotSent,
        code: Code(format!("sf.login.{name}").into()),
        detail,
        cure: cure.into(),
    }
}
