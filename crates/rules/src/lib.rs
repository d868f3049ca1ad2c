//! Decisions, pure: values in, values out. No clock, no store, no wire.

pub mod breaker;
pub mod budget;
mod complaint;
pub mod drain;
mod fold;
pub mod hours;
pub mod identity;
pub mod keys;
pub mod mapping;
pub mod mark;
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
pub mod text;
pub mod uncertain;
pub mod window;

pub use complaint::Complaint;
