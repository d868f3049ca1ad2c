//! Scripted faults.

use std::sync::Arc;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use crate::Seed;

/// One line of the script.
///
/// As JSON: `{"op":"messages.send","when":{"nth":3},"act":"cut_after"}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Name of an operation, a prefix that ends in `*`, or `*` for all.
    pub op: String,
    /// Which of the matching calls, counted from the moment the rule was added.
    #[serde(default)]
    pub when: When,
    pub act: Act,
    /// Ends the rule after it fired this often.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    #[default]
    Always,
    /// The n-th call only, from 1.
    Nth(u64),
    /// Every n-th call.
    Every(u64),
    /// A share of the calls, drawn from the seed.
    Chance(f64),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Answers instead of the simulator, which does not act.
    Answer(Canned),
    /// The simulator acts, and this is answered instead of its answer.
    AnswerAfter(Canned),
    /// Waits before the simulator acts, in milliseconds.
    Delay(u64),
    /// The simulator acts, then the answer waits, in milliseconds.
    DelayAfter(u64),
    CutBefore,
    CutAfter,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Canned {
    pub status: u16,
    #[serde(default)]
    pub body: String,
    #[serde(default = "json_type")]
    pub content_type: String,
}

fn json_type() -> String {
    "application/json".into()
}

impl Act {
    pub fn answer(status: u16, body: impl Into<String>) -> Self {
        Self::Answer(Canned { status, body: body.into(), content_type: json_type() })
    }

    pub fn answer_after(status: u16, body: impl Into<String>) -> Self {
        Self::AnswerAfter(Canned { status, body: body.into(), content_type: json_type() })
    }

    fn ends(&self) -> bool {
        !matches!(self, Self::Delay(_) | Self::DelayAfter(_))
    }
}

impl Rule {
    pub fn new(op: impl Into<String>, when: When, act: Act) -> Self {
        Self { op: op.into(), when, act, times: None }
    }

    fn names(&self, op: &str) -> bool {
        match self.op.strip_suffix('*') {
            Some(prefix) => op.starts_with(prefix),
            None => self.op == op,
        }
    }
}

/// How often a rule matched a call and how often it fired.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fired {
    #[serde(flatten)]
    pub rule: Rule,
    pub seen: u64,
    pub fired: u64,
}

/// What happens to one call: waits add up, and the first rule that fires with
/// an end decides it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    pub delay_ms: u64,
    pub delay_after_ms: u64,
    pub end: Option<Act>,
}

/// The script, shared by its clones. Rules are tried in the order they were
/// added; each counts the calls it matches.
#[derive(Clone, Debug)]
pub struct Faults(Arc<Mutex<Script>>);

#[derive(Debug)]
struct Script {
    rules: Vec<Fired>,
    seed: Seed,
}

impl Faults {
    pub fn new(seed: &Seed) -> Self {
        Self(Arc::new(Mutex::new(Script { rules: Vec::new(), seed: seed.fork("faults") })))
    }

    pub fn add(&self, rule: Rule) {
        self.0.lock().rules.push(Fired { rule, seen: 0, fired: 0 });
    }

    /// Removes all rules and says how often each fired.
    pub fn clear(&self) -> Vec<Fired> {
        std::mem::take(&mut self.0.lock().rules)
    }

    pub fn fired(&self) -> Vec<Fired> {
        self.0.lock().rules.clone()
    }

    /// Decides one call of `op` and counts it.
    pub fn decide(&self, op: &str) -> Verdict {
        let Script { rules, seed } = &mut *self.0.lock();
        let mut verdict = Verdict::default();
        for line in rules.iter_mut().filter(|line| line.rule.names(op)) {
            line.seen += 1;
            let hit = match line.rule.when {
                When::Always => true,
                When::Nth(n) => line.seen == n,
                When::Every(n) => n > 0 && line.seen % n == 0,
                When::Chance(p) => seed.chance(p),
            };
            let spent = line.rule.times.is_some_and(|times| line.fired >= times);
            let late = line.rule.act.ends() && verdict.end.is_some();
            if !hit || spent || late {
                continue;
            }
            line.fired += 1;
            match &line.rule.act {
                Act::Delay(ms) => verdict.delay_ms += ms,
                Act::DelayAfter(ms) => verdict.delay_after_ms += ms,
                end => verdict.end = Some(end.clone()),
            }
        }
        verdict
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(faults: &Faults, op: &str, calls: usize) -> Vec<bool> {
        (0..calls).map(|_| faults.decide(op).end.is_some()).collect()
    }

    #[test]
    fn rules_pick_their_calls() {
        let table = [
            (When::Always, None, [true, true, true, true]),
            (When::Always, Some(2), [true, true, false, false]),
            (When::Nth(3), None, [false, false, true, false]),
            (When::Every(2), None, [false, true, false, true]),
            (When::Every(0), None, [false; 4]),
            (When::Chance(0.0), None, [false; 4]),
            (When::Chance(1.0), Some(1), [true, false, false, false]),
        ];
        for (when, times, want) in table {
            let faults = Faults::new(&Seed::new(1));
            faults.add(Rule { times, ..Rule::new("a.b", when, Act::CutBefore) });
            assert_eq!(ends(&faults, "a.c", 1), [false]);
            assert_eq!(ends(&faults, "a.b", 4), want, "{when:?} {times:?}");
            let fired = want.iter().filter(|hit| **hit).count() as u64;
            assert_eq!((faults.fired()[0].seen, faults.fired()[0].fired), (4, fired));
        }
    }

    #[test]
    fn waits_add_up_and_the_first_end_wins() {
        let faults = Faults::new(&Seed::new(1));
        for act in [Act::Delay(5), Act::CutAfter, Act::Delay(7), Act::CutBefore] {
            faults.add(Rule::new("a.*", When::Always, act));
        }
        let verdict = faults.decide("a.b");
        assert_eq!((verdict.delay_ms, verdict.end), (12, Some(Act::CutAfter)));
        assert_eq!(faults.fired()[3].fired, 0, "an end that came too late did not fire");
        assert_eq!(faults.clear().len(), 4);
        assert_eq!(faults.decide("a.b"), Verdict::default());
    }

    #[test]
    fn the_script_reads_as_json() {
        let text = r#"[{"op":"*","act":"cut_after"},
            {"op":"token","when":{"nth":2},"act":{"answer":{"status":503,"body":"x"}},"times":1},
            {"op":"m.*","when":{"chance":0.5},"act":{"delay":40}}]"#;
        let rules: Vec<Rule> = serde_json::from_str(text).unwrap();
        assert_eq!(rules[0], Rule::new("*", When::Always, Act::CutAfter));
        assert_eq!(rules[1].act, Act::answer(503, "x"));
        assert_eq!(rules[2].act, Act::Delay(40));
        let again = serde_json::to_string(&rules).unwrap();
        assert_eq!(serde_json::from_str::<Vec<Rule>>(&again).unwrap(), rules);
    }
}
