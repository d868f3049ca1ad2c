//! The simulated Cloud API on a port of its own, for clients in any language.
//!
//! Prints one line, `listening http://127.0.0.1:PORT`, and serves until its
//! standard input ends: a server never outlives the test that started it.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{Request, Response};
use sim_kit::{Outlet, OutletLost, Seed, SimClock};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use whatsapp_sim::{Config, WhatsappSim};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let config = Config::one_number(&url, None);
    let sim = WhatsappSim::new(config, SimClock::real(), &Seed::new(7), Arc::new(Plain));
    println!("listening {url}");
    let starter =
        tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink()));
    sim_kit::serve(listener, sim.router(), async { drop(starter.await) }).await;
    Ok(())
}

/// Webhooks over bare HTTP/1.0, which keeps no connection and knows no chunks:
/// enough for a listener on this machine.
struct Plain;

impl Outlet for Plain {
    fn call(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, OutletLost>> {
        Box::pin(async move { ask(&request).await.ok_or(OutletLost) })
    }
}

async fn ask(request: &Request<Bytes>) -> Option<Response<Bytes>> {
    let (uri, body) = (request.uri(), request.body());
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let host = uri.authority()?.as_str();
    let mut head = format!("{} {target} HTTP/1.0\r\nhost: {host}\r\n", request.method());
    for (name, value) in request.headers() {
        head += &format!("{name}: {}\r\n", value.to_str().ok()?);
    }
    head += &format!("content-length: {}\r\n\r\n", body.len());
    let mut stream = TcpStream::connect(host).await.ok()?;
    stream.write_all(head.as_bytes()).await.ok()?;
    stream.write_all(body).await.ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok()?;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    // `HTTP/1.1 200 OK`
    let status = std::str::from_utf8(answer.get(9..12)?).ok()?;
    let body = Bytes::copy_from_slice(&answer[end + 4..]);
    Response::builder().status(status).body(body).ok()
}
