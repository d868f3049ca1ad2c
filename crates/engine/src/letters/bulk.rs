//! Many letters at once: counted first, then in the order in which they were
//! set aside, some hundred in a commit.

use std::collections::BTreeMap;

use store::op::Decided;
use store::{Commit, Did, LetterFilter, LetterId, LetterKind, Op};

use super::Letters;
use crate::outbound::decide::check_reason;
use crate::outbound::{Caller, Refusal};

/// Letters in one commit.
const COMMIT_MAX: usize = 100;
/// Letters of one call; a caller goes on while some are left.
const CALL_MAX: usize = 1_000;
/// Letters of one read when they are counted.
const PAGE: u32 = 1_000;
/// Refusals that are told one by one.
const REFUSALS_MAX: usize = 20;

#[derive(Clone, Debug)]
pub enum Act {
    Replay,
    Discard { reason: String },
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub all: u64,
    pub by_kind: BTreeMap<LetterKind, u64>,
}

#[derive(Debug, Default)]
pub struct Bulk {
    pub done: u64,
    /// Settled or decided meanwhile.
    pub settled: u64,
    /// Cannot be done as it is.
    pub refused: u64,
    /// The first of those, with why.
    pub refusals: Vec<(LetterId, Refusal)>,
    /// There are more: go on after this one.
    pub next: Option<(model::UnixMs, LetterId)>,
}

impl Letters {
    /// How many a filter means.
    pub async fn count(
        &self,
        tenant: &model::ids::TenantId,
        filter: &LetterFilter,
    ) -> Result<Count, Refusal> {
        let (mut count, mut filter) = (Count::default(), filter.clone());
        loop {
            let page = self.store().letters(&self.reach(tenant), &filter, PAGE).await?;
            for letter in &page {
                count.all += 1;
                *count.by_kind.entry(letter.id.kind()).or_default() += 1;
            }
            match page.last() {
                Some(last) if page.len() == PAGE as usize => {
                    filter.after = Some((last.at, last.id))
                }
                _ => return Ok(count),
            }
        }
    }

    /// Up to a thousand of them, longest aside first. Letters that are set
    /// aside anew meanwhile are not met again.
    pub async fn all(
        &self,
        caller: &Caller,
        filter: &LetterFilter,
        act: &Act,
    ) -> Result<Bulk, Refusal> {
        if let Act::Discard { reason } = act {
            check_reason(reason)?;
        }
        let now = self.ambient().now();
        let until = filter.until.map_or(now, |until| until.min(now));
        let mut filter = LetterFilter { until: Some(until), ..filter.clone() };
        let mut bulk = Bulk::default();
        for _ in 0..CALL_MAX / COMMIT_MAX {
            let page = self
                .store()
                .letters(&self.reach(&caller.tenant), &filter, COMMIT_MAX as u32)
                .await?;
            let Some(last) = page.last() else { return Ok(bulk) };
            filter.after = Some((last.at, last.id));
            let full = page.len() == COMMIT_MAX;
            let ids = page.into_iter().map(|letter| letter.id).collect();
            self.some(caller, ids, act, &mut bulk).await?;
            if !full {
                return Ok(bulk);
            }
        }
        bulk.next = filter.after;
        Ok(bulk)
    }

    async fn some(
        &self,
        caller: &Caller,
        ids: Vec<LetterId>,
        act: &Act,
        bulk: &mut Bulk,
    ) -> Result<(), Refusal> {
        let mut ops: Vec<Op> = Vec::with_capacity(ids.len());
        for id in ids {
            let op = match act {
                Act::Replay => self.replay_op(caller, id).await,
                Act::Discard { reason } => self.discard_op(caller, id, reason).await,
            };
            match op {
                Ok(Some(op)) => ops.push(op),
                Ok(None) => bulk.settled += 1,
                Err(refusal) if refusal.is_about_one() => bulk.refuse(id, refusal),
                Err(refusal) => return Err(refusal),
            }
        }
        for did in self.store().commit(Commit::of(ops)).await? {
            match did {
                Did::Decided(Decided::Done) => bulk.done += 1,
                _ => bulk.settled += 1,
            }
        }
        self.wake();
        Ok(())
    }
}

impl Bulk {
    fn refuse(&mut self, id: LetterId, refusal: Refusal) {
        self.refused += 1;
        if self.refusals.len() < REFUSALS_MAX {
            self.refusals.push((id, refusal));
        }
    }
}
