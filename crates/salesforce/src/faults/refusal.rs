//! Why one record, or one call, was refused.

use model::Fault;
use model::ids::RecordId;
use serde::Deserialize;
use serde_json::Value;

use super::DuplicateResult;

/// A fault with what Salesforce said besides.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    pub fault: Fault,
    /// The fields that Salesforce blames, by their wire names.
    pub fields: Vec<String>,
    pub clue: Clue,
}

/// What a program can make of the refusal, beyond `fault.act`.
#[derive(Clone, Debug, PartialEq)]
pub enum Clue {
    None,
    /// A smaller batch may pass, or shows which record is at fault. Holds even
    /// where the act is not to retry: a failing trigger takes its whole batch down.
    SmallerBatch,
    /// This record already holds the value: update it instead.
    Exists(RecordId),
    /// A parent given by external id is not there (yet).
    ParentMissing,
    /// The record, or one it points to, is deleted, merged or hidden: look it up again.
    Gone,
    /// The lead is a contact now.
    Converted,
    /// A duplicate rule found these.
    Duplicates(DuplicateResult),
}

impl From<Fault> for Box<Refusal> {
    fn from(fault: Fault) -> Self {
        Self::new(Refusal { fault, fields: Vec::new(), clue: Clue::None })
    }
}

impl From<Box<Refusal>> for Fault {
    fn from(refusal: Box<Refusal>) -> Self {
        refusal.fault
    }
}

/// One error as Salesforce writes it: `errorCode` in the answer to a call,
/// `statusCode` in an item of a collection.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct ApiError {
    #[serde(alias = "errorCode", alias = "statusCode")]
    pub code: String,
    #[serde(default)]
    pub message: String,
    #[serde(default)]
    pub fields: Vec<String>,
    #[serde(default, rename = "duplicateResult")]
    pub duplicate_result: Option<Value>,
}
