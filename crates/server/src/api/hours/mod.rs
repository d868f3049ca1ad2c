//! When the tenant answers: versions of the file, checked, applied and taken back.

pub mod apply;
pub mod check;
pub mod rollback;
pub mod show;

use engine::mapping::Refused;

use super::mapping::broken;
use crate::problem::{self, Problem};

fn problem(refused: Refused) -> Problem {
    match refused {
        Refused::Broken(complaints) => broken(&problem::HOURS_BROKEN, "hours", &complaints),
        Refused::Store(error) => error.into(),
        Refused::Unknown | Refused::Salesforce(_) => {
            Problem::new(&problem::NOT_FOUND, "There is no such version of the hours.")
                .at("version")
        }
    }
}
