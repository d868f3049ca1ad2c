//! What one message makes. In each list the first rule that holds decides.

use super::Routing;
use super::facts::{CaseFacts, Facts, Known};
use super::rule::{CaseRule, Newcomer, OpportunityRule, Placement, Rule};
use crate::window::Timeliness;
use model::ids::RecordId;

const DAY_MS: i64 = 86_400_000;

/// What is done, by which rule, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict<'r, T> {
    pub act: Option<T>,
    /// The rule that decided: also when it decided for nothing.
    pub rule: Option<&'r str>,
    pub why: &'static str,
    /// Earlier rules of the list, each with the key that did not hold.
    pub passed: Vec<(&'r str, &'static str)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaseAct<'a> {
    Reuse(&'a RecordId),
    Reopen { id: &'a RecordId, status: &'a str },
    New(&'a Placement),
}

impl<'r, T> Verdict<'r, T> {
    pub(super) fn nothing(why: &'static str) -> Self {
        Self { act: None, rule: None, why, passed: Vec::new() }
    }

    /// By the first rule that holds; `Err` when there is none.
    pub(super) fn first<R>(
        rules: &'r [Rule<R>],
        facts: &Facts<'_>,
    ) -> Result<(&'r Rule<R>, Self), Self> {
        let mut passed = Vec::new();
        for rule in rules {
            match rule.when.holds(facts) {
                Ok(()) => {
                    let verdict = Self { act: None, rule: Some(&rule.name), why: "", passed };
                    return Ok((rule, verdict));
                }
                Err(key) => passed.push((rule.name.as_str(), key)),
            }
        }
        Err(Self { act: None, rule: None, why: "no rule is for it", passed })
    }

    pub(super) fn because(self, act: Option<T>, why: &'static str) -> Self {
        Self { act, why, ..self }
    }
}

const HISTORY: &str = "it is from the past of the phone, which makes and moves nothing";

/// Only for people of whom Salesforce was asked: before that nobody is known,
/// and nothing is made.
pub fn newcomer<'r>(routing: &'r Routing, facts: &Facts<'_>) -> Verdict<'r, &'r Newcomer> {
    if facts.is_history {
        return Verdict::nothing(HISTORY);
    }
    if facts.person != Known::Nobody {
        return Verdict::nothing("Salesforce knows the person");
    }
    match Verdict::first(&routing.newcomers, facts) {
        Err(verdict) => verdict,
        Ok((Rule { act: Newcomer::Nothing, .. }, verdict)) => {
            verdict.because(None, "the rule makes nothing")
        }
        Ok((rule, verdict)) => verdict.because(Some(&rule.act), "Salesforce knows nobody"),
    }
}

/// For a conversation that has no case yet.
pub fn case<'a>(routing: &'a Routing, facts: &Facts<'a>) -> Verdict<'a, CaseAct<'a>> {
    if facts.is_history {
        return Verdict::nothing(HISTORY);
    }
    match Verdict::first(&routing.cases, facts) {
        Err(verdict) => verdict,
        Ok((rule, verdict)) => {
            let (act, why) = case_by(&rule.act, facts);
            verdict.because(act, why)
        }
    }
}

fn case_by<'a>(rule: &'a CaseRule, facts: &Facts<'a>) -> (Option<CaseAct<'a>>, &'static str) {
    let open = facts.cases.iter().filter(|case| case.closed_at.is_none());
    // the id parts two of the same moment, so that repeating it decides the same
    let open = open.max_by_key(|case| (case.opened_at, case.id));
    if let Some(open) = open.filter(|_| rule.reuses_open) {
        return (Some(CaseAct::Reuse(open.id)), "the person has an open case");
    }
    let closed = |case: &'a CaseFacts<'a>| case.closed_at.map(|at| (at, case.id));
    if let Some((closed_at, id)) = facts.cases.iter().filter_map(closed).max() {
        if closed_at >= facts.sent_at {
            return (None, "a case was closed after this message was sent");
        }
        let within = |days: i64| facts.sent_at.since(closed_at) <= days.saturating_mul(DAY_MS);
        if let Some(reopen) = rule.reopen.as_ref().filter(|reopen| within(reopen.days)) {
            if facts.timeliness != Timeliness::Fresh {
                return (None, "it came late, and a late message reopens nothing");
            }
            let act = CaseAct::Reopen { id, status: &reopen.status };
            return (Some(act), "a case was closed within the days of the rule");
        }
    }
    match rule.makes {
        true => (Some(CaseAct::New(&rule.placement)), "there is no case to take"),
        false => (None, "there is no case to take, and the rule makes none"),
    }
}

/// One a conversation, however many rules would make one.
pub fn opportunity<'r>(
    routing: &'r Routing,
    facts: &Facts<'_>,
) -> Verdict<'r, &'r OpportunityRule> {
    if facts.is_history {
        return Verdict::nothing(HISTORY);
    }
    if facts.has_opportunity {
        return Verdict::nothing("the conversation has an opportunity");
    }
    match Verdict::first(&routing.opportunities, facts) {
        Err(verdict) => verdict,
        Ok((rule, verdict)) => {
            verdict.because(Some(&rule.act), "the conversation has no opportunity")
        }
    }
}

/// The status into which this reply moves the person's case. Once: a message
/// that is repeated, or older than one that moved it, moves nothing.
pub fn reply<'r>(
    routing: &'r Routing,
    facts: &Facts<'_>,
    case: &CaseFacts<'_>,
) -> Verdict<'r, &'r str> {
    let obstacle = if facts.is_history {
        Some(HISTORY)
    } else if facts.timeliness != Timeliness::Fresh {
        Some("it came late, and a late message moves nothing")
    } else if case.closed_at.is_some() {
        Some("the case is closed")
    } else if case.moved_by.is_some_and(|at| at >= facts.sent_at) {
        Some("this reply or a newer one has moved the case")
    } else if case.status_since.is_some_and(|since| since > facts.sent_at) {
        Some("the case came into its status after this message was sent")
    } else {
        None
    };
    if let Some(why) = obstacle {
        return Verdict::nothing(why);
    }
    let mut passed = Vec::new();
    for rule in &routing.moves {
        let waits = rule.act.from.iter().any(|from| from == case.status);
        let holds = rule.when.holds(facts).and(if waits { Ok(()) } else { Err("from") });
        match holds {
            Ok(()) => {
                let act = Some(rule.act.to.as_str());
                let why = "the case waited for a reply";
                return Verdict { act, rule: Some(&rule.name), why, passed };
            }
            Err(key) => passed.push((rule.name.as_str(), key)),
        }
    }
    Verdict { act: None, rule: None, why: "no rule is for it", passed }
}
