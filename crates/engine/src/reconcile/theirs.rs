//! Salesforce's side: pages of one call each, in the order of the key.
//!
//! Each page begins after the last key of the page before (a condition on an
//! external id, which Salesforce indexes), so no cursor is held open there.

use std::collections::BTreeMap;

use model::{Fault, UnixMs};
use rules::reconcile::{Kind, Theirs, is_key};
use salesforce::{Client, Row, Subrequest, soql};

use super::run::Scope;

/// Rows of one page: the most that a query answers in one piece (REST API,
/// Query).
const PAGE: usize = 2_000;
/// Rows without a key that are named.
const KEYLESS_MAX: usize = 200;
/// Their clock may be behind ours by this much when a row is dated.
const CLOCKS_MS: i64 = 5 * 60_000;

pub(super) struct Pages<'a> {
    pub client: &'a Client,
    pub kind: Kind,
    pub scope: Scope,
    pub after: Option<String>,
    pub ended: bool,
    /// Calls made.
    pub calls: u64,
}

impl Pages<'_> {
    /// Rows whose keys can be ours, in their order; and the others. Both empty
    /// at the end.
    pub async fn next(&mut self) -> Result<(Vec<Theirs>, Vec<Theirs>), Fault> {
        while !self.ended {
            let rows = self.page().await?;
            let (ours, strange): (Vec<_>, Vec<_>) =
                rows.into_iter().partition(|row| is_key(self.kind, &row.key));
            if !ours.is_empty() || !strange.is_empty() {
                return Ok((ours, strange));
            }
        }
        Ok((Vec::new(), Vec::new()))
    }

    async fn page(&mut self) -> Result<Vec<Theirs>, Fault> {
        let names = self.client.names();
        let after = match &self.after {
            Some(key) => format!("{} > {}", names.expand("{Key__c}"), soql::literal(key)),
            None => names.expand("{Key__c} != null"),
        };
        let made = self.scope.since.map(made_since).unwrap_or_default();
        let query = format!(
            "{} WHERE {after}{made} ORDER BY {} LIMIT {PAGE}",
            names.expand(select(self.kind)),
            names.expand("{Key__c}"),
        );
        self.calls += 1;
        let page = self.client.query(&query, PAGE).await?;
        self.ended = page.rows.len() < PAGE;
        let rows: Vec<_> = page.rows.iter().filter_map(|row| theirs(self.kind, row)).collect();
        self.after = rows.last().map(|row| row.key.clone()).or(self.after.take());
        Ok(rows)
    }
}

/// Rows of all three objects that have no key at all: one call.
pub(super) async fn keyless(client: &Client, scope: Scope) -> Result<Vec<(Kind, Theirs)>, Fault> {
    let kinds = [
        ("persons", Kind::Person),
        ("conversations", Kind::Conversation),
        ("messages", Kind::Message),
    ];
    let made = scope.since.map(made_since).unwrap_or_default();
    let mut parts = Vec::new();
    for (name, kind) in kinds {
        let (select, key) =
            (client.names().expand(select(kind)), client.names().expand("{Key__c}"));
        let query = format!("{select} WHERE {key} = null{made} LIMIT {KEYLESS_MAX}");
        parts.push(Subrequest::query(name, &query)?);
    }
    let answers = client.composite(&parts).await?;
    let mut found = Vec::new();
    for ((_, kind), answer) in kinds.into_iter().zip(answers) {
        for row in answer.page()?.rows {
            found.extend(theirs(kind, &row).map(|row| (kind, row)));
        }
    }
    Ok(found)
}

/// The rows of these keys, as they are now. One call for some 130 keys.
pub(super) async fn by_keys(
    client: &Client,
    kind: Kind,
    keys: &[String],
) -> Result<(BTreeMap<String, Theirs>, u64), Fault> {
    let (mut found, mut calls) = (BTreeMap::new(), 0);
    for list in soql::lists(keys, soql::LIST_BYTES_MAX) {
        let names = client.names();
        let query =
            format!("{} WHERE {} IN {list}", names.expand(select(kind)), names.expand("{Key__c}"));
        calls += 1;
        let rows = client.query(&query, keys.len()).await?.rows;
        let rows = rows.iter().filter_map(|row| theirs(kind, row));
        found.extend(rows.map(|row| (row.key.clone(), row)));
    }
    Ok((found, calls))
}

/// A row is made there after puente learned of it, never before.
fn made_since(since: UnixMs) -> String {
    format!(" AND CreatedDate >= {}", soql::datetime(since.plus(-CLOCKS_MS)))
}

fn select(kind: Kind) -> &'static str {
    match kind {
        Kind::Person => "SELECT Id, {Key__c} FROM {Puente_Person__c}",
        Kind::Conversation => "SELECT Id, {Key__c} FROM {Puente_Conversation__c}",
        Kind::Message => "SELECT Id, {Key__c}, {Status__c} FROM {Puente_Message__c}",
    }
}

fn theirs(kind: Kind, row: &Row) -> Option<Theirs> {
    let standing = match kind {
        Kind::Message => row.text("Status__c").map(str::to_owned),
        Kind::Person | Kind::Conversation => None,
    };
    let key = row.text("Key__c").unwrap_or_default().to_owned();
    Some(Theirs { key, record: row.id()?.to_string(), standing })
}
