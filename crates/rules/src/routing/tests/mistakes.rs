//! What a file is refused for.

use super::*;

/// The text after `format = 1`, the line that is named, the field, and words of
/// why and cure.
#[test]
fn a_mistake_names_line_field_and_cure() {
    let case = "[[case]]\nname = 'a'\n";
    let lead = "[[newcomer]]\nname = 'a'\nmake = 'lead'\n";
    let contact = "[[newcomer]]\nname = 'a'\nmake = 'contact'\naccount = 'own'\n";
    let sale = "[[opportunity]]\nname = 'a'\nstage = 'S'\n";
    let reply = "[[reply]]\nname = 'a'\n";
    for (before, rest, line, field, words) in [
        ("", "[[person]]\nname = 'a'", 2, "file", "no key 'person'; use format, newcomer"),
        ("", "[case]\nname = 'a'", 2, "case", "[[case]]"),
        ("", "case = [1]", 2, "case", "[[case]]"),
        ("", "[[case]]\nname = 'a", 3, "file", "TOML"),
        ("", "[[case]]\nmake = 'new'", 2, "case", "`name` is missing; give the rule a name"),
        ("", "[[case]]\nname = 7", 3, "case", "`name` is no text"),
        (case, "[[case]]\nname = 'a'", 4, "case.a", "two rules are called 'a'"),
        (case, "keywords = ['a']", 4, "case.a", "no key 'keywords'; use name, person"),
        (case, "person = 'lead'", 4, "case.a", "person = [\"one\""),
        (case, "person = []", 4, "case.a", "no list of texts"),
        (case, "person = ['client']", 4, "case.a", "use one of nobody, lead, contact"),
        (case, "person = ['lead', 'lead']", 4, "case.a", "'lead' stands twice"),
        (case, "number = ['+52 55']", 4, "case.a", "Meta's id of the number"),
        (case, "source = ['x']", 4, "case.a", "Meta's id of the ad"),
        (case, "keyword = ['?!']", 4, "case.a", "neither letters nor digits"),
        (case, "hours = 'night'", 4, "case.a", "use one of in, out"),
        (case, "case = ['new']", 4, "case.a", "use one of open, closed, none"),
        (case, "reuse_open = 'yes'", 4, "case.a", "without quotes"),
        (case, "reopen_days = 0\nreopen_status = 'W'", 4, "case.a", "from 1 to 3650"),
        (case, "reopen_days = 1.5\nreopen_status = 'W'", 4, "case.a", "from 1 to 3650"),
        (case, "reopen_days = 3", 4, "case.a", "which status it gets"),
        (case, "reopen_status = 'W'", 4, "case.a", "for how many days"),
        (case, "make = 'lead'", 4, "case.a", "use one of new, none"),
        (case, "make = 'none'\nqueue = 'Q'", 5, "case.a", "leave `queue` out"),
        (case, "account = 'own'", 4, "case.a", "no key 'account'"),
        ("", "[[newcomer]]\nname = 'a'", 2, "newcomer.a", "`make` is missing; write make"),
        (lead, "person = ['lead']", 5, "newcomer.a", "no key 'person'"),
        (lead, "account = 'own'", 5, "newcomer.a", "a Lead has no Account"),
        (lead, "owner = 'Ana'", 5, "newcomer.a", "no id that begins with 005"),
        (lead, "owner = '00G000000000001AAA'", 5, "newcomer.a", "begins with 005"),
        (lead, "queue = 'Web Sales'", 5, "newcomer.a", "API name"),
        (lead, "record_type = '012000000000001AAA'", 5, "newcomer.a", "API name"),
        (
            lead,
            "owner = '005000000000001'\nqueue = 'Q'",
            6,
            "newcomer.a",
            "both `owner` and `queue` are there; keep one",
        ),
        (lead, "queue = 'Q'\nassignment = true", 6, "newcomer.a", "take the record"),
        (lead, "assignment = 1", 5, "newcomer.a", "true, false or the id"),
        (lead, "assignment = 'yes'", 5, "newcomer.a", "begins with 01Q"),
        ("", "[[newcomer]]\nname = 'a'\nmake = 'contact'", 2, "newcomer.a", "`account` is missing"),
        (contact, "queue = 'Q'", 6, "newcomer.a", "cannot own a Contact"),
        (contact, "assignment = false", 6, "newcomer.a", "no assignment rules for Contacts"),
        (
            "",
            "[[newcomer]]\nname = 'a'\nmake = 'contact'\naccount = 'ACME'",
            5,
            "newcomer.a",
            "begins with 001",
        ),
        (
            "",
            "[[newcomer]]\nname = 'a'\nmake = 'nothing'\nqueue = 'Q'",
            5,
            "newcomer.a",
            "leave `queue` out",
        ),
        ("", "[[opportunity]]\nname = 'a'", 2, "opportunity.a", "`stage` is missing"),
        (sale, "", 2, "opportunity.a", "`close_in_days` is missing"),
        (sale, "close_in_days = 1\ntitle = '{name}'", 6, "opportunity.a", "use {person}, {rule}"),
        (sale, "close_in_days = 1\ntitle = 'a } b'", 6, "opportunity.a", "stands alone"),
        (sale, "close_in_days = 1\nqueue = 'Q'", 6, "opportunity.a", "no key 'queue'"),
        (reply, "to = 'B'", 2, "reply.a", "`from` is missing"),
        (reply, "from = ['A']", 2, "reply.a", "`to` is missing"),
        (reply, "from = ['A']\nto = 'A'", 5, "reply.a", "name another status"),
        (
            "",
            "[[close]]\nname = 'a'\nfrom = ['A']\nto = 'B'",
            2,
            "close.a",
            "`after_days` is missing",
        ),
        ("", "[conversation]\nafter_hours = -1", 3, "conversation", "from 1 to 87600"),
        ("", "[conversation]\nafter_days = 1", 3, "conversation", "use after_hours, with_case"),
        ("", "[[conversation]]\nafter_hours = 1", 2, "conversation", "write it as [conversation]"),
    ] {
        let file = format!("format = 1\n{before}{rest}");
        let complaints = Routing::read(&file).expect_err(&file);
        let text = complaints[0].to_string();
        assert_eq!(
            (complaints[0].line, complaints[0].field.as_str()),
            (Some(line), field),
            "{text}"
        );
        assert!(text.contains(words), "{file}: {text}");
    }
    let two = "format = 1\n[[case]]\nmake = 'x'\n[[reply]]\nname = 'r'\n";
    assert_eq!(Routing::read(two).unwrap_err().len(), 2, "each mistake is told at once");
    assert_eq!(Routing::read("").unwrap_err()[0].field, "format");
    assert_eq!(Routing::read("\nformat = 2").unwrap_err()[0].line, Some(2));
    let long = format!("format = 1\n#{}", "x".repeat(256 << 10));
    assert!(Routing::read(&long).unwrap_err()[0].why.contains("bytes"));
    let many: String = (0..501).map(|n| format!("[[case]]\nname = '{n}'\n")).collect();
    let many = Routing::read(&format!("format = 1\n{many}")).unwrap_err();
    assert!(many[0].why.contains("more than 500"), "{}", many[0]);
}

/// What the concept page shows can be used as it stands.
#[test]
fn the_file_of_the_page_is_good() {
    let page = include_str!("../../../../../docs/concepts/routing.md");
    let file = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(Routing::read(file).map(drop), Ok(()));
}
