//! Bring one letter back, or end it.

use model::ids::TenantId;
use store::op::{IntakeAgain, LetterDiscard, LetterReplay};
use store::{Commit, JournalEntry, LetterId, Op};

use super::Letters;
use crate::intake::{Owner, works};
use crate::outbound::decide::{check_reason, outcome};
use crate::outbound::{Caller, Outcome, Refusal};

impl Letters {
    pub async fn replay(&self, caller: &Caller, id: LetterId) -> Result<Outcome, Refusal> {
        let Some(op) = self.replay_op(caller, id).await? else {
            return Ok(Outcome::Settled);
        };
        let did = self.store().commit(Commit::of(vec![op])).await?;
        self.wake();
        outcome(did.first())
    }

    pub async fn discard(
        &self,
        caller: &Caller,
        id: LetterId,
        reason: &str,
    ) -> Result<Outcome, Refusal> {
        check_reason(reason)?;
        let Some(op) = self.discard_op(caller, id, reason).await? else {
            return Ok(Outcome::Settled);
        };
        let did = self.store().commit(Commit::of(vec![op])).await?;
        self.wake();
        outcome(did.first())
    }

    /// `None` when it is no letter (any more).
    pub(super) async fn replay_op(
        &self,
        caller: &Caller,
        id: LetterId,
    ) -> Result<Option<Op>, Refusal> {
        let tenant = &caller.tenant;
        if self.store().letter(&self.reach(tenant), id).await?.is_none() {
            return Ok(None);
        }
        let intake = match id {
            LetterId::Send(outbox) => {
                if let Some(row) = self.store().outbox(tenant, outbox).await? {
                    self.desk.check_window(tenant, &row).await?;
                }
                None
            }
            LetterId::Webhook(_) | LetterId::Item(_) => Some(self.intake_again(tenant, id).await?),
            LetterId::Write(..) | LetterId::Record(..) => None,
        };
        let at = self.ambient().now();
        let audit = caller.audit("letter.replayed", id.to_string(), "", at);
        let effects = vec![Op::Audit(audit)];
        Ok(Some(Op::ReplayLetter(LetterReplay { tenant: tenant.clone(), id, at, intake, effects })))
    }

    pub(super) async fn discard_op(
        &self,
        caller: &Caller,
        id: LetterId,
        reason: &str,
    ) -> Result<Option<Op>, Refusal> {
        let tenant = &caller.tenant;
        if self.store().letter(&self.reach(tenant), id).await?.is_none() {
            return Ok(None);
        }
        let at = self.ambient().now();
        // the reason is a person's own words: it is sealed with the row
        let audit = caller.audit("letter.discarded", id.to_string(), "", at);
        Ok(Some(Op::DiscardLetter(LetterDiscard {
            tenant: tenant.clone(),
            id,
            at,
            reason: reason.to_owned(),
            effects: vec![Op::Audit(audit)],
        })))
    }

    async fn intake_again(&self, tenant: &TenantId, id: LetterId) -> Result<IntakeAgain, Refusal> {
        let intake = self.store().letter_intake(&self.reach(tenant), id).await?;
        let intake = intake.ok_or_else(|| Refusal::no_such("id", "dead letter"))?;
        let unreadable = |cause: &str| {
            let cure = "edit it into a webhook body that can be read, or discard it";
            Refusal::invalid("puente.invalid_request", "body", cause, cure)
        };
        let body = intake.body.ok_or_else(|| unreadable("it cannot be read as a webhook body"))?;
        let row = JournalEntry {
            seq: 0,
            app: intake.app.clone(),
            received_at: self.ambient().now(),
            attempts: 0,
            body: body.clone(),
        };
        // a body that kills the process may be replayed as it is: once mended,
        // puente reads it
        if let LetterId::Item(_) = id {
            let works = works(self.store(), self.directory(), &row);
            let works = works.map_err(|_| unreadable("it is not JSON"))?;
            if works.iter().any(|work| matches!(work.owner, Owner::Nobody)) {
                return Err(Refusal::invalid(
                    "puente.unknown_number",
                    "number",
                    "no number of this installation is the one that it is about",
                    "configure the number for its tenant, start puente again, then replay",
                ));
            }
            if works.iter().any(|work| work.owner.tenant() != Some(tenant)) {
                return Err(Refusal::no_such("id", "dead letter"));
            }
        }
        Ok(IntakeAgain { app: intake.app, body, forget: intake.key })
    }

    pub(super) fn wake(&self) {
        self.nudges().intake.wake();
        self.nudges().outbound.wake();
        self.nudges().writer.wake();
    }
}
