//! One message we send: accepted, claimed by lane, permitted, called, settled.
//!
//! Promises: an accepted send is on disk with its request key, so that the same
//! request is one message; the attempt is written down before its call; what
//! Meta certainly did not take is sent again, what it may have taken never is;
//! within a lane the next call starts after the previous answer.
//!
//! It must never resend on a lost answer, and never call without a permit.

mod accept;
mod address;
mod call;
mod claim;
pub(crate) mod convert;
pub(crate) mod decide;
mod newcomer;
mod pace;
mod place;
mod refusal;
mod request;
mod settle;
mod unasked;

pub use accept::Desk;
pub(crate) use accept::FILE_MS_MAX;
pub(crate) use address::reach;
pub use address::{Recipient, resolve};
pub use claim::{Limits, Outbound};
pub(crate) use convert::{Checked, checked};
pub use decide::{Outcome, REASON_MAX};
pub(crate) use newcomer::newcomer;
pub(crate) use pace::LIVE_RESERVE;
pub use pace::Pace;
pub use refusal::{Refusal, RefusalKind};
pub use request::{Accepted, Caller, SendRequest};
pub use settle::{UNCERTAIN_MS, settle_orphan};
pub(crate) use unasked::Unasked;

#[cfg(test)]
mod tests;
