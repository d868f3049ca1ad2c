//! What Meta charges for: which categories, since when, and what counts come to
//! at the prices of a rate card that somebody gave.
//!
//! It holds no prices of its own and never guesses one: what the card does not
//! name has no amount.

mod card;
mod class;

pub use card::{Card, Misread, Price};
pub use class::{CLASSES, Class, class};
