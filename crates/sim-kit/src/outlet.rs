//! How a simulator calls out: webhooks and the like.

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{Request, Response};
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::Cut;

/// No answer came; whether the other side acted is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutletLost;

impl std::fmt::Display for OutletLost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no answer came")
    }
}

impl std::error::Error for OutletLost {}

/// One request to the outside. Whoever starts the simulator hands in an
/// implementation: a router in the same process, or a real HTTP client.
///
/// The request's URI is absolute. Redirects are not followed.
pub trait Outlet: Send + Sync {
    fn call(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, OutletLost>>;
}

/// Calls a router in this process. A response marked [`Cut`] is a lost answer.
#[derive(Clone, Debug)]
pub struct RouterOutlet(pub Router);

impl Outlet for RouterOutlet {
    fn call(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, OutletLost>> {
        let router = self.0.clone();
        Box::pin(async move {
            let Ok(response) = router.oneshot(request.map(Body::from)).await;
            if Cut::of(&response).is_some() {
                return Err(OutletLost);
            }
            let (parts, body) = response.into_parts();
            let bytes = body.collect().await.map_err(|_| OutletLost)?.to_bytes();
            Ok(Response::from_parts(parts, bytes))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::post;

    #[tokio::test]
    async fn answers_come_back_and_cuts_are_lost() {
        let router = Router::new()
            .route("/echo", post(|body: Bytes| async move { body }))
            .route("/cut", post(|| async { Cut::After.response() }));
        let outlet = RouterOutlet(router);
        let ask = |path: &str| {
            Request::post(format!("https://far.test{path}")).body(Bytes::from("hi")).unwrap()
        };
        assert_eq!(outlet.call(ask("/echo")).await.unwrap().body(), "hi");
        assert_eq!(outlet.call(ask("/none")).await.unwrap().status(), 404);
        assert_eq!(outlet.call(ask("/cut")).await.unwrap_err(), OutletLost);
    }
}
