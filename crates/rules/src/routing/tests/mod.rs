//! Files and messages, as tables; and what holds of all of them.

mod closing;
mod mistakes;
mod org;
mod replies;

use model::UnixMs;
use model::ids::RecordId;
use proptest::prelude::*;

use super::*;
use crate::window::Timeliness;

const NOON: UnixMs = UnixMs(1_750_000_000_000);
const DAY: i64 = 86_400_000;

fn routing(rules: &str) -> Routing {
    Routing::read(&format!("format = 1\n{rules}")).unwrap()
}

fn facts<'a>() -> Facts<'a> {
    Facts {
        person: Known::Contact,
        number: "106",
        text: "¿Cuál es el PRECIO, por favor?",
        button: None,
        campaign: None,
        referral: None,
        in_hours: true,
        sent_at: NOON,
        timeliness: Timeliness::Fresh,
        is_history: false,
        cases: &[],
        has_opportunity: false,
    }
}

fn a_case(id: &RecordId, opened: i64, closed: Option<i64>) -> CaseFacts<'_> {
    CaseFacts {
        id,
        opened_at: NOON.plus(opened),
        closed_at: closed.map(|at| NOON.plus(at)),
        status: "New",
        status_since: None,
        moved_by: None,
    }
}

#[test]
fn without_a_file_an_unknown_person_is_a_lead_and_a_contact_has_a_case() {
    let routing = Routing::read(DEFAULT).unwrap();
    let id = RecordId::new("500000000000001AAA");
    let open = [a_case(&id, -DAY, None)];
    let closed = [a_case(&id, -DAY, Some(-1))];
    let lead = Newcomer::Lead(Placement::default());
    for (person, made) in
        [(Known::Nobody, Some(&lead)), (Known::Lead, None), (Known::Contact, None)]
    {
        assert_eq!(newcomer(&routing, &Facts { person, ..facts() }).act, made);
    }
    let new = Some(CaseAct::New(&routing.cases[0].act.placement));
    assert_eq!(case(&routing, &facts()).act, new);
    assert_eq!(case(&routing, &Facts { cases: &closed, ..facts() }).act, new);
    let reused = case(&routing, &Facts { cases: &open, ..facts() });
    assert_eq!((reused.act, reused.rule), (Some(CaseAct::Reuse(&id)), Some("contacts")));
    assert_eq!(case(&routing, &Facts { person: Known::Lead, ..facts() }).act, None);
    assert_eq!(opportunity(&routing, &facts()).act, None);
    let waiting = CaseFacts { status: "Waiting", ..a_case(&id, -DAY, None) };
    assert_eq!(reply(&routing, &facts(), &waiting).act, None);
    assert_eq!(ends_at(&routing, &Quiet::default()), Some(UnixMs(7 * DAY)), "a week of silence");
    assert_eq!(placement(&routing).owner.auto_assign(), "TRUE", "as Salesforce does unasked");
}

fn placement(routing: &Routing) -> &Placement {
    match &routing.newcomers[0].act {
        Newcomer::Lead(placement) | Newcomer::Contact(_, placement) => placement,
        Newcomer::Nothing => panic!("nothing is placed"),
    }
}

#[test]
fn a_rule_holds_when_all_that_it_names_does() {
    let id = RecordId::new("500000000000001AAA");
    let open = [a_case(&id, -DAY, None)];
    let closed = [a_case(&id, -DAY, Some(-1))];
    let ad = Referral { kind: ReferralKind::Ad, source_id: Some("120"), click_id: None };
    let came_by_ad = Facts { referral: Some(ad), ..facts() };
    let pressed = Facts { button: Some("buy"), ..facts() };
    let answered = Facts { campaign: Some("cmp_1"), ..facts() };
    for (keys, facts, failing) in [
        ("", facts(), None),
        ("person = ['lead', 'contact']", facts(), None),
        ("person = ['lead']", facts(), Some("person")),
        ("number = ['105', '106']", facts(), None),
        ("number = ['10']", facts(), Some("number")),
        ("keyword = ['precio']", facts(), None),
        ("keyword = ['¡Cual ES!']", facts(), None),
        ("keyword = ['preci']", facts(), Some("keyword")),
        ("keyword = ['es precio']", facts(), Some("keyword")),
        ("keyword = ['precio']", Facts { text: "", ..facts() }, Some("keyword")),
        ("button = ['buy']", pressed.clone(), None),
        ("button = ['Buy']", pressed.clone(), Some("button")),
        ("button = ['buy']", facts(), Some("button")),
        ("campaign = ['cmp_1']", answered, None),
        ("campaign = ['cmp_1']", facts(), Some("campaign")),
        ("referral = ['ad']", came_by_ad.clone(), None),
        ("referral = ['post']", came_by_ad.clone(), Some("referral")),
        ("referral = ['ad', 'post']", facts(), Some("referral")),
        ("source = ['119', '120']", came_by_ad, None),
        ("source = ['120']", facts(), Some("source")),
        ("hours = 'in'", facts(), None),
        ("hours = 'out'", facts(), Some("hours")),
        ("case = ['none']", facts(), None),
        ("case = ['open']", Facts { cases: &open, ..facts() }, None),
        ("case = ['closed']", Facts { cases: &closed, ..facts() }, None),
        ("case = ['closed']", Facts { cases: &open, ..facts() }, Some("case")),
        ("button = ['buy']\nkeyword = ['no']", pressed, Some("keyword")),
    ] {
        let text = format!("[[case]]\nname = 'a'\n{keys}");
        let found = routing(&text).cases[0].when.holds(&facts).err();
        assert_eq!(found, failing, "{keys}");
    }
}

#[test]
fn the_first_rule_that_holds_decides_and_says_which_did_not() {
    let routing = routing(
        "[[newcomer]]\nname = 'ads'\nreferral = ['ad']\nmake = 'nothing'\n\
         [[newcomer]]\nname = 'shop'\nnumber = ['106']\nmake = 'contact'\naccount = 'own'\n\
         [[newcomer]]\nname = 'rest'\nmake = 'lead'\nqueue = 'Sales'\nrecord_type = 'Web'",
    );
    let nobody = Facts { person: Known::Nobody, ..facts() };
    let verdict = newcomer(&routing, &nobody);
    assert_eq!(verdict.rule, Some("shop"));
    assert_eq!(verdict.passed, [("ads", "referral")]);
    assert_eq!(verdict.act, Some(&Newcomer::Contact(Account::Own, Placement::default())));
    let elsewhere = newcomer(&routing, &Facts { number: "107", ..nobody.clone() });
    let placement =
        Placement { owner: Owner::Queue("Sales".into()), record_type: Some("Web".into()) };
    assert_eq!(elsewhere.act, Some(&Newcomer::Lead(placement)));
    let ad = Referral { kind: ReferralKind::Ad, source_id: None, click_id: None };
    let by_ad = newcomer(&routing, &Facts { referral: Some(ad), ..nobody });
    assert_eq!((by_ad.act, by_ad.rule), (None, Some("ads")), "nothing is a decision too");
}

#[test]
fn an_owner_keeps_assignment_rules_off() {
    for (keys, header) in [
        ("", "TRUE"),
        ("assignment = true", "TRUE"),
        ("assignment = false", "FALSE"),
        ("assignment = '01Q000000000001AAA'", "01Q000000000001AAA"),
        ("owner = '005000000000001AAA'", "FALSE"),
        ("owner = '005000000000001AAA'\nassignment = false", "FALSE"),
        ("queue = 'Sales'", "FALSE"),
    ] {
        let routing = routing(&format!("[[newcomer]]\nname = 'a'\nmake = 'lead'\n{keys}"));
        assert_eq!(placement(&routing).owner.auto_assign(), header, "{keys}");
    }
}

/// Days of opening and closing, and what is done with a message of day 0.
#[test]
fn a_case_is_taken_reopened_or_made() {
    let ids = [RecordId::new("500000000000001AAA"), RecordId::new("500000000000002AAA")];
    let reopening = "[[case]]\nname = 'a'\nreopen_days = 7\nreopen_status = 'Working'";
    for (keys, cases, timeliness, done) in [
        ("", vec![(-3, None), (-2, None)], Timeliness::Fresh, "reuse 2"),
        ("", vec![(-2, None), (-3, None)], Timeliness::Late, "reuse 1"),
        ("", vec![(-3, None), (-2, Some(-1))], Timeliness::Fresh, "reuse 1"),
        ("", vec![(-9, Some(-8))], Timeliness::Fresh, "new"),
        ("", vec![(-9, Some(-7))], Timeliness::Fresh, "reopen 1 Working"),
        ("", vec![(-9, Some(-3)), (-9, Some(-2))], Timeliness::Fresh, "reopen 2 Working"),
        ("", vec![(-9, Some(-7))], Timeliness::Stale, "nothing"),
        ("", vec![(-9, Some(-8))], Timeliness::Late, "new"),
        ("", vec![(-9, Some(0))], Timeliness::Fresh, "nothing"),
        ("", vec![(-9, Some(1))], Timeliness::Fresh, "nothing"),
        ("", vec![], Timeliness::Late, "new"),
        ("make = 'none'", vec![], Timeliness::Fresh, "nothing"),
        ("make = 'none'", vec![(-3, None)], Timeliness::Fresh, "reuse 1"),
        ("reuse_open = false", vec![(-3, None)], Timeliness::Fresh, "new"),
    ] {
        let routing = routing(&format!("{reopening}\n{keys}"));
        let cases: Vec<_> = cases
            .iter()
            .zip(&ids)
            .map(|((opened, closed), id)| a_case(id, opened * DAY, closed.map(|c| c * DAY)))
            .collect();
        let number = |id: &RecordId| if *id == ids[0] { 1 } else { 2 };
        let verdict = case(&routing, &Facts { cases: &cases, timeliness, ..facts() });
        let found = match verdict.act {
            None => "nothing".to_owned(),
            Some(CaseAct::Reuse(id)) => format!("reuse {}", number(id)),
            Some(CaseAct::Reopen { id, status }) => format!("reopen {} {status}", number(id)),
            Some(CaseAct::New(_)) => "new".to_owned(),
        };
        assert_eq!(found, done, "{keys} {cases:?} {timeliness:?}");
        assert!(!verdict.why.is_empty());
    }
}

#[test]
fn an_opportunity_is_made_once_a_conversation_with_a_name_that_fits() {
    let routing = routing(
        "[[opportunity]]\nname = 'prices'\nkeyword = ['precio']\nstage = 'Prospecting'\n\
         close_in_days = 30\ntitle = '{person}, {rule} of {date}'",
    );
    let made = opportunity(&routing, &facts()).act.unwrap();
    assert_eq!((made.stage.as_str(), made.close_in_days), ("Prospecting", 30));
    let day = "2026-01-31".parse().unwrap();
    assert_eq!(made.title.fill(Some("Ana"), "prices", day), "Ana, prices of 2026-01-31");
    assert_eq!(made.title.fill(Some("  "), "prices", day), "WhatsApp, prices of 2026-01-31");
    let long = "👍".repeat(90);
    assert_eq!(made.title.fill(Some(&long), "prices", day), "👍".repeat(60));
    assert_eq!(opportunity(&routing, &Facts { has_opportunity: true, ..facts() }).act, None);
    assert_eq!(opportunity(&routing, &Facts { text: "hola", ..facts() }).act, None);
}

#[test]
fn a_change_of_a_rule_or_of_the_order_is_told_and_a_comment_is_not() {
    let one = "[[case]]\nname = 'a'\nhours = 'in'\n[[case]]\nname = 'b'\nmake = 'none'\n";
    let same =
        "# ours\n[[case]]\nhours = \"in\"\nname = \"a\"\n\n[[case]]\nmake = 'none'\nname = 'b'";
    assert_eq!(diff(&routing(one), &routing(same)), []);
    let turned = "[[case]]\nname = 'b'\nmake = 'none'\n[[case]]\nname = 'a'\nhours = 'in'";
    let changes = diff(&routing(one), &routing(turned));
    assert_eq!(changes.len(), 1);
    assert_eq!(
        (changes[0].field.as_str(), changes[0].after.join(" ")),
        ("case (order)", "b a".into())
    );
    let changed = "[[case]]\nname = 'a'\nhours = 'out'\n[conversation]\nafter_hours = 24";
    let fields: Vec<_> =
        diff(&routing(one), &routing(changed)).into_iter().map(|c| c.field).collect();
    assert_eq!(fields, ["case.a", "case.b", "conversation.after_hours"]);
}

fn some_cases() -> impl Strategy<Value = Vec<(i64, Option<i64>)>> {
    prop::collection::vec((-9i64..1, prop::option::of(-9i64..2)), 0..5)
}

proptest! {
    /// Whatever the cases and the message: only an open case is taken, only one
    /// that was closed before the message is reopened, and the order in which
    /// they were read does not matter.
    #[test]
    fn cases_decide_the_same_in_any_order(
        days in some_cases(),
        late in 0u8..3,
        is_history in any::<bool>(),
    ) {
        let routing = routing("[[case]]\nname = 'a'\nreopen_days = 3\nreopen_status = 'W'");
        let ids: Vec<_> =
            (0..days.len()).map(|n| RecordId::new(format!("50000000000000{n}AAA"))).collect();
        let mut cases: Vec<_> = days
            .iter()
            .zip(&ids)
            .map(|((opened, closed), id)| a_case(id, opened * DAY, closed.map(|c| c * DAY)))
            .collect();
        let timeliness = [Timeliness::Fresh, Timeliness::Stale, Timeliness::Late][late as usize];
        let given = cases.clone();
        let verdict = case(&routing, &Facts { cases: &given, timeliness, is_history, ..facts() });
        cases.reverse();
        let again = case(&routing, &Facts { cases: &cases, timeliness, is_history, ..facts() });
        prop_assert_eq!(&verdict, &again);
        let of = |id: &RecordId| given.iter().find(|case| case.id == id).unwrap();
        match verdict.act {
            Some(CaseAct::Reuse(id)) => prop_assert!(of(id).closed_at.is_none()),
            Some(CaseAct::Reopen { id, .. }) => {
                prop_assert!(of(id).closed_at.is_some_and(|at| at < NOON));
                prop_assert_eq!(timeliness, Timeliness::Fresh);
            }
            Some(CaseAct::New(_)) => {
                prop_assert!(given.iter().all(|case| case.closed_at.is_some_and(|at| at < NOON)));
            }
            None => {}
        }
        prop_assert!(!is_history || verdict.act.is_none());
    }

    #[test]
    fn a_title_fits_whatever_the_name(title in "[^{}]{0,60}", name in any::<String>()) {
        let title = Title::parse(&format!("{title}{{person}}{{date}}")).unwrap();
        let filled = title.fill(Some(&name), "r", "2026-01-31".parse().unwrap());
        prop_assert!(filled.encode_utf16().count() <= 120 && !filled.trim().is_empty());
    }

    #[test]
    fn reading_never_fails_otherwise_than_by_complaints(text in any::<String>()) {
        let complaints = Routing::read(&text).err().unwrap_or_default();
        prop_assert!(complaints.iter().all(|c| c.line.is_some() && !c.cure.is_empty()));
    }
}
