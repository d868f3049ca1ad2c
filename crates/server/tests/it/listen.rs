use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use server::listen::{Ended, Options, Tls, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

const ASK: &[u8] = b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";

struct Server {
    address: SocketAddr,
    stop: CancellationToken,
    task: JoinHandle<Ended>,
}

async fn start(options: Options, router: Router) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let task = tokio::spawn(serve(options, listener, router, stop.clone()));
    Server { address, stop, task }
}

fn hello() -> Router {
    Router::new().route("/", get(|| async { "hello" }))
}

async fn read_all(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    // A reset counts as an end without an answer.
    let _ = stream.read_to_string(&mut text).await;
    text
}

#[tokio::test]
async fn silent_and_dawdling_peers_are_cut_off() {
    let options = Options { header_timeout: Duration::from_millis(50), ..Options::default() };
    let server = start(options, hello()).await;
    for begun in ["", "P", "GET / HTTP/1.1\r\nhost:"] {
        let mut peer = TcpStream::connect(server.address).await.unwrap();
        peer.write_all(begun.as_bytes()).await.unwrap();
        let text = read_all(&mut peer).await;
        assert!(!text.contains("200"), "{begun}: {text}");
    }
    let mut peer = TcpStream::connect(server.address).await.unwrap();
    peer.write_all(ASK).await.unwrap();
    assert!(read_all(&mut peer).await.ends_with("hello"));
}

#[tokio::test]
async fn past_the_bound_newcomers_wait_and_are_then_served() {
    let (entered, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (signal, wait) = (entered.clone(), release.clone());
    let router = Router::new().route(
        "/",
        get(move || async move {
            signal.notify_one();
            wait.notified().await;
            "done"
        }),
    );
    let server = start(Options { connections_max: 1, ..Options::default() }, router).await;
    let mut first = TcpStream::connect(server.address).await.unwrap();
    first.write_all(ASK).await.unwrap();
    entered.notified().await;
    let mut second = TcpStream::connect(server.address).await.unwrap();
    second.write_all(ASK).await.unwrap();
    release.notify_one();
    assert!(read_all(&mut first).await.ends_with("done"));
    // Only now was there room for the second.
    entered.notified().await;
    release.notify_one();
    assert!(read_all(&mut second).await.ends_with("done"));
}

#[tokio::test]
async fn stopping_lets_a_request_finish_and_takes_no_new_one() {
    let (entered, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (signal, wait) = (entered.clone(), release.clone());
    let router = Router::new().route(
        "/",
        get(move || async move {
            signal.notify_one();
            wait.notified().await;
            "done"
        }),
    );
    let server = start(Options::default(), router).await;
    let mut peer = TcpStream::connect(server.address).await.unwrap();
    let idle = TcpStream::connect(server.address).await.unwrap();
    peer.write_all(ASK).await.unwrap();
    entered.notified().await;
    server.stop.cancel();
    drop(idle);
    while TcpStream::connect(server.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    release.notify_one();
    assert!(read_all(&mut peer).await.ends_with("done"));
    assert_eq!(server.task.await.unwrap(), Ended::Drained);
}

#[tokio::test]
async fn a_request_that_never_ends_is_cut_off_at_the_deadline() {
    let entered = Arc::new(Notify::new());
    let signal = entered.clone();
    let router = Router::new().route(
        "/",
        get(move || async move {
            signal.notify_one();
            std::future::pending::<()>().await;
        }),
    );
    let options = Options { drain: Duration::from_millis(20), ..Options::default() };
    let server = start(options, router).await;
    let mut peer = TcpStream::connect(server.address).await.unwrap();
    peer.write_all(ASK).await.unwrap();
    entered.notified().await;
    server.stop.cancel();
    assert_eq!(server.task.await.unwrap(), Ended::CutOff);
    assert_eq!(read_all(&mut peer).await, "");
}

#[tokio::test]
async fn tls_speaks_to_who_trusts_the_certificate() {
    let folder = tempfile::tempdir().unwrap();
    let issued = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    std::fs::write(&cert, issued.cert.pem()).unwrap();
    std::fs::write(&key, issued.signing_key.serialize_pem()).unwrap();
    let tls = Some(Tls::open(&cert, &key).unwrap());
    let server = start(Options { tls, ..Options::default() }, hello()).await;

    let mut roots = rustls::RootCertStore::empty();
    roots.add(issued.cert.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    let stream = TcpStream::connect(server.address).await.unwrap();
    let name = rustls::pki_types::ServerName::try_from("localhost").unwrap();
    let mut stream = connector.connect(name, stream).await.unwrap();
    stream.write_all(ASK).await.unwrap();
    let mut text = String::new();
    let _ = stream.read_to_string(&mut text).await;
    assert!(text.ends_with("hello"), "{text}");
}
