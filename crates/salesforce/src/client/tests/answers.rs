//! Answers, mapped back to what was asked.

use proptest::prelude::*;

use super::*;

#[test]
fn every_collection_answer_maps_to_its_records() {
    let expected = [
        ("create_all_good", "created a015500001QdQWaAAN, created a015500001QdQWbAAN"),
        ("duplicate_rule", "sf.DUPLICATES_DETECTED Answered"),
        ("refused_as_a_whole", "sf.INVALID_TYPE Answered, sf.INVALID_TYPE Answered"),
        ("result_without_id", "sf.NOT_UNDERSTOOD Unknown"),
        ("rolled_back", "halted, sf.REQUIRED_FIELD_MISSING Answered, halted"),
        ("success_with_notice", "created e01xx0000000001AAA"),
        (
            "too_few_results",
            "created a015500001QdQWaAAN, sf.NOT_UNDERSTOOD Unknown, sf.NOT_UNDERSTOOD Unknown",
        ),
        ("too_many_results", "created a015500001QdQWaAAN"),
        ("unreadable_result", "sf.NOT_UNDERSTOOD Unknown, sf.NOT_UNDERSTOOD Unknown"),
        ("update_one_gone", "updated a015500001QdQWaAAN, sf.ENTITY_IS_DELETED Answered"),
        (
            "upsert_mixed",
            "created a015500001QdQWaAAN, updated a015500001QdQWbAAN, sf.UNABLE_TO_LOCK_ROW Answered, sf.DUPLICATE_VALUE Answered",
        ),
    ];
    fake::run("collections", &expected, |fixture| {
        let names = Names::none();
        let count = fixture["records"].as_u64().unwrap() as usize;
        let id = RecordId::new("a015500001QdQWaAAN");
        let records: Vec<_> = messages(&names, count).into_iter().map(|r| r.with_id(&id)).collect();
        let request = match fixture["verb"].as_str().unwrap() {
            "upsert" => Subrequest::upsert("r", "Key__c", &records),
            "create" => Subrequest::create_all("r", &records, DuplicateRule::Obey),
            _ => Subrequest::update_all("r", &records),
        };
        let answer = now(client(&says(fixture), &names).send(&request.unwrap())).unwrap();
        all_shown(&answer.outcomes())
    });
}

#[test]
fn every_composite_answer_maps_to_its_parts_and_records() {
    let expected = [
        ("halted", "[sf.INVALID_TYPE Answered, sf.INVALID_TYPE Answered] [halted, halted]"),
        ("out_of_order", "[sf.DUPLICATE_VALUE Answered] [created a025500001QdQWaAAN]"),
        (
            "part_missing",
            "[created a025500001QdQWaAAN] [sf.NOT_UNDERSTOOD Unknown, sf.NOT_UNDERSTOOD Unknown]",
        ),
        ("part_not_found", "[sf.NOT_FOUND Answered]"),
        ("part_unknown", "[sf.UNKNOWN_EXCEPTION Unknown, sf.UNKNOWN_EXCEPTION Unknown]"),
        (
            "wave",
            "[created a005500001QdQWaAAN, updated a005500001QdQWbAAN] [created a015500001QdQWaAAN] [created a025500001QdQWaAAN, sf.INVALID_FIELD Answered, created a025500001QdQWbAAN]",
        ),
    ];
    fake::run("composite", &expected, |fixture| {
        let names = Names::none();
        let parts = fixture["parts"].as_array().unwrap().iter().map(|part| {
            let records = messages(&names, part[1].as_u64().unwrap() as usize);
            Subrequest::upsert(part[0].as_str().unwrap(), "Key__c", &records).unwrap()
        });
        let parts: Vec<_> = parts.collect();
        let answers = now(client(&says(fixture), &names).composite(&parts)).unwrap();
        let shown = answers.iter().map(|a| format!("[{}]", all_shown(&a.outcomes())));
        shown.collect::<Vec<_>>().join(" ")
    });
}

#[test]
fn every_query_answer() {
    let expected = [
        ("aggregate", "1 of 1, end, 300"),
        ("count", "0 of 12345, end, "),
        ("empty", "0 of 0, end, "),
        ("first_page", "2 of 3, more, "),
        ("hidden_field", "sf.INVALID_FIELD"),
        ("malformed", "sf.MALFORMED_QUERY"),
        ("no_query", "sf.NOT_UNDERSTOOD"),
    ];
    fake::run("query", &expected, |fixture| {
        match now(client(&says(fixture), &Names::none()).query("SELECT Id FROM Lead", 1)) {
            Ok(page) => {
                let next = if page.next.is_some() { "more" } else { "end" };
                let sum = page.rows.first().and_then(|row| row.number("expr0"));
                let sum = sum.map(|n| n.to_string()).unwrap_or_default();
                format!("{} of {}, {next}, {sum}", page.rows.len(), page.total)
            }
            Err(fault) => fault.code.to_string(),
        }
    });
}

#[test]
fn every_description() {
    let expected = [
        ("hidden", "sf.NOT_FOUND"),
        ("lead", "00Q Lead: required LastName,Company; unique Puente_Create_Key__c"),
        ("puente_message", "a02 Puente_Message__c: required Conversation__c; unique Key__c"),
    ];
    fake::run("describe", &expected, |fixture| {
        let seen = match now(client(&says(fixture), &Names::none()).describe("X")) {
            Ok(seen) => seen,
            Err(fault) => return fault.code.to_string(),
        };
        if let Some(direction) = seen.field("direction__C") {
            assert!(direction.takes("Inbound"));
            assert!(!direction.takes("Draft") && !direction.takes("Sideways"));
        }
        if let Some(status) = seen.field("Status") {
            assert!(status.takes("Anything"), "not restricted");
        }
        let list = |pick: fn(&crate::client::Field) -> bool| {
            let names = seen.fields.iter().filter(|f| pick(f)).map(|f| f.name.clone());
            names.collect::<Vec<_>>().join(",")
        };
        let (required, unique) =
            (list(crate::client::Field::required_at_create), list(|f| f.unique));
        let prefix = seen.key_prefix.as_deref().unwrap();
        format!("{prefix} {}: required {required}; unique {unique}", seen.name)
    });
}

/// An item of a collection's answer, or something that is none.
fn item() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!({"id": "a015500001QdQWaAAN", "success": true, "errors": [], "created": true})),
        Just(
            json!({"success": false, "errors": [{"statusCode": "UNABLE_TO_LOCK_ROW", "message": "x", "fields": []}]})
        ),
        Just(
            json!({"success": false, "errors": [{"statusCode": "ALL_OR_NONE_OPERATION_ROLLED_BACK", "message": "x"}]})
        ),
        Just(json!({"success": false, "errors": []})),
        Just(json!({"success": true})),
        Just(json!(null)),
        Just(json!("?")),
    ]
}

fn part_body() -> impl Strategy<Value = (u16, Value)> {
    prop_oneof![
        4 => prop::collection::vec(item(), 0..9).prop_map(|items| (200, Value::Array(items))),
        1 => Just((400, json!([{"errorCode": "PROCESSING_HALTED", "message": "x"}]))),
        1 => Just((500, json!(null))),
        1 => Just((200, json!({"unexpected": 1}))),
    ]
}

proptest! {
    #[test]
    fn every_record_has_one_outcome_whatever_is_answered(
        parts in prop::collection::vec((1_usize..8, prop::option::of(part_body())), 1..6),
        turn in 0_usize..6,
    ) {
        let names = Names::none();
        let asked: Vec<_> = parts.iter().enumerate().map(|(i, (count, _))| {
            Subrequest::upsert(&format!("p{i}"), "Key__c", &messages(&names, *count)).unwrap()
        }).collect();
        let mut answers: Vec<_> = parts.iter().enumerate().filter_map(|(i, (_, body))| {
            let (status, body) = body.clone()?;
            Some(json!({"body": body, "httpHeaders": {}, "httpStatusCode": status, "referenceId": format!("p{i}")}))
        }).collect();
        let by = turn % answers.len().max(1);
        answers.rotate_left(by);
        let fake = Fake::signed_in(move |_| answer(200, &json!({"compositeResponse": answers})));
        let back = now(client(&fake, &names).composite(&asked)).unwrap();
        prop_assert_eq!(back.len(), asked.len());
        for ((back, asked), (_, body)) in back.iter().zip(&asked).zip(&parts) {
            prop_assert_eq!(back.reference_id(), asked.reference_id());
            let outcomes = back.outcomes();
            prop_assert_eq!(outcomes.len(), asked.records());
            let Some((200, Value::Array(items))) = body else { continue };
            for (outcome, item) in outcomes.iter().zip(items) {
                let success = item["success"] == json!(true) && item["id"].is_string();
                prop_assert_eq!(outcome.id().is_some(), success, "{} {:?}", item, outcome);
            }
        }
    }
}
