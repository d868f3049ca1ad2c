//! Bring one letter back, or end it.

use model::ids::TenantId;
use store::op::{AlertCleared, IntakeAgain, LetterDiscard, LetterReplay, MediaRetry};
use store::{Commit, JournalEntry, Letter, LetterId, MediaState, Op, Outbox};

use super::Letters;
use crate::intake::{Owner, works};
use crate::outbound::decide::{check_reason, outcome};
use crate::outbound::{Caller, FILE_MS_MAX, Outcome, Refusal, convert};

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
        let Some(letter) = self.store().letter(&self.reach(tenant), id).await? else {
            return Ok(None);
        };
        let mut more = self.unsaid(tenant, &letter);
        let intake = match id {
            LetterId::Send(outbox) => {
                if let Some(row) = self.store().outbox(tenant, outbox).await? {
                    self.desk.check_window(tenant, &row).await?;
                    more.extend(self.file_again(tenant, &row).await?);
                }
                None
            }
            LetterId::Webhook(_) | LetterId::Item(_) => Some(self.intake_again(tenant, id).await?),
            LetterId::Write(..) | LetterId::Record(..) | LetterId::File(_) => None,
        };
        let at = self.ambient().now();
        let audit = caller.audit("letter.replayed", id.to_string(), "", at);
        more.push(Op::Audit(audit));
        let effects = more;
        Ok(Some(Op::ReplayLetter(LetterReplay { tenant: tenant.clone(), id, at, intake, effects })))
    }

    pub(super) async fn discard_op(
        &self,
        caller: &Caller,
        id: LetterId,
        reason: &str,
    ) -> Result<Option<Op>, Refusal> {
        let tenant = &caller.tenant;
        let Some(letter) = self.store().letter(&self.reach(tenant), id).await? else {
            return Ok(None);
        };
        let mut effects = self.unsaid(tenant, &letter);
        let at = self.ambient().now();
        // the reason is a person's own words: it is sealed with the row
        let audit = caller.audit("letter.discarded", id.to_string(), "", at);
        effects.push(Op::Audit(audit));
        let (tenant, reason) = (tenant.clone(), reason.to_owned());
        Ok(Some(Op::DiscardLetter(LetterDiscard { tenant, id, at, reason, effects })))
    }

    /// What was said aloud when a file was set aside ends with the decision.
    fn unsaid(&self, tenant: &TenantId, letter: &Letter) -> Vec<Op> {
        let LetterId::File(id) = letter.id else {
            return vec![];
        };
        let (tenant, at) = (tenant.clone(), self.ambient().now());
        let (kind, subject) = (letter.code.clone(), id.to_string());
        vec![Op::ClearAlert(AlertCleared { tenant, kind, subject, at })]
    }

    /// A send that failed for its file needs the file first.
    async fn file_again(&self, tenant: &TenantId, row: &Outbox) -> Result<Vec<Op>, Refusal> {
        let Some(id) = convert::file(&row.body) else {
            return Ok(vec![]);
        };
        let aside = self.store().media(tenant, id).await?;
        let Some(file) = aside.filter(|media| media.state == MediaState::Aside) else {
            return Ok(vec![]);
        };
        let at = self.ambient().now();
        let (tenant, send_at) = (tenant.clone(), at.plus(FILE_MS_MAX));
        let said = file.code.map(|kind| {
            let (tenant, subject) = (tenant.clone(), id.to_string());
            Op::ClearAlert(AlertCleared { tenant, kind, subject, at })
        });
        let retry = Op::RetryMedia(MediaRetry { tenant, id, at, send_at });
        Ok(said.into_iter().chain([retry]).collect())
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
        self.nudges().media.wake();
    }
}
