//! The file, read strictly: each mistake with its line and its cure.

mod act;
mod when;

use super::Routing;
use super::rule::{Close, Ending, Rule};
use crate::complaint::Complaint;
use crate::sheet::{self, Table};

const GUIDE: &str = "docs/concepts/routing.md";
const LISTS: [&str; 7] =
    ["format", "newcomer", "case", "opportunity", "reply", "close", "conversation"];
/// Rules of a list: more than anybody can keep in mind.
const RULES_MAX: usize = 500;
const NAME_MAX: usize = 80;
/// Salesforce's limit of a value of a picklist.
const STATUS_MAX: usize = 255;

pub fn read(text: &str) -> Result<Routing, Vec<Complaint>> {
    let top = sheet::open(text, GUIDE)?;
    let mut complaints = Vec::new();
    if let Err(complaint) = top.only(&LISTS) {
        complaints.push(complaint);
    }
    let routing = Routing {
        newcomers: rules(&top, "newcomer", (act::NEWCOMER, act::newcomer), &mut complaints),
        cases: rules(&top, "case", (act::CASE, act::case), &mut complaints),
        opportunities: rules(
            &top,
            "opportunity",
            (act::OPPORTUNITY, act::opportunity),
            &mut complaints,
        ),
        moves: rules(&top, "reply", (act::REPLY, act::reply), &mut complaints),
        closes: list(&top, "close", close, &mut complaints),
        ending: kept(ending(&top), &mut complaints).unwrap_or_default(),
    };
    if complaints.is_empty() {
        return Ok(routing);
    }
    complaints.sort_by_key(|complaint| complaint.line);
    Err(complaints)
}

fn kept<T>(read: Result<T, Complaint>, complaints: &mut Vec<Complaint>) -> Option<T> {
    read.map_err(|complaint| complaints.push(complaint)).ok()
}

/// Entries of a list, each with a name of its own.
fn list<T>(
    top: &Table,
    key: &str,
    read: impl Fn(&Table, &str) -> Result<T, Complaint>,
    complaints: &mut Vec<Complaint>,
) -> Vec<T> {
    let tables = kept(top.tables(key), complaints).unwrap_or_default();
    if tables.len() > RULES_MAX {
        let line = top.get(key).map_or(1, |node| node.line);
        let why = format!("there are more than {RULES_MAX} rules");
        complaints.push(Complaint::at(line, key, why, "leave some out"));
    }
    let mut names: Vec<String> = Vec::new();
    let mut entries = Vec::new();
    for table in tables {
        let entry = table.needed_text("name", NAME_MAX, "give the rule a name of its own");
        let entry = entry.and_then(|name| {
            if names.iter().any(|known| known == name) {
                let why = format!("two rules are called '{name}'");
                return Err(table.no(table.line, why, "give each a name of its own"));
            }
            names.push(name.to_owned());
            read(&table, name)
        });
        entries.extend(kept(entry, complaints));
    }
    entries
}

fn rules<T>(
    top: &Table,
    key: &str,
    act: (&[&str], impl Fn(&Table) -> Result<T, Complaint>),
    complaints: &mut Vec<Complaint>,
) -> Vec<Rule<T>> {
    let (keys, act) = act;
    let known: Vec<_> = ["name"].iter().chain(when::KEYS).chain(keys).copied().collect();
    // a newcomer is known as nobody, so asking for it would say nothing
    let known: Vec<_> = known
        .into_iter()
        .filter(|k| key != "newcomer" || !["person", "case"].contains(k))
        .collect();
    let rule = |table: &Table, name: &str| {
        table.only(&known)?;
        Ok(Rule {
            line: table.line,
            name: name.to_owned(),
            when: when::condition(table)?,
            act: act(table)?,
            text: table.said(),
        })
    };
    list(top, key, rule, complaints)
}

fn close(table: &Table, name: &str) -> Result<Close, Complaint> {
    table.only(&["name", "from", "after_days", "to"])?;
    let (from, to) = act::passage(table)?;
    let after_days = table.number("after_days", 1..=3650)?;
    let cure = "say after how many days without an answer, for instance after_days = 7";
    let after_days =
        after_days.ok_or_else(|| table.no(table.line, "`after_days` is missing", cure))?;
    let (line, name, text) = (table.line, name.to_owned(), table.said());
    Ok(Close { line, name, from, after_days, to, text })
}

fn ending(top: &Table) -> Result<Ending, Complaint> {
    let Some(table) = top.table("conversation")? else { return Ok(Ending::default()) };
    table.only(&["after_hours", "with_case"])?;
    Ok(Ending {
        after_hours: table.number("after_hours", 1..=87_600)?,
        with_case: table.flag("with_case")?.unwrap_or_default(),
    })
}
