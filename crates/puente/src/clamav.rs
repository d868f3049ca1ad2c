//! clamd as a remote: a file goes in as a stream, a verdict comes out (clamd,
//! INSTREAM: `zINSTREAM\0`, then pieces of a 4-byte big-endian length and bytes,
//! then a length of zero; the answer ends with a NUL).

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt};
use http::{Request, Response};
use model::{Body, Carried, Exchange, Lost};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};

use crate::config::Clamav;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// clamd looks through a large archive for a while.
const TIMEOUT: Duration = Duration::from_secs(300);
const ANSWER_MAX: u64 = 4096;
const PIECE_MAX: usize = 1 << 20;

struct Clamd(Clamav);

pub fn scanner(at: Clamav) -> Arc<dyn Exchange> {
    Arc::new(Clamd(at))
}

impl Exchange for Clamd {
    fn carry(&self, request: Request<Body>) -> BoxFuture<'_, Carried> {
        let scan = async move {
            let said = match &self.0 {
                Clamav::Unix(path) => instream(connect(UnixStream::connect(path)).await?, request),
                Clamav::Tcp(at) => instream(connect(TcpStream::connect(at)).await?, request),
            };
            let said = said.await.map_err(|_| Lost::AfterWrite)?;
            Ok(Response::new(Body::Whole(said)))
        };
        scan.boxed()
    }
}

async fn connect<S>(connecting: impl Future<Output = io::Result<S>>) -> Result<S, Lost> {
    let connected = tokio::time::timeout(CONNECT_TIMEOUT, connecting).await;
    connected.map_err(|_| Lost::BeforeWrite)?.map_err(|_| Lost::BeforeWrite)
}

/// A scanner that has its verdict early (or no room) stops reading: what it
/// said is read all the same.
fn instream<S>(mut stream: S, request: Request<Body>) -> BoxFuture<'static, io::Result<Bytes>>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let talk = async move {
        let sent = send(&mut stream, request.into_body()).await;
        let mut said = Vec::new();
        let read = (&mut stream).take(ANSWER_MAX).read_to_end(&mut said).await;
        if said.is_empty() {
            sent?;
            read?;
        }
        Ok(Bytes::from(said))
    };
    tokio::time::timeout(TIMEOUT, talk)
        .map(|ended| ended.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())))
        .boxed()
}

async fn send(stream: &mut (impl AsyncWrite + Unpin), body: Body) -> io::Result<()> {
    stream.write_all(b"zINSTREAM\0").await?;
    let mut pieces = body.pieces();
    while let Some(piece) = pieces.next().await {
        for part in piece?.chunks(PIECE_MAX) {
            stream.write_u32(part.len() as u32).await?;
            stream.write_all(part).await?;
        }
    }
    stream.write_u32(0).await?;
    stream.flush().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Flow;

    /// Takes one stream, as clamd does, and answers by what was in it.
    async fn clamd(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> Vec<u8> {
        let mut command = [0; 10];
        stream.read_exact(&mut command).await.unwrap();
        assert_eq!(&command, b"zINSTREAM\0");
        let mut file = Vec::new();
        loop {
            let length = stream.read_u32().await.unwrap() as usize;
            if length == 0 {
                break;
            }
            let from = file.len();
            file.resize(from + length, 0);
            stream.read_exact(&mut file[from..]).await.unwrap();
        }
        let bad = file.windows(5).any(|at| at == b"EICAR");
        let said: &[u8] = if bad { b"stream: Eicar-Signature FOUND\0" } else { b"stream: OK\0" };
        stream.write_all(said).await.unwrap();
        file
    }

    fn file(parts: &[&[u8]]) -> Request<Body> {
        let length = parts.iter().map(|p| p.len() as u64).sum();
        let parts: Vec<_> = parts.iter().map(|p| Ok(Bytes::copy_from_slice(p))).collect();
        let pieces = futures_util::stream::iter(parts).boxed();
        Request::new(Body::Flow(Flow { length: Some(length), pieces }))
    }

    async fn said(scanner: &Arc<dyn Exchange>, request: Request<Body>) -> Bytes {
        scanner.carry(request).await.unwrap().into_body().whole().await.unwrap()
    }

    #[tokio::test]
    async fn a_file_goes_in_whole_and_the_verdict_comes_out() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let scanner = scanner(Clamav::Tcp(listener.local_addr().unwrap().to_string()));
        let serving = tokio::spawn(async move {
            let mut seen = Vec::new();
            for _ in 0..3 {
                seen.push(clamd(listener.accept().await.unwrap().0).await);
            }
            seen
        });
        let large = vec![7; PIECE_MAX + 5];
        assert_eq!(said(&scanner, file(&[b"ho", b"la"])).await, "stream: OK\0");
        assert_eq!(said(&scanner, file(&[&large])).await, "stream: OK\0");
        let found = said(&scanner, file(&[b"xEI", b"CARx"])).await;
        assert_eq!(found, "stream: Eicar-Signature FOUND\0");
        let seen = serving.await.unwrap();
        assert_eq!((&seen[0][..], seen[1].len()), (&b"hola"[..], large.len()));
    }

    #[tokio::test]
    async fn a_unix_socket_serves_as_well_and_silence_is_a_loss() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("clamd.ctl");
        let listener = tokio::net::UnixListener::bind(&path).unwrap();
        let serving = tokio::spawn(async move {
            clamd(listener.accept().await.unwrap().0).await;
            drop(listener.accept().await.unwrap().0);
        });
        let here = scanner(Clamav::Unix(path));
        assert_eq!(said(&here, file(&[b"hola"])).await, "stream: OK\0");
        let silent = here.carry(file(&[b"hola"])).await;
        let empty = match silent {
            Err(lost) => lost == Lost::AfterWrite,
            Ok(answer) => answer.into_body().whole().await.unwrap().is_empty(),
        };
        assert!(empty);
        serving.await.unwrap();
        let nowhere = scanner(Clamav::Unix(dir.path().join("gone")));
        assert_eq!(nowhere.carry(file(&[b"x"])).await.err(), Some(Lost::BeforeWrite));
    }
}
