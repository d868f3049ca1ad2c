//! One item of a webhook: what is registered, deduplicated and worked on alone.

use model::UnixMs;
use model::ids::{PhoneNumberId, WabaId};
use serde_json::value::RawValue;

use super::{Contact, HistoryMessage, Message, Preference, StatusItem, UserIdUpdate, WireError};

#[derive(Clone, Debug)]
pub struct Item {
    /// `entry.id`; empty when Meta left it out. For `partner_solutions` it is
    /// the id of the business portfolio.
    pub waba_id: WabaId,
    /// `changes[].field`; empty when it could not be read.
    pub field: String,
    /// The key within `value` that the item came from (`messages`, `statuses`,
    /// `calls`, ...); empty when the item is the whole value.
    pub part: String,
    /// The number concerned. Route by this, never by the displayed number.
    pub phone_number_id: Option<PhoneNumberId>,
    /// As Meta spells it: digits, or with `+` and blanks.
    pub display_phone_number: Option<String>,
    /// `entry.time`: when the event happened. Absent for messages and statuses.
    pub entry_time: Option<UnixMs>,
    /// Position in the body, from 0, in Meta's order.
    pub ordinal: u32,
    /// The item exactly as it arrived (bytes that are not UTF-8 replaced).
    pub raw: Box<RawValue>,
    /// The contact that came along and belongs to this item's person. A message
    /// without any sender has its handles only here.
    pub contact: Option<Contact>,
    pub body: ItemBody,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ItemBody {
    /// Someone wrote to the number.
    Message(Box<Message>),
    /// The business wrote, from the phone app or through another app. Never
    /// to be sent again.
    Echo(Box<Message>),
    Status(Box<StatusItem>),
    /// The person stopped or resumed marketing messages.
    Preference(Preference),
    /// The person's business-scoped id changed.
    UserIdUpdate(UserIdUpdate),
    /// The platform reports a failure for this number as a whole.
    Error(WireError),
    /// A message from before the number was connected. Opens and creates nothing.
    History(Box<HistoryMessage>),
    /// Any other field, and whatever is not known yet: see [`Item::notice`].
    Other,
    /// This one could not be read, for this reason; its neighbours go on.
    Broken(String),
}
