//! Versions of a tenant's documents.

use model::UnixMs;

words! {
    /// What a tenant's admin writes as a file, each with versions of its own.
    Document {
        /// Which fields of Salesforce are filled.
        Mapping = "mapping",
        /// Which records a message makes, and whose they are.
        Routing = "routing",
        /// When the tenant answers.
        Hours = "hours",
        /// What customers are asked once their case is closed.
        Survey = "survey",
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    pub version: i64,
    pub made_at: UnixMs,
    /// API key, person or part of the program.
    pub made_by: String,
}

/// Which one is in use, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActiveVersion {
    /// 0: the program's own.
    pub version: i64,
    pub at: UnixMs,
    pub actor: String,
}
