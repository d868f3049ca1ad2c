//! What Meta posts to us (Cloud API, Webhooks).
//!
//! [`split`] takes a body apart into items, each of which stands alone: one
//! message, one status, one error, one change. Nothing is dropped: what is
//! unknown is an item with its raw text, what is broken is an item that says why.

mod alone;
mod contact;
mod content;
mod context;
mod error;
mod history;
mod item;
mod message;
pub mod notice;
mod split;
mod status;
mod user;

pub use contact::{Contact, Party};
pub use content::{
    Button, Card, CardAddress, CardEmail, CardName, CardOrg, CardParts, CardPhone, CardUrl,
    Content, Edit, Location, Media, Order, OrderLine, Reaction, Reply, ReplyKind, System,
};
pub use context::{Context, Product, Referral, Welcome};
pub use error::WireError;
pub use history::HistoryMessage;
pub use item::{Item, ItemBody};
pub use message::{Kind, Message};
pub use notice::Notice;
pub use split::{NotJson, split};
pub use status::{ConversationInfo, Origin, Pricing, StatusItem};
pub use user::{Preference, UserIdUpdate};
