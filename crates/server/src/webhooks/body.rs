//! Reads a body whole, within a limit of its own and one for all together.
//!
//! Every sender is a stranger until its signature is checked, which takes the
//! whole body. So bytes are counted as they arrive, and when too many are held
//! the newcomer is asked to come again instead of the process running out.

use std::sync::Arc;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Room for bodies in memory, one permit a byte.
pub struct Room(Arc<Semaphore>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    TooLarge,
    NoRoom,
    /// The sender broke off.
    Broken,
}

/// A body and its share of the room, which it gives back with its last copy:
/// the one that waits for its commit may outlive the request.
struct Weighed {
    bytes: Bytes,
    _room: Option<OwnedSemaphorePermit>,
}

impl AsRef<[u8]> for Weighed {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Room {
    pub fn new(bytes_max: usize) -> Self {
        Self(Arc::new(Semaphore::new(bytes_max.min(Semaphore::MAX_PERMITS))))
    }

    pub async fn read(&self, mut body: Body, bytes_max: usize) -> Result<Bytes, Unread> {
        let mut parts = Vec::new();
        let (mut total, mut room) = (0, None::<OwnedSemaphorePermit>);
        while let Some(frame) = body.frame().await {
            let Ok(data) = frame.map_err(|_| Unread::Broken)?.into_data() else {
                continue;
            };
            total += data.len();
            if total > bytes_max {
                return Err(Unread::TooLarge);
            }
            let share = u32::try_from(data.len()).map_err(|_| Unread::TooLarge)?;
            let permit =
                self.0.clone().try_acquire_many_owned(share).map_err(|_| Unread::NoRoom)?;
            match &mut room {
                Some(held) => held.merge(permit),
                None => room = Some(permit),
            }
            parts.push(data);
        }
        Ok(Bytes::from_owner(Weighed { bytes: join(parts, total), _room: room }))
    }
}

/// Most webhooks come in one piece and are not copied.
fn join(mut parts: Vec<Bytes>, total: usize) -> Bytes {
    if parts.len() == 1 {
        return parts.remove(0);
    }
    let mut whole = BytesMut::with_capacity(total);
    parts.iter().for_each(|part| whole.extend_from_slice(part));
    whole.freeze()
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream;

    fn pieces(sizes: &[usize]) -> Body {
        let frames: Vec<_> =
            sizes.iter().map(|n| Ok::<_, std::io::Error>(Bytes::from(vec![b'x'; *n]))).collect();
        Body::from_stream(stream::iter(frames))
    }

    #[tokio::test]
    async fn pieces_are_joined_within_both_limits() {
        let room = Room::new(100);
        let held = room.read(pieces(&[10, 20, 30]), 60).await.unwrap();
        assert_eq!(held.len(), 60);
        assert_eq!(room.read(pieces(&[30, 31]), 60).await.err(), Some(Unread::TooLarge));
        assert_eq!(room.read(pieces(&[20, 21]), 60).await.err(), Some(Unread::NoRoom));
        let waits_for_its_commit = held.clone();
        drop(held);
        assert_eq!(room.0.available_permits(), 40, "a copy holds its share");
        drop(waits_for_its_commit);
        assert_eq!(room.read(pieces(&[20, 21]), 60).await.unwrap().len(), 41);
        assert_eq!(room.0.available_permits(), 100, "every share comes back");
        assert!(room.read(Body::empty(), 60).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_sender_that_breaks_off_leaves_nothing_held() {
        let room = Room::new(100);
        let frames = [Ok(Bytes::from_static(b"half")), Err(std::io::Error::other("gone"))];
        let body = Body::from_stream(stream::iter(frames));
        assert_eq!(room.read(body, 60).await.err(), Some(Unread::Broken));
        assert_eq!(room.0.available_permits(), 100);
    }
}
