//! Sign-in, and the one session that all calls share.
//!
//! Promises: at most one sign-in is under way; a session is renewed early or
//! when Salesforce says that it has ended; a token for another org is never
//! used; and what only an administrator can mend parks the sign-in until
//! [`Tokens::resume`], without another try.

mod credentials;
mod introspect;
mod jwt;
mod login;
mod pem;
mod session;
mod tokens;

pub use credentials::Credentials;
pub use introspect::Introspection;
pub use session::Session;
pub use tokens::{Tokens, TokensOptions};

#[cfg(test)]
mod tests;
