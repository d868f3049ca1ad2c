//! The signed assertion of the JWT bearer flow (OAuth 2.0 JWT Bearer Flow for
//! Server-to-Server Integration).

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::{Fault, UnixMs};
use serde_json::json;

use crate::faults::local;

/// How long an assertion is valid. Salesforce refuses much longer ones.
const LIFETIME_SECS: i64 = 180;

/// RS256 over `iss` (consumer key), `sub` (user name), `aud` and `exp`.
pub(super) fn assertion(
    key: &KeyPair,
    consumer_key: &str,
    username: &str,
    audience: &str,
    now: UnixMs,
) -> Result<String, Fault> {
    let claims = json!({
        "iss": consumer_key,
        "sub": username,
        "aud": audience,
        "exp": now.secs() + LIFETIME_SECS,
    });
    let head = URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256"}"#);
    let signed = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let mut signature = vec![0; key.public_modulus_len()];
    // PKCS#1 v1.5 signatures are deterministic; the source only blinds the key.
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)
        .map_err(|_| local::config("private_key_pem: signing failed", "check the key"))?;
    Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}
