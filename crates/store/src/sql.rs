//! The little SQL both engines speak: one text with `$1..$n`, four kinds of
//! value. Times and flags are integers, ids are 16-byte blobs.
//!
//! Texts number their arguments in ascending order of first use, because
//! SQLite numbers them by appearance.

mod arg;
mod cols;
mod document;

pub(crate) use arg::{V, args};
pub(crate) use cols::Cols;
pub(crate) use document::statements;

use crate::StoreError;
use crate::postgres::PgTx;
use crate::sqlite::SqliteTx;

pub(crate) type Row = Vec<V>;

/// One transaction (or one read snapshot) of either engine. On SQLite the
/// futures are ready at once, so a thread without a runtime can drive them.
pub(crate) enum Tx {
    Sqlite(SqliteTx),
    Postgres(PgTx),
}

impl Tx {
    /// Rows changed.
    pub async fn exec(&mut self, sql: &'static str, args: Vec<V>) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(tx) => tx.exec(sql, &args),
            Self::Postgres(tx) => tx.exec(sql, &args).await,
        }
    }

    pub async fn rows(&mut self, sql: &'static str, args: Vec<V>) -> Result<Vec<Cols>, StoreError> {
        let rows = match self {
            Self::Sqlite(tx) => tx.rows(sql, &args)?,
            Self::Postgres(tx) => tx.rows(sql, &args).await?,
        };
        Ok(rows.into_iter().map(Cols::new).collect())
    }

    pub async fn row(
        &mut self,
        sql: &'static str,
        args: Vec<V>,
    ) -> Result<Option<Cols>, StoreError> {
        Ok(self.rows(sql, args).await?.into_iter().next())
    }

    /// One statement for each list of arguments, answers joined in their
    /// order. On PostgreSQL they travel together, without a wait between.
    pub async fn each(
        &mut self,
        sql: &'static str,
        lists: Vec<Vec<V>>,
    ) -> Result<Vec<Cols>, StoreError> {
        let mut out = Vec::with_capacity(lists.len());
        match self {
            Self::Sqlite(tx) => {
                for args in &lists {
                    out.extend(tx.rows(sql, args)?);
                }
            }
            Self::Postgres(tx) => out = tx.each(sql, &lists).await?,
        }
        Ok(out.into_iter().map(Cols::new).collect())
    }

    /// Several statements without arguments: a migration.
    pub async fn script(&mut self, sql: &'static str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.script(sql),
            Self::Postgres(tx) => tx.script(sql).await,
        }
    }

    /// Where the engines need different words: locks are PostgreSQL's alone,
    /// since SQLite has one writer.
    pub fn either(&self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self {
            Self::Sqlite(_) => sqlite,
            Self::Postgres(_) => postgres,
        }
    }

    /// Wall time of the database, Unix milliseconds: the only clock of leases.
    pub async fn now(&mut self) -> Result<i64, StoreError> {
        match self {
            Self::Sqlite(tx) => Ok(tx.now()),
            Self::Postgres(tx) => tx.now().await,
        }
    }
}
