//! What silence ends.

use super::*;

const HOUR: i64 = 3_600_000;

#[test]
fn a_conversation_ends_after_silence_or_with_its_case() {
    let after = "[conversation]\nafter_hours = 2";
    let with_case = "[conversation]\nwith_case = true";
    let both = "[conversation]\nafter_hours = 2\nwith_case = true";
    let at = |hours: i64| Some(NOON.plus(hours * HOUR));
    let quiet = |inbound, outbound, closed| Quiet {
        opened_at: NOON,
        last_inbound: inbound,
        last_outbound: outbound,
        case_closed_at: closed,
        ..Quiet::default()
    };
    for (rules, quiet, ends) in [
        ("", quiet(at(1), None, at(3)), None),
        (after, quiet(None, None, None), at(2)),
        (after, quiet(at(1), None, None), at(3)),
        (after, quiet(at(1), at(5), None), at(7)),
        (after, quiet(at(5), at(1), at(6)), at(7)),
        (with_case, quiet(at(1), None, None), None),
        (with_case, quiet(at(1), at(5), at(4)), at(4)),
        (with_case, quiet(at(5), None, at(4)), None),
        (both, quiet(at(1), None, at(2)), at(2)),
        (both, quiet(at(5), None, at(4)), at(7)),
    ] {
        assert_eq!(ends_at(&routing(rules), &quiet), ends, "{rules} {quiet:?}");
    }
}

#[test]
fn a_case_is_closed_once_when_the_last_word_is_ours() {
    let routing = routing(
        "[[close]]\nname = 'held'\nfrom = ['On Hold']\nafter_days = 30\nto = 'Closed'\n\
         [[close]]\nname = 'silent'\nfrom = ['Waiting', 'On Hold']\nafter_days = 7\nto = 'Closed'",
    );
    let at = |days: i64| Some(NOON.plus(days * DAY));
    let waits = || Quiet {
        case_status: Some("Waiting"),
        last_inbound: at(0),
        last_outbound: at(1),
        ..Quiet::default()
    };
    for (quiet, rule, ends) in [
        (waits(), Some("silent"), at(8)),
        (Quiet { status_since: at(3), ..waits() }, Some("silent"), at(10)),
        (Quiet { status_since: at(-3), ..waits() }, Some("silent"), at(8)),
        (Quiet { case_status: Some("On Hold"), ..waits() }, Some("held"), at(31)),
        (Quiet { last_inbound: None, ..waits() }, Some("silent"), at(8)),
        (Quiet { last_inbound: at(1), ..waits() }, None, None),
        (Quiet { last_outbound: None, ..waits() }, None, None),
        (Quiet { case_status: Some("New"), ..waits() }, None, None),
        (Quiet { case_status: None, ..waits() }, None, None),
        (Quiet { was_closed_by_rule: true, ..waits() }, None, None),
        (Quiet { case_closed_at: at(2), ..waits() }, None, None),
    ] {
        let found = case_ends(&routing, &quiet);
        assert_eq!(found.map(|(rule, _)| rule.name.as_str()), rule, "{quiet:?}");
        assert_eq!(found.map(|(_, at)| at), ends, "{quiet:?}");
    }
}
