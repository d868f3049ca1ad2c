//! What an admin does about a routing file.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::ids::TenantId;
use rules::mapping::Complaint;
use rules::routing::{Routing, check, diff};

use super::active::Routings;
use super::beyond::beyond;
use super::org;
use crate::mapping::{Checked, Refused};
use crate::nudge::Nudges;
use crate::run::Parts;

/// One for a process.
pub struct RoutingDesk {
    pub routings: Routings,
    pub clients: BTreeMap<TenantId, Arc<salesforce::Client>>,
    pub nudges: Nudges,
}

impl RoutingDesk {
    pub fn new(parts: &Parts, nudges: Nudges) -> Self {
        Self {
            routings: Routings::new(parts.store.clone(), parts.ambient.clone()),
            clients: parts.remotes.salesforce.clone(),
            nudges,
        }
    }

    /// Changes nothing. A file with mistakes of its own is not held against the
    /// org, and compared with nothing.
    pub async fn check(&self, tenant: &TenantId, text: &str) -> Result<Checked, Refused> {
        let active = self.routings.number(tenant).await?;
        let routing = match Routing::read(text) {
            Ok(routing) => routing,
            Err(complaints) => return Ok(Checked { complaints, changes: Vec::new(), active }),
        };
        let complaints = self.against_org(tenant, &routing).await?;
        let before = self.routings.text(tenant, active).await?.ok_or(Refused::Unknown)?;
        // what this program cannot read it does not do either
        let before = Routing::read(&before).unwrap_or_default();
        Ok(Checked { complaints, changes: diff(&before, &routing), active })
    }

    /// Keeps it as a version and puts it to use; the version's number. What the
    /// org could not carry out is refused here.
    pub async fn apply(&self, tenant: &TenantId, text: &str, by: &str) -> Result<i64, Refused> {
        let routing = Routing::read(text).map_err(Refused::Broken)?;
        let complaints = self.against_org(tenant, &routing).await?;
        if !complaints.is_empty() {
            return Err(Refused::Broken(complaints));
        }
        let version = self.routings.keep(tenant, text, by).await?;
        self.nudges.writer.wake();
        self.nudges.opportunities.wake();
        Ok(version)
    }

    /// As [`crate::mapping::MappingDesk::roll_back`].
    pub async fn roll_back(
        &self,
        tenant: &TenantId,
        to: Option<i64>,
        by: &str,
    ) -> Result<i64, Refused> {
        let version = match to {
            Some(version) => version,
            None => self.routings.number(tenant).await? - 1,
        };
        let text = self.routings.text(tenant, version).await?.ok_or(Refused::Unknown)?;
        let routing = Routing::read(&text).map_err(Refused::Broken)?;
        match self.against_org(tenant, &routing).await {
            Ok(complaints) if !complaints.is_empty() => return Err(Refused::Broken(complaints)),
            Ok(_) | Err(Refused::Salesforce(_)) => {}
            Err(other) => return Err(other),
        }
        let version = self.routings.go_back(tenant, version, by).await?;
        self.nudges.writer.wake();
        self.nudges.opportunities.wake();
        Ok(version)
    }

    async fn against_org(
        &self,
        tenant: &TenantId,
        routing: &Routing,
    ) -> Result<Vec<Complaint>, Refused> {
        let client = self.clients.get(tenant).ok_or(Refused::Unknown)?;
        let org = org::about(client, routing).await.map_err(Refused::Salesforce)?;
        Ok(beyond(routing).into_iter().chain(check(routing, &org)).collect())
    }
}
