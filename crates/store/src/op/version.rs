//! Versions of a tenant's documents.

use model::UnixMs;
use model::ids::TenantId;

use crate::row::Document;

/// Keeps the text as the document's next version, from 1, and puts it to use. A
/// text equal to the newest version's makes none: that one is put to use.
#[derive(Clone, Debug)]
pub struct NewVersion {
    pub tenant: TenantId,
    pub document: Document,
    pub text: String,
    pub at: UnixMs,
    /// API key, person or part of the program.
    pub actor: String,
}

/// Puts a version to use that was made before; 0 is the program's own. Fails
/// with `Conflict` when there is no such version.
#[derive(Clone, Debug)]
pub struct VersionUse {
    pub tenant: TenantId,
    pub document: Document,
    pub version: i64,
    pub at: UnixMs,
    pub actor: String,
}
