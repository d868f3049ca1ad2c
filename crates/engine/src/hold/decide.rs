//! A person's word.

use model::Ambient;
use model::ids::{OutboxId, TenantId};
use store::op::{AlertCleared, AuditEntry, HeldDecision, HoldEnd, Word};
use store::{Commit, Did, Op, Store, StoreError};

use crate::mark;

#[derive(Clone)]
pub struct Holds {
    pub store: Store,
    pub ambient: Ambient,
}

impl Holds {
    /// Decides one held send of the tenant, or all of them; how many it were.
    /// A word about all also says that this database is the one that sends from
    /// the tenant's numbers, where that was in doubt.
    pub async fn decide(
        &self,
        tenant: &TenantId,
        outbox: Option<OutboxId>,
        word: Word,
        by: &str,
    ) -> Result<u64, StoreError> {
        let (tenant, at) = (tenant.clone(), self.ambient.now());
        // the word of one tenant does not answer for the numbers of another
        let doubted = self.store.alerts_open(&tenant).await?;
        let takes_over = outbox.is_none() && doubted.iter().any(|alert| alert.kind == mark::ALERT);
        let decision = HeldDecision { tenant: tenant.clone(), outbox, word, at };
        let mut ops =
            vec![Op::DecideHeld(decision), Op::EndHold(HoldEnd { by_person: takes_over })];
        if takes_over {
            ops.push(mark::take_over(&self.store, &tenant).await?);
        }
        if outbox.is_none() {
            for (kind, subject) in mark::ALERTS {
                let (tenant, kind, subject) = (tenant.clone(), kind.into(), subject.into());
                ops.push(Op::ClearAlert(AlertCleared { tenant, kind, subject, at }));
            }
        }
        ops.push(Op::Audit(AuditEntry {
            tenant,
            at,
            actor: by.to_owned(),
            action: "restore.decided".into(),
            subject: outbox.map_or("all".into(), |id| id.to_string()),
            detail: match word {
                Word::Send => "send",
                Word::Drop => "drop",
            }
            .into(),
        }));
        let did = self.store.commit(Commit::of(ops)).await?;
        Ok(match did.first() {
            Some(Did::Count(decided)) => *decided,
            _ => 0,
        })
    }
}
