//! What an admin does about a routing file.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::ids::TenantId;
use rules::routing::{DEFAULT, Routing, check, diff};
use store::{Document, Store, StoreError};

use super::org;
use crate::mapping::{Checked, Refused};
use crate::run::Parts;

/// One for a process.
pub struct RoutingDesk {
    pub store: Store,
    pub clients: BTreeMap<TenantId, Arc<salesforce::Client>>,
}

impl RoutingDesk {
    pub fn new(parts: &Parts) -> Self {
        Self { store: parts.store.clone(), clients: parts.remotes.salesforce.clone() }
    }

    /// Changes nothing. A file with mistakes of its own is not held against the
    /// org, and compared with nothing.
    pub async fn check(&self, tenant: &TenantId, text: &str) -> Result<Checked, Refused> {
        let used = self.store.active_version(tenant, Document::Routing).await?;
        let active = used.map_or(0, |used| used.version);
        let routing = match Routing::read(text) {
            Ok(routing) => routing,
            Err(complaints) => return Ok(Checked { complaints, changes: Vec::new(), active }),
        };
        let client = self.clients.get(tenant).ok_or(Refused::Unknown)?;
        let org = org::about(client, &routing).await.map_err(Refused::Salesforce)?;
        let before = self.text(tenant, active).await?.ok_or(Refused::Unknown)?;
        // what this program cannot read it does not do either
        let before = Routing::read(&before).unwrap_or_default();
        let changes = diff(&before, &routing);
        Ok(Checked { complaints: check(&routing, &org), changes, active })
    }

    /// The text of a version; 0 is the program's own.
    async fn text(&self, tenant: &TenantId, version: i64) -> Result<Option<String>, StoreError> {
        if version == 0 {
            return Ok(Some(DEFAULT.to_owned()));
        }
        self.store.version_text(tenant, Document::Routing, version).await
    }
}
