//! A token that does not show itself.

use http::HeaderValue;
use zeroize::Zeroizing;

/// A bearer token: a system user's, or an app's. Wiped when dropped.
#[derive(Clone)]
pub struct Token(Zeroizing<String>);

impl Token {
    pub fn new(text: impl AsRef<str>) -> Self {
        Self(Zeroizing::new(text.as_ref().trim().to_owned()))
    }

    /// The app token, which `debug_token` and app subscriptions ask for.
    pub fn of_app(app_id: &str, app_secret: &str) -> Self {
        Self::new(Zeroizing::new(format!("{}|{}", app_id.trim(), app_secret.trim())).as_str())
    }

    /// The token itself. Only for the request that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// `None` when the token cannot stand in a header: it is not one.
    pub(super) fn bearer(&self) -> Option<HeaderValue> {
        let text = Zeroizing::new(format!("Bearer {}", self.expose()));
        let mut value = HeaderValue::from_str(&text).ok().filter(|_| !self.0.is_empty())?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}
