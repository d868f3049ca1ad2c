//! Sign-in and sessions.

use std::time::Duration;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use salesforce_sim::{Config, OAuthError, TOKEN_ERRORS, User};
use serde_json::{Value, json};

use crate::client::{Answer, Client, START_MS, encode};

const TOKEN: &str = "/services/oauth2/token";
const USER: &str = "integration@acme.example";
const LOGIN: &str = "https://login.salesforce.com";
const CREDENTIALS: &str = "grant_type=client_credentials&client_id=sim-consumer-key";

fn refusal(answer: &Answer) -> (u16, &str, &str) {
    (
        answer.status,
        answer.body["error"].as_str().unwrap_or_default(),
        answer.body["error_description"].as_str().unwrap_or_default(),
    )
}

#[tokio::test(start_paused = true)]
async fn client_credentials_want_the_org_s_own_host() {
    let mut c = Client::stranger(Config::default());
    let answer = c.sign_in().await;
    assert_eq!(answer.status, 200);
    let body = &answer.body;
    assert!(body["access_token"].as_str().unwrap().starts_with("00DHo0000000001!"));
    assert_eq!(
        (&body["token_type"], &body["instance_url"]),
        (&json!("Bearer"), &json!("https://acme.my.salesforce.com"))
    );
    assert_eq!(body["issued_at"], START_MS.to_string());
    assert!(
        body["id"].as_str().unwrap().starts_with("https://login.salesforce.com/id/00DHo0000000001")
    );
    assert!(body.get("expires_in").is_none() && body.get("refresh_token").is_none());
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert_eq!(answer.headers["pragma"], "no-cache");

    let cases = [
        ("secret=x", "invalid_client", "invalid client credentials"),
        ("client_secret=wrong", "invalid_client", "invalid client credentials"),
    ];
    for (secret, error, text) in cases {
        let answer = c.form(TOKEN, &format!("{CREDENTIALS}&{secret}")).await;
        assert_eq!(refusal(&answer), (401, error, text));
    }
    let unknown = c.form(TOKEN, "grant_type=client_credentials&client_id=x&client_secret=y").await;
    assert_eq!(refusal(&unknown), (400, "invalid_client_id", "client identifier invalid"));
    let other = c.form(TOKEN, "grant_type=password&client_id=sim-consumer-key").await;
    assert_eq!(refusal(&other), (400, "unsupported_grant_type", "grant type not supported"));
    c.host = LOGIN.into();
    assert_eq!(
        refusal(&c.sign_in().await),
        (400, "invalid_grant", "request not supported on this domain")
    );
}

#[tokio::test(start_paused = true)]
async fn basic_auth_names_the_app_too() {
    use sim_kit::Outlet;
    let c = Client::stranger(Config::default());
    let basic = STANDARD.encode("sim-consumer-key:sim-consumer-secret");
    let request = http::Request::post(format!("{}{TOKEN}", c.host))
        .header("authorization", format!("Basic {basic}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(bytes::Bytes::from("grant_type=client_credentials"))
        .unwrap();
    assert_eq!(c.outlet.call(request).await.unwrap().status(), 200);
}

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
}

fn signed(key: &RsaKeyPair, alg: &str, claims: &Value) -> String {
    let part = |v: &Value| URL_SAFE_NO_PAD.encode(v.to_string());
    let signed = format!("{}.{}", part(&json!({ "alg": alg })), part(claims));
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

#[tokio::test(start_paused = true)]
async fn a_jwt_is_checked_in_every_part() {
    let (key, stranger) = (
        RsaKeyPair::generate(KeySize::Rsa2048).unwrap(),
        RsaKeyPair::generate(KeySize::Rsa2048).unwrap(),
    );
    let mut config = Config::default();
    config.apps[0].certificate = Some(pem("RSA PUBLIC KEY", key.public_key().as_ref()));
    config.apps[0].approved.push("gone@acme.example".into());
    config.users.push(User {
        username: "gone@acme.example".into(),
        first_name: "G".into(),
        last_name: "G".into(),
        active: false,
    });
    let mut c = Client::stranger(config);
    c.host = LOGIN.into();
    let now = START_MS / 1000;
    let claims = |sub: &str, aud: &str, exp: i64| json!({ "iss": "sim-consumer-key", "sub": sub, "aud": aud, "exp": exp });
    let ask = async |assertion: String| {
        let grant = encode("urn:ietf:params:oauth:grant-type:jwt-bearer");
        c.form(TOKEN, &format!("grant_type={grant}&assertion={assertion}")).await
    };
    let good = claims(USER, LOGIN, now + 180);
    let first = ask(signed(&key, "RS256", &good)).await;
    assert_eq!(first.status, 200, "{}", first.body);
    let again = ask(signed(&key, "RS256", &good)).await;
    assert_eq!(
        first.body["access_token"], again.body["access_token"],
        "the live session is given again"
    );

    for (assertion, error, text) in [
        (signed(&stranger, "RS256", &good), "invalid_grant", "invalid assertion"),
        (signed(&key, "HS256", &good), "invalid_grant", "invalid assertion"),
        ("a.b".into(), "invalid_grant", "invalid assertion"),
        (
            signed(&key, "RS256", &claims(USER, "https://test.salesforce.com", now + 180)),
            "invalid_grant",
            "audience is invalid",
        ),
        (
            signed(&key, "RS256", &claims(USER, LOGIN, now)),
            "invalid_grant",
            "expired authorization code",
        ),
        (
            signed(&key, "RS256", &claims(USER, LOGIN, now + 301)),
            "invalid_grant",
            "expired authorization code",
        ),
        (
            signed(&key, "RS256", &claims("nobody", LOGIN, now + 180)),
            "invalid_grant",
            "user hasn't approved this consumer",
        ),
        (
            signed(&key, "RS256", &claims("gone@acme.example", LOGIN, now + 180)),
            "invalid_grant",
            "inactive user",
        ),
        (
            signed(
                &key,
                "RS256",
                &json!({ "iss": "x", "sub": USER, "aud": LOGIN, "exp": now + 180 }),
            ),
            "invalid_client_id",
            "client identifier invalid",
        ),
    ] {
        assert_eq!(refusal(&ask(assertion).await), (400, error, text));
    }
    c.sim.gate().clock.set_skew_ms(200_000);
    assert_eq!(refusal(&ask(signed(&key, "RS256", &good)).await).2, "expired authorization code");
}

#[tokio::test(start_paused = true)]
async fn a_certificate_gives_its_key() {
    let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap();
    let key = RsaKeyPair::from_pkcs8(&pair.serialize_der()).unwrap();
    let names = rcgen::CertificateParams::new(vec!["acme.example".to_owned()]).unwrap();
    for certificate in [names.self_signed(&pair).unwrap().pem(), pair.public_key_pem()] {
        let mut config = Config::default();
        config.apps[0].certificate = Some(certificate);
        let c = Client::stranger(config);
        let grant = encode("urn:ietf:params:oauth:grant-type:jwt-bearer");
        let claims = json!({ "iss": "sim-consumer-key", "sub": USER, "aud": LOGIN, "exp": START_MS / 1000 + 60 });
        let form = format!("grant_type={grant}&assertion={}", signed(&key, "RS256", &claims));
        assert_eq!(c.form(TOKEN, &form).await.status, 200);
    }

    let mut broken = Config::default();
    broken.apps[0].certificate =
        Some("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----".into());
    let clock = sim_kit::SimClock::starting_at(0);
    let error =
        salesforce_sim::SalesforceSim::new(broken, clock, &sim_kit::Seed::new(1)).err().unwrap();
    assert!(error.contains("certificate of the app puente"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn refresh_tokens_rotate_when_the_app_says_so() {
    for rotates in [false, true] {
        let mut config = Config::default();
        config.apps[0].rotate_refresh = rotates;
        let c = Client::stranger(config);
        let old = c.sim.issue_refresh_token("sim-consumer-key", USER);
        let ask = async |token: &str| {
            c.form(TOKEN, &format!("grant_type=refresh_token&client_id=sim-consumer-key&client_secret=sim-consumer-secret&refresh_token={token}")).await
        };
        let first = ask(&old).await;
        assert_eq!(first.status, 200);
        assert_eq!(first.body["refresh_token"].is_string(), rotates);
        let second = ask(&old).await;
        let want = if rotates {
            (400, "invalid_grant", "expired access/refresh token")
        } else {
            (200, "", "")
        };
        assert_eq!(refusal(&second), want);
        let newest = first.body["refresh_token"].as_str().unwrap_or(&old).to_owned();
        assert_eq!(ask(&newest).await.status, 200);
    }
}

#[tokio::test(start_paused = true)]
async fn sessions_end_by_idleness_by_force_and_by_revocation() {
    let mut c = Client::new().await;
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_secs(119 * 60)).await;
        assert_eq!(c.get("/limits").await.status, 200, "use keeps it alive");
    }
    tokio::time::sleep(Duration::from_secs(120 * 60)).await;
    let dead = c.get("/limits").await;
    assert_eq!(dead.code(), (401, "INVALID_SESSION_ID"));
    assert_eq!(dead.message(), "Session expired or invalid");
    assert!(dead.headers.get("sforce-limit-info").is_none());

    c.token = c.sign_in().await.body["access_token"].as_str().unwrap().to_owned();
    assert_eq!(c.sim.invalidate_sessions(), 1);
    assert_eq!(c.get("/limits").await.code(), (401, "INVALID_SESSION_ID"));

    c.token = c.sign_in().await.body["access_token"].as_str().unwrap().to_owned();
    let form = format!("token={}", encode(&c.token));
    let about = c.form("/services/oauth2/introspect", &form).await.body;
    assert_eq!((&about["active"], &about["username"]), (&json!(true), &json!(USER)));
    assert_eq!(about["exp"].as_i64().unwrap() - about["iat"].as_i64().unwrap(), 7200);
    assert_eq!(
        c.get("/services/oauth2/userinfo").await.body["organization_id"],
        c.sim.rows("Organization")[0]["Id"]
    );
    let identity = c.form("/id/00D/005", "").await;
    assert_eq!(identity.status, 403, "a token is needed");
    let path = format!("/id/00D/005?oauth_token={}", encode(&c.token));
    assert_eq!(c.form(&path, "").await.body["username"], json!(USER));
    assert_eq!(c.form("/services/oauth2/revoke", &form).await.status, 200);
    assert_eq!(c.form("/services/oauth2/introspect", &form).await.body, json!({ "active": false }));
    assert_eq!(
        refusal(&c.form("/services/oauth2/revoke", "token=junk").await).1,
        "unsupported_token_type"
    );
    assert_eq!(c.get("/services/oauth2/userinfo").await.status, 403);
}

#[tokio::test(start_paused = true)]
async fn every_known_refusal_can_be_played() {
    let c = Client::stranger(Config::default());
    for (error, text) in TOKEN_ERRORS {
        c.sim.refuse_tokens(Some(OAuthError {
            error: error.into(),
            error_description: text.into(),
        }));
        let answer = c.sign_in().await;
        assert_eq!(
            (answer.body["error"].as_str(), answer.body["error_description"].as_str()),
            (Some(error), Some(text))
        );
        assert!(answer.status >= 400);
    }
    c.sim.refuse_tokens(None);
    c.sim.set_instance_url("https://acme2.my.salesforce.com/");
    assert_eq!(c.sign_in().await.body["instance_url"], "https://acme2.my.salesforce.com");
    c.sim.set_user_active(USER, false);
    assert_eq!(refusal(&c.sign_in().await), (400, "invalid_grant", "inactive user"));
}
