//! Uploads to us: kept in the spool until a send names them, or for a day.

use std::io;

use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use model::ids::{MediaId, TenantId};
use model::{Ambient, UnixMs};
use store::op::{ClaimedMedia, MediaMove, NewMedia};
use store::{Commit, MediaKind, MediaState, Op, Spool, Spooled, Store};
use whatsapp::limits::media::bytes_max;

use super::about::{About, InSpool, Source};
use super::convert;
use super::settle::step;
use crate::outbound::{Refusal, RefusalKind};

#[derive(Clone)]
pub struct Keeper {
    pub store: Store,
    pub ambient: Ambient,
    pub spool: Spool,
    pub keep_ms: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub id: MediaId,
    pub mime_type: String,
    pub bytes: u64,
    pub sha256: [u8; 32],
    pub expires_at: UnixMs,
}

impl Keeper {
    /// Returns once the file is on disk, sealed. `length` is what the caller
    /// announced; nothing of a refused upload stays.
    pub async fn keep(
        &self,
        tenant: &TenantId,
        mime_type: &str,
        file_name: Option<&str>,
        length: Option<u64>,
        pieces: BoxStream<'static, io::Result<bytes::Bytes>>,
    ) -> Result<Kept, Refusal> {
        let most = bytes_max("document").unwrap_or(0).min(self.spool.bytes_max());
        let length = length.unwrap_or(most);
        if length > most {
            return Err(too_large(length, most));
        }
        let room = self.spool.reserve(length).ok_or_else(full)?;
        let (id, at) = (MediaId::new(&self.ambient), self.ambient.now());
        let expires_at = at.plus(self.keep_ms);
        let mut about = About {
            mime_type: Some(mime_type.to_owned()),
            file_name: file_name.and_then(convert::clean),
            ..About::new("upload", Source::Upload(id.to_string()))
        };
        // the row first: what has none is swept out of the spool
        let row = NewMedia {
            tenant: tenant.clone(),
            id,
            kind: MediaKind::Kept,
            state: MediaState::Requested,
            person: None,
            message: None,
            outbox: None,
            number: None,
            at,
            due_at: None,
            expires_at: Some(expires_at),
            bytes: None,
            about: about.seal(),
        };
        self.store.commit(Commit::of(vec![Op::NewMedia(row)])).await?;
        let spooled = self.spool(id, room, pieces, length).await?;
        about.spooled = Some(InSpool::new(id, &spooled));
        let here = MediaMove::Reached {
            state: MediaState::Downloaded,
            due_at: None,
            about: Some(about.seal()),
            bytes: Some(spooled.bytes),
            version: None,
            document: None,
        };
        let claimed = ClaimedMedia { tenant: tenant.clone(), id, epoch: 0 };
        let here = Op::MediaStep(step(&claimed, self.ambient.now(), here));
        self.store.commit(Commit::of(vec![here])).await?;
        let Spooled { bytes, sha256, .. } = spooled;
        Ok(Kept { id, mime_type: mime_type.to_owned(), bytes, sha256, expires_at })
    }

    async fn spool(
        &self,
        id: MediaId,
        room: store::Room,
        mut pieces: BoxStream<'static, io::Result<bytes::Bytes>>,
        length: u64,
    ) -> Result<Spooled, Refusal> {
        let mut writer = self
            .spool
            .writer(id, room, &*self.ambient.chance)
            .map_err(|why| unwritten(&why, length))?;
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(|_| {
                let cure = "send the file again";
                Refusal::invalid("puente.media_cut", "body", "the body ended early", cure)
            })?;
            writer.push(&piece).await.map_err(|why| unwritten(&why, length))?;
        }
        if writer.bytes() == 0 {
            let cure = "send the file's bytes as the body";
            return Err(Refusal::invalid("puente.media_refused", "body", "it is empty", cure));
        }
        writer.finish().await.map_err(|why| unwritten(&why, length))
    }
}

fn too_large(length: u64, most: u64) -> Refusal {
    Refusal::invalid(
        "puente.media_too_large",
        "body",
        format!("the file has {length} bytes, at most {most}"),
        "make it smaller, or send a link to it as text",
    )
}

fn full() -> Refusal {
    Refusal {
        kind: RefusalKind::Full,
        ..Refusal::invalid(
            "puente.spool_full",
            "body",
            "there is no room for another file now; it was not kept",
            "send it again in a while",
        )
    }
}

fn unwritten(why: &io::Error, length: u64) -> Refusal {
    if why.kind() == io::ErrorKind::StorageFull {
        return too_large(length + 1, length);
    }
    tracing::error!(%why, "an upload could not be spooled");
    full()
}
