//! A status is a rank; merging keeps the higher one. Statuses come late, twice
//! and out of order, so nothing ever "sets" one.

use std::fmt;

/// Where an outbound message stands. The order of the variants is the rank.
///
/// `Failed` ranks above `Sent` and below `Delivered`: it is final unless a
/// delivery is reported, which is then believed (Meta, message status webhooks).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// In our outbox.
    Queued,
    /// The call was made and its answer was lost.
    Uncertain,
    /// Meta answered 200 with a wamid.
    Accepted,
    /// One tick: left Meta's servers.
    Sent,
    Failed,
    /// Two ticks: on the device.
    Delivered,
    /// Blue ticks. Implies delivered.
    Read,
    /// A voice message was played. Implies read.
    Played,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merged {
    Raised(Status),
    Unchanged,
}

impl Status {
    pub const ALL: [Self; 8] = [
        Self::Queued,
        Self::Uncertain,
        Self::Accepted,
        Self::Sent,
        Self::Failed,
        Self::Delivered,
        Self::Read,
        Self::Played,
    ];

    /// Stored form; gaps leave room for later steps.
    pub const fn rank(self) -> i16 {
        match self {
            Self::Queued => 0,
            Self::Uncertain => 10,
            Self::Accepted => 20,
            Self::Sent => 30,
            Self::Failed => 40,
            Self::Delivered => 50,
            Self::Read => 60,
            Self::Played => 70,
        }
    }

    pub fn from_rank(rank: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.rank() == rank)
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Uncertain => "uncertain",
            Self::Accepted => "accepted",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Played => "played",
        }
    }

    /// Meta's own words in `statuses[].status`. The legacy `deleted` and
    /// `warning` carry no rank and give `None`.
    pub fn from_wire(word: &str) -> Option<Self> {
        Some(match word {
            "sent" => Self::Sent,
            "delivered" => Self::Delivered,
            "read" => Self::Read,
            "played" => Self::Played,
            "failed" => Self::Failed,
            _ => return None,
        })
    }

    pub fn merge(self, seen: Self) -> Merged {
        if seen > self { Merged::Raised(seen) } else { Merged::Unchanged }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(a: Status, b: Status) -> Status {
        match a.merge(b) {
            Merged::Raised(s) => s,
            Merged::Unchanged => a,
        }
    }

    #[test]
    fn merge_is_idempotent_commutative_and_associative() {
        for a in Status::ALL {
            assert_eq!(merged(a, a), a);
            for b in Status::ALL {
                assert_eq!(merged(a, b), merged(b, a));
                for c in Status::ALL {
                    assert_eq!(merged(merged(a, b), c), merged(a, merged(b, c)));
                }
            }
        }
    }

    #[test]
    fn ranks_follow_the_order_and_come_back() {
        for pair in Status::ALL.windows(2) {
            assert!(pair[0].rank() < pair[1].rank());
        }
        for s in Status::ALL {
            assert_eq!(Status::from_rank(s.rank()), Some(s));
        }
        assert_eq!(Status::from_rank(1), None);
    }

    #[test]
    fn a_delivery_is_believed_after_a_failure() {
        assert_eq!(merged(Status::Failed, Status::Delivered), Status::Delivered);
        assert_eq!(merged(Status::Failed, Status::Sent), Status::Failed);
    }
}
