//! A customer's file from the spool to Salesforce.

use std::io;

use model::ids::RecordId;
use model::{Fault, Stage};
use salesforce::{Clue, Record, RecordOutcome, Upload, soql};
use store::op::{ClaimedMedia, MediaMove};
use store::{Media, MediaState, Object, Op, StoreError};

use super::about::{About, InSpool};
use super::claim::Worker;
use super::fetch::again;
use super::settle::{Ended, step};
use super::{convert, scan};

/// External id of the versions that puente makes, and of no others.
const KEY: &str = "Puente_Media_Key__c";

pub async fn once(
    worker: &Worker,
    claimed: &ClaimedMedia,
    media: &Media,
    about: About,
) -> Result<Ended, StoreError> {
    let Some(spooled) = about.spooled.clone().filter(|_| worker.spool.has(claimed.id)) else {
        return Ok(again(worker));
    };
    if let Some(ended) = scan::once(worker, &about, &spooled).await {
        return Ok(ended);
    }
    let line = match worker.org(claimed, media).await? {
        Ok(line) => line,
        Err(ended) => return Ok(ended),
    };
    let client = line.client;
    let place = match place(worker, claimed, media).await? {
        Ok(place) => place.filter(|_| !about.homeless),
        Err(ended) => return Ok(ended),
    };
    if media.called {
        match line.call(find(client, claimed)).await {
            Ok(Some((version, document))) => {
                return Ok(uploaded(worker, version, document));
            }
            Ok(None) => {}
            Err(ended) => return Ok(ended),
        }
    }
    let open = match line.enter() {
        Ok(open) => open,
        Err(ended) => return Ok(ended),
    };
    let called = step(claimed, worker.ambient.now(), MediaMove::Called);
    worker.commit(&claimed.tenant, vec![Op::MediaStep(called)]).await?;
    let outcome = upload(worker, client, claimed, media, &about, &spooled, place).await;
    Ok(match open.heard(outcome) {
        Ok(RecordOutcome::Written { id, .. }) => uploaded(worker, id, None),
        Ok(RecordOutcome::Refused(refusal)) => refused(worker, about, refusal),
        Ok(RecordOutcome::Halted) => Ended::wait("sf.PROCESSING_HALTED"),
        Err(ended) => ended,
    })
}

/// The message's record, on which the file is published in the same call. While
/// the message is on its way the file waits; one whose message was refused is
/// published nowhere, and linked when there is something to link it to.
async fn place(
    worker: &Worker,
    claimed: &ClaimedMedia,
    media: &Media,
) -> Result<Result<Option<RecordId>, Ended>, StoreError> {
    let Some(message) = media.message else {
        return Ok(Ok(None));
    };
    let key = (Object::Message, *message.as_bytes());
    let row = worker.store.sync_rows(&claimed.tenant, &[key]).await?.pop();
    Ok(match row {
        Some(row) if row.record.is_some() => Ok(row.record),
        Some(row) if !row.aside => Err(Ended::wait("puente.waits_for_message")),
        _ => Ok(None),
    })
}

/// What an earlier call may have made.
async fn find(
    client: &salesforce::Client,
    claimed: &ClaimedMedia,
) -> Result<Option<(RecordId, Option<RecordId>)>, Fault> {
    let key = client.names().field_of("ContentVersion", KEY);
    let id = soql::literal(&claimed.id.to_string());
    let query = format!("SELECT Id, ContentDocumentId FROM ContentVersion WHERE {key} = {id}");
    let page = client.query(&query, 1).await?;
    Ok(page.rows.first().and_then(|row| Some((row.id()?, row.record_id("ContentDocumentId")))))
}

async fn upload(
    worker: &Worker,
    client: &salesforce::Client,
    claimed: &ClaimedMedia,
    media: &Media,
    about: &About,
    spooled: &InSpool,
    place: Option<RecordId>,
) -> Result<RecordOutcome, Fault> {
    let mime = about.mime_type.as_deref();
    let name = convert::name(about.file_name.as_deref(), &about.kind, mime, media.requested_at);
    let record = Record::new(client.names(), "ContentVersion")
        .set("Title", convert::title(&name))
        .set("PathOnClient", name.clone())
        .set(KEY, claimed.id.to_string())
        .set_some("FirstPublishLocationId", place.map(|id| id.as_str().to_owned()));
    let file = || -> io::Result<_> { worker.spool.read(claimed.id, &spooled.key) };
    let boundary = claimed.id.to_string();
    let upload = Upload {
        mime_type: mime.unwrap_or("application/octet-stream"),
        file_name: &name,
        boundary: &boundary,
        file: &file,
    };
    client.upload(&record, &upload).await
}

fn uploaded(worker: &Worker, version: RecordId, document: Option<RecordId>) -> Ended {
    Ended::Reached(Box::new(MediaMove::Reached {
        state: MediaState::Uploaded,
        due_at: Some(worker.ambient.now()),
        about: None,
        bytes: None,
        version: Some(version),
        document,
    }))
}

fn refused(worker: &Worker, about: About, refusal: salesforce::Refusal) -> Ended {
    let fault = refusal.fault;
    // made by a call whose answer was lost: found by its key next
    if fault.code.as_str() == "sf.DUPLICATE_VALUE" {
        return Ended::wait("sf.DUPLICATE_VALUE");
    }
    let gone =
        refusal.clue == Clue::Gone || fault.code.as_str() == "sf.INVALID_CROSS_REFERENCE_KEY";
    if gone && fault.stage != Stage::Unknown && !about.homeless {
        let about = About { homeless: true, ..about };
        let bytes = about.spooled.as_ref().map_or(0, |spooled| spooled.bytes);
        return super::fetch::downloaded(&about, bytes, worker.ambient.now());
    }
    fault.into()
}
