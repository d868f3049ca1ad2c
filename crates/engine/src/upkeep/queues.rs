//! How old the queues are: seen, foretold, and said aloud when it is too much.

use std::collections::BTreeSet;

use model::UnixMs;
use model::ids::TenantId;
use store::op::{AlertCleared, AlertRaised};
use store::{Commit, Depths, Op, StoreError};

use super::Upkeep;
use crate::board::QueueKind;

/// Between two looks: each counts all that waits.
const LOOK_MS: i64 = 30_000;
const ALERT: &str = "backlog";

/// From what age on somebody should know. A queue is well again at half of it.
pub const fn alert_ms(kind: QueueKind) -> i64 {
    match kind {
        QueueKind::Journal => 60_000,
        QueueKind::Outbox | QueueKind::Salesforce | QueueKind::Files => 15 * 60_000,
    }
}

/// What the last look found.
#[derive(Debug, Default)]
pub struct Seen {
    at: Option<UnixMs>,
    /// Alerts that this process raised, or may have inherited.
    open: BTreeSet<(TenantId, QueueKind)>,
}

pub async fn turn(upkeep: &Upkeep) -> Result<(), StoreError> {
    let now = upkeep.ambient.now();
    let first = upkeep.seen.lock().at.is_none();
    if upkeep.seen.lock().at.is_some_and(|at| now.since(at) < LOOK_MS) {
        return Ok(());
    }
    let (mut ops, mut all) = (Vec::new(), Depths::default());
    for tenant in upkeep.store.tenants().await? {
        let depths = upkeep.store.depths(Some(&tenant.id)).await?;
        upkeep.trends.see(Some(&tenant.id), now, &depths);
        // the journal is everybody's
        all.journal = depths.journal;
        all.outbox_queued += depths.outbox_queued;
        all.sync_due += depths.sync_due;
        all.media_due += depths.media_due;
        for kind in QueueKind::ALL {
            let key = (tenant.id.clone(), kind);
            let open = first || upkeep.seen.lock().open.contains(&key);
            match verdict(now, kind, &depths, open) {
                Some(true) => {
                    ops.push(raise(upkeep, &tenant.id, kind, &depths, now));
                    upkeep.seen.lock().open.insert(key);
                }
                Some(false) => {
                    ops.push(Op::ClearAlert(AlertCleared {
                        tenant: tenant.id.clone(),
                        kind: ALERT.into(),
                        subject: kind.as_str().into(),
                        at: now,
                    }));
                    upkeep.seen.lock().open.remove(&key);
                }
                None => {}
            }
        }
    }
    upkeep.trends.see(None, now, &all);
    if !ops.is_empty() {
        upkeep.store.commit(Commit::of(ops)).await?;
    }
    upkeep.seen.lock().at = Some(now);
    Ok(())
}

/// Raise it (again, with new figures), clear it, or leave it as it is.
pub(super) fn verdict(now: UnixMs, kind: QueueKind, depths: &Depths, open: bool) -> Option<bool> {
    let (_, oldest) = kind.of(depths);
    let age = oldest.map_or(0, |at| now.since(at));
    match age {
        age if age > alert_ms(kind) => Some(true),
        age if open && age <= alert_ms(kind) / 2 => Some(false),
        _ => None,
    }
}

fn raise(upkeep: &Upkeep, tenant: &TenantId, kind: QueueKind, depths: &Depths, now: UnixMs) -> Op {
    let (length, oldest) = kind.of(depths);
    let minutes = oldest.map_or(0, |at| now.since(at)) / 60_000;
    let end = match upkeep.trends.drains_in_s(Some(tenant), kind) {
        Some(seconds) => format!("at this pace it is empty in {} min", seconds.div_ceil(60)),
        None => "it does not get shorter".to_owned(),
    };
    let name = kind.as_str();
    Op::RaiseAlert(AlertRaised {
        tenant: tenant.clone(),
        kind: ALERT.into(),
        subject: name.into(),
        text: format!("{name}: {length} wait, the oldest for {minutes} min; {end}"),
        at: now,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alert_opens_at_its_age_and_ends_at_half_of_it() {
        let now = UnixMs(1_800_000_000_000);
        let depths = |age_ms: i64| Depths {
            sync_due: 7,
            sync_oldest: Some(now.plus(-age_ms)),
            ..Depths::default()
        };
        let kind = QueueKind::Salesforce;
        for (age_min, open, want) in [
            (1, false, None),
            (15, false, None),
            (16, false, Some(true)),
            (16, true, Some(true)),
            (10, true, None),
            (7, true, Some(false)),
            (7, false, None),
        ] {
            assert_eq!(
                verdict(now, kind, &depths(age_min * 60_000), open),
                want,
                "{age_min} {open}"
            );
        }
        assert_eq!(verdict(now, kind, &Depths::default(), true), Some(false), "empty");
    }
}
