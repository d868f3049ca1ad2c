//! Message templates: what Meta says of them, by webhook at once and by its
//! list as the net; whether a send fits one; what people do about them.
//!
//! Promises: a template that is paused, disabled, gone or in a category that
//! nobody agreed to is not sent; a send that does not fit is refused before it is
//! kept; what is not known here is left to Meta. The list is read a page at a
//! time, on from where it stopped, and not more often than once a minute.

mod convert;
mod desk;
mod gate;
mod lists;

pub use convert::{listed, told};
pub use desk::{Pick, Refused, TemplateDesk};
pub(crate) use gate::check;
pub use lists::Lists;
