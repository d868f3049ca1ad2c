//! From Meta's errors to decisions.
//!
//! The code in the body decides, not the HTTP status, which varies by version;
//! with one exception: a 5xx proves nothing, whatever its body says. A send is
//! repeated by itself only after `Act::Retry` with `Stage::NotSent`, and that
//! is given only where Meta is known to refuse before any effect.

mod judge;
mod row;
mod special;
mod table;
mod words;

pub use judge::{judge, judge_async, judge_error, judge_lost};
pub use row::{Class, Row};
pub use special::{Special, specials};
pub(crate) use special::{bad_url, foreign_media, media_expired, no_token, unreadable};
pub use table::{row, rows};
