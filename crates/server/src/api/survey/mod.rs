//! How satisfied customers are: versions of the file, checked, applied and taken
//! back, and what became of each closed case.

pub mod apply;
pub mod cases;
pub mod check;
pub mod rollback;
pub mod show;

use engine::mapping::Refused;

use super::mapping::broken;
use crate::problem::{self, Problem};

fn problem(refused: Refused) -> Problem {
    match refused {
        Refused::Broken(complaints) => broken(&problem::SURVEY_BROKEN, "survey", &complaints),
        Refused::Salesforce(fault) => {
            let detail =
                format!("The org could not be asked about the fields of its Case: {fault}");
            Problem::new(&problem::ORG_AWAY, detail)
        }
        Refused::Unknown => {
            let detail = "There is no such version of the survey, or no org to hold it against.";
            Problem::new(&problem::NOT_FOUND, detail).at("version")
        }
        Refused::Store(error) => error.into(),
    }
}
