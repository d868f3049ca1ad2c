//! One tenant of the configuration and the way to its org, beside a bridge that
//! may be running.

use std::path::Path;
use std::sync::Arc;

use anyhow::bail;
use model::Ambient;
use model::ids::TenantId;
use store::Store;

use crate::app::{Doors, open_store, pinned, salesforce_client};
use crate::config::{self, Config};

pub struct Beside {
    pub config: Config,
    pub store: Store,
    pub ambient: Ambient,
}

impl Beside {
    pub async fn open(path: &Path) -> anyhow::Result<Self> {
        let config = Config::read(path)?;
        let ambient = crate::ambient::system();
        let store = open_store(&config.store, &ambient).await?;
        Ok(Self { config, store, ambient })
    }

    /// The one that was named, or the only one there is.
    pub fn tenant(&self, named: Option<&str>) -> anyhow::Result<&config::Tenant> {
        let tenants = &self.config.tenants;
        let ids: Vec<_> = tenants.iter().map(|t| t.id.as_str()).collect();
        match named {
            Some(id) => match tenants.iter().find(|t| t.id == id) {
                Some(tenant) => Ok(tenant),
                None => bail!("--tenant {id}: the configuration has {}", ids.join(", ")),
            },
            None if tenants.len() == 1 => Ok(&tenants[0]),
            None => bail!("--tenant: name one of {}", ids.join(", ")),
        }
    }

    pub async fn client(&self, tenant: &config::Tenant) -> anyhow::Result<Arc<salesforce::Client>> {
        let org = pinned(&self.store).await?.remove(&TenantId::new(&tenant.id));
        Ok(Arc::new(salesforce_client(tenant, &self.ambient, &Doors::real()?, org)?))
    }
}
