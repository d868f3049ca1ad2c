//! Bulk API 2.0, ingest (Bulk API 2.0 and Bulk API Developer Guide).
//!
//! A job takes one upload, is closed, waits in a queue and is worked off in
//! batches of 10,000 rows, several at once, in whatever order; a batch saves
//! its rows in order, 200 at a time, under the same rules as every other
//! write. What became of each row is told in three files.

mod csv;
mod door;
mod header;
mod job;
mod said;
mod work;

pub use door::{answer, is_upload};
pub use job::Jobs;
pub use said::Said;

/// An upload in base64 may have 150 MB, so it may have this many bytes here.
pub const UPLOAD_MAX: usize = 100_000_000;
/// Rows of one internal batch.
const BATCH_ROWS: usize = 10_000;
/// Rows that triggers see at once.
const CHUNK_ROWS: usize = 200;
