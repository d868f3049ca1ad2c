//! Closed cases, as they come by: each is noticed once.

use model::ids::{RecordId, SurveyId, TenantId};
use model::{Ambient, UnixMs};
use store::op::NewSurvey;
use store::{Conversation, Document, Op, StoreError};

use super::active::SurveysInUse;

/// Versions that are kept; more than anybody wrote.
const VERSIONS_MAX: u32 = 10_000;

/// Since when closed cases are asked about: nobody is asked about a case that was
/// closed before the tenant wrote its first file. `None`: nobody is asked.
pub async fn asks_since(
    surveys: &SurveysInUse,
    tenant: &TenantId,
) -> Result<Option<UnixMs>, StoreError> {
    if surveys.active(tenant).await?.survey.is_none() {
        return Ok(None);
    }
    let all = surveys.store.versions(tenant, Document::Survey, VERSIONS_MAX).await?;
    Ok(all.last().map(|first| first.made_at))
}

/// Its customer is to be asked when the rule says so.
pub fn noticed(
    tenant: &TenantId,
    ambient: &Ambient,
    conversation: &Conversation,
    case: &RecordId,
    closed_at: UnixMs,
) -> Op {
    let at = ambient.now();
    Op::NewSurvey(NewSurvey {
        tenant: tenant.clone(),
        id: SurveyId::new(ambient),
        case: case.clone(),
        conversation: conversation.id,
        lane: conversation.lane,
        person: conversation.person,
        number: conversation.number.clone(),
        at,
        closed_at,
        due_at: at,
    })
}
