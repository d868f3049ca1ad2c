//! What a request body may say. Each check names the place and the limit; none
//! of them shares a line with the clients it is there to catch.

mod at;
mod content;
mod definition;
mod frame;
mod interactive;
mod template;

pub use at::At;
pub use definition::check_definition;
pub use frame::{Frame, Kind, Recipient, read_frame};
pub use template::fill;
