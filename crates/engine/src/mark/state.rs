//! What this database remembers of the mark that it wrote.

use model::ids::TenantId;
use serde::{Deserialize, Serialize};
use store::op::CursorRow;
use store::{Op, Store, StoreError};

use super::outside::Found;

const NAME: &str = "mark";
/// Where an org never takes a mark, the oldest are forgotten.
const SESSIONS_MAX: usize = 1_000;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct State {
    /// Whose mark may be the one outside, the newest last.
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

/// With one more: until its mark stands outside, the one there may be that of
/// any start since the one whose mark was seen, each of which may have been
/// killed before it wrote its own.
pub(super) fn sessions(mut known: Vec<String>, new: &str, found: &[Found]) -> Vec<String> {
    known.retain(|session| session != new);
    let seen = |session: &String| {
        found
            .iter()
            .filter_map(|found| found.there.as_ref())
            .any(|t| t.session.as_ref() == Some(session))
    };
    let last = known.len().saturating_sub(1);
    let first = known.iter().position(seen).unwrap_or(last);
    known.drain(..first.max(known.len().saturating_sub(SESSIONS_MAX)));
    known.push(new.to_owned());
    known
}

/// Lets the next look at the mark write it, whoever wrote it last.
pub async fn take_over(store: &Store, tenant: &TenantId) -> Result<Op, StoreError> {
    let state = State::load(store, tenant).await?.unwrap_or_default();
    Ok(State { take: true, ..state }.save(tenant))
}
