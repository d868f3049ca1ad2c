//! Signatures with the app secret.

use aws_lc_rs::hmac;

fn hex(algorithm: hmac::Algorithm, secret: &str, message: &[u8]) -> String {
    let key = hmac::Key::new(algorithm, secret.as_bytes());
    hmac::sign(&key, message).as_ref().iter().map(|b| format!("{b:02x}")).collect()
}

/// `X-Hub-Signature-256` over the exact bytes of the body.
pub fn sha256(secret: &str, body: &[u8]) -> String {
    format!("sha256={}", hex(hmac::HMAC_SHA256, secret, body))
}

/// The old `X-Hub-Signature` that still comes along.
pub fn sha1(secret: &str, body: &[u8]) -> String {
    format!("sha1={}", hex(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret, body))
}

/// `appsecret_proof` of a token.
pub fn proof(secret: &str, token: &str) -> String {
    hex(hmac::HMAC_SHA256, secret, token.as_bytes())
}
