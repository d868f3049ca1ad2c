//! PostgreSQL: a few connections, a transaction for each commit, and queued
//! webhooks written together.

mod address;
pub(crate) mod append;
mod fault;
mod gate;
mod pool;
mod presence;
mod tls;
mod tx;
mod value;

pub(crate) use append::Appends;
pub(crate) use pool::Postgres;
pub(crate) use presence::{Entry, Presence};
pub(crate) use tx::PgTx;
