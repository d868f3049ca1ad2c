//! The JWT bearer flow (OAuth 2.0 JWT Bearer Flow for Server-to-Server Integration).

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use super::OAuthError;

/// How far ahead `exp` may lie.
const LIFE_MAX_SECS: i64 = 300;

#[derive(Debug, Deserialize)]
pub struct Claims {
    pub iss: String,
    pub sub: String,
    pub aud: String,
    pub exp: i64,
}

pub struct Assertion<'a> {
    signed: &'a str,
    signature: Vec<u8>,
    pub claims: Claims,
}

impl<'a> Assertion<'a> {
    /// Reads the three parts; the algorithm is RS256 and no other.
    pub fn read(text: &'a str) -> Result<Self, OAuthError> {
        let wrong = || OAuthError::grant("invalid assertion");
        let (signed, signature) = text.rsplit_once('.').ok_or_else(wrong)?;
        let (header, claims) = signed.split_once('.').ok_or_else(wrong)?;
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| wrong());
        let header: serde_json::Value =
            serde_json::from_slice(&decode(header)?).map_err(|_| wrong())?;
        if header["alg"] != "RS256" {
            return Err(wrong());
        }
        let claims = serde_json::from_slice(&decode(claims)?).map_err(|_| wrong())?;
        Ok(Self { signed, signature: decode(signature)?, claims })
    }

    /// Signature, audience, time; in this order.
    pub fn check(&self, key: &[u8], audiences: &[String], now_secs: i64) -> Result<(), OAuthError> {
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key)
            .verify(self.signed.as_bytes(), &self.signature)
            .map_err(|_| OAuthError::grant("invalid assertion"))?;
        let aud = self.claims.aud.trim_end_matches('/');
        if !audiences.iter().any(|a| a == aud) {
            return Err(OAuthError::grant("audience is invalid"));
        }
        let left = self.claims.exp - now_secs;
        if left <= 0 || left > LIFE_MAX_SECS {
            return Err(OAuthError::grant("expired authorization code"));
        }
        Ok(())
    }
}
