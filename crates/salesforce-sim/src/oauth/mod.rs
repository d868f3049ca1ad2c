//! Sign-in: tokens, sessions, and what tells about them.

mod auth;
mod endpoints;
mod error;
mod jwt;
mod key;
mod token;

pub use auth::{Auth, Session};
pub use endpoints::answer;
pub use error::{OAuthError, TOKEN_ERRORS};
