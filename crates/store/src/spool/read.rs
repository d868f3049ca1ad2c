//! Bytes out of the spool, piece by piece.

use std::io;

use bytes::Bytes;
use futures_util::StreamExt;
use model::Flow;
use model::ids::MediaId;

use super::files::Open;
use super::{PIECE, Sealer, Spool, SpoolKey, TAG};

struct Reading {
    file: Open,
    sealer: Sealer,
    length: u64,
    number: u64,
}

impl Spool {
    /// The plain bytes. Fails with `NotFound` when the file is not here, and in
    /// the flow with `InvalidData` when it was altered.
    pub fn read(&self, id: MediaId, key: &SpoolKey) -> io::Result<Flow> {
        let (file, length) = self.files.open(id)?;
        let pieces = length.div_ceil((PIECE + TAG) as u64).max(1);
        let plain = length.saturating_sub(pieces * TAG as u64);
        let reading = Reading { file, sealer: Sealer::new(id, key), length, number: 0 };
        let pieces = futures_util::stream::unfold(Some(reading), |reading| async move {
            let reading = reading?;
            let on_disk = reading.file.is_on_disk();
            let next = if on_disk {
                let next = tokio::task::spawn_blocking(move || reading.next()).await;
                next.unwrap_or_else(|panic| Err(io::Error::other(panic)))
            } else {
                reading.next()
            };
            match next {
                Ok((piece, rest)) => Some((Ok(Bytes::from(piece)), rest)),
                Err(error) => Some((Err(error), None)),
            }
        });
        Ok(Flow { length: Some(plain), pieces: pieces.boxed() })
    }
}

impl Reading {
    /// One piece, and the rest unless it was the last.
    fn next(mut self) -> io::Result<(Vec<u8>, Option<Self>)> {
        let from = self.number * (PIECE + TAG) as u64;
        let left = self.length.saturating_sub(from);
        let length = left.min((PIECE + TAG) as u64);
        let last = length == left;
        let mut piece = self.file.at(from, length as usize)?;
        self.sealer.open(self.number, last, &mut piece)?;
        self.number += 1;
        Ok((piece, (!last).then_some(self)))
    }
}
