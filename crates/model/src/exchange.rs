//! The port to a remote: one HTTP request, one answer or a loss.

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{Request, Response};

use crate::Body;

/// One exchange with a remote system.
///
/// In production a pooled client; in tests the simulator's router behind a
/// fault layer. It never retries and never follows a redirect: every attempt
/// is written down by its caller first, and an unknown outcome is a state.
///
/// The request URI is absolute.
pub trait Exchange: Send + Sync {
    /// Bodies may flow, both ways. A flowing answer is complete only when its
    /// last piece came without an error.
    fn carry(&self, request: Request<Body>) -> BoxFuture<'_, Carried>;

    /// The same with whole bodies: the answer is complete.
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Outcome> {
        let carried = self.carry(request.map(Body::Whole));
        Box::pin(async move {
            let (parts, body) = carried.await?.into_parts();
            let bytes = body.whole().await.map_err(|_| Lost::AfterWrite)?;
            Ok(Response::from_parts(parts, bytes))
        })
    }
}

pub type Carried = Result<Response<Body>, Lost>;
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
    /// The address is one that may not be called: not public. Only from the way
    /// to addresses that others wrote.
    #[error("the address is not a public one")]
    Barred,
}
