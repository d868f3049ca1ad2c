//! Decisions, pure: values in, values out. No clock, no store, no wire.

pub mod breaker;
pub mod budget;
pub mod campaign;
mod complaint;
pub mod consent;
pub mod cost;
pub mod drain;
pub mod duplicates;
mod fold;
pub mod hours;
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
pub mod routing;
mod sheet;
pub mod signed;
pub mod survey;
pub mod template;
pub mod text;
pub mod uncertain;
pub mod window;

pub use complaint::Complaint;
