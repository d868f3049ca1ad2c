//! Which records a customer's message makes, takes or moves, and whose they
//! are: a file that a tenant's admin writes, read and decided over.
//!
//! Promises: a file is refused whole, with the line, the field and the cure of
//! each mistake; in each list the first rule that holds decides, and says so;
//! equal facts in any order decide the same. History makes and moves nothing, a
//! late message moves nothing, and no case is reopened by a message that was
//! sent before it was closed.

mod attribution;
mod check;
mod closing;
mod condition;
mod decide;
mod diff;
mod facts;
mod read;
mod rule;
mod title;

pub use attribution::{Attribution, Touch, attribute};
pub use check::{Org, Queue, check};
pub use closing::{Quiet, case_ends, ends_at};
pub use condition::{CaseState, Condition};
pub use decide::{CaseAct, Verdict, case, newcomer, opportunity, reply};
pub use diff::diff;
pub use facts::{CaseFacts, Facts, Known, Referral, ReferralKind};
pub use read::read;
pub use rule::{
    Account, CaseRule, Close, Ending, Move, Newcomer, OpportunityRule, Owner, Placement, Reopen,
    Rule,
};
pub use title::Title;

use crate::complaint::Complaint;

/// What is decided while a tenant has no routing of its own: version 0.
pub const DEFAULT: &str = include_str!("default.toml");

/// Lists in the order of the file. What no rule is for is not made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Routing {
    pub newcomers: Vec<Rule<Newcomer>>,
    pub cases: Vec<Rule<CaseRule>>,
    pub opportunities: Vec<Rule<OpportunityRule>>,
    pub moves: Vec<Rule<Move>>,
    pub closes: Vec<Close>,
    pub ending: Ending,
}

impl Routing {
    pub fn read(text: &str) -> Result<Self, Vec<Complaint>> {
        read(text)
    }

    /// Each rule: its list, its name, and all of it in one line.
    fn lines(&self) -> Vec<(&'static str, &str, String)> {
        fn of<'r, T>(list: &'static str, rules: &'r [Rule<T>]) -> Lines<'r> {
            rules.iter().map(|r| (list, r.name.as_str(), r.text.clone())).collect()
        }
        let mut lines = of("newcomer", &self.newcomers);
        lines.extend(of("case", &self.cases));
        lines.extend(of("opportunity", &self.opportunities));
        lines.extend(of("reply", &self.moves));
        lines.extend(self.closes.iter().map(|c| ("close", c.name.as_str(), c.text.clone())));
        let hours = self.ending.after_hours.map(|hours| format!("after_hours = {hours}"));
        let with_case = self.ending.with_case.then(|| "with_case = true".to_owned());
        for (name, text) in [("after_hours", hours), ("with_case", with_case)] {
            lines.extend(text.map(|text| ("conversation", name, text)));
        }
        lines
    }
}

type Lines<'r> = Vec<(&'static str, &'r str, String)>;

#[cfg(test)]
mod tests;
