//! What became of the records of a job that is over.

use model::Fault;
use model::ids::RecordId;

use super::csv::Rows;
use crate::faults::{self, ApiError, Refusal};
use crate::ids;

/// The three results of a job, by the external id that each record has. Every
/// record that was uploaded is in one of them, in whatever order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Results {
    pub written: Vec<Written>,
    pub refused: Vec<(String, Refusal)>,
    /// Not reached: the job failed or was aborted before.
    pub unprocessed: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    pub key: String,
    pub id: RecordId,
    pub created: bool,
}

/// `successfulResults`: `sf__Id`, `sf__Created`, then the columns of the upload.
pub(crate) fn written(csv: &[u8], key_column: &str) -> Result<Vec<Written>, Fault> {
    let (columns, rows) = table(csv, ["sf__Id", "sf__Created", key_column])?;
    rows.map(|row| {
        let [id, created, key] = columns.map(|at| row.get(at).map_or("", String::as_str));
        let id = ids::answered(id)
            .ok_or_else(|| faults::not_understood("a record succeeded without an id".into()))?;
        Ok(Written { key: key.to_owned(), id, created: created == "true" })
    })
    .collect()
}

/// `failedResults`: `sf__Error` is `CODE:message:fields --`.
pub(crate) fn refused(csv: &[u8], key_column: &str) -> Result<Vec<(String, Refusal)>, Fault> {
    let (columns, rows) = table(csv, ["sf__Error", key_column])?;
    Ok(rows
        .map(|row| {
            let [error, key] = columns.map(|at| row.get(at).map_or("", String::as_str));
            (key.to_owned(), faults::of_error(&error_of(error), None))
        })
        .collect())
}

/// `unprocessedrecords`: the columns of the upload. Empty when the job failed
/// over its header, and then nothing was done at all.
pub(crate) fn unprocessed(csv: &[u8], key_column: &str) -> Result<Vec<String>, Fault> {
    if csv.iter().all(u8::is_ascii_whitespace) {
        return Ok(Vec::new());
    }
    let (columns, rows) = table(csv, [key_column])?;
    Ok(rows.map(|row| row.get(columns[0]).cloned().unwrap_or_default()).collect())
}

/// Rows that have the wanted columns, which are found by their names.
fn table<'a, const N: usize>(
    csv: &'a [u8],
    wanted: [&str; N],
) -> Result<([usize; N], impl Iterator<Item = Vec<String>> + 'a), Fault> {
    let mut rows = Rows::of(csv);
    let header = rows.next().unwrap_or_default();
    let mut at = [0; N];
    for (at, name) in at.iter_mut().zip(wanted) {
        *at = header.iter().position(|c| c == name).ok_or_else(|| {
            faults::not_understood(format!("a job's results without the column {name}"))
        })?;
    }
    Ok((at, rows.filter(|row| row.len() > 1 || row.first().is_some_and(|c| !c.is_empty()))))
}

/// The message may hold colons; code and fields do not.
fn error_of(text: &str) -> ApiError {
    let (code, rest) = text.split_once(':').unwrap_or((text, ""));
    let rest = rest.trim_end().trim_end_matches("--").trim_end();
    let (message, fields) = rest.rsplit_once(':').unwrap_or((rest, ""));
    let fields = fields.split([',', ' ']).filter(|f| !f.is_empty()).map(str::to_owned);
    ApiError {
        code: code.trim().to_owned(),
        message: message.trim().to_owned(),
        fields: fields.collect(),
        duplicate_result: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Clue;

    #[test]
    fn an_error_is_taken_apart_from_both_ends() {
        for (text, code, message, fields) in [
            (
                "REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --",
                "REQUIRED_FIELD_MISSING",
                "Required fields are missing: [LastName]",
                &["LastName"][..],
            ),
            (
                "DUPLICATE_VALUE:duplicate value found: Key__c duplicates value on record with id: a015500001QdQWa:--",
                "DUPLICATE_VALUE",
                "duplicate value found: Key__c duplicates value on record with id: a015500001QdQWa",
                &[],
            ),
            ("INVALID_FIELD:odd:A__c, B__c --", "INVALID_FIELD", "odd", &["A__c", "B__c"]),
            ("UNKNOWN", "UNKNOWN", "", &[]),
            ("", "", "", &[]),
        ] {
            let error = error_of(text);
            assert_eq!((&*error.code, &*error.message), (code, message), "{text}");
            assert_eq!(error.fields, fields, "{text}");
        }
    }

    #[test]
    fn results_are_read_by_the_names_of_their_columns() {
        let csv = b"\"sf__Id\",\"sf__Created\",\"Text__c\",\"Key__c\"\n\
                    \"a015500001QdQWaAAN\",\"true\",\"x,\ny\",\"k1\"\n\"a015500001QdQWb\",\"false\",\"\",\"k2\"\n";
        let done = written(csv, "Key__c").unwrap();
        assert_eq!((done[0].key.as_str(), done[0].created), ("k1", true));
        assert_eq!((done[1].id.as_str(), done[1].created), ("a015500001QdQWbAAN", false));
        let csv = b"sf__Id,sf__Error,Key__c\n,\"UNABLE_TO_LOCK_ROW:unable to obtain exclusive access to this record or 1 records: a01:--\",k3\n\
                    ,\"INVALID_FIELD:Foreign key external ID: con_1 not found for field Key__c in entity Puente_Conversation__c:Conversation__c --\",k4\n";
        let not = refused(csv, "Key__c").unwrap();
        assert_eq!(not[0].1.fault.code.as_str(), "sf.UNABLE_TO_LOCK_ROW");
        assert_eq!((not[1].0.as_str(), &not[1].1.clue), ("k4", &Clue::ParentMissing));
        assert_eq!(unprocessed(b"Key__c,Text__c\nk5,\n", "Key__c").unwrap(), ["k5"]);
        assert_eq!(unprocessed(b"\n", "Key__c").unwrap(), Vec::<String>::new());
        assert!(written(b"sf__Id,Key__c\n", "Key__c").is_err(), "a column is missing");
        assert!(written(b"sf__Id,sf__Created,Key__c\n,true,k\n", "Key__c").is_err(), "no id");
    }
}
