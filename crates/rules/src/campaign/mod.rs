//! Campaigns: one template to many people, when they may be written to and no
//! faster than Meta lets them.
//!
//! Promises: a state is reached only by a step that is allowed in the one
//! before; nobody is due in quiet hours; what Meta held back is not tried again
//! within a day. It never decides about consent: it is told.

pub mod audience;
mod cap;
mod due;
mod forecast;
mod hours;
mod left_out;
mod member;
mod outcome;
mod page;
mod schedule;
mod show;
mod state;
mod tier;
mod watch;

pub use cap::Cap;
pub use due::due_at;
pub use forecast::{Load, Outlook, forecast};
pub use hours::{Hours, Quiet};
pub use left_out::{Person, Reason, Tally, left_out};
pub use member::{Member, Moved};
pub use outcome::{HOLDS_MAX, Then, after_failure, retry_at};
pub use page::{Room, own_pace, page, pair_wait_ms};
pub use schedule::starts_at;
pub use show::{ANSWERS_MS, Show, Shown, Standing, Words, show};
pub use state::{NotNow, SETTLES_MS, State, Step, is_settled};
pub use tier::{Counted, Tier};
pub use watch::{Counts, Grade, Halt, Limits, Seen, watch};

/// What the template is for, in Meta's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    Marketing,
    Utility,
    Authentication,
}
