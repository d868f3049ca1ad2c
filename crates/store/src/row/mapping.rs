//! Versions of a tenant's field mapping.

use model::UnixMs;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingVersion {
    pub version: i64,
    pub made_at: UnixMs,
    /// API key, person or part of the program.
    pub made_by: String,
}

/// Which one is in use, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActiveMapping {
    /// 0: the program's own.
    pub version: i64,
    pub at: UnixMs,
    pub actor: String,
}
