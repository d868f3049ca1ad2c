//! WhatsApp, as Meta's Cloud API speaks it.
//!
//! Everything that knows Meta's wire lives here and nowhere else: signatures,
//! the shapes of webhooks and requests, limits, natural keys and the table that
//! turns error codes into decisions. Reading is tolerant: what cannot be
//! understood is kept and handed on, and one bad item never costs its
//! neighbours. Writing is strict: what Meta would refuse is refused before.
//!
//! Nothing here remembers, waits, retries or reads a clock.

pub mod client;
pub mod faults;
pub mod handshake;
pub mod keys;
pub mod limits;
pub mod signature;
pub mod wire;

pub use client::Client;
