//! From what Salesforce answers to what the program does.
//!
//! One table per door: [`table`] for the REST API, [`login`] for the token
//! endpoint. The code in the body decides, not the HTTP status: a spent quota
//! comes as 403, a lock as 400. A page without a code (a load balancer's HTML)
//! proves nothing about the effect, so its stage is unknown.

mod duplicates;
mod judge;
pub mod local;
pub mod login;
mod refusal;
mod row;
mod table;
mod words;

#[cfg(test)]
mod tests;

pub use duplicates::{DuplicateMatch, DuplicateResult};
pub use judge::{bisects, is_lock, of_answer, of_error, of_loss};
pub(crate) use judge::{is_halted, judge, not_understood};
pub use refusal::{ApiError, Clue, Refusal};
pub use row::{Hint, Row};
pub use table::ROWS;
