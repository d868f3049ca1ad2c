//! Wires within one process: a router behind the port that clients use.

use std::sync::Arc;

use axum::Router;
use axum::body::HttpBody;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{StreamExt, TryStreamExt};
use http::{Request, Response};
use model::{Body, Carried, Exchange, Flow, Lost};
use parking_lot::Mutex;
use sim_kit::{Cut, Outlet, OutletLost, RouterOutlet};
use tower::ServiceExt;

/// A simulator's router as a remote. A cut becomes a lost answer: before or
/// after the simulator acted, the client cannot tell which.
pub struct RouterExchange(pub Router);

impl Exchange for RouterExchange {
    fn carry(&self, request: Request<Body>) -> BoxFuture<'_, Carried> {
        let router = self.0.clone();
        Box::pin(async move {
            let request = request.map(|body| match body {
                Body::Whole(bytes) => axum::body::Body::from(bytes),
                Body::Flow(flow) => axum::body::Body::from_stream(flow.pieces),
            });
            let Ok(answer) = router.oneshot(request).await;
            if Cut::of(&answer).is_some() {
                return Err(Lost::AfterWrite);
            }
            Ok(answer.map(flowing))
        })
    }
}

/// An answer's body as it comes.
fn flowing(body: axum::body::Body) -> Body {
    let length = body.size_hint().exact();
    let pieces = body.into_data_stream().map_err(std::io::Error::other).boxed();
    Body::Flow(Flow { length, pieces })
}

/// Where webhooks go, told after the simulator was made: the server that
/// receives them is built on top of it.
#[derive(Default)]
pub struct LateOutlet(Mutex<Option<Arc<RouterOutlet>>>);

impl LateOutlet {
    /// The server that was connected last has them.
    pub fn connect(&self, router: Router) {
        *self.0.lock() = Some(Arc::new(RouterOutlet(router)));
    }
}

impl Outlet for LateOutlet {
    fn call(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, OutletLost>> {
        let outlet = self.0.lock().clone();
        Box::pin(async move {
            match outlet {
                Some(outlet) => outlet.call(request).await,
                None => Err(OutletLost),
            }
        })
    }
}
