//! What became of members' sends, as the stream of events tells it.

use model::ids::{OutboxId, TenantId};
use model::{Status, UnixMs};
use rules::campaign::{Halt, Member, Moved, Then, after_failure, retry_at};
use store::op::MemberStep;
use store::{MemberSend, MemberState, Op, OutboxState, StoreError};

use super::plan::Plan;
use super::worker::Campaigns;

/// One event of a member, and whether everybody's would end alike.
pub struct Heard {
    pub step: Option<Op>,
    pub halt: Option<Halt>,
}

impl Campaigns {
    /// What these sends say of their members now.
    pub(super) async fn hear(
        &self,
        tenant: &TenantId,
        sends: &[OutboxId],
    ) -> Result<Vec<(MemberSend, Heard)>, StoreError> {
        let mut found = Vec::new();
        for send in self.desk.store.member_sends(tenant, sends).await? {
            let heard = self.one(tenant, &send).await?;
            found.push((send, heard));
        }
        Ok(found)
    }

    async fn one(&self, tenant: &TenantId, send: &MemberSend) -> Result<Heard, StoreError> {
        let now = self.desk.ambient.now();
        let (mut due_at, mut halt, mut code) = (None, None, None);
        let moved = match (send.status, send.send) {
            (Some(Status::Failed), _) | (_, OutboxState::Failed) => {
                let told = send.status_code.clone().or_else(|| send.code.clone());
                let meta = told.as_deref().and_then(meta_code);
                let then = meta.map(|meta| after_failure(meta, send.rounds.saturating_sub(1)));
                let denied = told.as_deref().is_some_and(is_denial);
                code = told;
                match then {
                    Some(Then::Retry) => {
                        due_at = self.again(tenant, send, send.failed_at.unwrap_or(now)).await?;
                        if due_at.is_some() {
                            Moved::HoldBack
                        } else {
                            Moved::Reached(Status::Failed)
                        }
                    }
                    Some(Then::Halt(why)) => {
                        (halt, due_at) = (Some(why), Some(now));
                        Moved::HoldBack
                    }
                    None if code.as_deref().is_some_and(is_template) => {
                        (halt, due_at) = (Some(Halt::Template), Some(now));
                        Moved::HoldBack
                    }
                    _ if denied => Moved::LeaveOut,
                    Some(Then::Fail | Then::OptOut) | None => Moved::Reached(Status::Failed),
                }
            }
            (Some(status), _) if status > Status::Uncertain => Moved::Reached(status),
            (_, OutboxState::Accepted) => Moved::Reached(Status::Accepted),
            (_, OutboxState::Uncertain | OutboxState::Asked) => Moved::Reached(Status::Uncertain),
            // somebody decided that it is not sent
            (_, OutboxState::Dropped) => Moved::Reached(Status::Failed),
            // not ended: but what it waits for may concern all of them
            _ => {
                halt = send.code.as_deref().and_then(meta_code).and_then(shared);
                return Ok(Heard { step: None, halt });
            }
        };
        let state = Member::parse(send.state.as_str()).unwrap_or(Member::LeftOut);
        // what was uncertain is never sent again by the campaign
        let moved = match (state, moved) {
            (Member::Uncertain, Moved::HoldBack) => Moved::Reached(Status::Failed),
            _ => moved,
        };
        let Some(next) = state.after(moved) else {
            return Ok(Heard { step: None, halt: None });
        };
        let to = MemberState::parse(next.as_str()).unwrap_or(send.state);
        let sent = to == MemberState::Sent;
        let step = Op::MemberStep(MemberStep {
            tenant: tenant.clone(),
            campaign: send.campaign,
            person: send.person,
            outbox: Some(send.outbox),
            from: vec![send.state],
            to,
            code: code.filter(|_| !sent),
            due_at,
            sent_at: sent.then(|| send.accepted_at.unwrap_or(now)),
        });
        Ok(Heard { step: Some(step), halt })
    }

    /// When a message that Meta held back is tried again.
    async fn again(
        &self,
        tenant: &TenantId,
        send: &MemberSend,
        failed_at: UnixMs,
    ) -> Result<Option<UnixMs>, StoreError> {
        let campaign = self.desk.store.campaign(tenant, send.campaign).await?;
        let ready = campaign.and_then(|campaign| Plan::kept(&campaign.plan).ok());
        Ok(ready.and_then(|(_, ready)| {
            let holds = send.rounds.saturating_sub(1);
            let chance = &*self.desk.ambient.chance;
            retry_at(holds, failed_at, &ready.hours, ready.ends_at, chance)
        }))
    }
}

fn meta_code(code: &str) -> Option<u32> {
    code.strip_prefix("wa.")?.parse().ok()
}

fn shared(code: u32) -> Option<Halt> {
    match after_failure(code, 0) {
        Then::Halt(why) => Some(why),
        Then::Retry | Then::Fail | Then::OptOut => None,
    }
}

/// The template cannot be sent now: nothing was called.
pub fn is_template(code: &str) -> bool {
    matches!(code, "puente.template_stopped" | "puente.template_category")
}

/// The permit was denied: nothing was called.
fn is_denial(code: &str) -> bool {
    [model::Denied::OptedOut, model::Denied::NoConsent].iter().any(|denied| denied.as_str() == code)
}
