//! The case of a conversation that has none.

use model::UnixMs;
use model::ids::{RecordId, TenantId};
use rules::routing::{self, CaseAct, CaseFacts, Known};
use store::{Conversation, Store, StoreError};

use super::active::Active;
use super::heard::Heard;
use super::plan::{Make, Place, Plan};
use crate::hours;

const HEARD_MAX: u32 = 50;

/// A case of the person's, as Salesforce has it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TheirCase {
    pub id: RecordId,
    pub opened_at: UnixMs,
    pub closed_at: Option<UnixMs>,
    pub status: String,
}

/// By the first message of the conversation for which a rule takes or makes
/// one. With it the case that is taken or opened again.
pub async fn case(
    store: &Store,
    tenant: &TenantId,
    active: &Active,
    hours: &hours::Active,
    known: Known,
    conversation: &Conversation,
    cases: &[TheirCase],
) -> Result<(Plan, Option<RecordId>), StoreError> {
    let mut heard = Vec::new();
    if active.asks_messages() {
        let mut messages = store.messages_of(tenant, conversation.id, None, HEARD_MAX).await?;
        messages.reverse();
        heard = Heard::all(&messages);
    }
    if heard.is_empty() {
        let at = conversation.first_inbound_at.unwrap_or(conversation.opened_at);
        heard.push(Heard::nothing(conversation.number.clone(), at));
    }
    let facts: Vec<_> = cases
        .iter()
        .map(|case| CaseFacts {
            id: &case.id,
            opened_at: case.opened_at,
            closed_at: case.closed_at,
            status: &case.status,
            status_since: None,
            moved_by: None,
        })
        .collect();
    let (mut last, mut taken) = (None, None);
    for one in &heard {
        let asked = one.facts(known, &facts, hours);
        let verdict = routing::case(&active.routing, &asked);
        let make = match &verdict.act {
            None => Make::Nothing,
            Some(CaseAct::Reuse(id)) => {
                taken = Some((*id).clone());
                Make::Take
            }
            Some(CaseAct::Reopen { id, status }) => {
                taken = Some((*id).clone());
                Make::Reopen { status: (*status).to_owned() }
            }
            Some(CaseAct::New(placement)) => Make::Case(Place::of(placement)),
        };
        let done = make != Make::Nothing;
        last = Some(Plan::new(active.version, &verdict, make));
        if done {
            break;
        }
    }
    let plan = last.unwrap_or_else(|| Plan {
        version: active.version,
        rule: None,
        why: "nothing was written".into(),
        make: Make::Nothing,
    });
    Ok((plan, taken))
}
