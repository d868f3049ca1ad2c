//! The engine and the whole public surface against both simulators.
//!
//! [`Sims`] is the world outside: Meta with its phones, and an org. [`Town`]
//! is puente in front of it, built from the same parts as in production, with
//! simulated or real time and wires. `demo` serves the page that shows it,
//! `scenarios` are what `puente e2e --sandbox` runs, `drill` what `puente drill`
//! does.

mod demo;
mod door;
pub mod drill;
pub mod scenarios;
mod sims;
mod time;
mod town;
pub mod world;

pub use demo::router as demo_router;
pub use door::{LateOutlet, RouterExchange};
pub use sims::{Sims, Sites};
pub use time::{SeededChance, SimTime};
pub use town::{Town, TownOptions, Wires};
