//! What a test or a page turns while the org runs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Knobs {
    pub duplicate_rules: Vec<DuplicateRule>,
    pub trigger_failures: Vec<TriggerFailure>,
    /// Rows that fit; beyond it creating answers STORAGE_LIMIT_EXCEEDED.
    pub storage_rows_max: Option<usize>,
    /// Bytes of files that fit; beyond it a version answers STORAGE_LIMIT_EXCEEDED.
    pub file_bytes_max: Option<usize>,
    /// Owner that the assignment rules of an object choose.
    pub assignment: BTreeMap<String, String>,
}

/// A rule that compares one field: phones by their digits, other text folded.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DuplicateRule {
    pub name: String,
    pub object: String,
    pub field: String,
    pub action: DuplicateAction,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DuplicateAction {
    /// `allowSave=true` saves nevertheless.
    Alert,
    Block,
}

/// A trigger of the customer that fails when a chunk is too big for it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TriggerFailure {
    pub object: String,
    /// Fails for chunks of more rows than this; 0 fails always.
    pub rows_max: usize,
    pub message: String,
}
