//! The customers' phones: what people say, and what reaches them.

mod amend;
mod identity;
mod inbound;
mod medium;
mod say;
mod scene;
mod tap;
mod travel;
mod view;

pub use amend::{deletes, edits};
pub use identity::{moves, prefers};
pub use inbound::says;
pub use say::{Medium, Say, Utterance};
pub use tap::taps;
pub use travel::{comes_online, depart, reads};
pub use view::view;
