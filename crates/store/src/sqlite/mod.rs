//! SQLite: one thread writes, two read, one checkpoints; or, for simulated
//! time and the simulated disk, everything on the calling thread.

pub(crate) mod append;
mod checkpoint;
mod fault;
mod group;
mod held;
mod inline;
mod open;
mod prefill;
mod reader;
mod stored;
mod threads;
mod tx;
mod writer;

pub(crate) use fault::fault;
pub(crate) use group::once;
pub use held::HeldLog;
pub(crate) use inline::Inline;
pub use open::SqliteOptions;
pub(crate) use open::{Location, memory};
pub use prefill::prefill_keys;
pub use stored::prefill_messages;
pub(crate) use threads::Threads;
pub(crate) use tx::SqliteTx;
