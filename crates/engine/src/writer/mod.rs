//! What Salesforce must come to show, written in waves.
//!
//! Promises: our own objects are upserted by external id, with a version that
//! only rises, so that writing twice shows once and an old write changes
//! nothing. Standard records are looked up, then created once, then only
//! linked. Every record of an answer is judged by itself: what was put in
//! comes out written, due again, or set aside and visible.
//!
//! A wave is one composite call: creates and look-ups first, then persons,
//! conversations, messages. What locks the same parent is in one call at a
//! time (`roots`), so that no call under way waits for another. While a long
//! backlog goes by Bulk jobs ([`crate::bulk`]), calls carry what is fresh.
//!
//! It must never create before a look-up has answered, and never write a field
//! of a standard record that puente does not own.

mod call;
mod claim;
mod convert;
mod hold;
mod links;
mod lookup;
mod newcomers;
mod plan;
pub(crate) mod project;
mod roots;
pub(crate) mod settle;

pub use claim::{Defaults, Tempo, Writer};

#[cfg(test)]
mod tests;
