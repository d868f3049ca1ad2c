//! Replies that move a waiting case.

use super::*;

const RULES: &str = "[[reply]]\nname = 'shop'\nnumber = ['106']\n\
    from = ['Waiting on Customer', 'On Hold']\nto = 'Customer Replied'\n";

#[test]
fn a_reply_moves_a_waiting_case_once_and_never_when_late() {
    let routing = routing(RULES);
    let id = RecordId::new("500000000000001AAA");
    let waiting = || CaseFacts { status: "On Hold", ..a_case(&id, -DAY, None) };
    let late = |timeliness| Facts { timeliness, ..facts() };
    for (facts, case, moves) in [
        (facts(), waiting(), true),
        (late(Timeliness::Stale), waiting(), false),
        (late(Timeliness::Late), waiting(), false),
        (Facts { is_history: true, ..facts() }, waiting(), false),
        (Facts { number: "107", ..facts() }, waiting(), false),
        (facts(), CaseFacts { status: "New", ..waiting() }, false),
        (facts(), CaseFacts { closed_at: Some(NOON.plus(-DAY)), ..waiting() }, false),
        (facts(), CaseFacts { moved_by: Some(NOON), ..waiting() }, false),
        (facts(), CaseFacts { moved_by: Some(NOON.plus(1)), ..waiting() }, false),
        (facts(), CaseFacts { moved_by: Some(NOON.plus(-1)), ..waiting() }, true),
        (facts(), CaseFacts { status_since: Some(NOON), ..waiting() }, true),
        (facts(), CaseFacts { status_since: Some(NOON.plus(1)), ..waiting() }, false),
    ] {
        let verdict = reply(&routing, &facts, &case);
        assert_eq!(verdict.act.is_some(), moves, "{facts:?} {case:?}");
        assert_eq!(verdict.act.unwrap_or("Customer Replied"), "Customer Replied");
    }
}

#[test]
fn a_status_that_no_rule_takes_names_the_key() {
    let routing = routing(RULES);
    let id = RecordId::new("500000000000001AAA");
    let verdict = reply(&routing, &facts(), &a_case(&id, -DAY, None));
    assert_eq!((verdict.rule, verdict.passed), (None, vec![("shop", "from")]));
}

#[test]
fn the_first_touch_is_kept_until_it_is_won() {
    let ad = Referral { kind: ReferralKind::Ad, source_id: Some("120"), click_id: Some("c") };
    let by_ad = Facts { referral: Some(ad), button: Some("buy"), ..facts() };
    let later =
        Facts { campaign: Some("cmp_1"), button: Some("x"), sent_at: NOON.plus(9), ..facts() };
    let first = attribute(None, None, &by_ad);
    let touch = Touch::Referral {
        kind: ReferralKind::Ad,
        source_id: Some("120".into()),
        click_id: Some("c".into()),
    };
    assert_eq!(first, Some(Attribution { touch, at: NOON }));
    assert_eq!(attribute(first.clone(), None, &later), first);
    let anew = Some(Attribution { touch: Touch::Campaign("cmp_1".into()), at: NOON.plus(9) });
    assert_eq!(attribute(first.clone(), Some(NOON.plus(5)), &later), anew);
    assert_eq!(attribute(first.clone(), Some(NOON.plus(9)), &later), first, "not after the win");
    let by_ad = Facts { sent_at: NOON.plus(20), ..by_ad };
    assert_eq!(attribute(anew.clone(), Some(NOON.plus(5)), &by_ad), anew, "of after the win");
    assert_eq!(
        attribute(first.clone(), Some(NOON.plus(5)), &Facts { sent_at: NOON.plus(9), ..facts() }),
        first
    );
    assert_eq!(attribute(None, None, &facts()), None);
    assert_eq!(attribute(None, None, &Facts { is_history: true, ..later }), None);
    let button = attribute(None, None, &Facts { button: Some("buy"), ..facts() });
    assert_eq!(button.map(|b| b.touch), Some(Touch::Button("buy".into())));
}
