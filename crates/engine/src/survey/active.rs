//! A survey as it is asked by.

use rules::mapping::Complaint;
use rules::survey::{DEFAULT, Survey, read_any};
use store::Document;

use crate::versions::{Versions, Written};

#[derive(Debug)]
pub struct Active {
    /// 0: the program's own, which asks nobody.
    pub version: i64,
    /// `None`: nobody is asked.
    pub survey: Option<Survey>,
}

/// Compiled versions in use, by tenant.
pub type SurveysInUse = Versions<Active>;

impl Written for Active {
    const DOCUMENT: Document = Document::Survey;
    const DEFAULT: &'static str = DEFAULT;
    const ALERT: &'static str = "survey";

    fn read(version: i64, text: &str) -> Result<Self, Vec<Complaint>> {
        Ok(Self { version, survey: read_any(text)? })
    }

    fn own() -> Self {
        Self { version: 0, survey: None }
    }
}
