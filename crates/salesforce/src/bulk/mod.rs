//! Bulk API 2.0, ingest: the records of one job travel as one CSV file and are
//! saved in the background (Bulk API 2.0 and Bulk API Developer Guide).
//!
//! A job is made (`Open`), filled by one upload, closed (`UploadComplete`),
//! worked off by Salesforce (`InProgress`) and ends as `JobComplete`, `Failed`
//! or `Aborted`. A job that completed may hold records that failed: each is
//! judged by itself, as in a collection. A job that was never closed writes
//! nothing, so one whose upload is in doubt is aborted and made again.

mod csv;
mod job;
mod results;
mod sheet;

pub use job::{Job, JobState};
pub use results::{Results, Written};
pub(crate) use results::{refused, unprocessed, written};
pub use sheet::{CSV_BYTES_MAX, Pushed, ROWS_MAX, Sheet};
