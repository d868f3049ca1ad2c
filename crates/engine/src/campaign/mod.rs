//! One template to many people.
//!
//! Promises: a member's send is in the outbox in the commit that says so of the
//! member, so that no crash repeats it; what Meta may have taken is never sent
//! again; who is left out is asked for when the send is made and again when it
//! is called; a pause holds what waits. Never: a send that a person did not
//! start, or one in quiet hours that this clock knows of.

mod audience;
mod check;
mod desk;
mod end;
mod fill;
mod follow;
mod judge;
mod page;
mod plan;
mod results;
mod watch;
mod worker;

pub use audience::{Source, Taken};
pub use check::Report;
pub use desk::CampaignDesk;
pub use plan::Plan;
pub use results::Results;
pub use worker::Campaigns;

#[cfg(test)]
mod tests;
