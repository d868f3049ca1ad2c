//! The people on the other side, and what happens to messages sent to them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

const DAY_MS: i64 = 86_400_000;

/// How one message to a customer ends, where the script says more than
/// "delivered".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Deliver,
    /// Accepted, then `failed` with this code.
    Fail(u32),
    /// `sent`, then `failed` with this code.
    SentThenFail(u32),
    /// `failed` with this code, and delivered all the same.
    FailThenDeliver(u32),
    /// One tick for ever.
    SentOnly,
    /// Accepted, and never a word again.
    Silence,
}

/// What one business number may write freely, and for free.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// The user's last message; the service window is open for 24 h from it.
    pub heard_ms: Option<i64>,
    /// The user's last click on an ad.
    pub clicked_ms: Option<i64>,
    /// The answer that began the 72 free hours.
    pub free_from_ms: Option<i64>,
}

impl Window {
    pub fn open(&self, now_ms: i64) -> bool {
        self.heard_ms.is_some_and(|at| now_ms - at < DAY_MS)
    }

    /// A free entry point is running.
    pub fn free(&self, now_ms: i64) -> bool {
        self.free_from_ms.is_some_and(|at| now_ms - at < 3 * DAY_MS)
    }

    /// The business answered: the first answer within a day of the click
    /// begins the free entry point.
    pub fn answered(&mut self, now_ms: i64) {
        if let Some(clicked) = self.clicked_ms.take()
            && now_ms - clicked < DAY_MS
        {
            self.free_from_ms = Some(now_ms);
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Customer {
    pub id: String,
    /// Chosen by the person: any text, also none.
    pub name: String,
    /// As dialled, digits only.
    pub phone: String,
    pub wa_id: String,
    /// Adopted a username: webhooks leave the number out.
    pub hidden: bool,
    pub username: Option<String>,
    /// Portfolio id -> this person's id within it.
    pub bsuids: BTreeMap<String, String>,
    /// Portfolio id -> when it last wrote to the number, which shows it for 30 days.
    pub known_to: BTreeMap<String, i64>,
    pub on_whatsapp: bool,
    pub online: bool,
    /// Has the chat open: a message is read at once, without `delivered`.
    pub watching: bool,
    /// Reads this long after delivery.
    pub reads_after_ms: Option<i64>,
    pub marketing_stopped: bool,
    /// Numbers this person blocked: their messages stay at one tick.
    pub blocked: BTreeSet<String>,
    /// Outcomes of the next messages, used up one by one.
    pub script: VecDeque<Outcome>,
    /// Outcome when the script is empty.
    pub usually: Outcome,
    /// By business number id.
    pub windows: BTreeMap<String, Window>,
}

impl Customer {
    /// Whether webhooks to this portfolio carry the number.
    pub fn shows_number(&self, business_id: &str, now_ms: i64) -> bool {
        !self.hidden || self.known_to.get(business_id).is_some_and(|at| now_ms - at < 30 * DAY_MS)
    }

    pub fn window(&self, number_id: &str) -> Window {
        self.windows.get(number_id).copied().unwrap_or_default()
    }

    /// +1 with a United States area code (555 is nobody's, Canada's are listed).
    pub fn in_the_us(&self) -> bool {
        const CANADA: &str = "204 226 236 249 250 263 289 306 343 354 365 367 368 382 387 403 416 \
            418 428 431 437 438 450 468 474 506 514 519 548 579 581 584 587 600 604 613 639 647 \
            672 683 705 709 742 753 778 780 782 807 819 825 867 873 879 902 905";
        let area = self.phone.strip_prefix('1').filter(|rest| rest.len() == 10).map(|r| &r[..3]);
        area.is_some_and(|area| area != "555" && !CANADA.contains(area))
    }
}

/// A person to be made. `phone` or `hidden` alone is enough.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewCustomer {
    /// Chosen by the caller, else minted.
    pub id: Option<String>,
    pub name: String,
    pub phone: Option<String>,
    /// Overrides the id that follows from the phone.
    pub wa_id: Option<String>,
    pub hidden: bool,
    pub username: Option<String>,
    /// The id within `business_id`, or within the first portfolio.
    pub bsuid: Option<String>,
    pub business_id: Option<String>,
    pub not_on_whatsapp: bool,
    pub reads_after_ms: Option<i64>,
}

impl NewCustomer {
    pub fn named(name: &str, phone: &str) -> Self {
        Self { name: name.into(), phone: Some(phone.into()), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_close_to_the_millisecond() {
        let mut window = Window { heard_ms: Some(0), clicked_ms: Some(0), free_from_ms: None };
        assert!(window.open(DAY_MS - 1));
        assert!(!window.open(DAY_MS));
        window.answered(5);
        assert!(window.free(3 * DAY_MS + 4));
        assert!(!window.free(3 * DAY_MS + 5));
        assert!(!Window::default().open(0));
        let mut late = Window { clicked_ms: Some(0), ..Window::default() };
        late.answered(DAY_MS);
        assert!(!late.free(DAY_MS), "an answer after a day begins nothing");
    }
}
