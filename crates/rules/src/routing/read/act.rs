//! Keys that say what a rule does.

use super::super::rule::{
    Account, CaseRule, Move, Newcomer, OpportunityRule, Owner, Placement, Reopen,
};
use super::super::title::{PLACES, Title, UNITS_MAX};
use super::STATUS_MAX;
use crate::complaint::Complaint;
use crate::sheet::{Node, Table, Value};

/// Of each list, besides `name` and what says which messages it is for.
pub const NEWCOMER: &[&str] = &["make", "account", "owner", "queue", "record_type", "assignment"];
pub const CASE: &[&str] = &[
    "reuse_open",
    "reopen_days",
    "reopen_status",
    "make",
    "owner",
    "queue",
    "record_type",
    "assignment",
];
pub const OPPORTUNITY: &[&str] = &["stage", "close_in_days", "title", "owner", "record_type"];
pub const REPLY: &[&str] = &["from", "to"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Made {
    Lead,
    Contact,
    Nothing,
}

pub fn newcomer(table: &Table) -> Result<Newcomer, Complaint> {
    let words = [("lead", Made::Lead), ("contact", Made::Contact), ("nothing", Made::Nothing)];
    let cure = "write make = \"lead\", \"contact\" or \"nothing\"";
    let made = table.word("make", &words)?;
    let made = made.ok_or_else(|| table.no(table.line, "`make` is missing", cure))?;
    match made {
        Made::Lead => {
            without(table, &["account"], "a Lead has no Account")?;
            Ok(Newcomer::Lead(placement(table)?))
        }
        Made::Contact => {
            without(table, &["queue"], "a queue cannot own a Contact")?;
            without(table, &["assignment"], "there are no assignment rules for Contacts")?;
            Ok(Newcomer::Contact(account(table)?, placement(table)?))
        }
        Made::Nothing => {
            let keys = ["account", "owner", "queue", "record_type", "assignment"];
            without(table, &keys, "the rule makes nothing")?;
            Ok(Newcomer::Nothing)
        }
    }
}

pub fn case(table: &Table) -> Result<CaseRule, Complaint> {
    let makes = table.word("make", &[("new", true), ("none", false)])?.unwrap_or(true);
    let days = table.number("reopen_days", 1..=3650)?;
    let status = table.text("reopen_status", STATUS_MAX)?;
    let reopen = match (days, status) {
        (None, None) => None,
        (Some(days), Some(status)) => Some(Reopen { days, status: status.to_owned() }),
        (Some(_), None) => {
            let why = "`reopen_days` is there without `reopen_status`";
            return Err(table.no(table.line_of("reopen_days"), why, "say which status it gets"));
        }
        (None, Some(_)) => {
            let why = "`reopen_status` is there without `reopen_days`";
            let cure = "say for how many days, or leave it out";
            return Err(table.no(table.line_of("reopen_status"), why, cure));
        }
    };
    let keys = ["owner", "queue", "record_type", "assignment"];
    if !makes {
        without(table, &keys, "the rule makes no case")?;
    }
    let reuses_open = table.flag("reuse_open")?.unwrap_or(true);
    Ok(CaseRule { reuses_open, reopen, makes, placement: placement(table)? })
}

pub fn opportunity(table: &Table) -> Result<OpportunityRule, Complaint> {
    let cure = "name a stage of your sales process";
    let stage = table.needed_text("stage", STATUS_MAX, cure)?.to_owned();
    let days = table.number("close_in_days", 0..=3650)?;
    let cure = "Salesforce asks for a close date: write in how many days";
    let close_in_days =
        days.ok_or_else(|| table.no(table.line, "`close_in_days` is missing", cure))?;
    let text = table.text("title", UNITS_MAX)?.unwrap_or("WhatsApp: {person}");
    let title = Title::parse(text).map_err(|what| {
        let places = PLACES.map(|place| format!("{{{place}}}")).join(", ");
        let why = format!("`title` has {what}");
        table.no(table.line_of("title"), why, format!("use {places}"))
    })?;
    Ok(OpportunityRule { stage, close_in_days, title, placement: placement(table)? })
}

pub fn reply(table: &Table) -> Result<Move, Complaint> {
    let (from, to) = passage(table)?;
    Ok(Move { from, to })
}

/// From one of some statuses into another.
pub fn passage(table: &Table) -> Result<(Vec<String>, String), Complaint> {
    let from = table.texts("from")?;
    let cure = "list the statuses of a case that waits: from = [\"Waiting\"]";
    let from = from.ok_or_else(|| table.no(table.line, "`from` is missing", cure))?;
    let to = table.needed_text("to", STATUS_MAX, "name the status that it gets")?.to_owned();
    if from.contains(&to) {
        let why = format!("`to` is '{to}', which is in `from` too");
        return Err(table.no(table.line_of("to"), why, "name another status"));
    }
    Ok((from, to))
}

fn account(table: &Table) -> Result<Account, Complaint> {
    let cure = "write \"own\", \"person\" or the id of an Account";
    match table.needed_text("account", 100, cure)? {
        "own" => Ok(Account::Own),
        "person" => Ok(Account::Person),
        text => id(table, "account", text, "001").map(Account::Shared),
    }
}

fn placement(table: &Table) -> Result<Placement, Complaint> {
    let user = table.text("owner", 100)?.map(|text| id(table, "owner", text, "005"));
    let queue = table.text("queue", 80)?.map(|text| developer_name(table, "queue", text));
    let assignment = assignment(table)?;
    let owner = match (user.transpose()?, queue.transpose()?, assignment) {
        (Some(_), Some(_), _) => {
            let why = "both `owner` and `queue` are there";
            return Err(table.no(table.line_of("queue"), why, "keep one of them"));
        }
        (Some(_), _, Some(Owner::Assigned | Owner::AssignedBy(_)))
        | (_, Some(_), Some(Owner::Assigned | Owner::AssignedBy(_))) => {
            let why = "an assignment rule would take the record from its owner";
            let cure = "leave `assignment` out, or the owner";
            return Err(table.no(table.line_of("assignment"), why, cure));
        }
        (Some(user), None, _) => Owner::User(user),
        (None, Some(queue), _) => Owner::Queue(queue),
        (None, None, said) => said.unwrap_or_default(),
    };
    let name = table.text("record_type", 80)?;
    let record_type = name.map(|text| developer_name(table, "record_type", text)).transpose()?;
    Ok(Placement { owner, record_type })
}

fn assignment(table: &Table) -> Result<Option<Owner>, Complaint> {
    match table.get("assignment") {
        None => Ok(None),
        Some(Node { value: Value::Boolean(true), .. }) => Ok(Some(Owner::Assigned)),
        Some(Node { value: Value::Boolean(false), .. }) => Ok(Some(Owner::Maker)),
        Some(Node { value: Value::Text(text), .. }) => {
            id(table, "assignment", text, "01Q").map(|id| Some(Owner::AssignedBy(id)))
        }
        Some(Node { line, .. }) => {
            let cure = "write true, false or the id of an assignment rule";
            Err(table.no(*line, "`assignment` is no assignment rule", cure))
        }
    }
}

/// A record's id, whose first three characters say of which object it is.
fn id(table: &Table, key: &str, text: &str, prefix: &str) -> Result<String, Complaint> {
    let fits = matches!(text.len(), 15 | 18) && text.bytes().all(|b| b.is_ascii_alphanumeric());
    if fits && text.starts_with(prefix) {
        return Ok(text.to_owned());
    }
    let why = format!("`{key}` '{text}' is no id that begins with {prefix}");
    Err(table.no(table.line_of(key), why, "copy the 15 or 18 characters from its address"))
}

fn developer_name(table: &Table, key: &str, text: &str) -> Result<String, Complaint> {
    let word = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if word && text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Ok(text.to_owned());
    }
    let why = format!("`{key}` '{text}' is no developer name");
    let cure = "write its API name: letters, digits and _, without blanks";
    Err(table.no(table.line_of(key), why, cure))
}

fn without(table: &Table, keys: &[&str], why: &str) -> Result<(), Complaint> {
    match keys.iter().find_map(|key| Some((key, table.get(key)?.line))) {
        None => Ok(()),
        Some((key, line)) => Err(table.no(line, why, format!("leave `{key}` out"))),
    }
}
