//! What an admin does about versions.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::Fault;
use model::ids::TenantId;
use rules::mapping::{Change, Complaint, Mapping, Target, check, diff};
use store::StoreError;

use super::active::{Active, Mappings};
use super::shapes::shapes;
use crate::directory::Directory;
use crate::nudge::Nudges;
use crate::run::Parts;
use crate::writer::Defaults;

/// One for a process.
pub struct MappingDesk {
    pub mappings: Mappings,
    pub directory: Directory,
    pub clients: BTreeMap<TenantId, Arc<salesforce::Client>>,
    pub defaults: BTreeMap<TenantId, Defaults>,
    pub nudges: Nudges,
}

/// A mapping that was read and held against the org.
#[derive(Debug)]
pub struct Checked {
    pub complaints: Vec<Complaint>,
    /// Against the version in use.
    pub changes: Vec<Change>,
    pub active: i64,
}

#[derive(Debug)]
pub enum Refused {
    /// Each with its cure.
    Broken(Vec<Complaint>),
    /// The org could not be asked.
    Salesforce(Fault),
    /// There is no such version.
    Unknown,
    Store(StoreError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl MappingDesk {
    pub fn new(parts: &Parts, nudges: Nudges) -> Self {
        Self {
            mappings: Mappings::new(parts.store.clone(), parts.ambient.clone()),
            directory: parts.directory.clone(),
            clients: parts.remotes.salesforce.clone(),
            defaults: parts.options.defaults.clone(),
            nudges,
        }
    }

    /// Changes nothing.
    pub async fn check(&self, tenant: &TenantId, text: &str) -> Result<Checked, Refused> {
        let active = self.mappings.active(tenant).await?;
        let (mapping, complaints) = match Mapping::read(text) {
            Ok(mapping) => {
                let complaints = self.against_org(tenant, &mapping).await?;
                (mapping, complaints)
            }
            Err(complaints) => {
                return Ok(Checked { complaints, changes: Vec::new(), active: active.version });
            }
        };
        let changes = diff(&active.mapping, &mapping);
        Ok(Checked { complaints, changes, active: active.version })
    }

    /// Keeps it as a version and puts it to use; the version's number. What the
    /// org would refuse is refused here.
    pub async fn apply(&self, tenant: &TenantId, text: &str, by: &str) -> Result<i64, Refused> {
        let mapping = Mapping::read(text).map_err(Refused::Broken)?;
        let complaints = self.against_org(tenant, &mapping).await?;
        if !complaints.is_empty() {
            return Err(Refused::Broken(complaints));
        }
        let version = self.mappings.keep(tenant, text, by).await?;
        self.nudges.writer.wake();
        Ok(version)
    }

    /// Puts an earlier version to use: the one before when none is named, and
    /// the program's own before the first. Where the org cannot be asked it is
    /// not asked: the version was held against it when it was made.
    pub async fn roll_back(
        &self,
        tenant: &TenantId,
        to: Option<i64>,
        by: &str,
    ) -> Result<i64, Refused> {
        let version = match to {
            Some(version) => version,
            None => self.mappings.number(tenant).await? - 1,
        };
        let text = self.mappings.text(tenant, version).await?.ok_or(Refused::Unknown)?;
        let mapping = Mapping::read(&text).map_err(Refused::Broken)?;
        match self.against_org(tenant, &mapping).await {
            Ok(complaints) if !complaints.is_empty() => return Err(Refused::Broken(complaints)),
            Ok(_) | Err(Refused::Salesforce(_)) => {}
            Err(other) => return Err(other),
        }
        let version = self.mappings.go_back(tenant, version, by).await?;
        self.nudges.writer.wake();
        Ok(version)
    }

    async fn against_org(
        &self,
        tenant: &TenantId,
        mapping: &Mapping,
    ) -> Result<Vec<Complaint>, Refused> {
        let client = self.clients.get(tenant).ok_or(Refused::Unknown)?;
        let mut targets = mapping.targets();
        // records that are made whether or not the file speaks of them
        targets.extend([Target::Lead, Target::Case]);
        let shapes = shapes(client, &targets).await.map_err(Refused::Salesforce)?;
        Ok(check(mapping, &shapes))
    }

    pub(super) fn candidate(text: &str) -> Result<Active, Refused> {
        Ok(Active::new(-1, Mapping::read(text).map_err(Refused::Broken)?))
    }
}
