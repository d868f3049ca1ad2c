//! Where one member of a campaign stands: a row for a campaign and a person.

use model::Status;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Member {
    Waiting,
    /// A row of the outbox, which says more.
    Queued,
    Sent,
    /// Meta held it back; waits for another day.
    HeldBack,
    /// Its call's answer was lost. Never written to again by the campaign.
    Uncertain,
    Failed,
    LeftOut,
}

/// What happens to a member by its newest row of the outbox. What is told late of
/// an earlier row is no event here, unless it was delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// The row of the outbox is made, in one commit with this.
    Queue,
    Reached(Status),
    /// [`super::Then::Retry`]
    HoldBack,
    LeaveOut,
}

impl Member {
    pub const ALL: [Self; 7] = [
        Self::Waiting,
        Self::Queued,
        Self::Sent,
        Self::HeldBack,
        Self::Uncertain,
        Self::Failed,
        Self::LeftOut,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::HeldBack => "held_back",
            Self::Uncertain => "uncertain",
            Self::Failed => "failed",
            Self::LeftOut => "left_out",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|member| member.as_str() == word)
    }

    /// Someone is still to be written to, or to be heard of.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Queued | Self::HeldBack)
    }

    /// The state after it, `None` when it changes nothing: events come late and
    /// twice.
    pub fn after(self, moved: Moved) -> Option<Self> {
        let next = match (self, moved) {
            (Self::Waiting | Self::HeldBack, Moved::Queue) => Self::Queued,
            (Self::Waiting | Self::HeldBack, Moved::LeaveOut) => Self::LeftOut,
            // the row is told by its checks at the send that it must not go
            (Self::Queued, Moved::LeaveOut) => Self::LeftOut,
            (Self::Queued | Self::Sent, Moved::HoldBack) => Self::HeldBack,
            // a delivery is believed after anything
            (Self::LeftOut, _) => return None,
            (_, Moved::Reached(status)) if status >= Status::Delivered => Self::Sent,
            (Self::Queued | Self::Uncertain, Moved::Reached(Status::Accepted | Status::Sent)) => {
                Self::Sent
            }
            (Self::Queued, Moved::Reached(Status::Uncertain)) => Self::Uncertain,
            (Self::Queued | Self::Sent | Self::Uncertain, Moved::Reached(Status::Failed)) => {
                Self::Failed
            }
            _ => return None,
        };
        (next != self).then_some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_member_moves_by_what_happened() {
        use Member::*;
        for (from, moved, to) in [
            (Waiting, Moved::Queue, Some(Queued)),
            (Waiting, Moved::LeaveOut, Some(LeftOut)),
            (Queued, Moved::Queue, None),
            (Queued, Moved::LeaveOut, Some(LeftOut)),
            (Queued, Moved::Reached(Status::Queued), None),
            (Queued, Moved::Reached(Status::Accepted), Some(Sent)),
            (Queued, Moved::Reached(Status::Uncertain), Some(Uncertain)),
            (Uncertain, Moved::Reached(Status::Sent), Some(Sent)),
            (Uncertain, Moved::Reached(Status::Failed), Some(Failed)),
            (Uncertain, Moved::Queue, None),
            (Sent, Moved::Reached(Status::Read), None),
            (Sent, Moved::Reached(Status::Failed), Some(Failed)),
            (Sent, Moved::HoldBack, Some(HeldBack)),
            (HeldBack, Moved::Queue, Some(Queued)),
            (HeldBack, Moved::Reached(Status::Failed), None),
            (HeldBack, Moved::Reached(Status::Delivered), Some(Sent)),
            (Failed, Moved::Reached(Status::Delivered), Some(Sent)),
            (Failed, Moved::Queue, None),
            (LeftOut, Moved::Queue, None),
        ] {
            assert_eq!(from.after(moved), to, "{from:?} {moved:?}");
        }
        for member in Member::ALL {
            assert_eq!(Member::parse(member.as_str()), Some(member));
        }
    }

    proptest! {
        /// A member becomes a row again only after Meta held it back.
        #[test]
        fn nobody_is_queued_twice(events in proptest::collection::vec(0..11usize, 0..40)) {
            let (mut member, mut may_queue) = (Member::Waiting, true);
            for n in events {
                let moved = match n {
                    0 => Moved::Queue,
                    1 => Moved::HoldBack,
                    2 => Moved::LeaveOut,
                    n => Moved::Reached(Status::ALL[n - 3]),
                };
                let Some(next) = member.after(moved) else { continue };
                if next == Member::Queued {
                    prop_assert!(may_queue);
                    may_queue = false;
                }
                may_queue |= next == Member::HeldBack;
                member = next;
            }
        }
    }
}
