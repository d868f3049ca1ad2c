//! What was heard, written to the case: as often as it takes, and the same each
//! time.

use std::collections::BTreeMap;

use model::{Act, Fault, UnixMs};
use rules::survey::{Fields, read_any};
use salesforce::{Record, RecordOutcome, Subrequest};
use store::op::SurveyWritten;
use store::{Commit, Op, StoreError, SurveyCase};

use super::active::Active;
use super::worker::{IN_ONE_LOOK, Surveys};

/// A field's kind and length are asked for so often.
const KINDS_MS: i64 = 3_600_000;
/// What the org put back is written again after so long.
const AGAIN_MS: i64 = 60_000;

/// Of the Case's fields, by name in lower case: kind and length.
#[derive(Clone, Debug)]
pub struct Kinds {
    at: UnixMs,
    fields: BTreeMap<String, (String, usize)>,
}

impl Surveys {
    /// The inner error is the org's.
    pub(super) async fn write_all(&self, active: &Active) -> Result<Result<(), Fault>, StoreError> {
        loop {
            let now = self.org.ambient.now();
            let rows = self.store.surveys_unwritten(&self.tenant, now, IN_ONE_LOOK).await?;
            if rows.is_empty() {
                return Ok(Ok(()));
            }
            let kinds = match self.kinds().await {
                Ok(kinds) => kinds,
                Err(fault) => return Ok(Err(fault)),
            };
            let (mut ops, mut wishes) = (Vec::new(), Vec::new());
            for row in rows {
                let fields = self.fields(active, &row).await?;
                let record = Record::new(self.org.client.names(), "Case").with_id(&row.case);
                match filled(record, &row, &fields, &kinds) {
                    Some(record) => wishes.push((row, record)),
                    // the file keeps neither: puente alone does
                    None => ops.push(self.written(&row, Some(row.heard), now)),
                }
            }
            if let Err(fault) = self.write(wishes, ops).await? {
                return Ok(Err(fault));
            }
        }
    }

    async fn write(
        &self,
        wishes: Vec<(SurveyCase, Record)>,
        mut ops: Vec<Op>,
    ) -> Result<Result<(), Fault>, StoreError> {
        if !wishes.is_empty() {
            let records: Vec<_> = wishes.iter().map(|(_, record)| record.clone()).collect();
            let answer = match Subrequest::update_all("cases", &records) {
                Ok(request) => self.org.call(self.org.client.send(&request)).await,
                Err(fault) => Err(fault),
            };
            let outcomes = match answer {
                Ok(answer) => answer.outcomes(),
                Err(fault) => return Ok(Err(fault)),
            };
            let now = self.org.ambient.now();
            for ((row, _), outcome) in wishes.iter().zip(outcomes) {
                let again = self.written(row, None, now.plus(AGAIN_MS));
                match outcome {
                    RecordOutcome::Written { .. } => {
                        ops.push(self.written(row, Some(row.heard), now));
                    }
                    RecordOutcome::Halted => ops.push(again),
                    RecordOutcome::Refused(refusal) => match refusal.fault.act {
                        Act::Retry { .. } | Act::Renew => ops.push(again),
                        // a rule of the org, or a case that is gone: not by asking again
                        Act::Reject | Act::Ask => {
                            let what = "the answer of its customer could not be written to it";
                            ops.push(self.of_case(&row.case, what, &refusal.fault));
                            ops.push(self.written(row, Some(row.heard), now));
                            self.looked.lock().kinds = None;
                        }
                    },
                }
            }
        }
        let fence = self.lease.hold().await?.ok_or(StoreError::Fenced)?;
        self.store.commit(Commit::fenced(fence, ops)).await?;
        Ok(Ok(()))
    }

    /// As the file in use names them; while nobody is asked, as the file by which
    /// it was asked did.
    async fn fields(&self, active: &Active, row: &SurveyCase) -> Result<Fields, StoreError> {
        if let Some(survey) = &active.survey {
            return Ok(survey.fields.clone());
        }
        let version = row.asked.as_ref().map_or(0, |ask| ask.version);
        let text = self.surveys.text(&self.tenant, version).await?.unwrap_or_default();
        let read = read_any(&text).ok().flatten();
        Ok(read.map(|survey| survey.fields).unwrap_or_default())
    }

    async fn kinds(&self) -> Result<Kinds, Fault> {
        let now = self.org.ambient.now();
        let known = self.looked.lock().kinds.clone();
        if let Some(known) = known.filter(|known| now.since(known.at) < KINDS_MS) {
            return Ok(known);
        }
        let found = self.org.call(self.org.client.describe("Case")).await?;
        let of = |field: salesforce::client::Field| {
            (field.name.to_ascii_lowercase(), (field.kind, field.length as usize))
        };
        let kinds = Kinds { at: now, fields: found.fields.into_iter().map(of).collect() };
        self.looked.lock().kinds = Some(kinds.clone());
        Ok(kinds)
    }

    fn written(&self, row: &SurveyCase, heard: Option<i64>, due_at: UnixMs) -> Op {
        let tenant = self.tenant.clone();
        Op::SurveyWritten(SurveyWritten { tenant, id: row.id, heard, due_at })
    }
}

/// `None`: there is nothing to write. A comment that is too long is cut: puente
/// has it whole.
fn filled(record: Record, row: &SurveyCase, fields: &Fields, kinds: &Kinds) -> Option<Record> {
    let kind = |name: &str| kinds.fields.get(&name.to_ascii_lowercase());
    let (mut record, mut count) = (record, 0);
    if let (Some((_, name)), Some(score)) = (&fields.score, row.score) {
        let is_number =
            kind(name).is_none_or(|(kind, _)| matches!(kind.as_str(), "double" | "int"));
        record = match is_number {
            true => record.set_as_told(name, i64::from(score)),
            false => record.set_as_told(name, score.to_string()),
        };
        count += 1;
    }
    if let (Some((_, name)), Some(comment)) = (&fields.comment, &row.comment) {
        let max = kind(name).map_or(usize::MAX, |(_, length)| (*length).max(1));
        record = record.set_as_told(name, comment.chars().take(max).collect::<String>());
        count += 1;
    }
    (count > 0).then_some(record)
}
