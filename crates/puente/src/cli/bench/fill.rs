//! Sends that wait before the clock runs: accepted by the same desk that
//! answers `POST /send`, on the database that `serve` will open.

use std::path::Path;

use anyhow::{Context, anyhow};
use engine::consent::Settings;
use engine::nudge::Nudges;
use engine::outbound::Desk;
use engine::{Caller, Directory, Number, SendRequest};
use futures_util::{StreamExt, TryStreamExt, stream};
use model::ConsentPolicy;
use model::ids::{AppId, KeyId, PhoneNumberId, TenantId, WabaId};
use serde_json::json;
use store::op::{NumberRow, TenantRow};
use store::{Class, Commit, MasterKey, Op, Store};

use super::{MASTER_KEY, NUMBER, TENANT, WABA};

const AT_ONCE: usize = 256;

/// One template to each of `count` people, from the `first` phone on.
pub async fn fill(database: &Path, class: Class, first: u64, count: u64) -> anyhow::Result<()> {
    let ambient = crate::ambient::system();
    let key = MasterKey::from_hex(MASTER_KEY).context("the key of the benchmark")?;
    let store = Store::open_sqlite(database, key, ambient.clone())?;
    let number = Number {
        id: PhoneNumberId::new(NUMBER),
        tenant: TenantId::new(TENANT),
        waba: WabaId::new(WABA),
        app: AppId::new("main"),
        display: "+15550009999".into(),
        portfolio: String::new(),
    };
    known(&store, &number, ambient.now()).await?;
    let caller =
        Caller { tenant: number.tenant.clone(), key: KeyId::new(&ambient), acting_user: None };
    // as bench.toml says: who was never asked may be written to
    let settings = Settings { policy: ConsentPolicy::IMPLIED, ..Settings::default() };
    let settings = [(caller.tenant.clone(), settings)].into();
    let desk = Desk {
        store: store.clone(),
        ambient,
        directory: Directory::new([number]).with_consent(settings),
        nudges: Nudges::default(),
    };
    let accepted = (first..first + count).map(|n| {
        let (desk, caller) = (&desk, &caller);
        async move {
            let accepted = desk.accept(caller, &format!("fill-{n}"), template(n, class)).await;
            accepted.map(drop).map_err(|refusal| anyhow!("{refusal:?}"))
        }
    });
    stream::iter(accepted).buffer_unordered(AT_ONCE).try_collect::<()>().await?;
    store.close().await;
    Ok(())
}

async fn known(store: &Store, number: &Number, at: model::UnixMs) -> anyhow::Result<()> {
    let tenant = TenantRow { tenant: number.tenant.clone(), org: None, at };
    let row = NumberRow {
        tenant: number.tenant.clone(),
        number: number.id.clone(),
        waba: number.waba.clone(),
        app: number.app.clone(),
    };
    let ops = vec![Op::PutTenant(tenant), Op::PutNumber(row)];
    store.commit(Commit::of(ops)).await?;
    Ok(())
}

fn template(n: u64, class: Class) -> SendRequest {
    let message = json!({
        "type": "template",
        "template": { "name": "hello_world", "language": { "code": "en_US" } },
    });
    let serde_json::Value::Object(message) = message else { unreachable!("it is an object") };
    SendRequest { number: None, to: format!("+1555{n:07}"), class, reference: None, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_waits_is_accepted_by_the_desk() {
        let dir = tempfile::tempdir().unwrap();
        let database = dir.path().join("puente.db");
        fill(&database, Class::Campaign, 1, 3).await.unwrap();
        let key = MasterKey::from_hex(MASTER_KEY).unwrap();
        let store = Store::open_sqlite(&database, key, crate::ambient::system()).unwrap();
        assert_eq!(store.depths(None).await.unwrap().outbox_queued, 3);
        store.close().await;
    }
}
