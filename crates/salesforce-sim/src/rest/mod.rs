//! The REST API: rows, collections, composites, queries, describes, limits.

mod batch;
mod call;
mod collections;
mod composite;
mod files;
mod http;
mod limits;
mod plan;
mod query;
mod refs;
mod reply;
mod rows;
mod run;
mod usage;
mod views;

pub use call::Call;
pub use files::is_form;
pub use http::{answer, operation};
pub use plan::{Plan, Shape};
pub use reply::Reply;
pub use run::write as save;
pub use usage::Usage;

/// The oldest version that is served and the newest there is.
pub const VERSIONS: std::ops::RangeInclusive<u16> = 31..=68;
