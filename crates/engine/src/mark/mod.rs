//! The mark outside: a settings record in Salesforce for each number, which
//! says who sends from it and how far that got.
//!
//! Promises: nothing is sent before the mark was read at a start, but by a
//! database that lies where it lay while Salesforce cannot be asked; a copy, an
//! old state or a second installation holds its sends instead of making them;
//! who stops in good order says so, and can be moved.
//!
//! It costs two calls at a start and two an hour.

mod gate;
mod outside;
mod state;
mod worker;

pub use gate::Gate;
pub use state::take_over;
pub use worker::{ALERT, ALERTS, Marker};
