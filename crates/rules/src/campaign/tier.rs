//! How many people a portfolio may open a conversation with in 24 hours, all
//! its numbers together (Cloud API, messaging limits).

use model::UnixMs;

pub(super) const DAY_MS: i64 = 86_400_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    People(u64),
    Unlimited,
}

/// People of a moment that count against the tier until a day later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    pub at: UnixMs,
    pub people: u64,
}

impl Tier {
    /// What a portfolio has that Meta told nothing of.
    pub const LEAST: Self = Self::People(250);

    /// Meta's words and numbers: `TIER_2K`, `TIER_UNLIMITED`, `2000`, `-1`.
    /// `None` for what tells no limit (`TIER_NOT_SET`) and for words unknown.
    pub fn from_wire(word: &str) -> Option<Self> {
        let size = word.strip_prefix("TIER_").unwrap_or(word);
        if matches!(size, "UNLIMITED" | "-1") {
            return Some(Self::Unlimited);
        }
        let (digits, times) = match size.strip_suffix('K') {
            Some(digits) => (digits, 1_000),
            None => (size, 1),
        };
        let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        let people = plain.then(|| digits.parse::<u64>().ok()?.checked_mul(times)).flatten()?;
        (people > 0).then_some(Self::People(people))
    }

    /// What campaigns may use of it: `percent` stay for what is no campaign, as
    /// an order's notice must not fail because of one.
    pub fn without_reserve(self, percent: u64) -> Self {
        match self {
            Self::People(people) => Self::People(people - people * percent.min(100) / 100),
            Self::Unlimited => Self::Unlimited,
        }
    }

    /// How many more people now; `None`: as many as you like.
    pub fn left(self, counted: &[Counted], now: UnixMs) -> Option<u64> {
        let Self::People(limit) = self else { return None };
        let within = counted.iter().filter(|c| now < c.at.plus(DAY_MS));
        let used = within.fold(0u64, |sum, c| sum.saturating_add(c.people));
        Some(limit.saturating_sub(used))
    }

    /// Whether writing to a person counts: not in their open window, and not
    /// again for one who was counted within the day.
    pub fn counts(window_open: bool, counted_at: Option<UnixMs>, now: UnixMs) -> bool {
        !window_open && counted_at.is_none_or(|at| now >= at.plus(DAY_MS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_and_numbers_of_both_forms() {
        for (word, tier) in [
            ("TIER_50", Some(Tier::People(50))),
            ("TIER_250", Some(Tier::People(250))),
            ("TIER_2K", Some(Tier::People(2_000))),
            ("TIER_100K", Some(Tier::People(100_000))),
            ("TIER_UNLIMITED", Some(Tier::Unlimited)),
            ("2000", Some(Tier::People(2_000))),
            ("-1", Some(Tier::Unlimited)),
            ("TIER_NOT_SET", None),
            ("TIER_", None),
            ("0", None),
            ("-2", None),
            ("+5", None),
            ("TIER_99999999999999999999K", None),
        ] {
            assert_eq!(Tier::from_wire(word), tier, "{word}");
        }
    }

    #[test]
    fn people_count_for_a_day() {
        let counted =
            [Counted { at: UnixMs(0), people: 200 }, Counted { at: UnixMs(5), people: 9 }];
        for (now, left) in [(5, 41), (DAY_MS - 1, 41), (DAY_MS, 241), (DAY_MS + 5, 250)] {
            assert_eq!(Tier::LEAST.left(&counted, UnixMs(now)), Some(left), "{now}");
        }
        assert_eq!(Tier::People(100).left(&counted, UnixMs(5)), Some(0));
        assert_eq!(Tier::Unlimited.left(&counted, UnixMs(5)), None);
        assert_eq!(Tier::LEAST.without_reserve(10), Tier::People(225));
        assert_eq!(Tier::Unlimited.without_reserve(10), Tier::Unlimited);
    }

    #[test]
    fn an_open_window_and_a_second_message_cost_nothing() {
        let now = UnixMs(DAY_MS);
        for (open, at, counts) in [
            (false, None, true),
            (true, None, false),
            (false, Some(UnixMs(1)), false),
            (false, Some(UnixMs(0)), true),
        ] {
            assert_eq!(Tier::counts(open, at, now), counts, "{open} {at:?}");
        }
    }
}
