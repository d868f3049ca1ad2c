//! Words by which people say that they want no more messages, or want them.
//!
//! Promises: a word counts only when it is the whole message, whatever its
//! case, accents, punctuation or emoji; inside a sentence it decides nothing.
//! An opt-out ends marketing, and more only where the words say so.

mod hear;
mod notice;
mod table;

pub use crate::fold::fold;
pub use hear::{Heard, Words};
pub use notice::{Language, Notices};
