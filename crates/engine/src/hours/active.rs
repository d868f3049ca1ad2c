//! Hours as they are looked at.

use model::UnixMs;
use rules::hours::{DEFAULT, Hours};
use rules::mapping::Complaint;
use store::Document;

use crate::versions::{Versions, Written};

#[derive(Debug)]
pub struct Active {
    /// 0: the program's own, which is always open and says nothing.
    pub version: i64,
    pub hours: Hours,
}

/// Compiled versions in use, by tenant.
pub type HoursInUse = Versions<Active>;

impl Active {
    pub fn is_open(&self, at: UnixMs) -> bool {
        self.hours.is_open(at)
    }
}

impl Written for Active {
    const DOCUMENT: Document = Document::Hours;
    const DEFAULT: &'static str = DEFAULT;
    const ALERT: &'static str = "hours";

    fn read(version: i64, text: &str) -> Result<Self, Vec<Complaint>> {
        Ok(Self { version, hours: Hours::read(text)? })
    }

    fn own() -> Self {
        Self { version: 0, hours: Hours::always() }
    }
}
