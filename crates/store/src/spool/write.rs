//! Bytes into the spool, piece by piece.

use std::io;

use aws_lc_rs::digest::{Context, SHA256};
use model::Chance;
use model::ids::MediaId;

use super::files::Draft;
use super::{PIECE, Room, Sealer, Spool, SpoolKey};

/// A whole file that lies in the spool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spooled {
    pub key: SpoolKey,
    /// Plain bytes.
    pub bytes: u64,
    /// Of the plain bytes.
    pub sha256: [u8; 32],
}

/// A file being written. Dropped before [`Writer::finish`], it leaves nothing.
pub struct Writer {
    spool: Spool,
    room: Option<Room>,
    id: MediaId,
    key: SpoolKey,
    digest: Context,
    bytes: u64,
    number: u64,
    held: Vec<u8>,
    /// Away while a piece is written.
    draft: Option<(Draft, Sealer)>,
}

impl Spool {
    /// Begins a file under a key of its own. Replaces one of the same id when
    /// it is finished.
    pub fn writer(&self, id: MediaId, room: Room, chance: &dyn Chance) -> io::Result<Writer> {
        let mut key = SpoolKey::default();
        chance.fill(&mut key);
        let draft = Some((self.files.create(id)?, Sealer::new(id, &key)));
        Ok(Writer {
            spool: self.clone(),
            room: Some(room),
            id,
            key,
            digest: Context::new(&SHA256),
            bytes: 0,
            number: 0,
            held: Vec::with_capacity(PIECE),
            draft,
        })
    }
}

impl Writer {
    /// Plain bytes so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Fails with `StorageFull` past the room that was reserved.
    pub async fn push(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        self.bytes += bytes.len() as u64;
        if self.room.as_ref().is_none_or(|room| self.bytes > room.bytes) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.digest.update(bytes);
        while self.held.len() + bytes.len() > PIECE {
            let (now, later) = bytes.split_at(PIECE - self.held.len());
            self.held.extend_from_slice(now);
            bytes = later;
            self.put(false).await?;
        }
        self.held.extend_from_slice(bytes);
        Ok(())
    }

    /// The file is on disk when it returns.
    pub async fn finish(mut self) -> io::Result<Spooled> {
        self.put(true).await?;
        let Some((draft, _)) = self.draft.take() else {
            return Err(io::Error::other("an earlier piece could not be written"));
        };
        let (files, id) = (self.spool.files.clone(), self.id);
        if draft.is_on_disk() {
            let ended = tokio::task::spawn_blocking(move || files.finish(id, draft)).await;
            ended.map_err(io::Error::other)??;
        } else {
            files.finish(id, draft)?;
        }
        if let Some(room) = self.room.take() {
            room.fill(id, self.bytes);
        }
        let sha256 = self.digest.clone().finish();
        let sha256 = std::array::from_fn(|i| sha256.as_ref()[i]);
        Ok(Spooled { key: self.key, bytes: self.bytes, sha256 })
    }

    async fn put(&mut self, last: bool) -> io::Result<()> {
        let Some((mut draft, sealer)) = self.draft.take() else {
            return Err(io::Error::other("an earlier piece could not be written"));
        };
        let mut piece = std::mem::take(&mut self.held);
        let number = self.number;
        let write = move || {
            sealer.seal(number, last, &mut piece);
            let done = draft.append(&piece);
            piece.clear();
            (done, draft, sealer, piece)
        };
        let on_disk = matches!(&self.spool.files.as_ref(), super::Files::Disk(_));
        let (done, draft, sealer, piece) = if on_disk {
            tokio::task::spawn_blocking(write).await.map_err(io::Error::other)?
        } else {
            write()
        };
        self.draft = Some((draft, sealer));
        self.held = piece;
        self.number += 1;
        done
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if let Some((draft, _)) = &self.draft {
            draft.discard();
        }
    }
}
