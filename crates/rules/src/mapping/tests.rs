//! Files, sources and shapes, as tables; and what holds of all of them.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn file(entries: &str) -> String {
    format!("format = 1\n\n{entries}")
}

fn mapping(entries: &str) -> Mapping {
    Mapping::read(&file(entries)).unwrap()
}

fn entry(rest: &str) -> String {
    format!("[[field]]\nto = \"Lead.Score__c\"\n{rest}\n")
}

fn source() -> Value {
    json!({
        "person": {
            "id": "per_1", "name": "Ana Ruiz", "last_name": "Ruiz", "first_name": "Ana",
            "phone": "+525512345678", "country": "MX", "first_seen_at": "2026-01-31T23:30:00.500Z",
        },
        "message": {
            "text": "quiero 3 cajas 👍👍", "type": "text", "latitude": 19.43,
            "source": { "order": { "product_items": [{ "quantity": "3" }, { "quantity": "4" }] } },
        },
        "settings": { "lead_company": "WhatsApp" },
        "mapping": { "version": 7 },
    })
}

fn value(rest: &str) -> Option<Value> {
    let (mut fields, _) = fill(&mapping(&entry(rest)), Target::Lead, Moment::Create, &source());
    fields.remove("Score__c")
}

#[test]
fn a_value_is_taken_converted_and_cut() {
    for (rest, given) in [
        ("from = 'person.phone'", json!("+525512345678")),
        ("from = 'person.phone'\nmax_length = 3", json!("+52")),
        ("from = 'message.text'\nmax_length = 16", json!("quiero 3 cajas ")),
        ("from = 'message.text'\nmax_length = 17", json!("quiero 3 cajas 👍")),
        (
            "from = 'message.text'\nmax_length = 4\ntoo_long = 'refuse'\ndefault = 'long'",
            json!("long"),
        ),
        ("from = 'person.username'\ndefault = 'nobody'", json!("nobody")),
        ("default = true\ntype = 'boolean'", json!(true)),
        ("from = 'mapping.version'\ntype = 'integer'", json!(7)),
        ("from = 'mapping.version'", json!("7")),
        ("from = 'message.latitude'\ntype = 'number'", json!(19.43)),
        ("from = 'message.latitude'\ntype = 'integer'\ndefault = 1", json!(1)),
        ("from = 'person.first_seen_at'\ntype = 'date'", json!("2026-01-31")),
        ("from = 'person.first_seen_at'\ntype = 'datetime'", json!("2026-01-31T23:30:00.500Z")),
        ("default = 2026-02-01\ntype = 'date'", json!("2026-02-01")),
        ("expr = '\"a;b\" | split(\";\")'\ntype = 'picklist'", json!("a;b")),
        (
            "expr = 'person.country'\ntype = 'picklist'\nvalues = ['DE']\ndefault = 'DE'",
            json!("DE"),
        ),
        ("expr = '\"00Q5500001QdQWaEAN\"'\ntype = 'reference'", json!("00Q5500001QdQWaEAN")),
        ("expr = 'person.name | upper'", json!("ANA RUIZ")),
        (
            "expr = 'person.username | default(person.phone) | default(\"x\")'",
            json!("+525512345678"),
        ),
        (
            "expr = '\"big\" if message.text is startingwith(\"quiero\") else \"small\"'",
            json!("big"),
        ),
        ("expr = 'message.source.order.product_items[1].quantity'\ntype = 'number'", json!(4)),
        ("expr = 'mapping.version | times(2)'\ntype = 'integer'", json!(14)),
        ("expr = '\"caja\" in message.text'\ntype = 'boolean'", json!(true)),
        ("expr = 'message.text | cut(6)'", json!("quiero")),
    ] {
        assert_eq!(value(rest), Some(given), "{rest}");
    }
}

#[test]
fn what_is_not_there_is_left_out() {
    for rest in [
        "from = 'person.username'",
        "from = 'message.source.order.nothing'",
        "expr = 'person.username'",
        "expr = 'person.username | upper'",
        "expr = 'referral.headline ~ \"x\"'",
        "expr = '\"  \"'",
        "from = 'person.phone'\nwhen = 'person.country == \"DE\"'",
        "from = 'person.phone'\nwhen = 'referral.source_id == \"1\"'",
        "from = 'person.phone'\non = 'update'",
        "from = 'person.name'\ntype = 'integer'",
        "from = 'message.source'",
    ] {
        assert_eq!(value(rest), None, "{rest}");
    }
}

#[test]
fn a_value_that_does_not_fit_is_told_without_being_shown() {
    let mapping = mapping(&entry("from = 'person.name'\ntype = 'number'"));
    let (fields, missed) = fill(&mapping, Target::Lead, Moment::Create, &source());
    assert!(fields.is_empty());
    assert_eq!(
        (missed[0].field.as_str(), missed[0].why.as_str()),
        ("Lead.Score__c", "the value is no number")
    );
}

#[test]
fn the_first_entry_that_gives_a_value_wins() {
    let both = mapping(
        "[[field]]\nto='Lead.Rating'\nfrom='person.username'\n\
         [[field]]\nto='Lead.Rating'\ndefault='Hot'\nwhen='person.country == \"MX\"'\n\
         [[field]]\nto='Lead.Rating'\ndefault='Cold'\n",
    );
    let (fields, _) = fill(&both, Target::Lead, Moment::Create, &source());
    assert_eq!(fields["Rating"], "Hot");
    let (fields, _) = fill(&both, Target::Lead, Moment::Create, &json!({}));
    assert_eq!(fields["Rating"], "Cold");
}

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

fn slot(name: &str, kind: &str, length: usize) -> Slot {
    Slot {
        name: name.into(),
        kind: kind.into(),
        length,
        createable: true,
        updateable: true,
        ..Slot::default()
    }
}

fn shapes() -> BTreeMap<Target, Shape> {
    let slots = vec![
        Slot { required: true, ..slot("LastName", "string", 80) },
        Slot { required: true, ..slot("Company", "string", 255) },
        Slot { required: true, ours: true, ..slot("Key__c", "string", 80) },
        slot("Phone", "phone", 40),
        Slot { only: Some(vec!["Hot".into(), "Cold".into()]), ..slot("Rating", "picklist", 255) },
        slot("Free__c", "picklist", 255),
        slot("Count__c", "int", 0),
        slot("Score__c", "double", 0),
        slot("Place__c", "location", 0),
        Slot { updateable: false, ..slot("Once__c", "string", 20) },
        Slot { createable: false, ..slot("Formula__c", "string", 20) },
    ];
    let lead = Shape { createable: true, updateable: true, slots };
    BTreeMap::from([(Target::Lead, lead)])
}

const NAMES: &str = "[[field]]\nto='Lead.LastName'\nfrom='person.last_name'\nmax_length=80\n\
                     [[field]]\nto='Lead.Company'\nfrom='person.country'\nmax_length=255\ndefault='none'\n";

#[test]
fn a_mapping_is_held_against_the_org() {
    for (entry, words) in [
        ("to='Lead.Fone'\nfrom='person.phone'\nmax_length=40", "no such field"),
        ("to='Lead.phone'\nfrom='person.phone'\nmax_length=40", "write Lead.Phone"),
        ("to='Lead.Phone'\nfrom='person.phone'", "write max_length = 40"),
        ("to='Lead.Phone'\nfrom='person.phone'\nmax_length=41", "write max_length = 40"),
        ("to='Lead.Count__c'\nfrom='mapping.version'\ntype='number'", "type = \"integer\""),
        ("to='Lead.Place__c'\nfrom='person.phone'", "another field"),
        ("to='Lead.Rating'\nfrom='person.country'\ntype='picklist'", "values = [...]"),
        ("to='Lead.Rating'\ndefault='Warm'\ntype='picklist'", "use one of Hot, Cold"),
        ("to='Lead.Rating'\nexpr='\"Warm\"'\ntype='picklist'", "does not know 'Warm'"),
        (
            "to='Lead.Rating'\nfrom='person.country'\nvalues=['Hot','MX']\ntype='picklist'",
            "does not know 'MX'",
        ),
        ("to='Lead.Rating'\ndefault='Hot'", "type = \"picklist\""),
        ("to='Lead.Once__c'\nfrom='person.phone'\nmax_length=20\non='both'", "changed later"),
        ("to='Lead.Formula__c'\nfrom='person.phone'\nmax_length=20", "when a record is made"),
        ("to='Case.Subject'\nfrom='person.phone'\nmax_length=20", "missing or hidden"),
    ] {
        let complaints = check(&mapping(&format!("{NAMES}[[field]]\n{entry}\n")), &shapes());
        assert_eq!(complaints.len(), 1, "{entry}: {complaints:?}");
        assert_eq!(complaints[0].line, Some(12), "{entry}");
        assert!(complaints[0].to_string().contains(words), "{entry}: {}", complaints[0]);
    }
    let good = "[[field]]\nto='Lead.Rating'\nexpr='\"Hot\"'\ntype='picklist'\n\
                [[field]]\nto='Lead.Free__c'\nfrom='person.country'\ntype='picklist'\n\
                [[field]]\nto='Lead.Score__c'\nfrom='mapping.version'\ntype='integer'\non='both'\n";
    assert_eq!(check(&mapping(&format!("{NAMES}{good}")), &shapes()), []);
}

#[test]
fn a_required_field_needs_a_sure_value() {
    for (entries, line, words) in [
        (
            "[[field]]\nto='Lead.LastName'\nfrom='person.last_name'\nmax_length=80",
            None,
            "no entry fills it",
        ),
        (&NAMES.replace("default='none'", ""), Some(7), "give the entry a `default`"),
        (
            &NAMES.replace("max_length=80", "max_length=80\nwhen='person.phone == \"\"'"),
            Some(3),
            "and no `when`",
        ),
        (
            &NAMES.replace("max_length=80", "max_length=80\non='update'"),
            Some(3),
            "may give nothing",
        ),
    ] {
        let complaints = check(&mapping(entries), &shapes());
        assert_eq!(complaints.len(), 1, "{entries}: {complaints:?}");
        assert_eq!(complaints[0].line, line, "{entries}");
        assert!(complaints[0].to_string().contains(words), "{}", complaints[0]);
    }
}

#[test]
fn the_default_is_whole_and_a_difference_is_named() {
    let default = Mapping::read(DEFAULT).unwrap();
    assert_eq!(default.targets().into_iter().collect::<Vec<_>>(), [Target::Lead, Target::Case]);
    assert!(!Target::ALL.iter().any(|target| default.updates(*target)));
    let commented = DEFAULT.replace("[[field]]", "# a comment\n[[field]]");
    assert_eq!(diff(&default, &Mapping::read(&commented).unwrap()), []);
    let other = DEFAULT.replace("max_length = 80", "max_length = 70");
    let changes = diff(&default, &Mapping::read(&other).unwrap());
    assert_eq!((changes.len(), changes[0].field.as_str()), (1, "Lead.LastName"));
    assert!(changes[0].before[0].contains("80") && changes[0].after[0].contains("70"));
}

#[test]
fn paths_are_documented_once() {
    let names: std::collections::BTreeSet<_> = PATHS.iter().map(|p| p.path).collect();
    assert_eq!(names.len(), PATHS.len());
    assert!(is_path("message.source.order.catalog_id") && !is_path("message.text.x"));
    assert!(!is_path("person") && !is_path("message.sources"));
}

#[test]
fn no_expression_grows_or_goes_on_for_long() {
    let long = "a".repeat(60_000);
    let source = json!({ "message": { "text": long } });
    let grow = "| replace(\"a\", \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\")".repeat(20);
    let deep = format!("{}1{}", "(".repeat(400), ")".repeat(400));
    let sum = vec!["1"; 990].join("+");
    for (expr, why) in [
        (format!("message.text {grow}"), "cannot be done"),
        ("(message.text | split(\"a\")) | join(message.text)".to_owned(), "cannot be done"),
        (sum, "too many steps"),
    ] {
        let text = file(&format!("[[field]]\nto='Lead.X__c'\nexpr='{expr}'\nmax_length=255"));
        let mapping = Mapping::read(&text).unwrap();
        let (fields, missed) = fill(&mapping, Target::Lead, Moment::Create, &source);
        assert!(fields.is_empty() && missed[0].why.contains(why), "{expr:.60}: {missed:?}");
    }
    let text = file(&format!("[[field]]\nto='Lead.X__c'\nexpr='{deep}'"));
    assert!(Mapping::read(&text).is_err(), "depth is bounded");
}

proptest! {
    #[test]
    fn any_file_is_read_or_refused(text in any::<String>()) {
        let _ = Mapping::read(&text);
    }

    #[test]
    fn any_expression_is_bounded(expr in r#"[a-z.\[\]()0-9|+~<>= "%/-]{0,80}"#, text in any::<String>()) {
        let file = file(&format!("[[field]]\nto='Lead.X__c'\nexpr='''{expr}'''\nmax_length=9"));
        if let Ok(mapping) = Mapping::read(&file) {
            let source = json!({ "message": { "text": text } });
            let (fields, _) = fill(&mapping, Target::Lead, Moment::Create, &source);
            let length = fields.get("X__c").and_then(Value::as_str).map_or(0, |t| t.encode_utf16().count());
            prop_assert!(length <= 9);
        }
    }

    #[test]
    fn a_value_has_the_type_and_length_of_its_entry(
        text in any::<String>(), number in any::<f64>(), max in 1usize..40, kind in 0usize..8, refuse: bool,
    ) {
        let kind = Kind::ALL[kind];
        let length = if kind.is_text() { format!("max_length = {max}") } else { String::new() };
        let too_long = if refuse { "too_long = 'refuse'" } else { "" };
        for path in ["message.text", "message.latitude"] {
            let rest = format!("from = '{path}'\ntype = '{}'\n{length}\n{too_long}", kind.word());
            let mapping = mapping(&entry(&rest));
            let source = json!({ "message": { "text": text, "latitude": number } });
            let (fields, _) = fill(&mapping, Target::Lead, Moment::Create, &source);
            let Some(value) = fields.get("Score__c") else { continue };
            let fits = match kind {
                Kind::Number => value.is_number(),
                Kind::Integer => value.is_i64(),
                Kind::Boolean => value.is_boolean(),
                Kind::Text | Kind::Picklist => {
                    value.as_str().is_some_and(|t| t.encode_utf16().count() <= max && !t.contains('\0'))
                }
                Kind::Date => value.as_str().is_some_and(|t| t.len() == 10),
                Kind::Datetime => value.as_str().is_some_and(|t| t.ends_with('Z')),
                Kind::Reference => value.as_str().is_some_and(|t| matches!(t.len(), 15 | 18)),
            };
            prop_assert!(fits, "{kind:?}: {value}");
        }
    }
}
