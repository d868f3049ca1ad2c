//! How satisfied customers are: asked once their case is closed, heard in what
//! they write next, written to the case.
//!
//! Promises: a case is asked about once at most, also through crashes; what is
//! not asked has its reason; an answer is in the commit of its message, and is
//! no request of its own; what the case does not have yet is written again.

mod active;
mod ask;
mod desk;
mod heard;
mod notice;
mod question;
mod worker;
mod write;

pub use active::{Active, SurveysInUse};
pub use desk::SurveyDesk;
pub(crate) use heard::{heard, tapped};
pub(crate) use notice::{asks_since, noticed};
pub use worker::Surveys;
