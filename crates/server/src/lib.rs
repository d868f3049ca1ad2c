//! The public surface: webhooks, API, streams, health.
//!
//! What is answered with 200 or 202 is on disk. A webhook waits for one commit
//! and for nothing else; this crate never calls Meta or Salesforce. Every
//! route but webhooks, health, metrics and the static pages needs a key, and
//! a key is bound to one tenant: no handler ever reads a tenant from a request.
//!
//! In reading order: [`router`] puts it together, [`webhooks`] takes what Meta
//! sends, [`auth`] says who asks, `api` answers, [`listen`] owns the sockets.

mod api;
pub mod auth;
mod clock;
mod console;
mod docs;
mod health;
mod hold;
pub mod listen;
mod metrics;
mod openapi;
mod problem;
mod request;
mod router;
mod state;
pub mod webhooks;

pub use metrics::Metrics;
pub use openapi::document;
pub use problem::{Known, Problem};
pub use router::{router, router_with};
pub use state::{AppState, Options};
