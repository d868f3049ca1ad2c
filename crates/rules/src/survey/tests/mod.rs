//! Cases and answers, as tables; and what holds of all of them.

mod mistakes;

use model::UnixMs;
use proptest::prelude::*;

use super::*;
use crate::hours::Language;
use crate::mapping::{Shape, Slot};

const NOON: UnixMs = UnixMs(1_750_000_000_000);
const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

const NPS: &str = "scale = 'nps'\n[text]\nes = 'De 0 a 10'\n";
const CSAT: &str = "scale = 'csat'\nlanguage = 'es'\n[text]\nes = '¿Qué tal?'\nen = 'How was it?'\n\
    [[answer]]\nscore = 5\nes = 'Bien'\nen = 'Good'\n\
    [[answer]]\nscore = 1\nes = 'Mal'\nen = 'Bad'\n";

fn survey(file: &str) -> Survey {
    Survey::read(&format!("format = 1\n{file}")).unwrap()
}

fn asking<'a>() -> Asking<'a> {
    Asking {
        closed_at: Some(NOON.plus(-HOUR)),
        last_inbound: Some(NOON.plus(-2 * HOUR)),
        ..Asking::default()
    }
}

#[test]
fn a_closed_case_is_asked_about_once_and_within_the_window() {
    let templates = "[[template]]\nname = 'csat'\nlanguage = 'es_MX'\n";
    let timing = "delay_minutes = 30\nrest_days = 7\n";
    let (bare, full) = (survey(CSAT), survey(&format!("{timing}{CSAT}{templates}")));
    let asks = |decision: Decision<'_>| match decision {
        Decision::Ask(Question::Buttons(..)) => "buttons".to_owned(),
        Decision::Ask(Question::Template(..)) => "template".into(),
        Decision::Ask(_) => "another".into(),
        Decision::Later(None) => "later".into(),
        Decision::Later(Some(at)) => format!("in {}", at.since(NOON) / MINUTE),
        Decision::Skip(reason) => reason.word().into(),
    };
    let closed = |ago: i64| Some(NOON.plus(-ago));
    for (survey, asking, done) in [
        (&bare, asking(), "buttons"),
        (&bare, Asking { closed_at: None, ..asking() }, "later"),
        (&bare, Asking { is_settled: true, ..asking() }, "asked_before"),
        (&bare, Asking { last_inbound: None, ..asking() }, "nothing_written"),
        (&bare, Asking { is_opted_out: true, ..asking() }, "opted_out"),
        (&bare, Asking { closed_at: closed(72 * HOUR), ..asking() }, "buttons"),
        (&bare, Asking { closed_at: closed(72 * HOUR + 1), ..asking() }, "closed_too_long_ago"),
        (&bare, Asking { last_inbound: closed(DAY - 1), ..asking() }, "buttons"),
        (&bare, Asking { last_inbound: closed(DAY), ..asking() }, "window_closed"),
        (&full, Asking { last_inbound: closed(DAY), ..asking() }, "template"),
        (&full, asking(), "buttons"),
        (&full, Asking { closed_at: closed(29 * MINUTE), ..asking() }, "in 1"),
        (&full, Asking { closed_at: closed(30 * MINUTE), ..asking() }, "buttons"),
        (&full, Asking { last_asked: closed(7 * DAY - 1), ..asking() }, "person_asked_lately"),
        (&full, Asking { last_asked: closed(7 * DAY), ..asking() }, "buttons"),
        (&bare, Asking { last_asked: closed(1), ..asking() }, "buttons"),
    ] {
        assert_eq!(asks(ask(survey, &asking, NOON)), done, "{asking:?}");
    }
}

#[test]
fn the_question_has_the_shape_and_language_that_fit() {
    let more = "[[answer]]\nscore = 2\nes = 'Bah'\nen = 'Hm'\n\
        [[answer]]\nscore = 3\nes = 'Así así'\nen = 'So so'\n\
        [button]\nes = 'Elegir'\nen = 'Choose'\n";
    let list = survey(&format!("{CSAT}{more}"));
    let spanish = Decision::Ask(Question::List(Language::Es, &list.texts[0].1, &list.answers));
    assert_eq!(ask(&list, &asking(), NOON), spanish);
    assert_eq!(list.texts[0].1.button.as_deref(), Some("Elegir"));
    let pt = Asking { language: Some("pt_BR"), ..asking() };
    assert_eq!(ask(&list, &pt, NOON), spanish, "that of the file");
    let english = Decision::Ask(Question::List(Language::En, &list.texts[1].1, &list.answers));
    assert_eq!(ask(&list, &Asking { language: Some("en_GB"), ..asking() }, NOON), english);
    let nps = survey(NPS);
    let typed = Decision::Ask(Question::Text(Language::Es, &nps.texts[0].1));
    assert_eq!(ask(&nps, &asking(), NOON), typed);
}

fn said<'a>(reply_id: Option<&'a str>, text: &'a str, after: i64) -> Said<'a> {
    Said { reply_id, text, sent_at: NOON.plus(after), is_history: false }
}

#[test]
fn an_answer_is_heard_and_then_its_comment() {
    let (csat, nps) = (survey(CSAT), survey(NPS));
    let asked = || Pending { id: "srv_1", asked_at: NOON, answered_at: None, has_comment: false };
    let answered = || Pending { answered_at: Some(NOON.plus(HOUR)), ..asked() };
    let in_comment = HOUR + 30 * MINUTE;
    for (survey, pending, said, heard) in [
        (&csat, asked(), said(Some("survey|srv_1|5"), "Bien", 9), Heard::Score(5)),
        (&csat, asked(), said(Some("survey|srv_1|5"), "Bien", 90 * DAY), Heard::Score(5)),
        (&csat, asked(), said(Some("survey|srv_2|5"), "5", 9), Heard::Nothing),
        (&csat, asked(), said(Some("survey|srv_1|6"), "5", 9), Heard::Nothing),
        (&csat, asked(), said(Some("survey|srv_1|5"), "Bien", -1), Heard::Nothing),
        (&csat, asked(), said(Some("buy"), "5", 9), Heard::Nothing),
        (&csat, asked(), said(None, " 4! ", 9), Heard::Score(4)),
        (&csat, asked(), said(None, "0", 9), Heard::Nothing),
        (&csat, asked(), said(None, "4 cajas", 9), Heard::Nothing),
        (&csat, asked(), said(None, "", 9), Heard::Nothing),
        (&nps, asked(), said(None, "0", 9), Heard::Score(0)),
        (&nps, asked(), said(None, "10", DAY), Heard::Score(10)),
        (&nps, asked(), said(None, "10", DAY + 1), Heard::Nothing),
        (&nps, asked(), said(None, "-1", 9), Heard::Nothing),
        (&nps, asked(), said(None, "11", 9), Heard::Nothing),
        (&nps, answered(), said(None, "9", 2 * HOUR), Heard::Nothing),
        (&csat, answered(), said(None, " Gracias ", in_comment), Heard::Comment("Gracias")),
        (&csat, answered(), said(None, "Gracias", in_comment + 1), Heard::Nothing),
        (&csat, answered(), said(None, "Gracias", HOUR - 1), Heard::Nothing),
        (&csat, answered(), said(None, "  ", in_comment), Heard::Nothing),
        (
            &csat,
            Pending { has_comment: true, ..answered() },
            said(None, "Gracias", in_comment),
            Heard::Nothing,
        ),
        (&csat, answered(), said(Some("survey|srv_1|1"), "Mal", in_comment), Heard::Score(1)),
        (&csat, answered(), said(Some("survey|srv_1|1"), "Mal", in_comment + 1), Heard::Nothing),
    ] {
        assert_eq!(hear(survey.terms(), &pending, &said), heard, "{pending:?} {said:?}");
        let past = Said { is_history: true, ..said };
        assert_eq!(hear(survey.terms(), &pending, &past), Heard::Nothing);
    }
}

#[test]
fn scores_amount_to_what_is_written() {
    for (scale, scores, wanted) in [
        (Scale::Csat, &[][..], None),
        (Scale::Csat, &[5, 4, 3, 1][..], Some(50.0)),
        (Scale::Csat, &[1, 2][..], Some(0.0)),
        (Scale::Nps, &[10, 9, 8, 7, 6][..], Some(20.0)),
        (Scale::Nps, &[0, 6][..], Some(-100.0)),
    ] {
        assert_eq!(result(scale, scores), wanted, "{scale:?} {scores:?}");
    }
    assert_eq!(Scale::Csat.class(3), Class::Middling);
}

#[test]
fn fields_are_held_against_the_org() {
    let fields = "[fields]\nscore = 'Csat__c'\ncomment = 'Note__c'\n";
    let survey = survey(&format!("{CSAT}{fields}"));
    let slot = |name: &str, kind: &str| Slot {
        name: name.into(),
        kind: kind.into(),
        length: 255,
        updateable: true,
        ..Slot::default()
    };
    let with = |slots| Shape { createable: true, updateable: true, slots };
    let good = with(vec![slot("csat__c", "double"), slot("Note__c", "textarea")]);
    assert_eq!(check(&survey, &good), []);
    let only = |values: &[&str]| Some(values.iter().map(|v| (*v).to_owned()).collect());
    for (score, words) in [
        (None, "no such field"),
        (Some(Slot { updateable: false, ..slot("Csat__c", "double") }), "right to edit"),
        (Some(slot("Csat__c", "boolean")), "name a field of type double, int"),
        (Some(Slot { length: 1, ..slot("Csat__c", "string") }), "too short"),
        (
            Some(Slot { only: only(&["1", "2", "3", "4"]), ..slot("Csat__c", "picklist") }),
            "does not have '5'; add the values 1 to 5",
        ),
    ] {
        let slots = score.into_iter().chain([slot("Note__c", "string")]).collect();
        let complaints = check(&survey, &with(slots));
        assert_eq!(complaints.len(), 1, "{words}: {complaints:?}");
        let text = complaints[0].to_string();
        assert!(text.contains(words) && text.contains("Case.Csat__c"), "{text}");
    }
    let whole = Slot { only: only(&["1", "2", "3", "4", "5"]), ..slot("Csat__c", "picklist") };
    assert_eq!(check(&survey, &with(vec![whole, slot("Note__c", "string")])), []);
}

proptest! {
    #[test]
    fn a_tap_finds_its_survey_again(id in "[a-z0-9_|]{1,40}", score in any::<u8>()) {
        let reply = reply_id(&id, score);
        prop_assert_eq!(survey_of(&reply), Some((id.as_str(), score)));
    }

    /// Whatever is said, a score is within the scale and of this survey.
    #[test]
    fn nothing_outside_the_scale_is_a_score(
        text in "\\PC{0,4}|[0-9]{1,3}",
        reply in prop::option::of("survey\\|srv_[12]\\|[0-9]{1,3}"),
        answered in prop::option::of(-10i64..10),
        after in -10i64..10,
        is_nps in any::<bool>(),
    ) {
        let survey = survey(if is_nps { NPS } else { CSAT });
        let answered_at = answered.map(|at| NOON.plus(at * HOUR));
        let pending = Pending { id: "srv_1", asked_at: NOON, answered_at, has_comment: false };
        let said = said(reply.as_deref(), &text, after * HOUR);
        match hear(survey.terms(), &pending, &said) {
            Heard::Score(score) => {
                prop_assert!(survey.scale.holds(score));
                prop_assert!(reply.is_none_or(|reply| reply.starts_with("survey|srv_1|")));
                prop_assert!(after >= 0);
            }
            Heard::Comment(comment) => {
                prop_assert!(answered.is_some() && !comment.is_empty());
            }
            Heard::Nothing => {}
        }
    }

    /// Nobody is sent free text outside the window, nor is a case asked about
    /// before it is closed.
    #[test]
    fn free_text_only_within_the_window(closed in -100i64..100, inbound in -100i64..1) {
        let survey = survey(CSAT);
        let asking = Asking {
            closed_at: Some(NOON.plus(closed * HOUR)),
            last_inbound: Some(NOON.plus(inbound * HOUR)),
            ..Asking::default()
        };
        if let Decision::Ask(_) = ask(&survey, &asking, NOON) {
            prop_assert!(inbound > -24 && closed <= 0);
        }
    }

    #[test]
    fn reading_never_fails_otherwise_than_by_complaints(text in any::<String>()) {
        let complaints = Survey::read(&text).err().unwrap_or_default();
        prop_assert!(complaints.iter().all(|c| c.line.is_some() && !c.cure.is_empty()));
    }
}
