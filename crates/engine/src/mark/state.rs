//! What this database remembers of the mark that it wrote.

use model::ids::TenantId;
use serde::{Deserialize, Serialize};
use store::op::CursorRow;
use store::{Op, Store, StoreError};

const NAME: &str = "mark";

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct State {
    /// The newest last; the one before it may be the one outside still.
    pub sessions: Vec<String>,
    pub place: Option<String>,
    /// Unix milliseconds.
    pub high_water: i64,
    /// A person said that this database is the one: the next look takes over.
    pub take: bool,
}

impl State {
    pub async fn load(store: &Store, tenant: &TenantId) -> Result<Option<Self>, StoreError> {
        let value = store.cursor(tenant, NAME).await?;
        Ok(value.and_then(|value| serde_json::from_slice(&value).ok()))
    }

    pub fn save(&self, tenant: &TenantId) -> Op {
        let value = serde_json::to_vec(self).unwrap_or_default();
        Op::PutCursor(CursorRow { tenant: tenant.clone(), name: NAME.into(), value })
    }
}

/// Lets the next look at the mark write it, whoever wrote it last.
pub async fn take_over(store: &Store, tenant: &TenantId) -> Result<Op, StoreError> {
    let state = State::load(store, tenant).await?.unwrap_or_default();
    Ok(State { take: true, ..state }.save(tenant))
}
