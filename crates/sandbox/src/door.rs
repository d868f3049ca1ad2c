//! Wires within one process: a router behind the port that clients use.

use std::sync::OnceLock;

use axum::Router;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{Request, Response};
use model::{Exchange, Lost, Outcome};
use sim_kit::{Cut, Outlet, OutletLost, RouterOutlet};
use tower::ServiceExt;

/// A simulator's router as a remote. A cut becomes a lost answer: before or
/// after the simulator acted, the client cannot tell which.
pub struct RouterExchange(pub Router);

impl Exchange for RouterExchange {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Outcome> {
        let router = self.0.clone();
        Box::pin(async move {
            let request = request.map(axum::body::Body::from);
            let Ok(answer) = router.oneshot(request).await;
            if Cut::of(&answer).is_some() {
                return Err(Lost::AfterWrite);
            }
            let (parts, body) = answer.into_parts();
            let bytes = axum::body::to_bytes(body, usize::MAX).await;
            Ok(Response::from_parts(parts, bytes.map_err(|_| Lost::AfterWrite)?))
        })
    }
}

/// Where webhooks go, told after the simulator was made: the server that
/// receives them is built on top of it.
#[derive(Default)]
pub struct LateOutlet(OnceLock<RouterOutlet>);

impl LateOutlet {
    /// The first call counts.
    pub fn connect(&self, router: Router) {
        let _ = self.0.set(RouterOutlet(router));
    }
}

impl Outlet for LateOutlet {
    fn call(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, OutletLost>> {
        match self.0.get() {
            Some(outlet) => outlet.call(request),
            None => Box::pin(std::future::ready(Err(OutletLost))),
        }
    }
}
