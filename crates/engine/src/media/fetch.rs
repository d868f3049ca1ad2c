//! From its source into the spool.

use std::io;

use futures_util::StreamExt;
use http::StatusCode;
use model::{Body, Code, Fault, Lost, Scope, Stage, UnixMs};
use store::op::{ClaimedMedia, MediaMove};
use store::{Media, MediaState, Room, Spooled, StoreError};
use whatsapp::wire::media::digest_bytes;

use super::about::{About, InSpool, Source};
use super::claim::Worker;
use super::settle::Ended;
use super::{source, stage};

/// A fresh URL is asked for so often before the file waits for its next turn.
const RENEWALS_MAX: u32 = 2;

/// A file that begins to come.
pub struct Coming {
    pub body: Body,
    /// Room for all of it, reserved before the first byte.
    pub room: Room,
    pub mime_type: Option<String>,
    pub file_name: Option<String>,
}

/// What Meta passes on at most (Cloud API, Media): where it tells no size.
const META_BYTES_MAX: u64 = 100 << 20;

pub async fn once(
    worker: &Worker,
    claimed: &ClaimedMedia,
    media: &Media,
    mut about: About,
) -> Result<Ended, StoreError> {
    let opened = match about.source.clone() {
        Source::Meta(id) => from_meta(worker, claimed, media, &mut about, &id).await,
        Source::Upload(id) => return source::upload(worker, claimed, media, about, &id).await,
        Source::SalesforceFile(id) => {
            match source::salesforce(worker, claimed, media, &mut about, &id).await? {
                source::Found::Copy(meta_id) => {
                    about.meta_id = Some(meta_id);
                    return Ok(stage::there(&about));
                }
                source::Found::Coming(coming) => Ok(coming),
                source::Found::Ended(ended) => Err(ended),
            }
        }
        Source::Url(url) => source::url(worker, &about, &url).await,
    };
    let coming = match opened {
        Ok(coming) => coming,
        Err(ended) => return Ok(ended),
    };
    about.mime_type = coming.mime_type.or(about.mime_type);
    about.file_name = about.file_name.or(coming.file_name);
    let spooled = match spool(worker, claimed, coming.body, coming.room).await {
        Ok(spooled) => spooled,
        Err(ended) => return Ok(ended),
    };
    if let Err(ended) = fits(&about, &spooled) {
        worker.forget(claimed.id);
        return Ok(ended);
    }
    about.spooled = Some(InSpool::new(claimed.id, &spooled));
    Ok(downloaded(&about, spooled.bytes, worker.ambient.now()))
}

/// The spool does not have it: another node's, or lost. Its source still may.
pub(super) fn again(worker: &Worker) -> Ended {
    Ended::Reached(Box::new(MediaMove::Reached {
        state: MediaState::Requested,
        due_at: Some(worker.ambient.now()),
        about: None,
        bytes: None,
        version: None,
        document: None,
    }))
}

pub(super) fn downloaded(about: &About, bytes: u64, due_at: UnixMs) -> Ended {
    Ended::Reached(Box::new(MediaMove::Reached {
        state: MediaState::Downloaded,
        due_at: Some(due_at),
        about: Some(about.seal()),
        bytes: Some(bytes),
        version: None,
        document: None,
    }))
}

/// First the URL, which also tells the size, then the file. A URL that has
/// expired meanwhile is asked for again.
async fn from_meta(
    worker: &Worker,
    claimed: &ClaimedMedia,
    media: &Media,
    about: &mut About,
    id: &str,
) -> Result<Coming, Ended> {
    let line = worker.meta(media, &claimed.tenant)?;
    let mut renewals = 0;
    loop {
        let info = match line.call(line.client.media(id, None)).await {
            Ok(info) => info,
            Err(Ended::Fault(fault)) => return Err(gone(worker, media, fault)),
            Err(ended) => return Err(ended),
        };
        about.sha256 = info.sha256.or(about.sha256.take());
        let bytes = info.file_size.and_then(|n| u64::try_from(n).ok());
        let bytes = bytes.unwrap_or(META_BYTES_MAX);
        let room = worker.room(bytes)?;
        let url = info.url.as_deref().unwrap_or_default();
        match line.call(line.client.download(url)).await {
            Ok(file) => {
                let mime_type = about.mime_type.clone().or(info.mime_type);
                return Ok(Coming { body: file.body, room, mime_type, file_name: None });
            }
            Err(Ended::Fault(fault))
                if fault.code.as_str() == "wa.media_expired" && renewals < RENEWALS_MAX =>
            {
                renewals += 1;
            }
            Err(ended) => return Err(ended),
        }
    }
}

/// Meta says the same of an id that never was and of one it has forgotten. A
/// file that is not had before Meta forgets it is never had.
fn gone(worker: &Worker, media: &Media, fault: Fault) -> Ended {
    let late = media.expires_at.is_some_and(|at| worker.ambient.now() >= at);
    let unknown = matches!(fault.code.as_str(), "wa.100" | "wa.33");
    if unknown || (late && fault.scope < Scope::Number) {
        let why = "Meta no longer has the file: ids from webhooks live seven days";
        return Ended::Over { code: "puente.media_gone", detail: why.into(), alert: true };
    }
    fault.into()
}

impl Worker {
    /// Room for a file of this size, when it may be that large at all.
    pub(super) fn room(&self, bytes: u64) -> Result<Room, Ended> {
        let most = self.limits.bytes_max.min(self.spool.bytes_max());
        if bytes > most {
            let detail = format!(
                "the file has {bytes} bytes, at most {most}: raise media.file_bytes_max or media.spool_bytes_max"
            );
            return Err(Ended::Over { code: "puente.media_too_large", detail, alert: true });
        }
        self.spool.reserve(bytes).ok_or_else(|| Ended::Wait {
            code: "puente.spool_full",
            detail: format!(
                "{} of {} bytes are held",
                self.spool.bytes_used(),
                self.spool.bytes_max()
            ),
            alert: true,
        })
    }

    /// The bytes are needed no more; what cannot be removed now is swept later.
    pub(super) fn forget(&self, id: model::ids::MediaId) {
        if let Err(error) = self.spool.remove(id) {
            tracing::warn!(%error, "a spooled file could not be removed");
        }
    }
}

async fn spool(
    worker: &Worker,
    claimed: &ClaimedMedia,
    body: Body,
    room: Room,
) -> Result<Spooled, Ended> {
    let chance = &*worker.ambient.chance;
    let mut writer =
        worker.spool.writer(claimed.id, room, chance).map_err(|why| unwritten(&why))?;
    let mut pieces = body.pieces();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| broken_off())?;
        writer.push(&piece).await.map_err(|why| unwritten(&why))?;
    }
    writer.finish().await.map_err(|why| unwritten(&why))
}

/// The flow ended before the file did.
fn broken_off() -> Ended {
    Ended::Fault(Fault {
        act: model::Act::Retry { after: None },
        scope: Scope::Item,
        stage: Stage::Answered,
        code: Code::new("puente.media_cut"),
        detail: Lost::AfterWrite.to_string(),
        cure: "it is fetched again by itself".into(),
    })
}

/// More came than was announced, or the disk failed: both may be otherwise next time.
fn unwritten(why: &io::Error) -> Ended {
    let (code, detail) = match why.kind() {
        io::ErrorKind::StorageFull => {
            ("puente.media_damaged", "more bytes came than were announced".to_owned())
        }
        _ => ("puente.spool_failed", why.to_string()),
    };
    Ended::Fault(Fault {
        act: model::Act::Retry { after: None },
        scope: Scope::Item,
        stage: Stage::Answered,
        code: Code::new(code),
        detail,
        cure: "check the disk of media.spool_dir".into(),
    })
}

/// Every byte that Meta announced, and no other.
fn fits(about: &About, spooled: &Spooled) -> Result<(), Ended> {
    let want = about.sha256.as_deref().and_then(digest_bytes);
    if want.is_none_or(|want| want == spooled.sha256) {
        return Ok(());
    }
    Err(Ended::Fault(Fault {
        act: model::Act::Retry { after: None },
        scope: Scope::Item,
        stage: Stage::Answered,
        code: Code::new("puente.media_damaged"),
        detail: "the bytes that came are not those that Meta's sha256 names".into(),
        cure: "it is fetched again by itself".into(),
    }))
}

/// What an answer of the web that is no file says.
pub(super) fn refused(status: StatusCode) -> Ended {
    let detail = format!("the address answered {status} instead of a file");
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        return Ended::Fault(Fault {
            act: model::Act::Retry { after: None },
            scope: Scope::Item,
            stage: Stage::Answered,
            code: Code::new("puente.media_not_fetched"),
            detail,
            cure: "check that the address serves the file".into(),
        });
    }
    Ended::over("puente.media_not_fetched", detail)
}
