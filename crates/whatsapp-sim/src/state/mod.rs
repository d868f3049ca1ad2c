//! What the simulator holds true: the far side's objects, as plain values.

mod app;
mod bucket;
mod customer;
mod media;
mod number;
mod phone_format;
mod template;
mod thread;
mod token;
mod wamid;
mod world;

pub use app::{App, Business, Override, Subscription, Waba};
pub use bucket::{PairBucket, SecondWindow};
pub use customer::{Customer, NewCustomer, Outcome, Window};
pub use media::{Media, Origin, sniff};
pub use number::{AccountMode, Number, Throughput};
pub use phone_format::{country_of, digits, match_key, wa_id_of};
pub use template::{Template, seeded, variables};
pub use thread::{Direction, Message, Pricing, Tick};
pub use token::Token;
pub use wamid::mint as mint_wamid;
pub use world::World;
