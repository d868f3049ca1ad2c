//! Files, both ways.

use std::path::PathBuf;

use anyhow::bail;
use serde::Deserialize;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Media {
    /// Beside the embedded database when left out.
    pub spool_dir: Option<PathBuf>,
    pub spool_bytes_max: u64,
    pub file_bytes_max: u64,
    pub at_once: usize,
    pub upload_hours: u32,
    /// `unix:<path>` or `<host>:<port>`.
    pub clamav: Option<String>,
}

/// Where clamd listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clamav {
    Unix(PathBuf),
    Tcp(String),
}

impl Default for Media {
    fn default() -> Self {
        let limits = engine::media::Limits::default();
        Self {
            spool_dir: None,
            spool_bytes_max: 2 << 30,
            file_bytes_max: limits.bytes_max,
            at_once: limits.at_once,
            upload_hours: 24,
            clamav: None,
        }
    }
}

impl Media {
    pub fn clamav(&self) -> Option<Clamav> {
        let text = self.clamav.as_deref()?;
        Some(match text.strip_prefix("unix:") {
            Some(path) => Clamav::Unix(path.into()),
            None => Clamav::Tcp(text.to_owned()),
        })
    }

    pub fn validate(&self) -> anyhow::Result<()> {
        // the largest file that WhatsApp passes on, and as much again for what waits
        if self.spool_bytes_max < 200 << 20 {
            bail!("media.spool_bytes_max: at least 209715200 (200 MB), two of the largest files");
        }
        if !(1..=2 << 30).contains(&self.file_bytes_max) {
            bail!("media.file_bytes_max: between 1 and 2147483648, which Salesforce takes at most");
        }
        if !(1..=64).contains(&self.at_once) {
            bail!("media.at_once: between 1 and 64");
        }
        if !(1..=24 * 29).contains(&self.upload_hours) {
            bail!("media.upload_hours: between 1 and 696 (29 days)");
        }
        if let Some(Clamav::Tcp(address)) = self.clamav()
            && !address.rsplit_once(':').is_some_and(|(host, port)| {
                !host.is_empty() && port.parse::<u16>().is_ok_and(|port| port > 0)
            })
        {
            bail!("media.clamav: '{address}' is neither unix:<path> nor <host>:<port>");
        }
        Ok(())
    }
}
