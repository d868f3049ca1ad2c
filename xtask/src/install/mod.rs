//! What a fresh machine lacks, and how it gets it: packages by their ordinary
//! clients, never a download of our own.

pub mod debian;
pub mod npm;
pub mod pages;
