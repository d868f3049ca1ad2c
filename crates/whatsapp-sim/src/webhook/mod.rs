//! The sender of webhooks: at least once, in any order, signed.

mod build;
mod dirty;
mod envelope;
mod escape;
mod handshake;
mod post;
mod sign;

pub use build::{contact, frame, status_change};
pub use dirty::Dirt;
pub use envelope::Change;
pub use handshake::shake;
pub use post::{Delivery, Post, Tally, emit, send_raw};
pub use sign::proof;
