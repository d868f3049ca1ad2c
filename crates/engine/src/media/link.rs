//! A file that is in Salesforce comes to stand on its message and on the record
//! of the conversation.

use model::ids::{RecordId, TenantId};
use salesforce::{DuplicateRule, Record, RecordOutcome, SubResponse, Subrequest, soql};
use store::op::{ClaimedMedia, MediaMove};
use store::{Media, MediaState, Object, RecordKind, RecordLink, RecordState, StoreError};

use super::claim::Worker;
use super::settle::Ended;

pub async fn once(
    worker: &Worker,
    claimed: &ClaimedMedia,
    media: &Media,
) -> Result<Ended, StoreError> {
    let (Some(version), Some(message)) = (&media.version, media.message) else {
        return Ok(linked(None));
    };
    let Some(message) = worker.store.messages(&claimed.tenant, &[message]).await?.pop() else {
        return Ok(linked(None));
    };
    let key = (Object::Message, *message.id.as_bytes());
    let row = worker.store.sync_rows(&claimed.tenant, &[key]).await?.pop();
    let on_message = row.and_then(|row| row.record);
    let on_record = match home(worker, &claimed.tenant, &message).await? {
        Home::Known(record) => Some(record),
        Home::OnItsWay => return Ok(Ended::wait("puente.waits_for_record")),
        Home::None => None,
    };
    let line = match worker.org(claimed, media).await? {
        Ok(line) => line,
        Err(ended) => return Ok(ended),
    };
    let targets: Vec<_> = on_message.into_iter().chain(on_record).collect();
    let parts = match parts(line.client, version, &targets) {
        Ok(parts) => parts,
        Err(fault) => return Ok(fault.into()),
    };
    Ok(match line.call(line.client.composite(&parts)).await {
        Ok(answers) => judge(&answers),
        Err(ended) => ended,
    })
}

/// The record of the conversation: its Case, else its Opportunity, else the
/// person's Contact or Lead.
enum Home {
    Known(RecordId),
    /// It is being looked up or made.
    OnItsWay,
    None,
}

async fn home(
    worker: &Worker,
    tenant: &TenantId,
    message: &store::Message,
) -> Result<Home, StoreError> {
    let store = &worker.store;
    let conversation = store.conversations(tenant, &[message.conversation]).await?.pop();
    let found = conversation.as_ref().and_then(|c| c.case.clone().or(c.opportunity.clone()));
    if let Some(record) = found {
        return Ok(Home::Known(record));
    }
    let on_its_way = |link: Option<RecordLink>| {
        link.is_some_and(|l| !matches!(l.state, RecordState::Linked | RecordState::Aside))
    };
    let slot = message.conversation.as_bytes();
    if on_its_way(store.record_link_by_slot(tenant, RecordKind::Case, slot).await?) {
        return Ok(Home::OnItsWay);
    }
    let person = store.persons(tenant, &[message.person]).await?.pop();
    if let Some(record) = person.and_then(|p| p.contact.or(p.lead)) {
        return Ok(Home::Known(record));
    }
    let slot = message.person.as_bytes();
    let lead = store.record_link_by_slot(tenant, RecordKind::Lead, slot).await?;
    Ok(if on_its_way(lead) { Home::OnItsWay } else { Home::None })
}

/// The document's id is not in the answer to an upload, so it is asked for in
/// the call that links it.
fn parts(
    client: &salesforce::Client,
    version: &RecordId,
    targets: &[RecordId],
) -> Result<Vec<Subrequest>, model::Fault> {
    let id = soql::literal(version.as_str());
    let query = format!("SELECT ContentDocumentId FROM ContentVersion WHERE Id = {id}");
    let mut parts = vec![Subrequest::query("version", &query)?];
    for (at, target) in targets.iter().enumerate() {
        let link = Record::new(client.names(), "ContentDocumentLink")
            .set("ContentDocumentId", "@{version.records[0].ContentDocumentId}")
            .set("LinkedEntityId", target.as_str())
            .set("ShareType", "V")
            .set("Visibility", "AllUsers");
        parts.push(Subrequest::create(&format!("link{at}"), &link, DuplicateRule::Obey)?);
    }
    Ok(parts)
}

fn judge(answers: &[SubResponse]) -> Ended {
    let Some((version, links)) = answers.split_first() else {
        return linked(None);
    };
    let rows = match version.page() {
        Ok(page) => page.rows,
        Err(fault) => return fault.into(),
    };
    let Some(document) = rows.first().and_then(|row| row.record_id("ContentDocumentId")) else {
        return Ended::over("puente.media_gone", "the file was deleted in Salesforce");
    };
    for outcome in links.iter().flat_map(SubResponse::outcomes) {
        let refusal = match outcome {
            RecordOutcome::Written { .. } => continue,
            RecordOutcome::Refused(refusal) => refusal,
            RecordOutcome::Halted => return Ended::wait("sf.PROCESSING_HALTED"),
        };
        match refusal.fault.code.as_str() {
            // it stands there already
            "sf.DUPLICATE_VALUE" => {}
            // the record was deleted meanwhile: there is nowhere to show it
            "sf.ENTITY_IS_DELETED" | "sf.INVALID_CROSS_REFERENCE_KEY" => {}
            _ => return refusal.fault.into(),
        }
    }
    linked(Some(document))
}

fn linked(document: Option<RecordId>) -> Ended {
    Ended::Reached(Box::new(MediaMove::Reached {
        state: MediaState::Linked,
        due_at: None,
        about: None,
        bytes: None,
        version: None,
        document,
    }))
}
