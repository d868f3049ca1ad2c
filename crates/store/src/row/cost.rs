//! Delivered messages by what Meta said of their price.

use model::UnixMs;
use model::ids::PhoneNumberId;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CostCount {
    pub number: PhoneNumberId,
    /// In one spelling: `service`, `utility`, `marketing` ...
    pub category: String,
    /// `regular`, `free_customer_service`, `free_entry_point`.
    pub kind: String,
    /// `PMP`.
    pub model: String,
    pub billable: bool,
    /// Of who got it; empty where only a user id is known.
    pub calling_code: String,
    pub messages: i64,
}

/// Sends of a number that Meta took and said nothing of since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silent {
    pub number: PhoneNumberId,
    pub messages: u64,
    pub oldest: UnixMs,
}
