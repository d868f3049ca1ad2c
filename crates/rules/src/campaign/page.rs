//! How many members become rows of the outbox now: few enough that a pause is
//! prompt, enough that the number is never idle.

use crate::pace::Bucket;

/// Messages of a pair that a campaign leaves to agents and automations.
const PAIR_RESERVE: i64 = 10;
/// In one commit.
const PAGE_MAX: i64 = 1_000;

/// What there is room for, at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Of the number, messages.
    pub per_second: i64,
    /// Of that, in percent, for the live class alone.
    pub live_reserve: i64,
    /// What the plan asks for, if it asks for less.
    pub own_per_second: Option<i64>,
    /// Of that, what may become rows now ([`own_pace`]).
    pub own_left: Option<i64>,
    /// So long before it can be sent a member is a row.
    pub ahead_ms: i64,
    /// Until quiet hours or the end of the campaign.
    pub open_ms: Option<i64>,
    /// Rows of campaigns of this number that have not been sent.
    pub queued: i64,
    /// People of the portfolio's tier that are left, without those who are queued.
    pub tier_left: Option<u64>,
}

impl Room {
    /// Messages of campaigns in a second; one at least.
    pub fn rate(&self) -> i64 {
        let share = 100 - self.live_reserve.clamp(0, 99);
        let all = self.per_second.max(1) * share / 100;
        self.own_per_second.map_or(all, |own| own.min(all)).max(1)
    }
}

/// Members for the next page; 0: ask again later.
pub fn page(room: &Room) -> u64 {
    let ms = room.open_ms.map_or(room.ahead_ms, |open| open.min(room.ahead_ms)).max(0);
    let ahead = room.rate().saturating_mul(ms) / 1_000;
    // not a page for one member: half of what may wait
    let missing = ahead - room.queued;
    let due = if missing * 2 >= ahead { missing.clamp(0, PAGE_MAX) as u64 } else { 0 };
    let due = room.own_left.map_or(due, |left| due.min(left.max(0) as u64));
    room.tier_left.map_or(due, |left| due.min(left))
}

/// A plan's own rate. What became a row leaves at the number's rate, so members
/// become rows no faster than this; who carries the campaign on begins with none.
pub fn own_pace(per_second: i64, now_ms: i64) -> Bucket {
    let rate = per_second.max(1);
    Bucket::new(rate, rate, 1_000, 0, now_ms)
}

/// How long a campaign waits for a pair; 0: its message may go.
pub fn pair_wait_ms(pair: &mut Bucket, now_ms: i64) -> i64 {
    pair.wait_for_ms(now_ms, 1 + PAIR_RESERVE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ROOM: Room = Room {
        per_second: 80,
        live_reserve: 10,
        own_per_second: None,
        own_left: None,
        ahead_ms: 10_000,
        open_ms: None,
        queued: 0,
        tier_left: None,
    };

    #[test]
    fn no_more_than_what_leaves_soon() {
        for (room, members) in [
            (ROOM, 720),
            (Room { queued: 300, ..ROOM }, 420),
            (Room { queued: 361, ..ROOM }, 0),
            (Room { queued: 9_000, ..ROOM }, 0),
            (Room { own_per_second: Some(5), ..ROOM }, 50),
            (Room { own_per_second: Some(500), ..ROOM }, 720),
            (Room { own_per_second: Some(20), own_left: Some(7), ..ROOM }, 7),
            (Room { own_per_second: Some(20), own_left: Some(-3), ..ROOM }, 0),
            (Room { tier_left: Some(7), ..ROOM }, 7),
            (Room { tier_left: Some(0), ..ROOM }, 0),
            (Room { open_ms: Some(2_000), ..ROOM }, 144),
            (Room { open_ms: Some(-5), ..ROOM }, 0),
            (Room { per_second: 1_000, ..ROOM }, 1_000),
            (Room { per_second: 1, live_reserve: 100, ..ROOM }, 10),
        ] {
            assert_eq!(page(&room), members, "{room:?}");
        }
    }

    #[test]
    fn a_plan_that_asks_for_less_gets_no_more() {
        for per_second in [1, 20, 300] {
            let mut own = own_pace(per_second, 0);
            let mut rows = 0;
            // looked at every half second, and nothing ever waits in the outbox
            for look in 1..=20 {
                let now_ms = look * 500;
                let own_left = Some(own.level(now_ms));
                let room =
                    Room { per_second: 1_000, own_per_second: Some(per_second), own_left, ..ROOM };
                let members = page(&room) as i64;
                own.spend(members, now_ms);
                rows += members;
            }
            assert_eq!(rows, per_second * 10, "in ten seconds");
        }
    }

    #[test]
    fn a_pair_keeps_room_for_an_agent() {
        let mut pair = Bucket::pair(0);
        for _ in 0..35 {
            assert_eq!(pair_wait_ms(&mut pair, 0), 0);
            pair.take(0);
        }
        assert_eq!(pair_wait_ms(&mut pair, 0), 6_000);
        for _ in 0..10 {
            assert_eq!(pair.wait_ms(0), 0, "the agent writes meanwhile");
            pair.take(0);
        }
        assert_eq!(pair_wait_ms(&mut pair, 0), 66_000);
    }

    proptest! {
        /// What waits in the outbox never grows beyond the look-ahead, and no
        /// page is beyond the tier.
        #[test]
        fn the_outbox_stays_small(
            per_second in 1i64..1_200,
            own in proptest::option::of(1i64..200),
            ahead_ms in 1_000i64..60_000,
            sent in proptest::collection::vec(0i64..2_000, 1..60),
            mut tier in 0u64..50_000,
        ) {
            let mut queued = 0;
            for sent in sent {
                let room = Room {
                    per_second, own_per_second: own, ahead_ms, queued, tier_left: Some(tier), ..ROOM
                };
                let members = page(&room);
                prop_assert!(members <= tier);
                tier -= members;
                queued += members as i64;
                prop_assert!(queued * 1_000 <= room.rate() * ahead_ms);
                queued = (queued - sent).max(0);
            }
        }
    }
}
