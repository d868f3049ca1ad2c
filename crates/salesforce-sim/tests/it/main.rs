//! The simulator as a client sees it: through its router, in paused time.

mod admin;
mod bulk;
mod client;
mod collections;
mod composite;
mod faults;
mod files;
mod latency;
mod life;
mod limits;
mod org_rules;
mod query;
mod rows;
mod tokens;
mod validation;
