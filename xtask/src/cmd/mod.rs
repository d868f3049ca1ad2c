//! One file per command.

pub mod console;
pub mod demo;
pub mod kill;
pub mod setup;
pub mod test;
pub mod tidy;
pub mod world;
