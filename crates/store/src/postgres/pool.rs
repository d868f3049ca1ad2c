//! The connections, and a transaction around each work.

use std::sync::Arc;

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime,
};
use futures_util::FutureExt;
use model::Ambient;

use super::PgTx;
use super::address::Address;
use super::fault::{MET, chain};
use super::gate;
use super::tls::Tls;
use crate::cx::{Cx, Work, work};
use crate::health::Health;
use crate::op::{Commit, Did};
use crate::seal::Keyring;
use crate::sql::Tx;
use crate::{StoreError, apply};

/// How often a commit that met another one is made again.
const MEETINGS_MAX: u32 = 8;
const CONNECTIONS: usize = 4;
const WAIT: std::time::Duration = std::time::Duration::from_secs(10);

const SETTINGS: &str = "SET synchronous_commit = on; SET lock_timeout = '10s'; \
    SET statement_timeout = '60s'; SET idle_in_transaction_session_timeout = '60s'; \
    SET default_transaction_isolation = 'read committed'";

const READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

#[derive(Clone)]
pub(crate) struct Postgres {
    pool: Pool,
    keys: Arc<Keyring>,
    ambient: Ambient,
    health: Arc<Health>,
}

impl Postgres {
    /// `postgres://user:password@host:port/database`, with `sslmode` and
    /// `sslrootcert` as in [`Address::parse`].
    pub fn connect(
        url: &str,
        keys: Arc<Keyring>,
        ambient: Ambient,
        health: Arc<Health>,
    ) -> Result<Self, StoreError> {
        let Address { config, trust } = Address::parse(url)?;
        let manager = Manager::from_config(
            config,
            Tls::new(&trust)?,
            ManagerConfig { recycling_method: RecyclingMethod::Fast },
        );
        let settle = Hook::async_fn(|client: &mut deadpool_postgres::ClientWrapper, _| {
            Box::pin(
                async move { client.batch_execute(SETTINGS).await.map_err(HookError::Backend) },
            )
        });
        let pool = Pool::builder(manager)
            .max_size(CONNECTIONS)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(WAIT))
            .create_timeout(Some(WAIT))
            .post_create(settle)
            .build()
            .map_err(|error| StoreError::Broken(error.to_string()))?;
        Ok(Self { pool, keys, ambient, health })
    }

    pub async fn client(&self) -> Result<Object, StoreError> {
        self.pool.get().await.map_err(|error| match error {
            // it says no more than "db error" by itself
            PoolError::Backend(error) => StoreError::Unreachable(chain(&error)),
            error => StoreError::Unreachable(error.to_string()),
        })
    }

    pub async fn write<R: Send + 'static>(&self, work: Work<R>) -> Result<R, StoreError> {
        self.write_in(gate::FREE, work).await
    }

    /// A deadlock ends one of those in it, whole: it is made again.
    pub async fn commit_ops(&self, commit: Commit) -> Result<Vec<Did>, StoreError> {
        let begin = gate::begin(&commit);
        for _ in 0..MEETINGS_MAX {
            let again = commit.clone();
            let made = self.write_in(begin, work(move |cx| apply::commit(cx, again).boxed()));
            match made.await {
                Err(StoreError::Conflict(MET)) => {
                    tracing::debug!("a commit met another one and is made again");
                }
                done => return done,
            }
        }
        self.write_in(begin, work(move |cx| apply::commit(cx, commit).boxed())).await
    }

    async fn write_in<R: Send + 'static>(
        &self,
        begin: &'static str,
        work: Work<R>,
    ) -> Result<R, StoreError> {
        let mut cx = self.begin(begin).await?;
        let ran = cx.run(work).await;
        let done = match ran {
            Ok(out) => self.commit(&mut cx).await.map(|()| out),
            Err(error) => Err(error),
        };
        if done.is_err() {
            transaction(&mut cx).rollback().await;
        }
        done
    }

    async fn commit(&self, cx: &mut Cx) -> Result<(), StoreError> {
        let done = transaction(cx).commit().await;
        match &done {
            Ok(()) => cx.publish(),
            Err(StoreError::Broken(why)) => {
                self.health.break_down(format!("a commit has an unknown outcome: {why}"));
            }
            Err(_) => {}
        }
        done
    }

    pub async fn read<R: Send + 'static>(&self, work: Work<R>) -> Result<R, StoreError> {
        let mut cx = self.begin(READ).await?;
        let out = cx.run(work).await?;
        transaction(&mut cx).commit().await?;
        cx.publish();
        Ok(out)
    }

    pub fn close(&self) {
        self.pool.close();
    }

    async fn begin(&self, sql: &'static str) -> Result<Cx, StoreError> {
        self.health.check()?;
        let tx = Tx::Postgres(PgTx::begin(self.client().await?, sql).await?);
        Ok(Cx::new(tx, self.keys.clone(), self.ambient.clone()))
    }
}

fn transaction(cx: &mut Cx) -> &mut PgTx {
    match &mut cx.tx {
        Tx::Postgres(tx) => tx,
        Tx::Sqlite(_) => unreachable!("this transaction was begun on PostgreSQL"),
    }
}
