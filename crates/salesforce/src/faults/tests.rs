use std::collections::BTreeSet;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, StatusCode};
use model::{Act, Lost};
use serde_json::Value;

use super::{Clue, ROWS, Refusal, bisects, of_answer, of_loss};
use crate::fake;

fn judged(fixture: &Value) -> Box<Refusal> {
    match fixture["lost"].as_str() {
        Some("before_write") => return of_loss(Lost::BeforeWrite).into(),
        Some("after_write") => return of_loss(Lost::AfterWrite).into(),
        _ => {}
    }
    let status = StatusCode::from_u16(fixture["status"].as_u64().unwrap() as u16).unwrap();
    let body = match &fixture["body"] {
        Value::String(page) => page.clone().into_bytes(),
        json => json.to_string().into_bytes(),
    };
    of_answer(status, &HeaderMap::new(), &body)
}

/// `retry 30 lane answered smaller_batch`
fn shown(refusal: &Refusal) -> String {
    let fault = &refusal.fault;
    let act = match fault.act {
        Act::Retry { after } => format!("retry {}", after.unwrap_or(Duration::ZERO).as_secs()),
        act => format!("{act:?}").to_lowercase(),
    };
    let clue = match &refusal.clue {
        Clue::None => String::new(),
        Clue::Exists(id) => format!(" exists {id}"),
        Clue::Duplicates(found) => format!(" {} duplicates", found.matches.len()),
        clue => format!(" {clue:?}"),
    };
    let (scope, stage) = (fault.scope, fault.stage);
    format!("{act} {scope:?} {stage:?}{clue}")
}

#[test]
fn every_fixture_means_what_it_should() {
    fake::run("errors", EXPECTED, |fixture| shown(&judged(fixture)));
}

#[test]
fn every_row_has_a_fixture_that_hits_it() {
    let names: BTreeSet<_> = ROWS.iter().map(super::Row::name).collect();
    assert_eq!(names.len(), ROWS.len(), "two rows of one name");
    let found = fake::fixtures("errors");
    for row in ROWS {
        let (_, fixture) = found
            .iter()
            .find(|(name, _)| *name == row.name())
            .unwrap_or_else(|| panic!("no fixtures/salesforce/errors/{}.json", row.name()));
        let fault = judged(fixture).fault;
        assert_eq!(fault.code.as_str(), format!("sf.{}", row.code), "{}", row.name());
        assert_eq!(fault.cure, row.cure, "{} is shadowed by another row", row.name());
    }
}

#[test]
fn every_row_says_what_happened_and_what_helps() {
    for row in ROWS {
        assert!(row.cause.ends_with('.') && row.cause.len() > 10, "{}: cause", row.name());
        assert!(!row.cure.is_empty() && !row.cure.ends_with('.'), "{}: cure", row.name());
    }
}

#[test]
fn a_policy_never_renews_and_an_ended_session_never_asks() {
    for text in [
        "This session is not valid for use with the REST API",
        "This Session is not valid for use with the REST API.",
        "Connected app is not attached to Agent",
    ] {
        let body = serde_json::json!([{"errorCode": "INVALID_SESSION_ID", "message": text}]);
        let fault =
            of_answer(StatusCode::UNAUTHORIZED, &HeaderMap::new(), body.to_string().as_bytes());
        assert_eq!(fault.fault.act, Act::Ask, "{text}");
    }
}

#[test]
fn a_duplicate_rules_matches_stay_readable() {
    let fixtures = fake::fixtures("errors");
    let (_, fixture) = fixtures.iter().find(|(name, _)| name == "DUPLICATES_DETECTED").unwrap();
    let Clue::Duplicates(found) = judged(fixture).clue else { panic!("no duplicates") };
    assert!(found.allow_save);
    assert_eq!(found.rule, "Standard_Contact_Duplicate_Rule");
    let seen = &found.matches[0];
    assert_eq!(seen.id.as_ref().unwrap().as_str(), "0035500001H9cakAAB");
    assert_eq!((seen.sobject.as_str(), seen.confidence), ("Contact", 100.0));
    assert_eq!(seen.row.text("MobilePhone"), Some("+1 202 555 0100"));
    let hidden = &found.matches[1];
    assert_eq!((hidden.sobject.as_str(), &hidden.id), ("Contact", &None));
}

#[test]
fn a_hint_of_the_server_is_a_floor() {
    let mut headers = HeaderMap::new();
    headers.insert("Retry-After", HeaderValue::from_static("120"));
    let after = |status: u16, body: &str| {
        let status = StatusCode::from_u16(status).unwrap();
        of_answer(status, &headers, body.as_bytes()).fault.act
    };
    let secs = |n| Act::Retry { after: Some(Duration::from_secs(n)) };
    assert_eq!(after(503, "<html>"), secs(120));
    let daily =
        r#"[{"errorCode":"REQUEST_LIMIT_EXCEEDED","message":"TotalRequests Limit exceeded."}]"#;
    assert_eq!(after(403, daily), secs(300));
    assert_eq!(after(404, "[]"), Act::Reject);
}

#[test]
fn calls_that_were_too_much_say_so() {
    for (name, fixture) in fake::fixtures("errors") {
        let refusal = judged(&fixture);
        let clue = refusal.clue == Clue::SmallerBatch;
        assert_eq!(bisects(&refusal.fault), clue, "{name}");
    }
}

const EXPECTED: &[(&str, &str)] = &[
    ("ALL_OR_NONE_OPERATION_ROLLED_BACK", "retry 0 Item NotSent"),
    ("APEX_ERROR", "retry 0 Item Unknown SmallerBatch"),
    ("API_CURRENTLY_DISABLED", "ask Org NotSent"),
    ("API_DISABLED_FOR_ORG", "ask Org NotSent"),
    ("Bad_OAuth_Token", "renew Org NotSent"),
    ("CANNOT_EXECUTE_FLOW_TRIGGER", "ask Item Answered SmallerBatch"),
    ("CANNOT_EXECUTE_FLOW_TRIGGER.limit", "retry 0 Lane Answered SmallerBatch"),
    ("CANNOT_EXECUTE_FLOW_TRIGGER.locked", "retry 0 Lane Answered"),
    ("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "ask Item Answered SmallerBatch"),
    ("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY.limit", "retry 0 Lane Answered SmallerBatch"),
    ("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY.locked", "retry 0 Lane Answered"),
    ("CANNOT_UPDATE_CONVERTED_LEAD", "reject Item Answered Converted"),
    ("CLIENTINPUTERROR", "reject Item Answered"),
    ("DUPLICATES_DETECTED", "reject Item Answered 2 duplicates"),
    ("DUPLICATE_EXTERNAL_ID", "ask Item Answered"),
    ("DUPLICATE_VALUE", "retry 0 Item Answered exists a015500001QdQWaAAN"),
    ("DUPLICATE_VALUE.same_call", "reject Item Answered"),
    ("ENTITY_IS_DELETED", "reject Item Answered Gone"),
    ("ENTITY_IS_LOCKED", "retry 3600 Item Answered"),
    ("EXCEEDEDQUOTA", "retry 300 Lane NotSent"),
    ("EXCEEDED_ID_LIMIT", "retry 0 Lane NotSent SmallerBatch"),
    ("FEATURENOTENABLED", "ask Lane NotSent"),
    ("FIELD_CUSTOM_VALIDATION_EXCEPTION", "ask Item Answered"),
    ("FIELD_INTEGRITY_EXCEPTION", "ask Item Answered"),
    ("FORBIDDEN", "ask Item NotSent"),
    ("FUNCTIONALITY_NOT_ENABLED", "ask Item NotSent"),
    ("HTTP_401", "renew Org NotSent"),
    ("HTTP_409", "retry 0 Item Answered"),
    ("HTTP_412", "retry 0 Item Answered"),
    ("HTTP_414", "reject Item NotSent SmallerBatch"),
    ("HTTP_420", "retry 30 Org Unknown"),
    ("HTTP_428", "reject Item NotSent"),
    ("HTTP_431", "reject Item NotSent SmallerBatch"),
    ("HTTP_5XX", "retry 0 Org Unknown"),
    ("INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE", "retry 60 Org Answered"),
    ("INSUFFICIENT_ACCESS", "ask Item Answered"),
    ("INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", "ask Item Answered"),
    ("INSUFFICIENT_ACCESS_OR_READONLY", "ask Item Answered"),
    ("INVALIDBATCH", "ask Item Answered"),
    ("INVALIDJOB", "reject Item Answered Gone"),
    ("INVALIDJOBSTATE", "retry 0 Item Answered"),
    ("INVALID_AUTH_HEADER", "ask Org NotSent"),
    ("INVALID_CROSS_REFERENCE_KEY", "reject Item Answered Gone"),
    ("INVALID_EMAIL_ADDRESS", "reject Item Answered"),
    ("INVALID_FIELD", "ask Item Answered"),
    ("INVALID_FIELD.parent", "retry 0 Item Answered ParentMissing"),
    ("INVALID_FIELD_FOR_INSERT_UPDATE", "ask Item Answered"),
    ("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "ask Item Answered"),
    ("INVALID_QUERY_LOCATOR", "retry 0 Item NotSent"),
    ("INVALID_SESSION_ID", "renew Org NotSent"),
    ("INVALID_SESSION_ID.policy", "ask Org NotSent"),
    ("INVALID_TYPE", "ask Item Answered"),
    ("INVALID_TYPE.package", "ask Org Answered"),
    ("INVALID_TYPE_ON_FIELD_IN_RECORD", "reject Item Answered"),
    ("JSON_PARSER_ERROR", "reject Item NotSent SmallerBatch"),
    ("LIMIT_EXCEEDED", "retry 0 Lane Answered SmallerBatch"),
    ("LOST_AFTER_WRITE", "retry 0 Lane Unknown"),
    ("LOST_BEFORE_WRITE", "retry 0 Org NotSent"),
    ("MALFORMED_ID", "reject Item Answered"),
    ("MALFORMED_QUERY", "reject Item NotSent"),
    ("MALFORMED_SEARCH", "reject Item NotSent"),
    ("METHOD_NOT_ALLOWED", "reject Item NotSent"),
    ("NOT_FOUND", "reject Item Answered Gone"),
    ("NOT_UNDERSTOOD", "retry 0 Item Unknown"),
    ("NUMBER_OUTSIDE_VALID_RANGE", "reject Item Answered"),
    ("OPERATION_TOO_LARGE", "retry 0 Lane Answered SmallerBatch"),
    ("PLATFORM_EVENT_PUBLISHING_UNAVAILABLE", "retry 0 Org Answered"),
    ("PROCESSING_HALTED", "retry 0 Item NotSent"),
    ("QUERY_TIMEOUT", "retry 0 Lane Unknown SmallerBatch"),
    ("REQUEST_LIMIT_EXCEEDED", "retry 5 Org NotSent"),
    ("REQUEST_LIMIT_EXCEEDED.daily", "retry 300 Org NotSent"),
    ("REQUEST_RUNNING_TOO_LONG", "retry 0 Lane Unknown SmallerBatch"),
    ("REQUIRED_FIELD_MISSING", "ask Item Answered"),
    ("SERVER_UNAVAILABLE", "retry 0 Org Unknown"),
    ("STORAGE_LIMIT_EXCEEDED", "ask Org Answered"),
    ("STRING_TOO_LONG", "reject Item Answered"),
    ("TIMEOUT", "retry 0 Item Unknown"),
    ("TOOMANYLOCKFAILURE", "retry 0 Item Answered"),
    ("TOO_MANY_APEX_REQUESTS", "retry 10 Org Unknown"),
    ("TXN_SECURITY_METERING_ERROR", "ask Item Answered"),
    ("TXN_SECURITY_NO_ACCESS", "ask Item Answered"),
    ("UNABLE_TO_LOCK_ROW", "retry 0 Lane Answered"),
    ("UNKNOWN_ERROR", "retry 0 Item Unknown SmallerBatch"),
    ("UNKNOWN_EXCEPTION", "retry 0 Item Unknown SmallerBatch"),
    ("UNSUPPORTED_API_VERSION", "ask Org NotSent"),
    ("UNSUPPORTED_MEDIA_TYPE", "reject Item NotSent"),
    ("bad_gateway", "retry 0 Org Unknown"),
    ("multiple_choices", "ask Item Answered"),
    ("stranger", "reject Item Answered"),
    ("stranger_5xx", "retry 0 Org Unknown"),
];
