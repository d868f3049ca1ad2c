//! Every answer of the token endpoint.

use super::*;

fn shown(fault: &Fault) -> String {
    let act = match fault.act {
        Act::Retry { after } => format!("retry {}", after.unwrap_or(Duration::ZERO).as_secs()),
        act => format!("{act:?}").to_lowercase(),
    };
    format!("{} {act}", fault.code.as_str().trim_start_matches("sf.login."))
}

#[test]
fn every_refusal_of_the_token_endpoint() {
    let refused = |fixture: &Value| {
        let status = StatusCode::from_u16(fixture["status"].as_u64().unwrap() as u16).unwrap();
        let body = match &fixture["body"] {
            Value::String(page) => page.clone().into_bytes(),
            json => json.to_string().into_bytes(),
        };
        login::of_answer(status, &body)
    };
    fake::run("tokens/refused", EXPECTED, |fixture| shown(&refused(fixture)));
    for row in login::ROWS {
        assert!(EXPECTED.iter().any(|(name, _)| *name == row.name), "no fixture for {}", row.name);
    }
    for (name, fixture) in fake::fixtures("tokens/refused") {
        let fault = refused(&fixture);
        if fault.act == Act::Ask {
            assert!(fault.cure.starts_with("needs an administrator: "), "{name}: {}", fault.cure);
        }
    }
}

const EXPECTED: &[(&str, &str)] = &[
    ("app_not_installed", "app_not_installed ask"),
    ("audience", "audience ask"),
    ("authentication_failure", "authentication_failure ask"),
    ("expired_assertion", "expired_assertion ask"),
    ("expired_refresh_token", "expired_refresh_token ask"),
    ("gateway_page", "unreachable retry 0"),
    ("grant_type", "grant_type ask"),
    ("inactive_org", "inactive_org ask"),
    ("inactive_user", "inactive_user ask"),
    ("inactive_user_code", "inactive_user_code ask"),
    ("invalid_grant", "invalid_grant ask"),
    ("ip_restricted", "ip_restricted ask"),
    ("login_rate", "login_rate retry 300"),
    ("no_run_as_user", "no_run_as_user ask"),
    ("not_admin_approved", "not_admin_approved ask"),
    ("rate_limit", "rate_limit retry 300"),
    ("redirect_uri", "redirect_uri ask"),
    ("redirect_uri_mismatch", "redirect_uri_mismatch ask"),
    ("server_error", "server_error retry 0"),
    ("stranger", "other ask"),
    ("unknown_client", "unknown_client retry 60"),
    ("unknown_error", "unknown_error retry 0"),
    ("user_not_approved", "user_not_approved ask"),
    ("wrong_host", "wrong_host ask"),
    ("wrong_secret", "wrong_secret ask"),
];

#[tokio::test]
async fn every_token_answer() {
    for (name, fixture) in fake::fixtures("tokens/granted") {
        let fake = Fake::new(move |_| answer(200, &fixture["body"]));
        let session = tokens(&fake, &Arc::default(), None).session().await;
        let got = session.map(|s| format!("{} {} {}", s.org_id, s.user_id, s.instance_url));
        let want = match name.as_str() {
            "jwt_bearer" => "00D5500001QdQWaEAN 0055500001QdQWaAAN https://acme.my.salesforce.com",
            "client_credentials" => {
                "00D5500001QdQWaEAN 0055500001QdQWaAAN https://acme--uat.sandbox.my.salesforce.com"
            }
            "without_identity" => "sf.login.unreachable",
            other => panic!("no expectation for tokens/granted/{other}.json"),
        };
        assert_eq!(got.unwrap_or_else(|f| f.code.to_string()), want, "{name}");
    }
}
