//! Records that are saved together.

use std::collections::BTreeMap;

use super::{Op, Outcome, Verb, resolve};
use crate::error::ApiError;
use crate::org::{Org, Txn};

/// The records of one request, in its order; some have failed already.
#[derive(Clone, Debug)]
pub struct Batch {
    pub ops: Vec<Result<Op, ApiError>>,
    pub all_or_none: bool,
    /// Rows that triggers see at once, where that is more than `ops`.
    pub chunk: usize,
}

impl Batch {
    pub fn new(ops: Vec<Result<Op, ApiError>>, all_or_none: bool) -> Self {
        let chunk = ops.len();
        Self { ops, all_or_none, chunk }
    }

    /// Looks up what each upsert means and what is known to fail.
    pub fn prepare(&mut self, org: &Org) {
        self.refuse_repeated_keys();
        self.refuse_failing_triggers(org);
        for slot in &mut self.ops {
            let Ok(op) = slot else { continue };
            let object = op.object.clone();
            if let Verb::Upsert { key, value, target } = &mut op.verb {
                match resolve(org, &object, key, value.as_deref()) {
                    Ok(found) => *target = found,
                    Err(error) => *slot = Err(error),
                }
            }
        }
    }

    /// Every upsert that names a key which another of the request names too fails.
    fn refuse_repeated_keys(&mut self) {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let name = |op: &Op| match &op.verb {
            Verb::Upsert { key, value: Some(value), .. } => Some(key.fold(value)),
            _ => None,
        };
        for key in self.ops.iter().flatten().filter_map(name) {
            *seen.entry(key).or_default() += 1;
        }
        for slot in &mut self.ops {
            let Some(key) = slot.as_ref().ok().and_then(name) else {
                continue;
            };
            if seen[&key] > 1 {
                let text = format!("Duplicate external id specified: {key}");
                *slot = Err(ApiError::bad("DUPLICATE_VALUE", text));
            }
        }
    }

    fn refuse_failing_triggers(&mut self, org: &Org) {
        for failure in &org.knobs.trigger_failures {
            for slot in &mut self.ops {
                let hit = slot
                    .as_ref()
                    .is_ok_and(|op| op.object.name.eq_ignore_ascii_case(&failure.object));
                if hit && self.chunk > failure.rows_max {
                    *slot = Err(ApiError::bad(
                        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
                        failure.message.clone(),
                    ));
                }
            }
        }
    }

    /// Saves. A row's failure leaves its neighbours alone, unless all or none.
    pub fn save(&self, txn: &mut Txn<'_>) -> Vec<Outcome> {
        let mark = txn.mark();
        let outcomes: Vec<Outcome> = self
            .ops
            .iter()
            .map(|slot| match slot {
                Ok(op) => op.apply(txn),
                Err(error) => Err(error.clone()),
            })
            .collect();
        if !self.all_or_none || outcomes.iter().all(Result::is_ok) {
            return outcomes;
        }
        txn.rollback_to(mark);
        let text = "Record rolled back because not all records were valid and the request was using AllOrNone header";
        let innocent = || ApiError::bad("ALL_OR_NONE_OPERATION_ROLLED_BACK", text);
        outcomes.into_iter().map(|o| o.and_then(|_| Err(innocent()))).collect()
    }

    /// Locks of each row, in the order of the rows.
    pub fn locks(&self, org: &Org) -> Vec<Vec<String>> {
        self.ops
            .iter()
            .map(|slot| slot.as_ref().map(|op| op.locks(org)).unwrap_or_default())
            .collect()
    }
}
