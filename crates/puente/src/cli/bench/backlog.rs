//! Webhooks that wait in the journal before the clock runs: written by the same
//! commit that answers them, with nobody there to read them.

use std::path::Path;

use anyhow::Context;
use futures_util::{StreamExt, TryStreamExt, stream};
use model::ids::AppId;
use store::op::NewWebhook;
use store::{Commit, MasterKey, Op, Store};

use super::{MASTER_KEY, payload};

const EACH: u64 = 500;
const AT_ONCE: usize = 8;
/// Told after as many.
const TOLD: u64 = 100_000;

pub async fn queue(database: &Path, count: u64) -> anyhow::Result<()> {
    let ambient = crate::ambient::system();
    let key = MasterKey::from_hex(MASTER_KEY).context("the key of the benchmark")?;
    let store = Store::open_sqlite(database, key, ambient.clone())?;
    let (run, now) = (ambient.chance.u64(), ambient.now());
    let commits = (0..count).step_by(EACH as usize).map(|first| {
        let ops = (first..count.min(first + EACH)).map(|n| {
            Op::AppendWebhook(NewWebhook {
                app: AppId::new("main"),
                received_at: now,
                body: payload::body(run, n, now.secs()).into(),
            })
        });
        let (store, ops) = (&store, ops.collect());
        async move {
            store.commit(Commit::of(ops)).await?;
            if first > 0 && first % TOLD == 0 {
                anstream::eprintln!("start: {first} of {count} webhooks wait in the journal");
            }
            anyhow::Ok(())
        }
    });
    stream::iter(commits).buffer_unordered(AT_ONCE).try_collect::<()>().await?;
    store.close().await;
    Ok(())
}
