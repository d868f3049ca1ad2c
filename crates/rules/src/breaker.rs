//! When a remote, or a part of it, is left alone, and how it is tried again.
//!
//! Closed: calls go. Open: none until a time. Half-open: the time has passed,
//! one call goes to see, and the others wait for what becomes of it.

use std::cmp::Ordering;

use model::{Act, Fault, Scope, Stage};

/// So many answers in a row that nobody got, and it is left alone.
pub const DOUBTS_MAX: u32 = 5;
/// A call to see that is not heard of for so long is made by another.
const PROBE_MS: i64 = 60_000;
/// How soon those who wait for a call to see look again.
const LOOK_MS: i64 = 200;

/// What an exchange says about one scope that it went through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// It answered.
    Well,
    /// The answer was lost: it may be it, or not.
    Doubt,
    /// It is this scope that refuses.
    Down,
    /// Nothing: it was not reached.
    None,
}

/// What a fault says about `scope`: its own scope refuses; a wider one answered,
/// or nobody knows; a narrower one was not reached.
pub fn sign(fault: &Fault, scope: Scope) -> Sign {
    match (fault.scope.cmp(&scope), fault.stage) {
        (Ordering::Equal, _) => Sign::Down,
        (Ordering::Greater, _) | (Ordering::Less, Stage::NotSent) => Sign::None,
        (Ordering::Less, Stage::Unknown | Stage::SentNotRecorded) => Sign::Doubt,
        (Ordering::Less, Stage::Answered) => Sign::Well,
    }
}

/// The number's second was full: that is soon over.
pub fn is_crowded(fault: &Fault) -> bool {
    let at_will = matches!(fault.act, Act::Retry { after: None });
    fault.scope == Scope::Number && fault.stage == Stage::NotSent && at_will
}

/// What a caller may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    Free,
    /// The one call to see.
    Probe,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    #[default]
    Closed,
    Open {
        until_ms: i64,
    },
    HalfOpen {
        since_ms: i64,
    },
}

impl State {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open { .. } => "open",
            Self::HalfOpen { .. } => "half_open",
        }
    }
}

/// One scope of one remote. Times are monotonic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Breaker {
    state: State,
    failures: u32,
}

impl Breaker {
    pub fn state(&self) -> State {
        self.state
    }

    /// Failures and doubts since it was last well.
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// How long to wait before a call; 0: now.
    pub fn wait_ms(&self, now_ms: i64) -> i64 {
        match self.state {
            State::Closed => 0,
            State::Open { until_ms } => (until_ms - now_ms).max(0),
            State::HalfOpen { since_ms } if now_ms - since_ms >= PROBE_MS => 0,
            State::HalfOpen { .. } => LOOK_MS,
        }
    }

    /// A call is about to be made.
    pub fn pass(&mut self, now_ms: i64) -> Result<Pass, i64> {
        match self.wait_ms(now_ms) {
            0 if self.state == State::Closed => Ok(Pass::Free),
            0 => {
                self.state = State::HalfOpen { since_ms: now_ms };
                Ok(Pass::Probe)
            }
            wait => Err(wait),
        }
    }

    /// The call to see was not made, or says nothing.
    pub fn unused(&mut self, now_ms: i64) {
        if let State::HalfOpen { .. } = self.state {
            self.state = State::Open { until_ms: now_ms };
        }
    }

    pub fn well(&mut self) {
        *self = Self::default();
    }

    /// Which failure the next one would be. Calls that were under way when it
    /// opened say what the first of them said: together they are one.
    pub fn next(&self) -> u32 {
        match self.state {
            State::Open { .. } => self.failures.max(1),
            State::Closed | State::HalfOpen { .. } => self.failures.saturating_add(1),
        }
    }

    /// Left alone for `pause_ms` from now, and never for less than before.
    pub fn down(&mut self, now_ms: i64, pause_ms: i64) {
        self.failures = self.next();
        self.open(now_ms, pause_ms);
    }

    /// Counts; opens when there were too many, or the call to see was this one.
    pub fn doubt(&mut self, now_ms: i64, pause_ms: i64) {
        self.failures = self.next();
        if self.failures >= DOUBTS_MAX || self.state != State::Closed {
            self.open(now_ms, pause_ms);
        }
    }

    fn open(&mut self, now_ms: i64, pause_ms: i64) {
        let until_ms = now_ms.saturating_add(pause_ms);
        self.state = match self.state {
            State::Open { until_ms: known } => State::Open { until_ms: known.max(until_ms) },
            State::Closed | State::HalfOpen { .. } => State::Open { until_ms },
        };
    }
}

#[cfg(test)]
mod tests {
    use model::Code;
    use proptest::prelude::*;

    use super::*;

    const SCOPES: [Scope; 5] =
        [Scope::Item, Scope::Lane, Scope::Number, Scope::Account, Scope::Org];

    fn fault(scope: Scope, stage: Stage) -> Fault {
        let act = Act::Retry { after: None };
        let (code, detail) = (Code::new("wa.1"), String::new());
        Fault { act, scope, stage, code, detail, cure: "".into() }
    }

    #[test]
    fn a_fault_speaks_of_its_own_scope_and_of_those_it_went_through() {
        use Sign::{Doubt, Down, None, Well};
        let of = |scope, stage| SCOPES.map(|key| sign(&fault(scope, stage), key));
        for (scope, stage, want) in [
            (Scope::Item, Stage::Answered, [Down, Well, Well, Well, Well]),
            (Scope::Item, Stage::Unknown, [Down, Doubt, Doubt, Doubt, Doubt]),
            (Scope::Lane, Stage::NotSent, [None, Down, None, None, None]),
            (Scope::Number, Stage::Answered, [None, None, Down, Well, Well]),
            (Scope::Account, Stage::NotSent, [None, None, None, Down, None]),
            (Scope::Org, Stage::Unknown, [None, None, None, None, Down]),
        ] {
            assert_eq!(of(scope, stage), want, "{scope:?} {stage:?}");
        }
    }

    #[test]
    fn from_closed_to_open_to_half_open_and_back() {
        let mut breaker = Breaker::default();
        assert_eq!(breaker.pass(0), Ok(Pass::Free));
        breaker.down(0, 1_000);
        assert_eq!((breaker.pass(0), breaker.pass(999)), (Err(1_000), Err(1)));
        assert_eq!(breaker.pass(1_000), Ok(Pass::Probe));
        assert_eq!(breaker.pass(1_001), Err(LOOK_MS), "one call to see, not two");
        breaker.down(1_500, 2_000);
        assert_eq!((breaker.failures(), breaker.pass(1_600)), (2, Err(1_900)));
        assert_eq!(breaker.pass(3_500), Ok(Pass::Probe));
        breaker.unused(3_600);
        assert_eq!(breaker.pass(3_600), Ok(Pass::Probe), "the next one sees instead");
        breaker.well();
        assert_eq!((breaker.state(), breaker.failures()), (State::Closed, 0));
        assert_eq!(breaker.pass(3_700), Ok(Pass::Free));
    }

    #[test]
    fn calls_that_were_under_way_when_it_opened_are_one_failure() {
        let mut breaker = Breaker::default();
        for at in 0..60 {
            assert_eq!(breaker.next(), 1);
            breaker.down(at, 1_000);
        }
        assert_eq!((breaker.failures(), breaker.wait_ms(60)), (1, 999));
        assert_eq!(breaker.pass(1_059), Ok(Pass::Probe));
        assert_eq!(breaker.next(), 2, "the call to see is another");
    }

    #[test]
    fn doubts_open_it_when_they_are_many_and_a_call_to_see_that_is_lost_at_once() {
        let mut breaker = Breaker::default();
        for n in 1..DOUBTS_MAX {
            breaker.doubt(0, 1_000);
            assert_eq!((breaker.failures(), breaker.wait_ms(0)), (n, 0));
        }
        breaker.doubt(0, 1_000);
        assert_eq!(breaker.wait_ms(0), 1_000);
        assert_eq!(breaker.pass(1_000), Ok(Pass::Probe));
        breaker.doubt(1_100, 2_000);
        assert_eq!(breaker.wait_ms(1_100), 2_000);
    }

    #[test]
    fn a_call_to_see_that_is_never_heard_of_is_made_by_another() {
        let mut breaker = Breaker::default();
        breaker.down(0, 10);
        assert_eq!(breaker.pass(10), Ok(Pass::Probe));
        assert_eq!(breaker.pass(9 + PROBE_MS), Err(LOOK_MS));
        assert_eq!(breaker.pass(10 + PROBE_MS), Ok(Pass::Probe));
    }

    #[test]
    fn a_shorter_pause_shortens_none() {
        let mut breaker = Breaker::default();
        breaker.down(0, 60_000);
        breaker.down(10, 1_000);
        assert_eq!(breaker.wait_ms(10), 59_990);
    }

    #[derive(Clone, Copy, Debug)]
    enum Step {
        Pass,
        Well,
        Down(i64),
        Doubt(i64),
        Unused,
        Later(i64),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            Just(Step::Pass),
            Just(Step::Well),
            (1..5_000i64).prop_map(Step::Down),
            (1..5_000i64).prop_map(Step::Doubt),
            Just(Step::Unused),
            (0..8_000i64).prop_map(Step::Later),
        ]
    }

    proptest! {
        /// While it is open nobody calls; afterwards one does; and whatever
        /// happened, in the end somebody may call.
        #[test]
        fn it_lets_nobody_through_while_open_and_shuts_nobody_out_for_good(
            steps in proptest::collection::vec(step(), 0..60),
        ) {
            let (mut breaker, mut now, mut probes) = (Breaker::default(), 0i64, 0u32);
            for step in steps {
                let before = breaker;
                match step {
                    Step::Pass => match breaker.pass(now) {
                        Ok(Pass::Free) => prop_assert_eq!(before.state(), State::Closed),
                        Ok(Pass::Probe) => {
                            prop_assert_eq!(before.wait_ms(now), 0);
                            probes += 1;
                        }
                        Err(wait) => {
                            prop_assert!(wait > 0);
                            prop_assert_eq!(breaker, before, "who waits changes nothing");
                        }
                    },
                    Step::Well => breaker.well(),
                    Step::Down(pause) => {
                        breaker.down(now, pause);
                        prop_assert!(breaker.wait_ms(now) >= pause);
                    }
                    Step::Doubt(pause) => breaker.doubt(now, pause),
                    Step::Unused => breaker.unused(now),
                    Step::Later(ms) => now += ms,
                }
                if let State::HalfOpen { .. } = breaker.state() {
                    prop_assert!(probes > 0);
                }
            }
            now += PROBE_MS + 10_000;
            prop_assert!(breaker.pass(now).is_ok());
        }
    }
}
