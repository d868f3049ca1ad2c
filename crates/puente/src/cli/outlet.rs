//! A webhook's way out of the simulator: a real client.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::{Request, Response};
use model::Exchange;
use sim_kit::{Outlet, OutletLost};

pub struct RealOutlet(pub Arc<dyn Exchange>);

impl Outlet for RealOutlet {
    fn call(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, OutletLost>> {
        self.0.send(request).map(|answer| answer.map_err(|_| OutletLost)).boxed()
    }
}
