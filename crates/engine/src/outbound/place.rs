//! Where a send belongs: its lane and its conversation, found or made.

use model::UnixMs;
use model::ids::{ConversationId, LaneId, PersonId};
use store::op::{NewConversation, NewLane, NewRecordLink};
use store::{Op, RecordKind};

use super::accept::{Desk, Draft};
use super::refusal::Refusal;

impl Desk {
    /// Finds or makes the lane; free-form needs its window open now, and the
    /// person must not have said no.
    pub(super) async fn lane(
        &self,
        draft: &Draft<'_>,
        person: PersonId,
        now: UnixMs,
        effects: &mut Vec<Op>,
    ) -> Result<LaneId, Refusal> {
        let (tenant, number) = (&draft.caller.tenant, draft.number.id.clone());
        let lane = self.store.lanes(tenant, &[(number.clone(), person)]).await?.pop();
        let last_inbound = lane.as_ref().and_then(|lane| lane.last_inbound_at);
        if draft.message.free_form() && !rules::window::is_open(last_inbound, now) {
            return Err(Refusal::window_closed(last_inbound.is_some()));
        }
        self.check_consent(draft.number, draft.message, person, last_inbound).await?;
        Ok(match lane {
            Some(lane) => lane.id,
            None => {
                let id = LaneId::new(&self.ambient);
                effects.push(Op::NewLane(NewLane { tenant: tenant.clone(), id, number, person }));
                id
            }
        })
    }

    pub(super) async fn conversation(
        &self,
        draft: &Draft<'_>,
        lane: LaneId,
        person: PersonId,
        has_contact: bool,
        at: UnixMs,
        effects: &mut Vec<Op>,
    ) -> Result<ConversationId, Refusal> {
        let (tenant, number) = (draft.caller.tenant.clone(), draft.number.id.clone());
        if let Some(open) = self.store.open_conversations(&tenant, &[lane]).await?.pop() {
            return Ok(open.id);
        }
        let id = ConversationId::new(&self.ambient);
        let opening =
            NewConversation { tenant: tenant.clone(), id, lane, person, number, opened_at: at };
        effects.push(Op::NewConversation(opening));
        if has_contact {
            let (kind, slot) = (RecordKind::Case, *id.as_bytes());
            effects.push(Op::WantRecord(NewRecordLink {
                tenant,
                person,
                kind,
                slot,
                at,
                due_at: at,
                again: false,
            }));
        }
        Ok(id)
    }
}
