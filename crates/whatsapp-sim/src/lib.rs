//! The far side of wire one: a strict simulator of Meta's Cloud API.
//!
//! One process plays three parts: the Graph API that is called, the sender of
//! webhooks, and the phones of the customers. It knows none of our crates, so
//! that a misreading of the wire cannot be shared by both sides. It keeps the
//! truth: what stands on each phone, with every tick, for a checker to read.
//!
//! Sends are not deduplicated: two equal requests are two messages.
//!
//! Fault rules and the request log know these operations: `messages.send`,
//! `messages.read`, `messages.typing`, `marketing_messages.send`,
//! `media.upload`, `media.download`, `node.get` (number, account, template,
//! medium), `node.set` (template), `node.delete` (medium), `number.list`,
//! `number.set`, `number.register`, `number.deregister`, `profile.get`,
//! `profile.set`, `message_history.list`, `template.list`, `template.create`,
//! `template.delete`, `subscribed_apps.list`, `subscribed_apps.add`,
//! `subscribed_apps.remove`, `subscriptions.list`, `subscriptions.set`,
//! `debug_token`, `unknown`.
//!
//! ```text
//! let sim = WhatsappSim::new(Config::one_number(url, Some(callback)), clock, &seed, outlet);
//! let router = sim.router();   // the Graph API, /_media and /_sim
//! let ana = sim.handle().customer(NewCustomer::named("Ana", "+15550001111"))?;
//! ```

mod admin;
mod check;
mod config;
mod core;
mod graph;
mod handle;
mod phone;
pub mod state;
mod webhook;

use std::sync::Arc;

use axum::Router;
use sim_kit::{Outlet, Seed, SimClock};

pub use config::{Config, Pace, Rules, Webhooks};
pub use handle::Handle;
pub use phone::{Medium, Say, Utterance};
pub use state::{Customer, Direction, Message, NewCustomer, Outcome, Tick, World};
pub use webhook::{Change, Delivery, Dirt, Tally};

/// A running simulator. Dropping it does not end its background work, which
/// lives on the runtime it was used on.
#[derive(Clone)]
pub struct WhatsappSim(Arc<core::Core>);

impl WhatsappSim {
    /// Time comes from `clock`, chance from `seed`, and webhooks leave through
    /// `outlet`. Must be used within a tokio runtime.
    pub fn new(config: Config, clock: SimClock, seed: &Seed, outlet: Arc<dyn Outlet>) -> Self {
        Self(core::Core::new(config, clock, seed, outlet))
    }

    /// The Graph API at its own paths, media under `/_media`, the admin API
    /// under `/_sim`.
    pub fn router(&self) -> Router {
        Router::new()
            .nest("/_sim", admin::router(self.handle()))
            .fallback(graph::answer)
            .with_state(self.0.clone())
    }

    pub fn handle(&self) -> Handle {
        Handle::new(self.0.clone())
    }
}
