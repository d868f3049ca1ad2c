//! Which records a message makes: versions of the tenant's routing, checked,
//! applied and taken back.

pub mod apply;
pub mod check;
pub mod rollback;
pub mod show;

use engine::mapping::Refused;

use super::mapping::broken;
use crate::problem::{self, Problem};

fn problem(refused: Refused) -> Problem {
    match refused {
        Refused::Broken(complaints) => broken(&problem::ROUTING_BROKEN, "routing", &complaints),
        Refused::Salesforce(fault) => {
            let detail = format!("The org could not be asked about what the file names: {fault}");
            Problem::new(&problem::ORG_AWAY, detail)
        }
        Refused::Unknown => {
            let detail = "There is no such version of the routing, or no org to hold it against.";
            Problem::new(&problem::NOT_FOUND, detail).at("version")
        }
        Refused::Store(error) => error.into(),
    }
}
