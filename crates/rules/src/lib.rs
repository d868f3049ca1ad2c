//! Decisions, pure: values in, values out. No clock, no store, no wire.

pub mod breaker;
pub mod budget;
pub mod consent;
pub mod cost;
pub mod drain;
pub mod identity;
pub mod keys;
pub mod mapping;
pub mod mark;
pub mod metrics;
pub mod names;
pub mod network;
pub mod pace;
pub mod phone;
pub mod reconcile;
pub mod records;
pub mod signed;
pub mod template;
pub mod text;
pub mod uncertain;
pub mod window;
