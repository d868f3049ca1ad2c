//! Who asks: an API key, bound to one tenant, with scopes.
//!
//! The key's secret is never stored, only its hash. Missing, unknown, expired
//! and revoked keys are 401, never 403: a Salesforce Named Credential renews
//! its credentials on 401 alone. A missing scope is 403.

mod guard;
mod key;
mod scope;

pub(crate) use guard::guard;
pub use guard::{ManageKey, ReadKey, SendKey, Session};
pub use key::{Minted, mint};
pub use scope::Scope;

use aws_lc_rs::digest::{SHA256, digest};
use http::{HeaderMap, header};
use subtle::ConstantTimeEq;

/// The credentials of the one `Authorization: Bearer` header; `None` when it is
/// missing, repeated or of another scheme.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut sent = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (sent.next(), sent.next()) else {
        return None;
    };
    let (scheme, credentials) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| credentials.trim())
}

/// Compares in a time that tells neither the length nor where they differ.
pub(crate) fn same_secret(ours: &str, sent: &str) -> bool {
    let hash = |text: &str| digest(&SHA256, text.as_bytes());
    hash(ours).as_ref().ct_eq(hash(sent).as_ref()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_bearer_header_counts() {
        let read = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::AUTHORIZATION, value.parse().unwrap());
            }
            bearer(&headers).map(str::to_owned)
        };
        assert_eq!(read(&["Bearer abc"]).as_deref(), Some("abc"));
        assert_eq!(read(&["bearer  abc "]).as_deref(), Some("abc"));
        for none in [&[][..], &["Basic abc"], &["abc"], &["Bearer a", "Bearer b"]] {
            assert_eq!(read(none), None, "{none:?}");
        }
        assert!(same_secret("a", "a"));
        assert!(!same_secret("a", "ab") && !same_secret("a", ""));
    }
}
