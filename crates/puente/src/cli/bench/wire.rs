//! As little HTTP/1.1 as a generator needs: it must cost less than the server.

use std::net::SocketAddr;

use anyhow::{Context, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One kept connection.
pub struct Wire {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Wire {
    pub async fn connect(to: SocketAddr) -> anyhow::Result<Self> {
        let stream =
            TcpStream::connect(to).await.with_context(|| format!("cannot connect to {to}"))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(4096) })
    }

    /// Writes a whole request and reads the whole answer: its status and body.
    pub async fn ask(&mut self, request: &[u8]) -> anyhow::Result<(u16, &[u8])> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("the server closed the connection");
            }
            let Some(end) = self.buffer.windows(4).position(|w| w == b"\r\n\r\n") else {
                continue;
            };
            let head = std::str::from_utf8(&self.buffer[..end])?;
            let status = head.get(9..12).context("no status line")?.parse()?;
            let whole = end + 4 + length(head)?;
            while self.buffer.len() < whole {
                if self.stream.read_buf(&mut self.buffer).await? == 0 {
                    bail!("the server broke off its answer");
                }
            }
            return Ok((status, &self.buffer[end + 4..whole]));
        }
    }

    pub async fn get(&mut self, path: &str) -> anyhow::Result<(u16, String)> {
        let request = format!("GET {path} HTTP/1.1\r\nhost: puente\r\n\r\n");
        let (status, body) = self.ask(request.as_bytes()).await?;
        Ok((status, String::from_utf8_lossy(body).into_owned()))
    }
}

fn length(head: &str) -> anyhow::Result<usize> {
    let value = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim())
    });
    Ok(value.map_or(Ok(0), str::parse)?)
}
