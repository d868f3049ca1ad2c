//! The connections, and a transaction around each work.

use std::str::FromStr;
use std::sync::Arc;

use deadpool_postgres::tokio_postgres::{Config, NoTls};
use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime,
};
use model::Ambient;

use super::PgTx;
use crate::StoreError;
use crate::cx::{Cx, Work};
use crate::health::Health;
use crate::seal::Keyring;
use crate::sql::Tx;

const CONNECTIONS: usize = 4;
const WAIT: std::time::Duration = std::time::Duration::from_secs(10);

const SETTINGS: &str = "SET synchronous_commit = on; SET lock_timeout = '10s'; \
    SET statement_timeout = '60s'; SET idle_in_transaction_session_timeout = '60s'; \
    SET default_transaction_isolation = 'read committed'";

pub(crate) const WRITE: &str = "BEGIN";
const READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

#[derive(Clone)]
pub(crate) struct Postgres {
    pool: Pool,
    keys: Arc<Keyring>,
    ambient: Ambient,
    health: Arc<Health>,
}

impl Postgres {
    /// `postgres://user:password@host:port/database` or key=value pairs.
    pub fn connect(
        url: &str,
        keys: Arc<Keyring>,
        ambient: Ambient,
        health: Arc<Health>,
    ) -> Result<Self, StoreError> {
        // The text may hold a password, so the parser's message is not shown.
        let config = Config::from_str(url).map_err(|_| {
            let cure = "the database URL must read postgres://user:password@host:port/database";
            StoreError::Unreachable(cure.into())
        })?;
        let manager = Manager::from_config(
            config,
            NoTls,
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
        self.pool.get().await.map_err(|error| StoreError::Unreachable(error.to_string()))
    }

    pub async fn write<R: Send + 'static>(&self, work: Work<R>) -> Result<R, StoreError> {
        let mut cx = self.begin(WRITE).await?;
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
