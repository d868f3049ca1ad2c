//! A file that an admin writes, and what was found in it.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::input::take_text;
use crate::problem::Problem;

#[derive(ToSchema)]
#[schema(as = FileText)]
#[allow(dead_code, reason = "documents the body; it is read field by field")]
pub struct Wish {
    /// The whole file, TOML.
    text: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = CheckedFile)]
pub struct Checked {
    /// The org would take it.
    good: bool,
    complaints: Vec<Complaint>,
    /// What it does otherwise than the version in use.
    changes: Vec<Change>,
    /// The version in use.
    active: i64,
}

/// Something that is wrong with a file.
#[derive(Serialize, ToSchema)]
#[schema(as = FileComplaint)]
pub struct Complaint {
    /// In the file, from 1; absent for what is missing from it.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    /// A field of a mapping, a rule of a routing.
    #[schema(example = "Lead.Phone")]
    field: String,
    why: String,
    cure: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = FileChange)]
pub struct Change {
    #[schema(example = "Lead.Phone")]
    field: String,
    /// Its entries, each in one line.
    before: Vec<String>,
    after: Vec<String>,
}

impl From<rules::mapping::Complaint> for Complaint {
    fn from(found: rules::mapping::Complaint) -> Self {
        Self { line: found.line, field: found.field, why: found.why, cure: found.cure }
    }
}

impl From<engine::mapping::Checked> for Checked {
    fn from(found: engine::mapping::Checked) -> Self {
        let changes = found.changes.into_iter().map(|change| Change {
            field: change.field,
            before: change.before,
            after: change.after,
        });
        Self {
            good: found.complaints.is_empty(),
            complaints: found.complaints.into_iter().map(Complaint::from).collect(),
            changes: changes.collect(),
            active: found.active,
        }
    }
}

/// The file's text, taken out of a body.
pub fn take_file(map: &mut Map<String, Value>) -> Result<String, Problem> {
    let text = take_text(map, "text", rules::mapping::BYTES_MAX)?;
    text.ok_or_else(|| {
        Problem::field("text", "It is missing.", "Send the whole file as a text, TOML.")
    })
}
