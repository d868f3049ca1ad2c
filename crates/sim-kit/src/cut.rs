//! The mark of a connection that dies without an answer.

use axum::body::Body;
use http::{Response, StatusCode};

/// Carried in the extensions of a response: there is no answer, and whether
/// the simulator had acted. The caller in the same process turns it into a
/// lost answer, [`crate::serve`] into a TCP connection that ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The connection died before the simulator acted.
    Before,
    /// The simulator acted; the answer was lost.
    After,
}

impl Cut {
    /// A response that stands for no response.
    pub fn response(self) -> Response<Body> {
        let mut response = Response::new(Body::empty());
        // Never seen by a caller that knows the convention; an error to any other.
        *response.status_mut() = StatusCode::BAD_GATEWAY;
        response.extensions_mut().insert(self);
        response
    }

    pub fn of<B>(response: &Response<B>) -> Option<Self> {
        response.extensions().get().copied()
    }
}
