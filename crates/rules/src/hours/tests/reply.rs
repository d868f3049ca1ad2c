//! Who is told that nobody is there.

use super::*;
use crate::window::Timeliness;

const REPLY: &str = "[week]\nmonday = ['09:00-18:00']\n[reply]\nlanguage = 'es'\n\
    es = 'Abrimos el {opens}'\nen = 'We open on {opens}'\npt = 'Fechado'";
/// A Sunday.
const SUNDAY: &str = "2026-11-29T12:00:00Z";

fn asked<'a>() -> Asked<'a> {
    Asked {
        conversation: "con_1",
        kind: "text",
        sent_at: at(SUNDAY),
        timeliness: Timeliness::Fresh,
        is_history: false,
        last_inbound: at(SUNDAY),
        last_reply: None,
        language: None,
    }
}

#[test]
fn the_reply_is_in_the_persons_language_and_says_when_it_opens() {
    let hours = hours("UTC", REPLY);
    for (language, now, text) in [
        (None, SUNDAY, "Abrimos el lunes 09:00"),
        (Some("en_US"), SUNDAY, "We open on Monday 09:00"),
        (Some("EN"), SUNDAY, "We open on Monday 09:00"),
        (Some("pt_BR"), SUNDAY, "Fechado"),
        (Some("de"), SUNDAY, "Abrimos el lunes 09:00"),
        (Some("en"), "2026-11-30T18:00:00Z", "We open on Monday 2026-12-07 09:00"),
    ] {
        let asked = Asked { language, sent_at: at(now), last_inbound: at(now), ..asked() };
        assert_eq!(answer(&hours, &asked, at(now)).unwrap().text, text);
    }
    assert_eq!(hours.cost(), Some("service"));
}

#[test]
fn nothing_is_said_when_somebody_is_there_or_it_is_too_late() {
    let silent = hours("UTC", "[week]\nmonday = ['09:00-18:00']");
    assert!(answer(&silent, &asked(), at(SUNDAY)).is_err());
    assert_eq!(silent.cost(), None);
    let hours = hours("UTC", REPLY);
    let now = at(SUNDAY);
    let open = at("2026-11-30T10:00:00Z");
    let late = |timeliness| Asked { timeliness, ..asked() };
    for (asked, now, said) in [
        (asked(), now, true),
        (late(Timeliness::Stale), now, true),
        (late(Timeliness::Late), now, false),
        (Asked { is_history: true, ..asked() }, now, false),
        (Asked { kind: "system", ..asked() }, now, false),
        (Asked { sent_at: open, last_inbound: open, ..asked() }, open.plus(10 * 3_600_000), false),
        (asked(), open, false),
        (asked(), now.plus(24 * 3_600_000), false),
        (Asked { last_reply: Some(now), ..asked() }, now, false),
    ] {
        assert_eq!(answer(&hours, &asked, now).is_ok(), said, "{asked:?}");
    }
}

#[test]
fn it_is_said_again_after_the_hours_of_the_rule_each_time_with_a_key_of_its_own() {
    let hours = hours("UTC", &format!("{REPLY}\nagain_after_hours = 2"));
    let now = at(SUNDAY);
    let told = |ago: i64| Asked { last_reply: Some(now.plus(-ago)), ..asked() };
    assert!(answer(&hours, &told(2 * 3_600_000 - 1), now).is_err());
    let again = answer(&hours, &told(2 * 3_600_000), now).unwrap();
    let first = answer(&hours, &asked(), now).unwrap();
    assert_ne!(first.key, again.key);
    let later = answer(&hours, &asked(), now.plus(5)).unwrap();
    assert_eq!(first.key, later.key, "until it is written down");
    let other = answer(&hours, &Asked { conversation: "con_2", ..asked() }, now).unwrap();
    assert_ne!(first.key, other.key);
}
