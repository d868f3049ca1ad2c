//! What puente remembers, where.

use anyhow::bail;
use serde::Deserialize;

use super::Secret;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Store {
    /// `sqlite:<path>`, or `postgres://user@host/database` with `?sslmode=` and
    /// `&sslrootcert=` as PostgreSQL's own clients take them.
    pub url: String,
    /// 32 bytes, hex or base64: seals all other keys. Losing it loses the data.
    pub master_key: Secret,
}

impl Default for Store {
    fn default() -> Self {
        Self { url: "sqlite:puente.db".into(), master_key: Secret::Env("PUENTE_MASTER_KEY".into()) }
    }
}

impl Store {
    pub fn validate(&self) -> anyhow::Result<()> {
        let known = ["sqlite:", "postgres://", "postgresql://"];
        if !known.iter().any(|scheme| self.url.starts_with(scheme)) {
            bail!("store.url: use sqlite:<path> or postgres://user@host/database");
        }
        Ok(())
    }
}
