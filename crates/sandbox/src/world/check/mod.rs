//! The checkers: they stand outside, and compare what both remotes hold with
//! what was said, asked and answered. Each gives sentences about what is wrong.

mod inbound;
mod order;
mod outbound;
mod records;
mod restored;
mod tenants;
mod visible;

use super::facts::Facts;

/// What a checker is called in a report.
pub type Name = &'static str;

type Check = fn(&Facts) -> Vec<String>;

const CHECKS: [(Name, Check); 7] = [
    ("no message is lost or there twice", inbound::check),
    ("no send is lost or repeated", outbound::check),
    ("a status is the one on the phone", outbound::statuses),
    ("each person is answered in order", order::check),
    ("people and records exist once", records::check),
    ("tenants never meet", tenants::check),
    ("what is set aside can be seen", visible::check),
];

/// By which checker, and what.
pub type Wrong = (Name, String);

pub fn restored(before: &Facts, after: &Facts) -> Vec<Wrong> {
    let name = "a restored database does nothing again";
    restored::check(before, after).into_iter().map(|what| (name, what)).collect()
}

pub fn all(facts: &Facts) -> Vec<Wrong> {
    CHECKS.iter().flat_map(|(name, check)| check(facts).into_iter().map(|s| (*name, s))).collect()
}

fn wrong(holds: bool, what: impl FnOnce() -> String) -> Option<String> {
    (!holds).then(what)
}
