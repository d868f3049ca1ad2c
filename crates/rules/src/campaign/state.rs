//! Where a campaign stands, and what may happen to it there.

use std::fmt;

use model::UnixMs;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Audience and plan may change.
    Draft,
    /// Somebody saw who is left out and when it would end.
    Checked,
    Scheduled,
    Running,
    Paused,
    /// Nothing new leaves; calls that are open are waited for.
    Stopping,
    /// Each member was written to or left out.
    Done,
    /// Ended before that, for good.
    Stopped,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Audience or plan are changed; what was checked holds no more.
    Edit,
    Check,
    Schedule,
    /// By a person, or because the time has come.
    Start,
    Pause,
    Resume,
    Stop,
    /// Nobody is left to be written to, and no call is open.
    Settle,
}

/// Meta tells within this time what it held back after it had accepted it.
pub const SETTLES_MS: i64 = 3_600_000;

/// Whether [`Step::Settle`] is due: nobody is to be written to (`open`, see
/// [`super::Member::is_open`]), and those written to last would be known as held back.
pub fn is_settled(open: u64, last_sent_at: Option<UnixMs>, now: UnixMs) -> bool {
    open == 0 && last_sent_at.is_none_or(|at| now.since(at) >= SETTLES_MS)
}

/// A step that is not allowed now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotNow {
    pub state: State,
    pub step: Step,
}

impl State {
    pub const ALL: [Self; 8] = [
        Self::Draft,
        Self::Checked,
        Self::Scheduled,
        Self::Running,
        Self::Paused,
        Self::Stopping,
        Self::Done,
        Self::Stopped,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Checked => "checked",
            Self::Scheduled => "scheduled",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Stopping => "stopping",
            Self::Done => "done",
            Self::Stopped => "stopped",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Nothing happens to it any more.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Stopped)
    }

    /// The state after `step`. A step that was taken already changes nothing,
    /// so that it may be asked for twice.
    pub fn after(self, step: Step) -> Result<Self, NotNow> {
        Ok(match (self, step) {
            (Self::Draft | Self::Checked | Self::Scheduled, Step::Edit) => Self::Draft,
            (Self::Draft | Self::Checked, Step::Check) => Self::Checked,
            (Self::Checked | Self::Scheduled, Step::Schedule) => Self::Scheduled,
            (Self::Checked | Self::Scheduled | Self::Running, Step::Start) => Self::Running,
            (Self::Running | Self::Paused, Step::Pause) => Self::Paused,
            (Self::Paused | Self::Running, Step::Resume) => Self::Running,
            // before its start there is no call to wait for
            (Self::Draft | Self::Checked | Self::Scheduled, Step::Stop) => Self::Stopped,
            (Self::Running | Self::Paused | Self::Stopping, Step::Stop) => Self::Stopping,
            (Self::Stopped, Step::Stop) => Self::Stopped,
            (Self::Running | Self::Done, Step::Settle) => Self::Done,
            (Self::Stopping | Self::Stopped, Step::Settle) => Self::Stopped,
            (state, step) => return Err(NotNow { state, step }),
        })
    }
}

impl Step {
    pub const ALL: [Self; 8] = [
        Self::Edit,
        Self::Check,
        Self::Schedule,
        Self::Start,
        Self::Pause,
        Self::Resume,
        Self::Stop,
        Self::Settle,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::Check => "check",
            Self::Schedule => "schedule",
            Self::Start => "start",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Stop => "stop",
            Self::Settle => "settle",
        }
    }
}

impl NotNow {
    fn cure(self) -> &'static str {
        match (self.state, self.step) {
            (State::Done | State::Stopped, _) => "make a new campaign",
            (State::Draft, _) => "check it first",
            (State::Stopping, _) => "wait until it is stopped, then make a new campaign",
            (State::Running | State::Paused, Step::Edit | Step::Check | Step::Schedule) => {
                "it has started: stop it and make a new campaign"
            }
            (State::Paused, _) => "resume it or stop it",
            (_, Step::Resume | Step::Pause | Step::Settle) => "start it first",
            _ => "look at its state again",
        }
    }
}

impl fmt::Display for NotNow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (state, step) = (self.state.as_str(), self.step.as_str());
        write!(f, "state: a campaign that is {state} takes no `{step}`; {}", self.cure())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_state_takes_its_steps_and_no_other() {
        use State::*;
        use Step::*;
        // Edit, Check, Schedule, Start, Pause, Resume, Stop, Settle
        for (state, after) in [
            (Draft, [Some(Draft), Some(Checked), None, None, None, None, Some(Stopped), None]),
            (
                Checked,
                [
                    Some(Draft),
                    Some(Checked),
                    Some(Scheduled),
                    Some(Running),
                    None,
                    None,
                    Some(Stopped),
                    None,
                ],
            ),
            (
                Scheduled,
                [
                    Some(Draft),
                    None,
                    Some(Scheduled),
                    Some(Running),
                    None,
                    None,
                    Some(Stopped),
                    None,
                ],
            ),
            (
                Running,
                [
                    None,
                    None,
                    None,
                    Some(Running),
                    Some(Paused),
                    Some(Running),
                    Some(Stopping),
                    Some(Done),
                ],
            ),
            (Paused, [None, None, None, None, Some(Paused), Some(Running), Some(Stopping), None]),
            (Stopping, [None, None, None, None, None, None, Some(Stopping), Some(Stopped)]),
            (Done, [None, None, None, None, None, None, None, Some(Done)]),
            (Stopped, [None, None, None, None, None, None, Some(Stopped), Some(Stopped)]),
        ] {
            for (step, after) in Step::ALL.into_iter().zip(after) {
                assert_eq!(state.after(step).ok(), after, "{state:?} {step:?}");
            }
        }
        let no = Done.after(Resume).unwrap_err();
        assert_eq!(
            no.to_string(),
            "state: a campaign that is done takes no `resume`; make a new campaign"
        );
        assert!(Draft.after(Start).unwrap_err().to_string().ends_with("check it first"));
    }

    #[test]
    fn it_settles_when_nobody_is_open_and_the_last_has_been_heard_of() {
        let now = UnixMs(SETTLES_MS);
        for (open, last, settled) in [
            (0, None, true),
            (0, Some(UnixMs(0)), true),
            (0, Some(UnixMs(1)), false),
            (1, Some(UnixMs(0)), false),
            (1, None, false),
        ] {
            assert_eq!(is_settled(open, last, now), settled, "{open} {last:?}");
        }
    }

    #[test]
    fn words_come_back() {
        for state in State::ALL {
            assert_eq!(State::parse(state.as_str()), Some(state));
        }
        assert_eq!(State::parse("Running"), None);
    }

    proptest! {
        /// What is over stays as it is, a stop is never taken back, and no step
        /// is wrong only because it was taken before.
        #[test]
        fn the_end_is_the_end(steps in proptest::collection::vec(0..8usize, 0..40)) {
            let (mut state, mut stopped) = (State::Draft, false);
            for step in steps.into_iter().map(|n| Step::ALL[n]) {
                let Ok(next) = state.after(step) else { continue };
                prop_assert_eq!(next.after(step), Ok(next));
                prop_assert!(!state.is_over() || next == state);
                stopped |= step == Step::Stop;
                prop_assert!(!stopped || matches!(next, State::Stopping | State::Stopped));
                state = next;
            }
        }
    }
}
