//! What goes along with a request or an answer: in one piece, or piece by piece.

use std::fmt;
use std::io;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;

/// A body. Files are larger than what a process should hold of them, so they
/// pass as a flow: each piece is asked for when there is a place for it.
pub enum Body {
    Whole(Bytes),
    Flow(Flow),
}

/// Pieces in order. An error ends them: what came before is not the whole.
pub struct Flow {
    /// Bytes in all, where it is known. A request needs it: neither remote takes
    /// a body of unknown length.
    pub length: Option<u64>,
    pub pieces: BoxStream<'static, io::Result<Bytes>>,
}

impl Flow {
    /// The same between two texts: the part of a form.
    pub fn framed(self, before: Bytes, after: Bytes) -> Self {
        let length = self.length.map(|n| n + (before.len() + after.len()) as u64);
        let one = |bytes| futures_util::stream::once(std::future::ready(Ok(bytes)));
        Self { length, pieces: one(before).chain(self.pieces).chain(one(after)).boxed() }
    }
}

impl Body {
    /// Bytes in all, where it is known.
    pub fn length(&self) -> Option<u64> {
        match self {
            Self::Whole(bytes) => Some(bytes.len() as u64),
            Self::Flow(flow) => flow.length,
        }
    }

    /// All of it in memory: for answers that are known to be small.
    pub async fn whole(self) -> io::Result<Bytes> {
        let mut flow = match self {
            Self::Whole(bytes) => return Ok(bytes),
            Self::Flow(flow) => flow.pieces,
        };
        let first = flow.next().await.transpose()?.unwrap_or_default();
        let Some(second) = flow.next().await else {
            return Ok(first);
        };
        let mut all = BytesMut::from(&first[..]);
        all.extend_from_slice(&second?);
        while let Some(piece) = flow.next().await {
            all.extend_from_slice(&piece?);
        }
        Ok(all.freeze())
    }

    /// As pieces, whichever it is.
    pub fn pieces(self) -> BoxStream<'static, io::Result<Bytes>> {
        match self {
            Self::Whole(bytes) => futures_util::stream::once(std::future::ready(Ok(bytes))).boxed(),
            Self::Flow(flow) => flow.pieces,
        }
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self::Whole(bytes)
    }
}

/// Lengths only: what passes is personal.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(bytes) => write!(f, "Whole({} bytes)", bytes.len()),
            Self::Flow(flow) => write!(f, "Flow({:?} bytes)", flow.length),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    fn flow(pieces: Vec<io::Result<Bytes>>) -> Body {
        let pieces = futures_util::stream::iter(pieces).boxed();
        Body::Flow(Flow { length: None, pieces })
    }

    #[test]
    fn pieces_are_joined_and_a_broken_flow_is_no_body() {
        let joined = |pieces: &[&'static str]| {
            let pieces = pieces.iter().map(|p| Ok(Bytes::from_static(p.as_bytes()))).collect();
            flow(pieces).whole().now_or_never().unwrap().unwrap()
        };
        assert_eq!(joined(&[]), "");
        assert_eq!(joined(&["a"]), "a");
        assert_eq!(joined(&["a", "b", "c"]), "abc");
        let pieces = futures_util::stream::iter([Ok(Bytes::from_static(b"x"))]).boxed();
        let framed = Flow { length: Some(1), pieces }.framed("<".into(), ">>".into());
        assert_eq!(framed.length, Some(4));
        assert_eq!(Body::Flow(framed).whole().now_or_never().unwrap().unwrap(), "<x>>");
        for broken in 0..3 {
            let mut pieces: Vec<_> = (0..broken).map(|_| Ok(Bytes::from_static(b"x"))).collect();
            pieces.push(Err(io::Error::other("gone")));
            assert!(flow(pieces).whole().now_or_never().unwrap().is_err(), "{broken}");
        }
    }
}
