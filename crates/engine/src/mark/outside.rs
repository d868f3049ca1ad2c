//! The records themselves.

use model::ids::PhoneNumberId;
use model::{Fault, UnixMs};
use rules::mark::There;
use salesforce::{Client, Record, RecordOutcome, Row, Subrequest, soql};

const OBJECT: &str = "Puente_Settings__c";
const KEY: &str = "Key__c";

/// What is written, the same for each number.
pub(super) struct Mark<'a> {
    pub installation: &'a str,
    pub generation: i64,
    pub high_water: i64,
    /// `None`: stopped in good order.
    pub session: Option<&'a str>,
    pub at: UnixMs,
}

/// A number's mark with its version: only a higher one is taken there.
pub(super) struct Found {
    pub number: PhoneNumberId,
    pub there: Option<There>,
    pub version: i64,
}

pub(super) async fn read(client: &Client, numbers: &[PhoneNumberId]) -> Result<Vec<Found>, Fault> {
    const SELECT: &str = "SELECT Id, {Key__c}, {Installation__c}, {Generation__c}, {High_Water__c}, \
                          {Session__c}, {Version__c} FROM {Puente_Settings__c}";
    let names = client.names();
    let keys: Vec<_> = numbers.iter().map(key).collect();
    let mut rows = Vec::new();
    for list in soql::lists(&keys, soql::LIST_BYTES_MAX) {
        let query =
            format!("{} WHERE {} IN {list}", names.expand(SELECT), names.expand("{Key__c}"));
        rows.extend(client.query(&query, keys.len()).await?.rows);
    }
    let found = |number: &PhoneNumberId| {
        let row = rows.iter().find(|row| row.text(KEY) == Some(&key(number)));
        let version = row.map_or(0, |row| whole(row, "Version__c"));
        Found { number: number.clone(), there: row.map(there), version }
    };
    Ok(numbers.iter().map(found).collect())
}

/// `Err` with the first refusal: the marks are as they were, or partly new.
pub(super) async fn write(client: &Client, found: &[Found], mark: &Mark<'_>) -> Result<(), Fault> {
    for part in found.chunks(salesforce::RECORDS_MAX) {
        let records: Vec<_> = part.iter().map(|found| record(client, found, mark)).collect();
        let answer = client.send(&Subrequest::upsert("marks", KEY, &records)?).await?;
        for outcome in answer.outcomes() {
            if let RecordOutcome::Refused(refusal) = outcome {
                return Err(refusal.fault);
            }
        }
    }
    Ok(())
}

fn record(client: &Client, found: &Found, mark: &Mark<'_>) -> Record {
    Record::new(client.names(), OBJECT)
        .set(KEY, key(&found.number))
        .set("Version__c", (found.version + 1).max(mark.at.0))
        .set("Installation__c", mark.installation)
        .set("Generation__c", mark.generation)
        .set("High_Water__c", mark.high_water)
        .set("Session__c", mark.session.map(str::to_owned))
        .set_time("Updated_At__c", mark.at)
}

fn key(number: &PhoneNumberId) -> String {
    format!("mark|{number}")
}

fn there(row: &Row) -> There {
    There {
        installation: row.text("Installation__c").unwrap_or_default().to_owned(),
        generation: whole(row, "Generation__c"),
        high_water: whole(row, "High_Water__c"),
        session: row.text("Session__c").map(str::to_owned),
    }
}

fn whole(row: &Row, field: &str) -> i64 {
    row.number(field).map_or(0, |n| n as i64)
}
