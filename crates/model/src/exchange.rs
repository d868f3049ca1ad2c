//! The port to a remote: one HTTP request, one answer or a loss.

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{Request, Response};

/// One exchange with a remote system.
///
/// In production a pooled client; in tests the simulator's router behind a
/// fault layer. It never retries and never follows a redirect: every attempt
/// is written down by its caller first, and an unknown outcome is a state.
///
/// The request URI is absolute. The answer's body is complete.
pub trait Exchange: Send + Sync {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Outcome>;
}

pub type Outcome = Result<Response<Bytes>, Lost>;

/// No answer came. What is known about the effect:
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lost {
    /// Name, connection or TLS failed: not one byte of the request went out.
    #[error("could not connect")]
    BeforeWrite,
    /// The request went out, in part or whole: the remote may have acted.
    #[error("the answer was lost after the request had been written")]
    AfterWrite,
}
