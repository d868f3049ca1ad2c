//! Which fields of Salesforce are filled: versions of the tenant's mapping,
//! checked, tried, applied and taken back.

pub mod apply;
pub mod check;
pub mod dry_run;
pub mod paths;
pub mod rollback;
pub mod show;

use engine::mapping::Refused;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::api::input::take_text;
use crate::problem::{self, Problem};

/// The version that is in use now.
#[derive(Serialize, ToSchema)]
pub struct InUse {
    /// 0: the program's own.
    version: i64,
}

/// Something that is wrong with a mapping.
#[derive(Serialize, ToSchema)]
#[schema(as = MappingComplaint)]
pub struct Complaint {
    /// In the file, from 1; absent for what is missing from it.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[schema(example = "Lead.Phone")]
    field: String,
    why: String,
    cure: String,
}

impl From<rules::mapping::Complaint> for Complaint {
    fn from(found: rules::mapping::Complaint) -> Self {
        Self { line: found.line, field: found.field, why: found.why, cure: found.cure }
    }
}

/// The file's text, taken out of a body.
fn take_file(map: &mut Map<String, Value>) -> Result<String, Problem> {
    let text = take_text(map, "text", rules::mapping::BYTES_MAX)?;
    text.ok_or_else(|| {
        Problem::field("text", "It is missing.", "Send the whole file as a text, TOML.")
    })
}

fn problem(refused: Refused) -> Problem {
    match refused {
        Refused::Broken(complaints) => broken(&complaints),
        Refused::Salesforce(fault) => {
            let detail = format!("The org could not be asked about its fields: {fault}");
            Problem::new(&problem::ORG_AWAY, detail)
        }
        Refused::Unknown => {
            let detail = "There is no such version of the mapping, or no org to hold it against.";
            Problem::new(&problem::NOT_FOUND, detail).at("version")
        }
        Refused::Store(error) => error.into(),
    }
}

/// The first, and how many more there are.
fn broken(complaints: &[rules::mapping::Complaint]) -> Problem {
    let Some(first) = complaints.first() else {
        return Problem::new(&problem::MAPPING_BROKEN, "The mapping is broken.");
    };
    let at = first.line.map(|line| format!("line {line}: ")).unwrap_or_default();
    let more = match complaints.len() - 1 {
        0 => String::new(),
        more => format!(" And {more} more: POST /api/v1/mapping/check names all."),
    };
    let detail = format!("{at}{}.{more}", first.why);
    Problem::new(&problem::MAPPING_BROKEN, detail).at(&first.field).cured(first.cure.clone())
}
