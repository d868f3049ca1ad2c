use std::collections::VecDeque;

use proptest::prelude::*;

use super::*;

const NOON: UnixMs = UnixMs(1_767_225_600_000 + DAY_MS / 2);
const HOUR_MS: i64 = 60 * 60_000;

fn reading(used: i64, at: UnixMs) -> Reading {
    Reading { used, max: 100_000, at }
}

fn told(used: i64) -> Budget {
    let mut budget = Budget::new(Policy::default());
    budget.read(reading(used, NOON));
    budget
}

#[test]
fn lanes_are_slowed_in_order_and_wait_in_order() {
    let table = [
        (39_999, "free free free"),
        (40_000, "free free slow"),
        (52_000, "free slow slow"),
        (64_000, "free slow wait"),
        (68_000, "slow slow wait"),
        (72_000, "slow wait wait"),
        (80_000, "wait wait wait"),
        (100_000, "wait wait wait"),
    ];
    for (used, want) in table {
        let budget = told(used);
        let words = Urgency::ALL.map(|urgency| match budget.pace(urgency, NOON) {
            Pace::Free => "free",
            Pace::Every(_) => "slow",
            Pace::Wait(_) => "wait",
        });
        assert_eq!(words.join(" "), want, "{used} used");
    }
    assert_eq!(Budget::default().pace(Urgency::Status, NOON), Pace::Free, "nothing was told yet");
}

#[test]
fn a_ceiling_is_a_share_or_a_number() {
    let ceiling = |percent, calls_max| {
        let mut budget = Budget::new(Policy { percent, calls_max });
        budget.read(reading(0, NOON));
        budget.ceiling()
    };
    assert_eq!(ceiling(80, None), Some(80_000));
    assert_eq!(ceiling(100, Some(5_000)), Some(5_000));
    assert_eq!(ceiling(10, Some(50_000)), Some(10_000));
    assert_eq!(Budget::default().ceiling(), None);
}

#[test]
fn what_is_left_lasts_until_calls_are_a_day_old() {
    // a quarter of the statuses' share is left and nothing of ours runs out
    let pace = told(60_000).pace(Urgency::Status, NOON);
    assert_eq!(pace, Pace::Every(DAY_MS / 4_000));
    // the same, but all of it was ours, 23 hours ago, and comes back in an hour
    let mut budget = Budget::new(Policy::default());
    budget.read(reading(0, NOON.plus(-23 * HOUR_MS)));
    for _ in 0..60_000 {
        budget.spend(NOON.plus(-23 * HOUR_MS));
    }
    budget.read(reading(60_000, NOON));
    let Pace::Every(ms) = budget.pace(Urgency::Status, NOON) else { panic!("{budget:?}") };
    assert_eq!(ms, DAY_MS / 64_000);
}

#[test]
fn own_calls_run_out_without_asking_the_org() {
    let mut budget = told(79_990);
    for n in 0..10 {
        budget.spend(NOON.plus(n));
    }
    assert_eq!(budget.used(NOON.plus(20)), 80_000);
    assert!(matches!(budget.pace(Urgency::Live, NOON.plus(20)), Pace::Wait(_)));
    budget.read(reading(80_000, NOON.plus(30)));
    let next_day = NOON.plus(DAY_MS);
    assert_eq!(budget.used(next_day), 80_000, "told to five minutes, and not too early");
    assert_eq!(budget.pace(Urgency::Live, next_day), Pace::Wait(next_day.plus(SLOT_MS)));
    assert_eq!(budget.used(next_day.plus(SLOT_MS)), 79_990);
    assert!(matches!(budget.pace(Urgency::Live, next_day.plus(SLOT_MS)), Pace::Every(_)));
}

#[test]
fn calls_of_others_are_told_apart() {
    let mut budget = told(1_000);
    let later = NOON.plus(SLOT_MS);
    for n in 0..7 {
        budget.spend(NOON.plus(n * 1_000));
        assert_eq!(budget.read(reading(1_000 + n, NOON.plus(n * 1_000 + 400))), 0);
    }
    assert_eq!(budget.read(reading(1_107, later)), 100);
    assert_eq!(budget.read(reading(1_000, NOON)), 0, "an old answer that comes late");
    assert_eq!(budget.used(later), 1_107);
}

#[test]
fn the_end_is_foreseen_at_the_present_pace() {
    let mut budget = told(0);
    assert_eq!(budget.outlook(NOON).unwrap().exhausted_at, None, "nobody calls");
    // four calls a second for a quarter of an hour
    let now = NOON.plus(3 * SLOT_MS);
    for n in 0..3_600 {
        budget.spend(NOON.plus(n * 250));
    }
    budget.read(reading(30_000, now));
    let outlook = budget.outlook(now).unwrap();
    let left_s = outlook.exhausted_at.unwrap().since(now) / 1_000;
    // 50,000 left; the 26,400 of others that came along are part of the pace
    assert!((1_490..1_510).contains(&left_s), "{left_s} s");
    assert!(outlook.warns(false, now));
    let calm = now.plus(HOUR_MS);
    budget.read(reading(30_000, calm));
    let outlook = budget.outlook(calm).unwrap();
    assert_eq!(outlook.exhausted_at, None);
    assert!(!outlook.warns(true, calm));
}

#[test]
fn a_warning_is_called_off_later_than_it_is_raised() {
    let outlook = |hours: i64| Outlook {
        used: 30_000,
        max: 100_000,
        ceiling: 80_000,
        exhausted_at: Some(NOON.plus(hours * HOUR_MS)),
        calls_per_message: None,
        slowed: Vec::new(),
        waiting: Vec::new(),
    };
    let table = [(5, false, true), (7, false, false), (7, true, true), (10, true, false)];
    for (hours, known, want) in table {
        assert_eq!(outlook(hours).warns(known, NOON), want, "{hours} h, known: {known}");
    }
    assert!(!Outlook { used: 10_000, ..outlook(5) }.warns(false, NOON), "a short rush");
    let waiting = Outlook { used: 0, waiting: vec![Urgency::Live], ..outlook(20) };
    assert!(waiting.warns(false, NOON));
}

#[test]
fn calls_per_message_are_those_of_a_day() {
    let mut budget = told(0);
    for n in 0..20 {
        budget.spend(NOON.plus(n));
    }
    budget.shown(400, NOON);
    assert_eq!(budget.outlook(NOON).unwrap().calls_per_message, Some(0.05));
    budget.spend(NOON.plus(DAY_MS + HOUR_MS));
    let outlook = budget.outlook(NOON.plus(DAY_MS + HOUR_MS)).unwrap();
    assert_eq!(outlook.calls_per_message, None);
}

/// The org as it counts: each call for a day, to the minute.
#[derive(Default)]
struct Org(VecDeque<i64>);

impl Org {
    fn used(&mut self, now: UnixMs) -> i64 {
        while self.0.front().is_some_and(|at| at / 60_000 <= (now.0 - DAY_MS) / 60_000) {
            self.0.pop_front();
        }
        self.0.len() as i64
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Endless work, whatever was called the day before: the mark holds at
    /// every moment, and the ceiling is made use of.
    #[test]
    fn nothing_goes_beyond_its_mark(
        before in proptest::collection::vec((0..DAY_MS, 1..120i64), 0..12),
        lane in 0..3usize,
        restart in any::<bool>(),
    ) {
        let (urgency, start) = (Urgency::ALL[lane], NOON);
        let mut org = Org::default();
        let mut budget = Budget::new(Policy { percent: 80, calls_max: None });
        let told = |org: &mut Org, now| Reading { used: org.used(now), max: 1_000, at: now };
        let mut earlier: Vec<_> = before.iter().flat_map(|(at, calls)| {
            (0..*calls).map(move |n| start.0 - DAY_MS + at + n * 2_000)
        }).filter(|at| *at < start.0).collect();
        earlier.sort_unstable();
        earlier.truncate(800);
        budget.read(Reading { used: 0, max: 1_000, at: UnixMs(start.0 - DAY_MS) });
        for at in earlier {
            budget.spend(UnixMs(at));
            org.0.push_back(at);
            let answer = told(&mut org, UnixMs(at));
            budget.read(answer);
        }
        let mark = 800 * marks(urgency).1 / 100;
        let (mut now, mut last, mut made) = (start, UnixMs(0), 0);
        let before = org.used(start);
        while now.since(start) < 2 * DAY_MS {
            let due = match budget.pace(urgency, now) {
                Pace::Free => now,
                Pace::Every(ms) => last.plus(ms).max(now),
                Pace::Wait(until) => until.max(now.plus(1)),
            };
            if due > now {
                now = due.min(now.plus(SLOT_MS));
                continue;
            }
            budget.spend(now);
            org.0.push_back(now.0);
            (last, made) = (now, made + 1);
            let answer = told(&mut org, now);
            prop_assert!(answer.used <= mark.max(before), "{} of {mark} at {now:?}", answer.used);
            budget.read(answer);
            if restart && made % 50 == 0 {
                let slots = budget.slots.clone();
                budget = Budget::restored(budget.policy, budget.reading, slots);
            }
            now = now.plus(1_000);
        }
        prop_assert!(made >= mark / 2, "{made} calls in two days, {mark} at once are allowed");
    }
}
