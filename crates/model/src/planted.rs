//! Faults planted on purpose, to prove that the checkers of the simulated
//! world bite.
//!
//! Each names one promise and the place that would break it. They exist in
//! builds with the feature `planted` only, which the binary refuses to be
//! compiled with; in every other build [`planted`] is `false` at compile time
//! and nothing of them is left.

/// Where a build could plant faults at all.
pub const POSSIBLE: bool = cfg!(feature = "planted");

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident = $word:literal),* $(,)?) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Planted { $($(#[$doc])* $name),* }

        impl Planted {
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }

            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|fault| fault.as_str() == text)
            }
        }
    };
}

faults! {
    /// Commits do not wait for the disk.
    NoSync = "no-sync",
    /// Meta gets its 200 before the webhook is on disk.
    AckBeforeCommit = "ack-before-commit",
    /// A send whose answer was lost is sent again.
    ResendAfterLostAnswer = "resend-after-lost-answer",
    /// So is one that Meta answered with 131000.
    ResendOn131000 = "resend-on-131000",
    /// The end of a call is written over what was settled meanwhile.
    FinishWithoutFence = "finish-without-fence",
    /// What was wanted of a row during its call counts as written by it.
    CoalescingDropsNewer = "coalescing-drops-newer",
    /// A record that Salesforce did not reach counts as written.
    HaltedAsDone = "halted-as-done",
    /// The key of a message leaves out the number it came to.
    KeyWithoutNumber = "key-without-number",
    /// A send that failed or is asked about holds those behind it.
    DeadHeadHoldsLane = "dead-head-holds-lane",
    /// After SQLite had no room, the work goes on without a transaction.
    AutocommitAfterFull = "autocommit-after-full",
    /// A status that comes before its message is known is dropped.
    EarlyStatusDropped = "early-status-dropped",
    /// A restored database sends what its backup holds as not sent.
    RestoreResends = "restore-resends",
}

#[cfg(feature = "planted")]
mod switch {
    use std::cell::Cell;

    use super::Planted;

    thread_local! {
        static ON: Cell<Option<Planted>> = const { Cell::new(None) };
    }

    /// Plants one fault for this thread, or takes it out.
    pub fn plant(fault: Option<Planted>) {
        ON.with(|on| on.set(fault));
    }

    /// Whether this thread runs with that fault.
    pub fn planted(fault: Planted) -> bool {
        ON.with(|on| on.get() == Some(fault))
    }
}

#[cfg(not(feature = "planted"))]
mod switch {
    /// Never: this build has no planted faults.
    pub const fn planted(_: super::Planted) -> bool {
        false
    }
}

#[cfg(feature = "planted")]
pub use switch::plant;
pub use switch::planted;
