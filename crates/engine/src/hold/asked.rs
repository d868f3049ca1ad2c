//! Whether Salesforce was asked since the database was restored.

use model::ids::TenantId;
use store::op::CursorRow;
use store::{Op, Store, StoreError};

const NAME: &str = "asked";

/// Until it was, a restored database writes nothing to this tenant's org: what
/// it holds as to be written may be older than what is shown there.
pub async fn is_asked(store: &Store, tenant: &TenantId) -> Result<bool, StoreError> {
    let generation = store.installation().await?.generation;
    if generation <= 1 {
        return Ok(true);
    }
    let asked = store.cursor(tenant, NAME).await?;
    Ok(asked.and_then(|value| value.try_into().ok().map(i64::from_be_bytes)) >= Some(generation))
}

/// It was, in this generation.
pub(super) async fn asked(store: &Store, tenant: &TenantId) -> Result<Op, StoreError> {
    let value = store.installation().await?.generation.to_be_bytes().to_vec();
    Ok(Op::PutCursor(CursorRow { tenant: tenant.clone(), name: NAME.into(), value }))
}
