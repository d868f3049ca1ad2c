//! Decisions, pure: values in, values out. No clock, no store, no wire.

pub mod drain;
pub mod identity;
pub mod keys;
pub mod names;
pub mod pace;
pub mod phone;
pub mod records;
pub mod text;
pub mod window;
