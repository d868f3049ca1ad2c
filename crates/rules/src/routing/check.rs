//! A file held against the org: what it names must be there.

use std::collections::{BTreeMap, BTreeSet};

use super::Routing;
use super::rule::{Account, Newcomer, Owner, Placement};
use crate::complaint::Complaint;

/// What of the org a file may name.
#[derive(Clone, Debug, Default)]
pub struct Org {
    /// Ids of active users, 15 or 18 characters.
    pub users: BTreeSet<String>,
    /// By developer name.
    pub queues: BTreeMap<String, Queue>,
    /// Developer names of active record types, by object.
    pub record_types: BTreeMap<String, BTreeSet<String>>,
    /// Ids of assignment rules, by object.
    pub assignment_rules: BTreeMap<String, BTreeSet<String>>,
    pub accounts: BTreeSet<String>,
    /// Case.Status: whether it closes the case.
    pub statuses: BTreeMap<String, bool>,
    /// Opportunity.StageName, active.
    pub stages: BTreeSet<String>,
    pub has_person_accounts: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    pub id: String,
    /// Objects whose records it may own.
    pub objects: BTreeSet<String>,
}

/// Everything that is not there.
pub fn check(routing: &Routing, org: &Org) -> Vec<Complaint> {
    let mut held = Held { org, complaints: Vec::new() };
    for rule in &routing.newcomers {
        let name = format!("newcomer.{}", rule.name);
        match &rule.act {
            Newcomer::Lead(placement) => held.placement(rule.line, &name, "Lead", placement),
            Newcomer::Contact(account, placement) => {
                held.account(rule.line, &name, account);
                // a person account has record types of its own
                let is_person = *account == Account::Person;
                let object = if is_person { "Account" } else { "Contact" };
                held.placement(rule.line, &name, object, placement);
            }
            Newcomer::Nothing => {}
        }
    }
    for rule in &routing.cases {
        let name = format!("case.{}", rule.name);
        held.placement(rule.line, &name, "Case", &rule.act.placement);
        if let Some(reopen) = &rule.act.reopen {
            held.status(rule.line, &name, &reopen.status, false);
        }
    }
    for rule in &routing.opportunities {
        let name = format!("opportunity.{}", rule.name);
        held.placement(rule.line, &name, "Opportunity", &rule.act.placement);
        if !org.stages.contains(&rule.act.stage) {
            let why = format!("there is no stage '{}'", rule.act.stage);
            held.no(rule.line, &name, why, one_of(&org.stages));
        }
    }
    for rule in &routing.moves {
        let name = format!("reply.{}", rule.name);
        for from in &rule.act.from {
            held.status(rule.line, &name, from, false);
        }
        held.status(rule.line, &name, &rule.act.to, false);
    }
    for rule in &routing.closes {
        let name = format!("close.{}", rule.name);
        for from in &rule.from {
            held.status(rule.line, &name, from, false);
        }
        held.status(rule.line, &name, &rule.to, true);
    }
    held.complaints.sort_by_key(|complaint| complaint.line);
    held.complaints
}

struct Held<'a> {
    org: &'a Org,
    complaints: Vec<Complaint>,
}

impl Held<'_> {
    fn no(&mut self, line: usize, name: &str, why: String, cure: impl Into<String>) {
        self.complaints.push(Complaint::at(line, name, why, cure));
    }

    fn placement(&mut self, line: usize, name: &str, object: &str, placement: &Placement) {
        let org = self.org;
        match &placement.owner {
            Owner::Assigned | Owner::Maker => {}
            Owner::AssignedBy(id) => {
                let rules = org.assignment_rules.get(object);
                if !rules.is_some_and(|rules| has(rules, id)) {
                    let why = format!("{object} has no assignment rule '{id}'");
                    self.no(line, name, why, "write assignment = true for the active one");
                }
            }
            Owner::User(id) if has(&org.users, id) => {}
            Owner::User(id) => {
                let why = format!("there is no active user '{id}'");
                self.no(line, name, why, "name an active user, or a queue");
            }
            Owner::Queue(queue) => match org.queues.get(queue) {
                Some(found) if found.objects.contains(object) => {}
                Some(_) => {
                    let why = format!("the queue '{queue}' does not take {object} records");
                    let cure = format!("add {object} to its supported objects, or name another");
                    self.no(line, name, why, cure);
                }
                None => {
                    let why = format!("there is no queue '{queue}'");
                    self.no(line, name, why, one_of(org.queues.keys()));
                }
            },
        }
        if let Some(wanted) = &placement.record_type {
            let known = org.record_types.get(object);
            if !known.is_some_and(|known| known.contains(wanted)) {
                let why = format!("{object} has no active record type '{wanted}'");
                self.no(line, name, why, one_of(known.into_iter().flatten()));
            }
        }
    }

    fn account(&mut self, line: usize, name: &str, account: &Account) {
        match account {
            Account::Person if !self.org.has_person_accounts => {
                let why = "the org has no person accounts".to_owned();
                self.no(line, name, why, "write account = \"own\", or the id of an Account");
            }
            Account::Shared(id) if !has(&self.org.accounts, id) => {
                let why = format!("there is no Account '{id}'");
                self.no(line, name, why, "copy the id from the Account's address");
            }
            Account::Own | Account::Person | Account::Shared(_) => {}
        }
    }

    fn status(&mut self, line: usize, name: &str, status: &str, closes: bool) {
        let found = self.org.statuses.get(status);
        let those = self.org.statuses.iter().filter(|(_, is_closed)| **is_closed == closes);
        let cure = one_of(those.map(|(status, _)| status));
        match found {
            None => self.no(line, name, format!("Case has no status '{status}'"), cure),
            Some(is_closed) if *is_closed != closes => {
                let says = if *is_closed { "closes the case" } else { "leaves the case open" };
                self.no(line, name, format!("the status '{status}' {says}"), cure);
            }
            Some(_) => {}
        }
    }
}

/// Ids are equal when their first 15 characters are.
fn has(ids: &BTreeSet<String>, id: &str) -> bool {
    ids.iter().any(|known| known.as_bytes().iter().take(15).eq(id.as_bytes().iter().take(15)))
}

fn one_of<'n>(names: impl IntoIterator<Item = &'n String>) -> String {
    let names: Vec<_> = names.into_iter().take(20).map(String::as_str).collect();
    if names.is_empty() {
        return "there is none to name: leave it out, or make one in Salesforce".into();
    }
    format!("use one of {}", names.join(", "))
}
