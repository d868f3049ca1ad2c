//! How much goes into a share, and how often Salesforce is asked about it.

use model::ids::PersonId;

use super::call::look_ms;
use super::claim::share;

fn people(messages: &[u64]) -> Vec<(PersonId, u64)> {
    let person = |n: usize| PersonId::from_bytes([n as u8; 16]);
    messages.iter().enumerate().map(|(n, m)| (person(n), *m)).collect()
}

#[test]
fn a_share_is_full_and_never_empty_while_somebody_waits() {
    for (messages, want) in [
        (&[][..], 0),
        (&[3, 3, 3, 3], 3),
        (&[10, 1], 1),
        (&[50, 1], 1),
        (&[4, 9, 1], 1),
        (&[0, 0, 0], 3),
        (&[0; 30], 10),
    ] {
        assert_eq!(share(people(messages), 10).len(), want, "{messages:?}");
    }
    let oldest = people(&[5, 5, 5]);
    assert_eq!(share(oldest.clone(), 10), [oldest[0].0, oldest[1].0]);
}

#[test]
fn salesforce_is_asked_soon_and_then_seldom() {
    let looks: Vec<_> = (0..8).map(look_ms).collect();
    assert_eq!(looks, [2_000, 3_000, 4_500, 6_750, 10_125, 15_000, 15_000, 15_000]);
    // a file of 10,000 rows at 8 ms a row
    let mut at = 0;
    let calls = (0..)
        .take_while(|n| {
            at += look_ms(*n);
            at < 80_000
        })
        .count();
    assert!(calls < 10, "{calls}");
}
