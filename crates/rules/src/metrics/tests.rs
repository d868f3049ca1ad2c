//! Single cases, and sums against a count that knows nothing of this room's ways.

use model::UnixMs;
use proptest::option::of;
use proptest::prelude::*;

use super::*;

const DAY: i64 = 86_400_000;
/// A day, and what lies before and after it.
const TODAY: Span = Span { from: UnixMs(10 * DAY), until: UnixMs(11 * DAY) };

fn words(hits: &[Hit]) -> Vec<&'static str> {
    hits.iter().map(|hit| hit.metric.as_str()).collect()
}

fn at(day: i64, ms: i64) -> Option<UnixMs> {
    Some(UnixMs(day * DAY + ms))
}

#[test]
fn every_metric_has_a_word_of_its_own_and_a_definition_in_three_languages() {
    for (n, metric) in Metric::ALL.iter().enumerate() {
        assert_eq!(Metric::parse(metric.as_str()), Some(*metric));
        let texts = metric.definition();
        assert_eq!(texts.map(|(language, _)| language), ["en", "es", "pt"]);
        for (i, (_, text)) in texts.iter().enumerate() {
            assert!(text.ends_with('.') && text.len() > 30, "{}", metric.as_str());
            let other = |(j, m): (usize, &Metric)| {
                (j != n && m.definition()[i].1 == *text).then(|| m.as_str())
            };
            assert_eq!(Metric::ALL.iter().enumerate().find_map(other), None);
        }
    }
    assert_eq!(Metric::parse("happiness"), None);
    assert_eq!(By::ALL.map(|by| By::parse(by.as_str())), By::ALL.map(Some));
}

#[test]
fn what_a_message_of_the_customer_adds() {
    let first = MessageFact { inbound: true, at: UnixMs(10 * DAY + 5), ..MessageFact::default() };
    assert_eq!(words(&message(&first, TODAY)), ["conversations_active", "received"]);
    let next = MessageFact { before_at: at(10, 1), ..first.clone() };
    assert_eq!(words(&message(&next, TODAY)), ["received"]);
    let of_yesterday = MessageFact { before_at: at(9, 1), ..first };
    assert_eq!(words(&message(&of_yesterday, TODAY)), ["conversations_active", "received"]);
}

#[test]
fn how_far_a_message_of_ours_came() {
    let asked = MessageFact {
        at: UnixMs(10 * DAY + 500),
        before_at: at(10, 100),
        waited_since: at(10, 100),
        ..MessageFact::default()
    };
    assert_eq!(words(&message(&asked, TODAY)), ["response", "asked"]);
    assert_eq!(message(&asked, TODAY)[0].value, 400);
    let campaign = MessageFact { campaign: true, ..asked.clone() };
    assert_eq!(words(&message(&campaign, TODAY)), ["asked"]);
    // `read` alone says the rest
    let read = MessageFact { read_at: at(17, DAY - 1), replied_at: at(12, 0), ..asked.clone() };
    assert_eq!(
        words(&message(&read, TODAY))[1..],
        ["asked", "accepted", "sent", "delivered", "read", "replied"]
    );
    let too_late = MessageFact { read_at: at(18, 0), accepted_at: at(10, 501), ..asked.clone() };
    assert_eq!(words(&message(&too_late, TODAY))[1..], ["asked", "accepted"]);
    let failed = MessageFact { failed_at: at(10, 600), ..asked.clone() };
    assert_eq!(words(&message(&failed, TODAY))[1..], ["asked", "failed"]);
    let arrived_after_all = MessageFact { delivered_at: at(10, 700), ..failed };
    assert_eq!(
        words(&message(&arrived_after_all, TODAY))[1..],
        ["asked", "accepted", "sent", "delivered"]
    );
}

#[test]
fn what_a_conversation_adds() {
    let open = ConversationFact {
        opened_at: UnixMs(10 * DAY),
        first_inbound_at: at(10, 0),
        ..ConversationFact::default()
    };
    assert_eq!(words(&opened(&open, TODAY)), ["conversations_opened"]);
    assert!(closed(&open).is_empty());
    let answered = ConversationFact { first_response_at: at(10, 90), ..open.clone() };
    assert_eq!(words(&opened(&answered, TODAY)), ["conversations_opened", "first_response"]);
    assert_eq!(opened(&answered, TODAY)[1].value, 90);
    let much_later = ConversationFact { first_response_at: at(18, 0), ..open.clone() };
    assert_eq!(words(&opened(&much_later, TODAY)), ["conversations_opened"]);
    let by_us = ConversationFact { first_inbound_at: None, ..answered };
    assert_eq!(words(&opened(&by_us, TODAY)), ["conversations_opened"]);
    let ended = ConversationFact { closed_at: at(12, 7), ..open };
    assert_eq!(words(&closed(&ended)), ["conversations_closed", "resolution"]);
    assert_eq!(closed(&ended)[1].value, 2 * DAY + 7);
}

#[test]
fn a_difference_names_each_metric_once_with_both_values() {
    let cell = |count| Cell { count, sum: count };
    let cells = |list: &[(Metric, By, &str, i64)]| -> Cells {
        list.iter().map(|(m, by, key, n)| ((*m, *by, (*key).to_owned()), cell(*n))).collect()
    };
    let kept = cells(&[(Metric::Sent, By::All, "", 3), (Metric::Sent, By::Number, "1", 3)]);
    let mut anew = kept.clone();
    assert!(differing(&kept, &anew).is_empty());
    anew.extend(cells(&[(Metric::Sent, By::All, "", 2), (Metric::Sent, By::Number, "1", 2)]));
    anew.extend(cells(&[(Metric::Read, By::Number, "1", 1)]));
    let found = differing(&kept, &anew);
    assert_eq!(
        found,
        [
            (Metric::Sent, By::All, String::new(), cell(3), cell(2)),
            (Metric::Read, By::Number, "1".to_owned(), cell(0), cell(1)),
        ]
    );
}

fn moment() -> impl Strategy<Value = Option<UnixMs>> {
    of((8 * DAY..20 * DAY).prop_map(UnixMs))
}

prop_compose! {
    fn fact()(
        inbound: bool, campaign: bool, at in 10 * DAY..11 * DAY, before_at in moment(),
        waited_since in moment(), replied_at in moment(), accepted_at in moment(),
        sent_at in moment(), delivered_at in moment(), read_at in moment(),
        failed_at in moment(),
    ) -> MessageFact {
        let at = UnixMs(at);
        MessageFact {
            inbound, campaign, at, before_at, waited_since, replied_at, accepted_at, sent_at,
            delivered_at, read_at, failed_at, code: None,
        }
    }
}

fn name(n: usize) -> Option<String> {
    (n > 0).then(|| format!("k{n}"))
}

proptest! {
    /// Each cell is what a plain filter over the facts finds.
    #[test]
    fn a_tally_is_what_a_naive_count_finds(
        facts in proptest::collection::vec((fact(), 0..3usize, 0..3usize, 0..3usize), 0..40),
    ) {
        let mut tally = Tally::default();
        for (fact, number, agent, code) in &facts {
            let key = Key {
                number: name(*number), agent: name(*agent), template: None, code: name(*code), source: None,
            };
            tally.add(&message(fact, TODAY), &key);
        }
        let cells = tally.cells();
        let reach = UnixMs(18 * DAY);
        let any = |times: &[Option<UnixMs>]| times.iter().flatten().any(|at| *at < reach);
        let ours = |f: &MessageFact| !f.inbound;
        let arrived = |f: &MessageFact| any(&[f.delivered_at, f.read_at]);
        type Is<'a> = Box<dyn Fn(&MessageFact) -> bool + 'a>;
        let naive: Vec<(Metric, Is<'_>)> = vec![
            (Metric::Received, Box::new(|f| f.inbound)),
            (Metric::Asked, Box::new(ours)),
            (Metric::Accepted, Box::new(|f| {
                ours(f) && any(&[f.accepted_at, f.sent_at, f.delivered_at, f.read_at])
            })),
            (Metric::Delivered, Box::new(|f| ours(f) && arrived(f))),
            (Metric::Read, Box::new(|f| ours(f) && any(&[f.read_at]))),
            (Metric::Replied, Box::new(|f| ours(f) && any(&[f.replied_at]))),
            (Metric::Failed, Box::new(|f| ours(f) && any(&[f.failed_at]) && !arrived(f))),
        ];
        for (metric, is) in &naive {
            for number in 0..3 {
                let of = |n: &usize| number == 0 || *n == number;
                let want = facts.iter().filter(|(f, n, ..)| is(f) && of(n)).count() as i64;
                let place = match name(number) {
                    None => (*metric, By::All, String::new()),
                    Some(key) => (*metric, By::Number, key),
                };
                let cell = cells.get(&place).copied().unwrap_or_default();
                prop_assert_eq!((cell.count, cell.sum), (want, want), "{:?}", place);
            }
        }
        let waits = facts.iter().filter(|(f, ..)| ours(f) && !f.campaign);
        let waits: Vec<i64> = waits
            .filter_map(|(f, ..)| f.waited_since.map(|since| f.at.since(since).max(0)))
            .collect();
        let cell = cells.get(&(Metric::Response, By::All, String::new())).copied();
        let cell = cell.unwrap_or_default();
        prop_assert_eq!((cell.count, cell.sum), (waits.len() as i64, waits.iter().sum()));
        // why it failed is told of failures alone, and agrees with them
        let codes = cells.keys().filter(|(_, by, _)| *by == By::Code);
        prop_assert!(codes.clone().all(|(metric, ..)| *metric == Metric::Failed));
    }

    /// The funnel narrows: no step has more than the one before.
    #[test]
    fn no_step_has_more_than_the_one_before(facts in proptest::collection::vec(fact(), 0..40)) {
        let mut tally = Tally::default();
        for fact in &facts {
            tally.add(&message(fact, TODAY), &Key::default());
        }
        let cells = tally.cells();
        let count = |m| cells.get(&(m, By::All, String::new())).map_or(0, |c| c.count);
        let steps = [Metric::Asked, Metric::Accepted, Metric::Sent, Metric::Delivered, Metric::Read];
        for pair in steps.windows(2) {
            prop_assert!(count(pair[0]) >= count(pair[1]), "{:?}", pair);
        }
        prop_assert!(count(Metric::Delivered) + count(Metric::Failed) <= count(Metric::Asked));
    }
}
