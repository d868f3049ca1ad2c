//! Keys that say which messages a rule is for.

use super::super::condition::{CaseState, Condition};
use super::super::facts::{Known, ReferralKind};
use crate::complaint::Complaint;
use crate::fold::fold;
use crate::sheet::Table;

pub const KEYS: &[&str] =
    &["person", "number", "button", "keyword", "campaign", "referral", "source", "hours", "case"];
const PEOPLE: [(&str, Known); 3] =
    [("nobody", Known::Nobody), ("lead", Known::Lead), ("contact", Known::Contact)];
const REFERRALS: [(&str, ReferralKind); 2] =
    [("ad", ReferralKind::Ad), ("post", ReferralKind::Post)];
const HOURS: [(&str, bool); 2] = [("in", true), ("out", false)];
const CASES: [(&str, CaseState); 3] =
    [("open", CaseState::Open), ("closed", CaseState::Closed), ("none", CaseState::None)];

pub fn condition(table: &Table) -> Result<Condition, Complaint> {
    Ok(Condition {
        person: table.words("person", &PEOPLE)?,
        number: digits(table, "number", "write Meta's id of the number, not the number itself")?,
        button: table.texts("button")?,
        keyword: keywords(table)?,
        campaign: table.texts("campaign")?,
        referral: table.words("referral", &REFERRALS)?,
        source: digits(table, "source", "write Meta's id of the ad or post")?,
        in_hours: table.word("hours", &HOURS)?,
        case: table.words("case", &CASES)?,
    })
}

fn digits(table: &Table, key: &str, cure: &str) -> Result<Option<Vec<String>>, Complaint> {
    let Some(ids) = table.texts(key)? else { return Ok(None) };
    let line = table.line_of(key);
    match ids.iter().find(|id| !id.bytes().all(|b| b.is_ascii_digit() || b == b'_')) {
        Some(id) => Err(table.no(line, format!("`{key}` '{id}' is not made of digits"), cure)),
        None => Ok(Some(ids)),
    }
}

/// As they are compared: without case, accents and punctuation.
fn keywords(table: &Table) -> Result<Option<Vec<String>>, Complaint> {
    let Some(words) = table.texts("keyword")? else { return Ok(None) };
    let line = table.line_of("keyword");
    if let Some(word) = words.iter().find(|word| fold(word).is_empty()) {
        let why = format!("`keyword` '{word}' has neither letters nor digits");
        return Err(table.no(line, why, "write a word of the customer's message"));
    }
    Ok(Some(words.iter().map(|word| fold(word)).collect()))
}
