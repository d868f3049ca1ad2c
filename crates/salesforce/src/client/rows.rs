//! One record at a time.

use model::ids::RecordId;
use model::{Fault, Scope, Stage};

use super::Client;
use crate::faults::Refusal;
use crate::{DuplicateRule, Record, RecordOutcome, Row, Subrequest};

/// The name of the only part.
const ONE: &str = "one";

impl Client {
    /// Creates a record. [`RecordOutcome::Refused`] is about this record; a
    /// fault is about more, or leaves open whether the record was made: look
    /// its create key up before it is repeated.
    pub async fn create(
        &self,
        record: &Record,
        rule: DuplicateRule,
    ) -> Result<RecordOutcome, Fault> {
        self.write(&Subrequest::create(ONE, record, rule)?).await
    }

    /// Updates a record in the fields that are set; refusals as in [`Self::create`].
    pub async fn update(&self, id: &RecordId, record: &Record) -> Result<RecordOutcome, Fault> {
        self.write(&Subrequest::update(ONE, id, record)?).await
    }

    /// Deletes a record; one that is gone is refused with [`crate::Clue::Gone`].
    /// `sobject` is a wire name.
    pub async fn delete(&self, sobject: &str, id: &RecordId) -> Result<RecordOutcome, Fault> {
        self.write(&Subrequest::delete(ONE, sobject, id)?).await
    }

    /// Reads a record; `None` when it does not exist or is hidden. `sobject` and
    /// `fields` are wire names.
    pub async fn get<S: AsRef<str>>(
        &self,
        sobject: &str,
        id: &RecordId,
        fields: &[S],
    ) -> Result<Option<Row>, Fault> {
        self.send(&Subrequest::get(ONE, sobject, id, fields)?).await?.row()
    }

    async fn write(&self, request: &Subrequest) -> Result<RecordOutcome, Fault> {
        match self.send(request).await?.outcomes().pop() {
            Some(RecordOutcome::Refused(refusal)) if !refusal.is_about_records() => {
                Err(refusal.fault)
            }
            Some(outcome) => Ok(outcome),
            None => Err(crate::faults::not_understood("no outcome".to_owned())),
        }
    }
}

impl Refusal {
    /// Salesforce answered what it did, and nothing wider than a lane need pause.
    pub(crate) fn is_about_records(&self) -> bool {
        self.fault.stage != Stage::Unknown && self.fault.scope <= Scope::Lane
    }
}
