//! What a file is refused for.

use super::*;

/// The file after `format = 1`, the line that is named, the field, and words of
/// why and cure.
#[test]
fn a_mistake_names_line_field_and_cure() {
    let two = "[[answer]]\nscore = 1\nes = 'a'\n[[answer]]\nscore = 2\nes = 'b'\n";
    let list = format!("{two}[[answer]]\nscore = 3\nes = 'c'\n[[answer]]\nscore = 4\nes = 'd'\n");
    let csat = |rest: &str| format!("scale = 'csat'\n[text]\nes = 'x'\n{rest}");
    let nps = |rest: &str| format!("{rest}\n{NPS}");
    let after = |rest: &str| format!("{NPS}{rest}");
    let long = "x".repeat(1_025);
    let row = "y".repeat(25);
    for (file, line, field, words) in [
        (String::new(), 1, "file", "`scale` is missing; write scale = \"csat\""),
        ("scale = 'ces'".into(), 2, "file", "use one of csat, nps"),
        ("scale = 'nps'".into(), 1, "file", "`text` is missing; write what is asked"),
        ("scale = 'nps'\ntext = 'x'".into(), 3, "text", "write it as [text]"),
        ("scale = 'nps'\n[text]\nfr = 'x'".into(), 4, "text", "use es, en, pt"),
        ("scale = 'nps'\n[text]\nes = 'x'\nen = 'y'".into(), 1, "file", "`language` is missing"),
        (nps("language = 'en'"), 2, "file", "`text` has no en"),
        (nps("question = 'x'"), 2, "file", "no key 'question'"),
        (nps("delay_minutes = -1"), 2, "file", "from 0 to 10080"),
        (nps("rest_days = '3'"), 2, "file", "from 0 to 365"),
        (nps("give_up_hours = 1\ndelay_minutes = 60"), 3, "file", "nobody would be asked"),
        (after("[[answer]]\nscore = 1"), 5, "answer", "leave [[answer]] out"),
        (after("[button]\nes = 'x'"), 5, "file", "`button` opens a list"),
        (after("[fields]\nscore = 'Priority'"), 6, "fields", "with __c at the end"),
        (after("[fields]\nscores = 'S__c'"), 6, "fields", "use score, comment"),
        (after("[[template]]\nlanguage = 'es'"), 5, "template", "`name` is missing"),
        (after("[[template]]\nname = 't'"), 5, "template.t", "language = \"es_MX\""),
        (after("[[template]]\nname = 't'\nlanguage = 'de'"), 7, "template.t", "use es, en or pt"),
        (
            after(
                "[[template]]\nname = 't'\nlanguage = 'es'\n\
                 [[template]]\nname = 'u'\nlanguage = 'es_MX'",
            ),
            10,
            "template.u",
            "two templates are for es",
        ),
        (
            after("[[template]]\nname = 't'\nlanguage = 'en'"),
            5,
            "template",
            "no template for the language of the file, es",
        ),
        (csat(""), 1, "file", "for two scores at least"),
        (csat("[[answer]]\nscore = 1\nes = 'a'"), 5, "file", "for two scores at least"),
        (csat(&format!("{two}[[answer]]\nes = 'c'")), 11, "answer", "write score = 1 to 5"),
        (csat(&format!("{two}[[answer]]\nscore = 6\nes = 'c'")), 12, "answer", "from 1 to 5"),
        (csat(&format!("{two}[[answer]]\nscore = 2\nes = 'c'")), 12, "answer", "have the score 2"),
        (csat(&format!("{two}[[answer]]\nscore = 3\nes = 'b'")), 13, "answer", "called 'b'"),
        (csat(&format!("{two}[[answer]]\nscore = 3\nen = 'c'")), 11, "answer", "has no es"),
        (csat(&format!("{two}[[answer]]\nscore = 3\ntitle = 'c'")), 13, "answer", "use score, es"),
        (csat(&list), 1, "file", "`button` has no es"),
        (
            csat(&format!("{list}[[answer]]\nscore = 5\nes = '{row}'\n[button]\nes = 'x'")),
            19,
            "answer",
            "more than 24",
        ),
        (csat(two).replace("'x'", &format!("'{long}'")), 4, "text", "more than 1024"),
    ] {
        let complaints = Survey::read(&format!("format = 1\n{file}")).expect_err(&file);
        let text = complaints[0].to_string();
        assert_eq!(
            (complaints[0].line, complaints[0].field.as_str()),
            (Some(line), field),
            "{text}"
        );
        assert!(text.contains(words), "{file}: {text}");
    }
    let all = nps("rest_days = 400\nx = 1") + "[fields]\nscore = 'x'";
    assert_eq!(Survey::read(&format!("format = 1\n{all}")).unwrap_err().len(), 3);
}

/// What the concept page shows can be used as it stands.
#[test]
fn the_file_of_the_page_is_good() {
    let page = include_str!("../../../../../docs/concepts/survey.md");
    let file = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(Survey::read(file).map(drop), Ok(()));
}
