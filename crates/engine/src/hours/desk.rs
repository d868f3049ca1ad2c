//! What an admin does about hours.

use model::ids::TenantId;
use rules::hours::{Hours, diff};

use super::active::HoursInUse;
use crate::mapping::{Checked, Refused};

/// One for a process.
pub struct HoursDesk {
    pub hours: HoursInUse,
}

impl HoursDesk {
    /// Changes nothing; the org has no say in it.
    pub async fn check(&self, tenant: &TenantId, text: &str) -> Result<Checked, Refused> {
        let active = self.hours.active(tenant).await?;
        let (complaints, changes) = match Hours::read(text) {
            Ok(hours) => (Vec::new(), diff(&active.hours, &hours)),
            Err(complaints) => (complaints, Vec::new()),
        };
        Ok(Checked { complaints, changes, active: active.version })
    }

    /// Keeps it as a version and puts it to use; the version's number.
    pub async fn apply(&self, tenant: &TenantId, text: &str, by: &str) -> Result<i64, Refused> {
        Hours::read(text).map_err(Refused::Broken)?;
        Ok(self.hours.keep(tenant, text, by).await?)
    }

    /// Puts an earlier version to use: the one before when none is named.
    pub async fn roll_back(
        &self,
        tenant: &TenantId,
        to: Option<i64>,
        by: &str,
    ) -> Result<i64, Refused> {
        let version = match to {
            Some(version) => version,
            None => self.hours.number(tenant).await? - 1,
        };
        let text = self.hours.text(tenant, version).await?.ok_or(Refused::Unknown)?;
        Hours::read(&text).map_err(Refused::Broken)?;
        Ok(self.hours.go_back(tenant, version, by).await?)
    }
}
