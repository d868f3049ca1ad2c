//! What puente remembers: one seam over two engines, sealed.
//!
//! Every write goes through [`Store::commit`]: a fence and a closed set of
//! [`Op`]s that become durable together or not at all. So there is one place
//! where a crash can fall between two promises, one fence, and one surface for
//! the conformance suite. Reads are few and each answers one question.
//!
//! When `commit` returns `Ok`, the rows are on disk. When it returns an error,
//! none of them is. Bodies, names and numbers are sealed before they reach the
//! engine, each under the key of the person, tenant or installation it belongs
//! to; what must be searched is a keyed hash the caller computed.
//!
//! Only this crate knows SQL.

mod apply;
mod backup;
mod cx;
mod error;
mod health;
mod letter;
mod migrate;
pub mod op;
mod postgres;
mod probe;
mod read;
mod row;
mod seal;
mod spool;
mod sql;
mod sqlite;
mod store;

pub use error::StoreError;
pub use letter::*;
pub use op::{Commit, Did, Fence, Op};
pub use probe::Probe;
pub use read::MirrorRange;
pub use row::*;
pub use seal::MasterKey;
pub use spool::{Room, Spool, SpoolKey, Spooled, Writer};
pub use sqlite::{HeldLog, SqliteOptions, prefill_keys, prefill_messages};
pub use store::{Entered, Present, Store};
