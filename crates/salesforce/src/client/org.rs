//! What the org is like: limits, versions, and whom we are in it.

use std::collections::BTreeMap;

use model::Fault;
use model::ids::{OrgId, RecordId};
use serde::Deserialize;
use serde_json::Value;

use super::Client;
use crate::{faults, ids};

/// One allocation of the org. Up to five minutes old.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Limit {
    pub max: i64,
    pub remaining: i64,
}

/// An API version that the org offers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Version {
    /// `66.0`
    pub version: String,
    /// `Spring '26`
    pub label: String,
}

/// The user whose rights the calls have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserInfo {
    pub user_id: RecordId,
    pub org_id: OrgId,
    pub username: String,
    pub locale: String,
    pub language: String,
}

#[derive(Deserialize)]
struct WireUser {
    user_id: String,
    organization_id: String,
    #[serde(default)]
    preferred_username: String,
    #[serde(default)]
    locale: String,
    #[serde(default)]
    language: String,
}

impl Client {
    /// All allocations by name: `DailyApiRequests`, `DataStorageMB`, ... Costs a call.
    pub async fn limits(&self) -> Result<BTreeMap<String, Limit>, Fault> {
        let Value::Object(all) = self.read(self.data("/limits")).await? else {
            return Err(faults::not_understood("limits that are no object".to_owned()));
        };
        let read = |(name, limit)| Some((name, Limit::deserialize::<Value>(limit).ok()?));
        Ok(all.into_iter().filter_map(read).collect())
    }

    /// The versions that the org offers, oldest first.
    pub async fn versions(&self) -> Result<Vec<Version>, Fault> {
        Vec::<Version>::deserialize(self.read("/services/data".to_owned()).await?)
            .map_err(|why| faults::not_understood(format!("versions: {why}")))
    }

    pub async fn user_info(&self) -> Result<UserInfo, Fault> {
        let bad = || faults::not_understood("user info without ids".to_owned());
        let body = self.read("/services/oauth2/userinfo".to_owned()).await?;
        let user = WireUser::deserialize(body).map_err(|_| bad())?;
        Ok(UserInfo {
            user_id: ids::answered(&user.user_id).ok_or_else(bad)?,
            org_id: ids::org_id(&user.organization_id).ok_or_else(bad)?,
            username: user.preferred_username,
            locale: user.locale,
            language: user.language,
        })
    }
}
