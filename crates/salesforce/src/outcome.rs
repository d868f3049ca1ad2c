//! What became of one record of a write.

use model::ids::RecordId;
use model::planted::{Planted, planted};
use serde::Deserialize;

use crate::faults::{self, ApiError, Refusal};
use crate::ids;

/// A 200 may hold failures: every record of a write has one of these.
#[derive(Clone, Debug, PartialEq)]
pub enum RecordOutcome {
    Written {
        id: RecordId,
        /// An upsert or a create made it; otherwise it was there.
        created: bool,
    },
    /// Not written; or, where `fault.stage` is [`model::Stage::Unknown`], nobody knows.
    Refused(Refusal),
    /// Not tried, because another part of the same call failed: not charged an
    /// attempt.
    Halted,
}

impl RecordOutcome {
    pub fn id(&self) -> Option<&RecordId> {
        match self {
            Self::Written { id, .. } => Some(id),
            Self::Refused(_) | Self::Halted => None,
        }
    }

    pub(crate) fn refused(refusal: Refusal) -> Self {
        if faults::is_halted(&refusal) && planted(Planted::HaltedAsDone) {
            return Self::Written { id: RecordId::new("a00000000000000AAA"), created: true };
        }
        if faults::is_halted(&refusal) { Self::Halted } else { Self::Refused(refusal) }
    }

    pub(crate) fn not_understood(detail: &str) -> Self {
        let refusal: Box<Refusal> = faults::not_understood(detail.to_owned()).into();
        Self::Refused(*refusal)
    }
}

/// One record's part of an answer: an item of a collection, or the body of a
/// call on one row. `success` decides; an `errors` list may be filled on success.
#[derive(Deserialize)]
pub(crate) struct Item {
    #[serde(default)]
    id: Option<String>,
    success: bool,
    #[serde(default)]
    errors: Vec<ApiError>,
    #[serde(default)]
    created: Option<bool>,
}

impl Item {
    /// `creates`: what "created" is when the answer does not say.
    pub(crate) fn outcome(self, creates: bool) -> RecordOutcome {
        if !self.success {
            return match self.errors.first() {
                Some(error) => RecordOutcome::refused(faults::of_error(error, None)),
                None => RecordOutcome::not_understood("a record failed without an error"),
            };
        }
        match self.id.as_deref().and_then(ids::answered) {
            Some(id) => RecordOutcome::Written { id, created: self.created.unwrap_or(creates) },
            None => RecordOutcome::not_understood("a record succeeded without an id"),
        }
    }
}
