//! What a file may say and this program does not carry out: refused before it is
//! used, so that nobody waits for what does not come.

use rules::mapping::Complaint;
use rules::routing::{Account, Known, Newcomer, Routing, Rule};

pub fn beyond(routing: &Routing) -> Vec<Complaint> {
    let mut found = Vec::new();
    let mut no = |line: usize, field: String, why: &str, cure: &str| {
        found.push(Complaint::at(line, field, why, cure));
    };
    for rule in &routing.newcomers {
        let field = format!("newcomer.{}", rule.name);
        if matches!(rule.act, Newcomer::Contact(Account::Person, _)) {
            let why = "this version of puente makes no person accounts";
            no(rule.line, field.clone(), why, "write account = \"own\", or make = \"lead\"");
        }
        unheard(rule, field, &mut no);
    }
    for rule in &routing.cases {
        let field = format!("case.{}", rule.name);
        let others = |people: &Vec<Known>| people.iter().any(|known| *known != Known::Contact);
        if rule.when.person.as_ref().is_some_and(others) {
            let why = "this version of puente makes cases for Contacts only";
            no(rule.line, field.clone(), why, "write person = [\"contact\"]");
        }
        unheard(rule, field, &mut no);
    }
    for rule in &routing.opportunities {
        let field = format!("opportunity.{}", rule.name);
        let others = |people: &Vec<Known>| people.iter().any(|known| *known != Known::Contact);
        if rule.when.person.as_ref().is_some_and(others) {
            let why = "this version of puente makes opportunities for Contacts only";
            no(rule.line, field.clone(), why, "write person = [\"contact\"]");
        }
        if rule.when.case.is_some() {
            let why = "this version of puente does not look at cases for an opportunity";
            no(rule.line, field, why, "leave the key `case` out");
        }
    }
    for rule in &routing.moves {
        unheard(rule, format!("reply.{}", rule.name), &mut no);
    }
    found
}

/// A condition that nothing is known for.
fn unheard<T>(rule: &Rule<T>, field: String, no: &mut impl FnMut(usize, String, &str, &str)) {
    if rule.when.campaign.is_some() {
        let why = "this version of puente does not know which campaign a message answers";
        no(rule.line, field, why, "leave the key `campaign` out");
    }
}
