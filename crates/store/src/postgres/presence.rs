//! Whether another process works on the same database.
//!
//! Each process holds an advisory lock in a session of its own (PostgreSQL
//! manual, "Advisory Locks"), shared with others of its kind; the server gives
//! it up when the process is gone, however it ended. Who can take the lock for
//! itself alone therefore finds nobody at work, and what a dead one held need
//! not run out first. Should the server lose a session of a process that lives,
//! leases and epochs still hold it off.

use std::time::Duration;

use deadpool_postgres::{ClientWrapper, Object};
use tokio::task::JoinHandle;

use super::Postgres;
use super::fault::fault;
use crate::StoreError;

/// A dead process' session may outlive it by a moment.
const LOOKS: u32 = 10;
const LOOK_EVERY: Duration = Duration::from_millis(100);
const WATCH_EVERY: Duration = Duration::from_secs(1);

const TAKE: &str = "SELECT pg_try_advisory_lock(123649515222117)";
const JOIN: &str = "SELECT pg_advisory_lock_shared(123649515222117)";
const SHARE: &str = "SELECT pg_advisory_lock_shared(123649515222117); \
                     SELECT pg_advisory_unlock(123649515222117)";

/// At the door: others that come wait until [`Entry::stay`].
pub(crate) struct Entry {
    pub alone: bool,
    session: ClientWrapper,
    postgres: Postgres,
}

/// Others see this process for as long as it is kept.
pub(crate) struct Presence(JoinHandle<()>);

impl Postgres {
    pub async fn enter(&self) -> Result<Entry, StoreError> {
        let session = self.session().await?;
        for _ in 0..LOOKS {
            if session.query_one(TAKE, &[]).await.map_err(fault)?.get(0) {
                return Ok(Entry { alone: true, session, postgres: self.clone() });
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        session.batch_execute(JOIN).await.map_err(fault)?;
        Ok(Entry { alone: false, session, postgres: self.clone() })
    }

    /// A connection that is not of the pool any more.
    async fn session(&self) -> Result<ClientWrapper, StoreError> {
        Ok(Object::take(self.client().await?))
    }

    async fn joined(&self) -> Result<ClientWrapper, StoreError> {
        let session = self.session().await?;
        session.batch_execute(JOIN).await.map_err(fault)?;
        Ok(session)
    }
}

impl Entry {
    pub async fn stay(self) -> Result<Presence, StoreError> {
        let Self { alone, mut session, postgres } = self;
        if alone {
            session.batch_execute(SHARE).await.map_err(fault)?;
        }
        Ok(Presence(tokio::spawn(async move {
            loop {
                tokio::time::sleep(WATCH_EVERY).await;
                if session.is_closed()
                    && let Ok(again) = postgres.joined().await
                {
                    session = again;
                }
            }
        })))
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        self.0.abort();
    }
}
