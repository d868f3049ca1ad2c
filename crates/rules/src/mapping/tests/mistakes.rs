//! What a file is refused for.

use super::super::*;
use super::file;

/// The text of the entry, the line that is named, and words of why and cure.
#[test]
fn a_mistake_names_line_field_and_cure() {
    for (entry, line, field, words) in [
        ("[[field]]\nfrom = 'person.phone'", 3, "field", "`to` is missing"),
        ("[[field]]\nto = 'Lead'\nfrom = 'person.phone'", 4, "Lead", "Lead.Phone"),
        (
            "[[field]]\nto = 'Account.Name'\nfrom = 'person.name'",
            4,
            "Account.Name",
            "one of Lead, Contact",
        ),
        ("[[field]]\nto = 'Lead.A B'\nfrom = 'person.name'", 4, "Lead.A B", "API name"),
        (
            "[[field]]\nto = 'Case.ContactId'\nfrom = 'person.name'",
            4,
            "Case.ContactId",
            "of your own",
        ),
        (
            "[[field]]\nto = 'Puente_Message__c.Text__c'\nfrom = 'message.text'",
            4,
            "Puente_Message__c.Text__c",
            "of your own",
        ),
        ("[[field]]\nto = 'Lead.Phone'\nform = 'person.phone'", 5, "Lead.Phone", "no key 'form'"),
        (
            "[[field]]\nto = 'Lead.Phone'\nfrom = 'person.fone'",
            5,
            "Lead.Phone",
            "mean person.phone",
        ),
        (
            "[[field]]\nto = 'Lead.Phone'\nexpr = 'person.fone'",
            5,
            "Lead.Phone",
            "mean person.phone",
        ),
        ("[[field]]\nto = 'Lead.Phone'\nexpr = 'person'", 5, "Lead.Phone", "no path 'person'"),
        ("[[field]]\nto = 'Lead.Phone'\nexpr = 'person.phone |'", 5, "Lead.Phone", "unexpected"),
        (
            "[[field]]\nto = 'Lead.Phone'\nexpr = 'person.phone | shout'",
            5,
            "Lead.Phone",
            "use one of abs",
        ),
        (
            "[[field]]\nto = 'Lead.Phone'\nexpr = 'person.phone is odd'",
            5,
            "Lead.Phone",
            "no test 'odd'",
        ),
        ("[[field]]\nto = 'Lead.Phone'\nexpr = 'range(9)'", 5, "Lead.Phone", "no path 'range'"),
        ("[[field]]\nto = 'Lead.Phone'\nexpr = 'person.phone * 9999'", 5, "Lead.Phone", "times(2)"),
        (
            "[[field]]\nto = 'Lead.Phone'\nwhen = 'person.x'\nfrom = 'person.phone'",
            5,
            "Lead.Phone",
            "no path 'person.x'",
        ),
        (
            "[[field]]\nto = 'Lead.Phone'\nfrom = 'person.phone'\nexpr = '1'",
            6,
            "Lead.Phone",
            "keep one",
        ),
        ("[[field]]\nto = 'Lead.Phone'", 3, "Lead.Phone", "where the value is from"),
        (
            "[[field]]\nto = 'Lead.Phone'\ntype = 'string'\nfrom = 'person.phone'",
            5,
            "Lead.Phone",
            "use one of text",
        ),
        (
            "[[field]]\nto = 'Lead.Phone'\nmax_length = 0\nfrom = 'person.phone'",
            5,
            "Lead.Phone",
            "from 1 to",
        ),
        (
            "[[field]]\nto = 'Lead.X__c'\nmax_length = 5\ntype = 'number'\ndefault = 1",
            5,
            "Lead.X__c",
            "leave it out",
        ),
        (
            "[[field]]\nto = 'Lead.Phone'\nmax_length = 2\ndefault = 'abc'",
            6,
            "Lead.Phone",
            "more than 2",
        ),
        (
            "[[field]]\nto = 'Lead.X__c'\ntype = 'number'\ndefault = 'abc'",
            6,
            "Lead.X__c",
            "type number",
        ),
        (
            "[[field]]\nto = 'Lead.Phone'\nfrom = 'person.phone'\ntoo_long = 'crop'",
            6,
            "Lead.Phone",
            "cut or refuse",
        ),
        (
            "[[field]]\nto = 'Lead.Phone'\nfrom = 'person.phone'\non = 'always'",
            6,
            "Lead.Phone",
            "update or both",
        ),
        (
            "[[field]]\nto = 'Contact.Phone'\nfrom = 'person.phone'",
            3,
            "Contact.Phone",
            "on = \"update\"",
        ),
        (
            "[[field]]\nto = 'Case.Status'\ndefault = 'New'\non = 'both'",
            6,
            "Case.Status",
            "on = \"create\"",
        ),
        (
            "[[field]]\nto = 'Puente_Person__c.X__c'\ndefault = 'a'\non = 'create'",
            6,
            "Puente_Person__c.X__c",
            "leave `on` out",
        ),
        (
            "[[field]]\nto = 'Lead.Rating'\ntype = 'picklist'\nvalues = []\ndefault = 'a'",
            6,
            "Lead.Rating",
            "list of texts",
        ),
        (
            "[[field]]\nto = 'Lead.Rating'\ntype = 'picklist'\nvalues = ['b']\ndefault = 'a'",
            3,
            "Lead.Rating",
            "none of `values`",
        ),
        (
            "[[field]]\nto = 'Lead.X__c'\ndefault = 99999999999999999999",
            5,
            "Lead.X__c",
            "`default` is empty",
        ),
        ("[field]\nto = 'Lead.Rating'", 3, "field", "[[field]]"),
        ("[[field]]\nto = 'Lead.Rating", 4, "file", "TOML"),
    ] {
        let complaints = Mapping::read(&file(entry)).unwrap_err();
        let text = complaints[0].to_string();
        assert_eq!(
            (complaints[0].line, complaints[0].field.as_str()),
            (Some(line), field),
            "{text}"
        );
        assert!(text.contains(words), "{entry}: {text}");
        assert!(complaints.iter().all(|c| !c.cure.is_empty() && !c.why.is_empty()));
    }
    let all = Mapping::read(&file("[[field]]\nto='Lead.A'\n[[field]]\nto='Lead.B'\n")).unwrap_err();
    assert_eq!(all.len(), 2, "each mistake is told at once");
    assert_eq!(Mapping::read("").unwrap_err()[0].field, "format");
    assert_eq!(Mapping::read("format = 2").unwrap_err()[0].line, Some(1));
}

/// What the guides show can be used as it stands.
#[test]
fn the_recipes_of_the_guides_are_good() {
    for guide in ["mapping.md", "mapping.es.md"] {
        let path = format!("{}/../../docs/guides/{guide}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        let recipes: Vec<_> = text.split("```toml\n").skip(1).collect();
        assert_eq!(recipes.len(), 2, "{guide}");
        for recipe in recipes {
            let recipe = recipe.split("```").next().unwrap();
            assert_eq!(Mapping::read(&file(recipe)).map(drop), Ok(()), "{guide}");
        }
    }
}
