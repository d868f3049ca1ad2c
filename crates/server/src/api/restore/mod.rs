//! Sends that are held because this database may not be the newest one.

pub mod decide;
pub mod show;
