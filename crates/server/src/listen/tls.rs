//! TLS from PEM files, read again when they change: a renewed certificate is
//! in force without a restart, and a broken one never replaces a good one.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_util::sync::CancellationToken;

/// How often the files are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(30);

#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("the file {0} cannot be read: {1}")]
    Unreadable(PathBuf, std::io::Error),
    #[error("the file {0} holds no certificate in PEM form")]
    NoCertificate(PathBuf),
    #[error("the file {0} holds no private key in PEM form")]
    NoKey(PathBuf),
    #[error("the certificate and the key cannot be used together: {0}")]
    Unusable(#[from] rustls::Error),
}

/// The certificate in force, and where it came from.
#[derive(Clone)]
pub struct Tls {
    certificates: PathBuf,
    key: PathBuf,
    config: Arc<ArcSwap<ServerConfig>>,
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tls").field("certificates", &self.certificates).finish_non_exhaustive()
    }
}

impl Tls {
    /// Reads the chain (own certificate first) and its key.
    pub fn open(certificates: &Path, key: &Path) -> Result<Self, TlsError> {
        let files = Files::read(certificates, key)?;
        let config = Arc::new(ArcSwap::from(files.config(certificates, key)?));
        Ok(Self { certificates: certificates.into(), key: key.into(), config })
    }

    pub(super) async fn accept(&self, stream: TcpStream) -> std::io::Result<TlsStream<TcpStream>> {
        TlsAcceptor::from(self.config.load_full()).accept(stream).await
    }

    /// Reads the files again. Answers whether they had changed since `last`;
    /// on an error the certificate in force stays.
    fn reload(&self, last: &mut Option<Files>) -> Result<bool, TlsError> {
        let files = Files::read(&self.certificates, &self.key)?;
        if last.as_ref() == Some(&files) {
            return Ok(false);
        }
        let first = last.is_none();
        let config = files.config(&self.certificates, &self.key);
        *last = Some(files);
        self.config.store(config?);
        Ok(!first)
    }

    pub(super) async fn watch(self, stop: CancellationToken) {
        let mut last = None;
        loop {
            match self.reload(&mut last) {
                Ok(true) => tracing::info!("the TLS certificate was read anew"),
                Ok(false) => {}
                Err(error) => {
                    tracing::error!(%error, "the TLS files cannot be used; the old ones stay");
                }
            }
            tokio::select! {
                biased;
                () = stop.cancelled() => return,
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }
}

#[derive(PartialEq, Eq)]
struct Files {
    certificates: Vec<u8>,
    key: Vec<u8>,
}

impl Files {
    fn read(certificates: &Path, key: &Path) -> Result<Self, TlsError> {
        let read = |path: &Path| {
            std::fs::read(path).map_err(|error| TlsError::Unreadable(path.into(), error))
        };
        Ok(Self { certificates: read(certificates)?, key: read(key)? })
    }

    fn config(&self, certificates: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
        let chain: Vec<_> = CertificateDer::pem_slice_iter(&self.certificates)
            .collect::<Result<_, _>>()
            .ok()
            .filter(|chain: &Vec<_>| !chain.is_empty())
            .ok_or_else(|| TlsError::NoCertificate(certificates.into()))?;
        let key =
            PrivateKeyDer::from_pem_slice(&self.key).map_err(|_| TlsError::NoKey(key.into()))?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

#[cfg(test)]
mod tests;
