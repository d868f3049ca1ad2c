//! What a person decides about a send whose answer was lost.

use model::ids::{OutboxId, TenantId};
use store::op::{Choice, Decided, SendDecision};
use store::{Commit, Did, Op, Outbox, OutboxState, StoreError};

use super::accept::Desk;
use super::refusal::Refusal;
use super::request::Caller;

/// Longest reason, in characters.
pub const REASON_MAX: usize = 500;

/// What became of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// It waits for nobody any more: a status settled it, or somebody decided.
    Settled,
}

impl Desk {
    /// Sends about which nobody knows: those that wait for a person first, then
    /// those that a status may still settle. Oldest first.
    pub async fn uncertain(&self, tenant: &TenantId, max: u32) -> Result<Vec<Outbox>, StoreError> {
        let mut rows = self.store.outbox_in_state(tenant, OutboxState::Asked, max).await?;
        let room = max.saturating_sub(rows.len() as u32);
        rows.extend(self.store.outbox_in_state(tenant, OutboxState::Uncertain, room).await?);
        Ok(rows)
    }

    /// One new attempt, at the tail of its lane.
    pub async fn resend(&self, caller: &Caller, id: OutboxId) -> Result<Outcome, Refusal> {
        let row = self.asked(caller, id).await?;
        if waits(&row) {
            self.check_window(&caller.tenant, &row).await?;
        }
        self.decide(caller, id, Choice::Resend, "send.resent").await
    }

    /// It is not sent: ends as failed, with the reason.
    pub async fn drop_send(
        &self,
        caller: &Caller,
        id: OutboxId,
        reason: &str,
    ) -> Result<Outcome, Refusal> {
        check_reason(reason)?;
        self.asked(caller, id).await?;
        let choice = Choice::Drop { reason: reason.to_owned() };
        self.decide(caller, id, choice, "send.dropped").await
    }

    async fn asked(&self, caller: &Caller, id: OutboxId) -> Result<Outbox, Refusal> {
        let row = self.store.outbox(&caller.tenant, id).await?;
        let row = row.ok_or_else(|| Refusal::no_such("id", "send"))?;
        if row.state == OutboxState::Uncertain {
            return Err(Refusal::too_early(
                "a status of Meta's may still tell what became of it",
                "wait until it is `asked`, two minutes after its call",
            ));
        }
        Ok(row)
    }

    /// What would fail at the call is refused now; what counts is checked then.
    pub(crate) async fn check_window(
        &self,
        tenant: &TenantId,
        row: &Outbox,
    ) -> Result<(), Refusal> {
        if !row.free_form {
            return Ok(());
        }
        let lane = self.store.lanes(tenant, &[(row.number.clone(), row.person)]).await?.pop();
        let last_inbound = lane.and_then(|lane| lane.last_inbound_at);
        if rules::window::is_open(last_inbound, self.ambient.now()) {
            return Ok(());
        }
        Err(Refusal::window_closed(last_inbound.is_some()))
    }

    async fn decide(
        &self,
        caller: &Caller,
        id: OutboxId,
        choice: Choice,
        action: &str,
    ) -> Result<Outcome, Refusal> {
        let at = self.ambient.now();
        let audit = caller.audit(action, id.to_string(), "", at);
        let decision = SendDecision {
            tenant: caller.tenant.clone(),
            outbox: id,
            at,
            choice,
            effects: vec![Op::Audit(audit)],
        };
        let did = self.store.commit(Commit::of(vec![Op::DecideSend(decision)])).await?;
        self.nudges.outbound.wake();
        self.nudges.writer.wake();
        outcome(did.first())
    }
}

fn waits(row: &Outbox) -> bool {
    row.state == OutboxState::Asked
}

pub(crate) fn outcome(did: Option<&Did>) -> Result<Outcome, Refusal> {
    match did {
        Some(Did::Decided(Decided::Done)) => Ok(Outcome::Done),
        Some(Did::Decided(Decided::TooEarly)) => Err(Refusal::too_early(
            "the call before may still be under way",
            "try again in ten seconds, when its permit has run out",
        )),
        _ => Ok(Outcome::Settled),
    }
}

pub(crate) fn check_reason(reason: &str) -> Result<(), Refusal> {
    let length = reason.trim().chars().count();
    if (1..=REASON_MAX).contains(&length) {
        return Ok(());
    }
    let cause = format!("it has {length} characters");
    let cure = format!("say in 1 to {REASON_MAX} characters why; it is kept with the row");
    Err(Refusal::invalid("puente.field", "reason", cause, cure))
}
