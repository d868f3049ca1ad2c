//! Records into the CSV of one job.

use bytes::Bytes;
use serde_json::Value;

use super::csv;
use crate::Record;

/// Salesforce cuts a job into batches of so many records (Bulk API 2.0,
/// Understanding Bulk API 2.0 Ingest).
pub const ROWS_MAX: usize = 10_000;
/// An upload may have 150 MB after base64: 100 MB as it leaves us (Bulk API and
/// Bulk API 2.0 Limits and Allocations).
pub const CSV_BYTES_MAX: usize = 100_000_000;
/// What CSV means by null; a text that reads so cannot be sent.
const NULL: &str = "#N/A";

/// Grows row by row; columns are those that any record has. A record that does
/// not have a column leaves it as it is in Salesforce.
#[derive(Debug)]
pub struct Sheet {
    columns: Vec<String>,
    body: Vec<u8>,
    /// End of each row in `body`, and how many cells it has.
    rows: Vec<(usize, usize)>,
    bytes_max: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pushed {
    In,
    /// Beyond the rows or the bytes of one job: for the next one.
    Full,
    /// CSV cannot carry it unchanged: a carriage return, or the text `#N/A`.
    Unfit,
}

impl Sheet {
    /// `bytes_max` is at most [`CSV_BYTES_MAX`].
    pub fn new(bytes_max: usize) -> Self {
        let bytes_max = bytes_max.min(CSV_BYTES_MAX);
        Self { columns: Vec::new(), body: Vec::new(), rows: Vec::new(), bytes_max }
    }

    /// Records of one object.
    pub fn push(&mut self, record: &Record) -> Pushed {
        if self.rows.len() >= ROWS_MAX {
            return Pushed::Full;
        }
        let Some(cells) = cells(record) else {
            return Pushed::Unfit;
        };
        let before = self.body.len();
        let known = self.columns.len();
        let mut texts: Vec<Option<String>> = vec![None; known];
        for (column, text) in cells {
            match self.columns.iter().position(|c| *c == column) {
                Some(at) => texts[at] = Some(text),
                None => {
                    self.columns.push(column);
                    texts.push(Some(text));
                }
            }
        }
        for (n, text) in texts.iter().enumerate() {
            if n > 0 {
                self.body.push(b',');
            }
            csv::write(&mut self.body, text.as_deref().unwrap_or_default());
        }
        // a later column costs a comma in each row
        let size = self.body.len() + (self.rows.len() + 1) * (self.columns.len() + 1);
        if size > self.bytes_max && !self.rows.is_empty() {
            self.body.truncate(before);
            self.columns.truncate(known);
            return Pushed::Full;
        }
        self.rows.push((self.body.len(), texts.len()));
        Pushed::In
    }

    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// The file, header first, each line ended by LF.
    pub fn finish(self) -> Bytes {
        let commas = self.rows.iter().map(|(_, cells)| self.columns.len() - cells + 1);
        let header: usize = self.columns.iter().map(|c| c.len() + 3).sum();
        let mut out = Vec::with_capacity(header + self.body.len() + commas.sum::<usize>());
        for (n, column) in self.columns.iter().enumerate() {
            if n > 0 {
                out.push(b',');
            }
            csv::write(&mut out, column);
        }
        out.push(b'\n');
        let mut began = 0;
        for (end, cells) in self.rows {
            out.extend_from_slice(&self.body[began..end]);
            out.extend(std::iter::repeat_n(b',', self.columns.len() - cells));
            out.push(b'\n');
            began = end;
        }
        Bytes::from(out)
    }
}

/// Columns and texts. An empty text is null, too: an empty cell would mean "as
/// it is". A parent goes by `Person__r.Key__c`.
fn cells(record: &Record) -> Option<Vec<(String, String)>> {
    let mut cells = Vec::with_capacity(record.fields().len());
    for (field, value) in record.fields() {
        let (column, value) = match value {
            Value::Object(parent) => {
                let (key, value) = parent.iter().next()?;
                (format!("{field}.{key}"), value)
            }
            value => (field.clone(), value),
        };
        let text = match value {
            Value::Null => NULL.to_owned(),
            Value::String(text) if text.is_empty() => NULL.to_owned(),
            Value::String(text) if text.contains('\r') || text == NULL => return None,
            Value::String(text) => text.clone(),
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            Value::Array(_) | Value::Object(_) => return None,
        };
        cells.push((column, text));
    }
    Some(cells)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Names;

    fn text(sheet: Sheet) -> String {
        String::from_utf8(sheet.finish().to_vec()).unwrap()
    }

    #[test]
    fn columns_are_those_of_all_records_and_missing_cells_are_left_alone() {
        for p in ["", "ns__"] {
            let names = Names::new(p).unwrap();
            let record = |key: &str| Record::new(&names, "Puente_Message__c").set("Key__c", key);
            let mut sheet = Sheet::new(CSV_BYTES_MAX);
            assert_eq!(sheet.push(&record("a").set("Late__c", false)), Pushed::In);
            let second = record("b").set("Text__c", "x,\"y\"\nz").set("Preview__c", Value::Null);
            let second = second.link("Conversation__r", "Key__c", "con_1");
            assert_eq!(sheet.push(&second), Pushed::In);
            assert_eq!(
                sheet.push(&record("c").set("Version__c", 7).set("Text__c", "")),
                Pushed::In
            );
            assert_eq!(sheet.rows(), 3);
            assert_eq!(
                text(sheet),
                format!(
                    "{p}Key__c,{p}Late__c,{p}Conversation__r.{p}Key__c,{p}Preview__c,{p}Text__c,{p}Version__c\n\
                     a,false,,,,\nb,,con_1,#N/A,\"x,\"\"y\"\"\nz\",\nc,,,,#N/A,7\n"
                )
            );
        }
    }

    #[test]
    fn what_csv_would_change_is_left_to_calls() {
        let names = Names::none();
        let record = |text: &str| Record::new(&names, "Puente_Message__c").set("Text__c", text);
        let mut sheet = Sheet::new(CSV_BYTES_MAX);
        for unfit in ["a\r\nb", "\r", "#N/A"] {
            assert_eq!(sheet.push(&record(unfit)), Pushed::Unfit, "{unfit:?}");
        }
        for fits in ["a\nb", "#n/a", "N/A", "🚀"] {
            assert_eq!(sheet.push(&record(fits)), Pushed::In, "{fits:?}");
        }
    }

    #[test]
    fn a_full_sheet_takes_no_more_and_stays_whole() {
        let names = Names::none();
        let record = |text: String| Record::new(&names, "Puente_Message__c").set("Key__c", text);
        let mut sheet = Sheet::new(120);
        assert_eq!(sheet.push(&record("x".repeat(400))), Pushed::In, "the first one always");
        assert_eq!(sheet.push(&record("y".into()).set("Text__c", "z")), Pushed::Full);
        assert_eq!(text(sheet), format!("Key__c\n{}\n", "x".repeat(400)));
        let mut sheet = Sheet::new(usize::MAX);
        for n in 0..ROWS_MAX {
            assert_eq!(sheet.push(&record(n.to_string())), Pushed::In);
        }
        assert_eq!(sheet.push(&record("more".into())), Pushed::Full);
    }
}
