//! Which fields of Salesforce are filled: versions of the tenant's mapping,
//! checked, tried, applied and taken back.

pub mod apply;
pub mod check;
pub mod dry_run;
pub mod paths;
pub mod rollback;
pub mod show;

use engine::mapping::Refused;

use crate::problem::{self, Problem};

fn problem(refused: Refused) -> Problem {
    match refused {
        Refused::Broken(complaints) => broken(&problem::MAPPING_BROKEN, "mapping", &complaints),
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

/// The first, and how many more there are. `name` is the document's.
pub fn broken(
    known: &'static problem::Known,
    name: &str,
    complaints: &[rules::mapping::Complaint],
) -> Problem {
    let Some(first) = complaints.first() else {
        return Problem::new(known, format!("The {name} is broken."));
    };
    let at = first.line.map(|line| format!("line {line}: ")).unwrap_or_default();
    let more = match complaints.len() - 1 {
        0 => String::new(),
        more => format!(" And {more} more: POST /api/v1/{name}/check names all."),
    };
    let detail = format!("{at}{}.{more}", first.why);
    Problem::new(known, detail).at(&first.field).cured(first.cure.clone())
}
