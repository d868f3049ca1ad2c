//! The audience of a campaign as a CSV file, read line by line.
//!
//! Promises: each line that cannot be used is named with its field and cure, and
//! all others are taken; no number is guessed; memory is bounded by the longest
//! line, and how the file is cut into pieces makes no difference.
//!
//! A record is one line. Meta takes no line break in a variable, so a quote that
//! is not closed costs its own line and never the rest of the file.

mod columns;
mod fields;
mod row;

use columns::Columns;
pub use row::{Row, To, value};

use crate::mapping::Complaint;

/// Of a line, bytes.
pub const LINE_MAX: usize = 64 << 10;
const BOM: &[u8] = b"\xef\xbb\xbf";
/// With the mark before the first line and a line break. A longer line fills it
/// and has no line break in it, so that it is seen to be too long.
const KEPT_MAX: usize = LINE_MAX + BOM.len() + 2;

pub struct Reader {
    /// Columns that the campaign's variables are bound to.
    wanted: Vec<String>,
    columns: Option<Columns>,
    /// The beginning of a line whose end has not come.
    rest: Vec<u8>,
    lines: usize,
    refused: bool,
}

/// What a line is.
pub type Line = Result<Row, Complaint>;

impl Reader {
    pub fn new(wanted: Vec<String>) -> Self {
        let (columns, rest) = (None, Vec::new());
        Self { wanted, columns, rest, lines: 0, refused: false }
    }

    /// A mistake in the first line: nothing of the file is read.
    pub fn is_refused(&self) -> bool {
        self.refused
    }

    /// Columns of the file that nothing is taken from.
    pub fn unused(&self) -> Vec<&str> {
        self.columns.as_ref().map(Columns::unused).unwrap_or_default()
    }

    /// The lines that end in this piece of the file.
    pub fn push(&mut self, piece: &[u8]) -> Vec<Line> {
        let mut found = Vec::new();
        for part in piece.split_inclusive(|b| *b == b'\n') {
            let ends = part.ends_with(b"\n");
            let room = KEPT_MAX.saturating_sub(self.rest.len());
            self.rest.extend_from_slice(&part[..part.len().min(room)]);
            if ends {
                self.line(&mut found);
            }
        }
        found
    }

    /// The last line, if no line break ends it; and whether there were any.
    pub fn finish(mut self) -> Vec<Line> {
        let mut found = Vec::new();
        if !self.rest.is_empty() {
            self.line(&mut found);
        }
        if self.columns.is_none() && !self.refused {
            let cure = "write the columns' names in the first line, for instance phone,name";
            found.push(Err(Complaint::at(1, "file", "it is empty", cure)));
        }
        found
    }

    fn line(&mut self, found: &mut Vec<Line>) {
        self.lines += 1;
        let bytes = std::mem::take(&mut self.rest);
        if self.refused {
            return;
        }
        let at = self.lines;
        let bytes = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        let bytes = if at == 1 { bytes.strip_prefix(BOM).unwrap_or(bytes) } else { bytes };
        if bytes.len() > LINE_MAX {
            let why = format!("it has more than {LINE_MAX} bytes");
            self.complain(found, vec![Complaint::at(at, "line", why, "make it shorter")]);
            return;
        }
        let Ok(text) = std::str::from_utf8(bytes) else {
            let cure = "save the file as CSV UTF-8";
            self.complain(found, vec![Complaint::at(at, "line", "it is not UTF-8", cure)]);
            return;
        };
        if text.contains('\r') {
            let why = "it holds a line break of another kind";
            let cure = "save the file with line breaks of Windows or Unix, and none in a field";
            self.complain(found, vec![Complaint::at(at, "line", why, cure)]);
            return;
        }
        match &self.columns {
            None if text.trim().is_empty() => {}
            None => match Columns::read(text, at, &self.wanted) {
                Ok(columns) => self.columns = Some(columns),
                Err(complaints) => self.complain(found, complaints),
            },
            Some(columns) => found.extend(columns.row(text, at)),
        }
    }

    fn complain(&mut self, found: &mut Vec<Line>, complaints: Vec<Complaint>) {
        self.refused |= self.columns.is_none();
        found.extend(complaints.into_iter().map(Err));
    }
}

#[cfg(test)]
mod tests;
