//! What a governor writes down at one moment.

use store::Op;
use store::op::BudgetStep;

use super::Governor;

/// Counts on their way into the store. They are taken out of the governor, so
/// that of two commits under way each writes its own.
#[must_use]
pub struct Step {
    governor: Governor,
    counts: BudgetStep,
    alert: Option<Op>,
    warns: bool,
    written: bool,
}

impl Step {
    pub(super) fn new(
        governor: Governor,
        counts: BudgetStep,
        alert: Option<Op>,
        warns: bool,
    ) -> Self {
        Self { governor, counts, alert, warns, written: false }
    }

    pub fn ops(&self) -> impl Iterator<Item = Op> {
        std::iter::once(Op::Budget(self.counts.clone())).chain(self.alert.clone())
    }

    pub(super) fn warns(&self) -> bool {
        self.warns
    }

    pub(super) fn written(mut self) {
        self.written = true;
    }
}

/// A commit that failed, or was given up, wrote nothing down. Where its answer
/// was lost the calls are counted twice at worst, never too little.
impl Drop for Step {
    fn drop(&mut self) {
        if !self.written {
            self.governor.put_back(&mut self.counts);
        }
    }
}
