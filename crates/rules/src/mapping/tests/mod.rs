//! Files, sources and shapes, as tables; and what holds of all of them.

mod mistakes;
mod org;

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
        ("default = 1.5\ntype = 'number'", json!(1.5)),
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
    let pairs = "(message.text | split(\"a\")) | join(message.text)";
    let most = vec!["message.text|upper"; 95].join("~");
    for expr in [format!("message.text {grow}"), pairs.to_owned(), most] {
        let text = file(&format!("[[field]]\nto='Lead.X__c'\nexpr='{expr}'\nmax_length=255"));
        let mapping = Mapping::read(&text).unwrap();
        let (fields, missed) = fill(&mapping, Target::Lead, Moment::Create, &source);
        assert!(fields.is_empty() && missed.len() == 1, "{expr:.60}: {missed:?}");
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
