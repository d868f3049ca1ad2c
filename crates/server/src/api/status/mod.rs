//! Where messages stand.

pub mod list;
pub mod one;
pub mod query;
mod snapshot;
pub mod standing;
pub mod stream;
