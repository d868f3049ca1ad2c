//! Where the file of a send comes from, beside what Meta itself takes (`id`,
//! `link`): an upload to us, a file of Salesforce, or an address that we fetch.

use bytes::Bytes;
use http::{Request, StatusCode, header};
use model::ids::{MediaId, RecordId, TenantId};
use model::{Body, Fault, Lost};
use salesforce::{Row, soql};
use serde_json::{Map, Value};
use store::op::ClaimedMedia;
use store::{Media, MediaKind, MediaState, Store, StoreError};
use whatsapp::limits::media as limits;

use super::about::{About, Source};
use super::claim::Worker;
use super::fetch::{Coming, downloaded, refused};
use super::line::Line;
use super::settle::Ended;
use super::{address, convert};
use crate::outbound::Refusal;

const KINDS: [&str; 5] = ["image", "video", "audio", "document", "sticker"];
const HOPS_MAX: u32 = 3;

/// A message whose file is to be had first.
#[derive(Clone, Debug)]
pub struct Asked {
    pub about: About,
    /// `image.upload_id`: what refusals name.
    pub field: String,
    /// Meta's own object, with our key taken out.
    pub message: Map<String, Value>,
}

impl Asked {
    /// The message as Meta takes it, with the id of the file.
    pub fn message_with(&self, id: &str) -> Map<String, Value> {
        let mut message = self.message.clone();
        if let Some(part) = message.get_mut(&self.about.kind).and_then(Value::as_object_mut) {
            part.insert("id".into(), id.into());
        }
        message
    }
}

/// `None` when the message has no file, or one that Meta takes as it is.
pub fn ask(message: &Map<String, Value>) -> Result<Option<Asked>, Refusal> {
    let kind = message.get("type").and_then(Value::as_str).unwrap_or_default();
    let part = message.get(kind).and_then(Value::as_object);
    let Some(part) = part.filter(|_| KINDS.contains(&kind)) else {
        return Ok(None);
    };
    let keys = ["id", "link", "upload_id", "salesforce_file_id", "fetch_url"];
    let given: Vec<_> = keys.into_iter().filter(|key| part.contains_key(*key)).collect();
    let (key, value) = match given[..] {
        ["id"] | ["link"] | [] => return Ok(None),
        [key] => (key, part[key].as_str().unwrap_or_default()),
        _ => {
            let cause = format!("{} are given", given.join(" and "));
            let cure = format!("give one of {}", keys.join(", "));
            return Err(Refusal::invalid("puente.invalid_message", kind, cause, cure));
        }
    };
    let field = format!("{kind}.{key}");
    let wrong = |limit: &str, cure: &str| {
        Refusal::invalid("puente.invalid_message", &field, format!("{field}: {limit}"), cure)
    };
    let source = match key {
        "upload_id" => {
            MediaId::parse(value).ok_or_else(|| {
                wrong("an id that POST /media answered: med_...", "upload the file")
            })?;
            Source::Upload(value.to_owned())
        }
        "salesforce_file_id" => {
            let id = salesforce::ids::record_id(value);
            let id =
                id.filter(|id| id.as_str().starts_with("068") || id.as_str().starts_with("069"));
            let id = id.ok_or_else(|| {
                wrong(
                    "the id of a ContentVersion (068...) or ContentDocument (069...)",
                    "give one of these",
                )
            })?;
            Source::SalesforceFile(id.as_str().to_owned())
        }
        _ => {
            let why = |limit| wrong(limit, "give a public address, or upload the file");
            Source::Url(address::read(value).map_err(why)?.to_string())
        }
    };
    let mut about = About::new(kind, source);
    about.file_name = part.get("filename").and_then(Value::as_str).map(str::to_owned);
    let mut message = message.clone();
    if let Some(part) = message.get_mut(kind).and_then(Value::as_object_mut) {
        part.remove(key);
    }
    Ok(Some(Asked { about, field, message }))
}

/// What can be said of an upload before the send is accepted.
pub async fn offered(store: &Store, tenant: &TenantId, asked: &Asked) -> Result<(), Refusal> {
    let Source::Upload(id) = &asked.about.source else {
        return Ok(());
    };
    let kept = match MediaId::parse(id) {
        Some(id) => store.media(tenant, id).await?,
        None => None,
    };
    let kept = kept.filter(|m| m.kind == MediaKind::Kept && m.state == MediaState::Downloaded);
    let about = kept.as_ref().and_then(|kept| About::open(&kept.about));
    let (Some(kept), Some(about)) = (kept, about) else {
        let cure = "upload the file again: POST /media keeps it for a day";
        let cause = format!("{}: no such upload, or it is no longer kept", asked.field);
        return Err(Refusal::invalid("puente.media_gone", &asked.field, cause, cure));
    };
    let mime = about.mime_type.unwrap_or_default();
    let bytes = kept.bytes.unwrap_or(0);
    limits::check(&asked.field, &asked.about.kind, &mime, bytes).map_err(|p| {
        let cause = format!("{}: {}", p.field, p.limit);
        Refusal::invalid("puente.media_refused", &p.field, cause, p.cure)
    })
}

pub(super) async fn upload(
    worker: &Worker,
    claimed: &ClaimedMedia,
    media: &Media,
    mut about: About,
    id: &str,
) -> Result<Ended, StoreError> {
    let gone = || Ended::over("puente.media_gone", "the upload is no longer kept");
    let Some(id) = MediaId::parse(id).filter(|id| worker.spool.has(*id)) else {
        return Ok(gone());
    };
    let kept = worker.store.media(&claimed.tenant, id).await?;
    let Some(kept) = kept.and_then(|kept| About::open(&kept.about)) else {
        return Ok(gone());
    };
    let bytes = kept.spooled.as_ref().map_or(0, |spooled| spooled.bytes);
    about.spooled = kept.spooled;
    about.mime_type = kept.mime_type;
    about.file_name = about.file_name.or(kept.file_name);
    Ok(downloaded(&about, bytes, media.requested_at))
}

pub(super) enum Found {
    /// Meta holds it already.
    Copy(String),
    Coming(Coming),
    Ended(Ended),
}

pub(super) async fn salesforce(
    worker: &Worker,
    claimed: &ClaimedMedia,
    media: &Media,
    about: &mut About,
    id: &str,
) -> Result<Found, StoreError> {
    let line = match worker.org(claimed, media).await? {
        Ok(line) => line,
        Err(ended) => return Ok(Found::Ended(ended)),
    };
    let row = match line.call(version(line.client, id)).await {
        Ok(Some(row)) => row,
        Ok(None) => {
            let why = "Salesforce has no such file, or the integration user may not see it";
            return Ok(Found::Ended(Ended::over("puente.media_gone", why)));
        }
        Err(ended) => return Ok(Found::Ended(ended)),
    };
    let Some(version) = row.id() else {
        return Ok(Found::Ended(Ended::over("puente.media_gone", "a file without an id")));
    };
    // a version never changes: its id stands for its bytes
    about.origin = Some(format!("sf|{version}"));
    if let (Some(number), Some(origin)) = (&media.number, &about.origin) {
        let hash = worker.store.hmac(&claimed.tenant, copy_text(origin).as_bytes());
        let now = worker.ambient.now();
        let held = worker.store.media_copy(&claimed.tenant, number, &hash, now).await?;
        if let Some(meta_id) = held {
            return Ok(Found::Copy(meta_id));
        }
    }
    Ok(match open(worker, &line, about, &row, &version).await {
        Ok(coming) => Found::Coming(coming),
        Err(ended) => Found::Ended(ended),
    })
}

pub(super) fn copy_text(origin: &str) -> String {
    format!("media_copy|{origin}")
}

async fn version(client: &salesforce::Client, id: &str) -> Result<Option<Row>, Fault> {
    let quoted = soql::literal(id);
    let which = if id.starts_with("069") {
        format!("ContentDocumentId = {quoted} AND IsLatest = true")
    } else {
        format!("Id = {quoted}")
    };
    let query = format!(
        "SELECT Id, Title, FileExtension, ContentSize FROM ContentVersion WHERE {which} LIMIT 1"
    );
    Ok(client.query(&query, 1).await?.rows.into_iter().next())
}

async fn open(
    worker: &Worker,
    line: &Line<'_, salesforce::Client>,
    about: &About,
    row: &Row,
    version: &RecordId,
) -> Result<Coming, Ended> {
    let extension = row.text("FileExtension").unwrap_or_default();
    let name = format!("{}.{extension}", row.text("Title").unwrap_or("file"));
    let mime = convert::type_of(&name).unwrap_or("application/octet-stream");
    let bytes = row.number("ContentSize").unwrap_or(0.0) as u64;
    checked(&about.kind, mime, bytes)?;
    let room = worker.room(bytes)?;
    let body = line.call(line.client.version_data(version)).await?;
    Ok(Coming { body, room, mime_type: Some(mime.to_owned()), file_name: convert::clean(&name) })
}

/// The same limits as before the send was accepted, where the file was unknown then.
pub(super) fn checked(kind: &str, mime: &str, bytes: u64) -> Result<(), Ended> {
    limits::check(kind, kind, mime, bytes)
        .map_err(|problem| Ended::over("puente.media_refused", problem.to_string()))
}

/// Redirects are followed by hand, so that each hop is looked at.
pub(super) async fn url(worker: &Worker, about: &About, url: &str) -> Result<Coming, Ended> {
    let Some(web) = &worker.web else {
        return Err(Ended::over("puente.media_not_fetched", "fetching from the web is not set up"));
    };
    let not_fetched = |why: &str| Ended::over("puente.media_not_fetched", why);
    let mut uri = address::read(url).map_err(not_fetched)?;
    for _ in 0..=HOPS_MAX {
        let request = Request::get(&uri)
            .header(header::ACCEPT, "*/*")
            .header(header::USER_AGENT, concat!("puente/", env!("CARGO_PKG_VERSION")))
            .body(Body::Whole(Bytes::new()))
            .map_err(|_| not_fetched("the address cannot be called"))?;
        let answer = web.carry(request).await.map_err(|lost| match lost {
            Lost::Barred => not_fetched("the address leads into a private network"),
            Lost::BeforeWrite | Lost::AfterWrite => refused(StatusCode::BAD_GATEWAY),
        })?;
        if answer.status().is_redirection() {
            let to = answer.headers().get(header::LOCATION).and_then(|to| to.to_str().ok());
            uri = address::next(&uri, to.unwrap_or_default()).map_err(not_fetched)?;
            continue;
        }
        if answer.status() != StatusCode::OK {
            return Err(refused(answer.status()));
        }
        let named = answer.headers().get(header::CONTENT_TYPE).and_then(|m| m.to_str().ok());
        let file_name = address::file_name(&uri);
        let by_name = file_name.as_deref().and_then(convert::type_of);
        let named = named.map(limits::bare).filter(|mime| mime != "application/octet-stream");
        let mime = named.or(by_name.map(str::to_owned)).unwrap_or_default();
        let body = answer.into_body();
        let most = limits::bytes_max(&about.kind).unwrap_or(0);
        checked(&about.kind, &mime, body.length().unwrap_or(1))?;
        let room = worker.room(body.length().unwrap_or(most))?;
        return Ok(Coming { body, room, mime_type: Some(mime), file_name });
    }
    Err(not_fetched("the address redirects more than three times"))
}
