//! What both simulators share: time, chance, scripted faults, a request log,
//! and a way in and out. Knows no wire, no product, none of our other crates.
//!
//! A run can be repeated from its seed: every delay, every fault and every
//! minted id comes from [`SimClock`] and [`Seed`].

mod admin;
mod clock;
mod cut;
mod faults;
mod gate;
mod log;
mod outlet;
mod seed;
mod serve;

pub use admin::admin;
pub use clock::SimClock;
pub use cut::Cut;
pub use faults::{Act, Canned, Faults, Fired, Rule, Verdict, When};
pub use gate::Gate;
pub use log::{Entry, RequestLog};
pub use outlet::{Outlet, OutletLost, RouterOutlet};
pub use seed::Seed;
pub use serve::serve;
