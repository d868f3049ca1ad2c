//! A disk that loses power.
//!
//! SQLite runs through a VFS that keeps, for each file, what was synced and
//! what was only written. At a cut it keeps any subset of the unsynced sectors,
//! in any order. Killing a process proves less: the page cache survives it.
//!
//! Each thread has one disk of its own, so that runs on several threads do not
//! meet:
//!
//! ```
//! sim_disk::register();
//! sim_disk::with(|disk| *disk = sim_disk::Disk::default());
//! // ... a database opened with the VFS `sim_disk::NAME` writes here ...
//! sim_disk::with(|disk| disk.cut(|n| n / 2));
//! ```
#![allow(unsafe_code, reason = "a VFS is a table of C functions")]

mod disk;
mod vfs;

pub use disk::Disk;
pub use vfs::{NAME, register, with};
