//! The customer service window, and messages that come late.

use model::UnixMs;

/// Free-form messages are allowed for this long after the customer wrote
/// (Cloud API, customer service windows).
pub const SERVICE_WINDOW_MS: i64 = 24 * 3_600_000;

/// A message this much older than its lane's newest triggers no transition.
pub const STALE_MS: i64 = 10 * 60_000;

/// And this much older: nothing answers it automatically.
pub const LATE_MS: i64 = 60 * 60_000;

/// When the window closes; `None` when the customer never wrote.
pub fn closes_at(last_inbound: Option<UnixMs>) -> Option<UnixMs> {
    last_inbound.map(|at| at.plus(SERVICE_WINDOW_MS))
}

pub fn is_open(last_inbound: Option<UnixMs>, now: UnixMs) -> bool {
    closes_at(last_inbound).is_some_and(|end| now < end)
}

/// Whether a message of this type, sent by the customer, opens the window.
/// Notices about the customer (a new number, a deletion, an opened chat) do not.
pub fn opens(kind: &str) -> bool {
    !matches!(kind, "system" | "revoke" | "request_welcome")
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Timeliness {
    Fresh,
    /// Out of order: shown in its place, changes no state.
    Stale,
    /// Out of order by more than an hour: marked, and never answered by itself.
    Late,
}

/// How a message of `sent_at` stands to the newest of its lane.
pub fn timeliness(sent_at: UnixMs, newest: Option<UnixMs>) -> Timeliness {
    match newest.map(|n| n.since(sent_at)) {
        Some(behind) if behind > LATE_MS => Timeliness::Late,
        Some(behind) if behind > STALE_MS => Timeliness::Stale,
        _ => Timeliness::Fresh,
    }
}

/// Meta's timestamps come from phones and servers that may be ahead; a time in
/// our future counts from now, so that nobody can open a window for longer.
pub fn no_later_than(now: UnixMs, claimed: UnixMs) -> UnixMs {
    claimed.min(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: UnixMs = UnixMs(1_750_000_000_000);

    #[test]
    fn open_for_a_day_and_not_a_millisecond_more() {
        assert!(is_open(Some(NOON), NOON));
        assert!(is_open(Some(NOON), NOON.plus(SERVICE_WINDOW_MS - 1)));
        assert!(!is_open(Some(NOON), NOON.plus(SERVICE_WINDOW_MS)));
        assert!(!is_open(None, NOON));
    }

    #[test]
    fn timeliness_by_the_newest_of_the_lane() {
        let newest = Some(NOON);
        for (behind_ms, want) in [
            (-5_000, Timeliness::Fresh),
            (STALE_MS, Timeliness::Fresh),
            (STALE_MS + 1, Timeliness::Stale),
            (LATE_MS, Timeliness::Stale),
            (LATE_MS + 1, Timeliness::Late),
        ] {
            assert_eq!(timeliness(NOON.plus(-behind_ms), newest), want, "{behind_ms}");
        }
        assert_eq!(timeliness(NOON, None), Timeliness::Fresh);
    }
}
