//! Asking for a message to be sent. 202 means on disk: it is sent once, or it
//! is visible why not.

pub mod batch;
mod envelope;
pub mod one;
