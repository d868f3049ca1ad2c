//! Drills: a bad day in simulated time, with goals and what was measured.
//!
//! The whole engine and surface run against both simulators, as in the tests;
//! what is asserted is read from the simulators' own truth. A drill wants a
//! runtime of one thread whose time is paused: hours pass in minutes.

mod campaign;
mod report;
mod salesforce_down;
mod traffic;
mod watch;

pub use campaign::{Campaign, campaign};
pub use report::{Line, Report};
pub use salesforce_down::{Outage, salesforce_down};
