//! Meta's shapes. `webhook` reads what Meta posts to us, `send` is what we post,
//! `template`, `node` and `media` are what Graph answers.

pub mod bsuid;
pub(crate) mod lenient;
pub mod media;
pub mod node;
pub mod send;
mod shape;
pub mod template;
pub mod webhook;
