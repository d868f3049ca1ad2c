//! PostgreSQL: a few connections, a transaction for each commit, and queued
//! webhooks written together.

mod append;
mod fault;
mod pool;
mod tx;
mod value;

pub(crate) use append::Appends;
pub(crate) use pool::Postgres;
pub(crate) use tx::PgTx;
