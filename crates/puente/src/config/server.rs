//! Where puente listens.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::bail;
use serde::Deserialize;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    pub listen: SocketAddr,
    /// The address Meta reaches us at, as a person would type it.
    pub public_url: Option<String>,
    pub tls: Option<Tls>,
    /// Seconds to finish what is under way before the process ends.
    pub shutdown_seconds: u64,
}

/// PEM files; read again when they change.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: None,
            tls: None,
            shutdown_seconds: 20,
        }
    }
}

impl Server {
    pub fn validate(&self) -> anyhow::Result<()> {
        if let Some(url) = &self.public_url
            && !url.starts_with("https://")
        {
            bail!("server.public_url: '{url}' must begin with https://; Meta calls nothing else");
        }
        if !(1..=300).contains(&self.shutdown_seconds) {
            bail!("server.shutdown_seconds: between 1 and 300");
        }
        Ok(())
    }
}
