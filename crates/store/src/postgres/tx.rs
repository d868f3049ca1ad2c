//! Statements of one transaction on a pooled connection.

use deadpool_postgres::Object;
use deadpool_postgres::tokio_postgres::types::ToSql;
use futures_util::future::try_join_all;

use super::fault::{commit_fault, fault};
use crate::StoreError;
use crate::sql::{Row, V};

pub(crate) struct PgTx {
    /// `None` once ended.
    client: Option<Object>,
}

impl PgTx {
    pub async fn begin(client: Object, sql: &'static str) -> Result<Self, StoreError> {
        let tx = Self { client: Some(client) };
        tx.client()?.batch_execute(sql).await.map_err(fault)?;
        Ok(tx)
    }

    pub fn client(&self) -> Result<&Object, StoreError> {
        self.client.as_ref().ok_or_else(|| StoreError::Broken("the transaction has ended".into()))
    }

    pub async fn exec(&mut self, sql: &'static str, args: &[V]) -> Result<u64, StoreError> {
        let client = self.client()?;
        let statement = client.prepare_cached(sql).await.map_err(fault)?;
        client.execute(&statement, &refs(args)).await.map_err(fault)
    }

    pub async fn rows(&mut self, sql: &'static str, args: &[V]) -> Result<Vec<Row>, StoreError> {
        let client = self.client()?;
        let statement = client.prepare_cached(sql).await.map_err(fault)?;
        let rows = client.query(&statement, &refs(args)).await.map_err(fault)?;
        rows.iter().map(values).collect()
    }

    /// In one pipeline: the requests leave together, the answers keep their order.
    pub async fn each(
        &mut self,
        sql: &'static str,
        lists: &[Vec<V>],
    ) -> Result<Vec<Row>, StoreError> {
        let client = self.client()?;
        let statement = client.prepare_cached(sql).await.map_err(fault)?;
        let asked = lists.iter().map(|args| {
            let statement = &statement;
            async move { client.query(statement, &refs(args)).await }
        });
        let answers = try_join_all(asked).await.map_err(fault)?;
        answers.iter().flatten().map(values).collect()
    }

    pub async fn script(&mut self, sql: &'static str) -> Result<(), StoreError> {
        self.client()?.batch_execute(sql).await.map_err(fault)
    }

    pub async fn now(&mut self) -> Result<i64, StoreError> {
        const NOW: &str =
            "SELECT CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS BIGINT)";
        match self.rows(NOW, &[]).await?.pop().and_then(|mut row| row.pop()) {
            Some(V::I(now)) => Ok(now),
            _ => Err(StoreError::Broken("the database did not tell the time".into())),
        }
    }

    pub async fn commit(&mut self) -> Result<(), StoreError> {
        let client = self.client()?;
        client.batch_execute("COMMIT").await.map_err(commit_fault)?;
        self.client = None;
        Ok(())
    }

    /// On failure the connection is closed, which undoes the transaction too.
    pub async fn rollback(&mut self) {
        let Some(client) = self.client.as_ref() else {
            return;
        };
        if client.batch_execute("ROLLBACK").await.is_ok() {
            self.client = None;
        }
    }
}

impl Drop for PgTx {
    /// A connection whose transaction did not end never returns to the pool.
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            drop(Object::take(client));
        }
    }
}

fn refs(args: &[V]) -> Vec<&(dyn ToSql + Sync)> {
    args.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

fn values(row: &deadpool_postgres::tokio_postgres::Row) -> Result<Row, StoreError> {
    (0..row.len()).map(|column| row.try_get(column).map_err(fault)).collect()
}
