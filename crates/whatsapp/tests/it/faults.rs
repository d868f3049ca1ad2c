//! Every row of the table has a recorded error and every recorded error a row.

use std::collections::BTreeSet;

use model::{Act, Lost, Scope, Stage};
use serde_json::Value;
use whatsapp::faults::{judge, judge_async, judge_error, judge_lost, row, rows, specials};
use whatsapp::wire::webhook::WireError;

use crate::{fixture, names};

/// Known to be refused before any side effect (Cloud API, rate limits).
const RESENT: [i64; 6] = [4, 80007, 80008, 130429, 131056, 133016];
/// Trouble on Meta's side: whatever HTTP status carries them proves nothing.
const SHAKY: [i64; 6] = [1, 2, 131000, 131016, 131057, 133004];

struct Recorded {
    code: i64,
    status: u16,
    answer: Option<Vec<u8>>,
    webhook: Option<String>,
}

fn recorded() -> Vec<Recorded> {
    let read = |name: String| {
        let value: Value =
            serde_json::from_slice(&fixture(&format!("errors/{name}.json"))).unwrap();
        Recorded {
            code: name.parse().expect("the file is named by its code"),
            status: value["status"].as_u64().map_or(400, |s| s.try_into().unwrap()),
            answer: value.get("answer").map(|answer| answer.to_string().into_bytes()),
            webhook: value.get("webhook").map(|w| w["error_data"]["details"].to_string()),
        }
    };
    names("errors").into_iter().map(read).collect()
}

#[test]
fn rows_and_recordings_are_the_same_set() {
    let recorded: BTreeSet<_> = recorded().iter().map(|r| r.code).collect();
    let listed: BTreeSet<_> = rows().map(|row| row.from).collect();
    assert_eq!(recorded, listed);
    assert_eq!(rows().count(), listed.len(), "a code has one row");
    for row in rows() {
        assert_eq!(row.name, format!("wa.{}", row.from));
        assert!(row.to >= row.from && row.cause.ends_with('.') && row.cure.ends_with('.'));
    }
}

#[test]
fn each_recording_finds_its_row() {
    for one in recorded() {
        let row = row(one.code).unwrap();
        assert!(one.answer.is_some() || one.webhook.is_some(), "{} says nothing", one.code);
        if let Some(body) = &one.answer {
            let fault = judge(one.status, body);
            assert_eq!(fault.code.as_str(), row.name);
            assert_eq!(fault.scope, row.scope);
            assert_eq!(fault.cure, row.cure);
            assert!(fault.detail.starts_with(row.cause) && fault.detail.contains("Meta said:"));
        }
        if let Some(said) = &one.webhook {
            let fault = judge_async(one.code, said);
            assert_eq!(fault.code.as_str(), row.name);
            assert_eq!(fault.stage, Stage::Answered);
            assert!(!matches!(fault.act, Act::Retry { .. }), "{} is resent by itself", one.code);
        }
    }
}

/// The promise "never sent twice blindly", as a closed set: whatever the code
/// and the HTTP status, a resend by itself comes of these six alone.
#[test]
fn only_what_is_known_unsent_is_resent() {
    let body = |code: i64| format!(r#"{{"error":{{"code":{code},"message":"x"}}}}"#).into_bytes();
    let codes = rows().map(|row| row.from).chain([5, 999_999, -1, i64::MAX]);
    for code in codes {
        for status in [200, 400, 401, 403, 404, 429, 500, 502, 503] {
            let fault = judge(status, &body(code));
            let resent = matches!(fault.act, Act::Retry { .. }) && fault.stage == Stage::NotSent;
            assert_eq!(resent, RESENT.contains(&code) && status < 500, "{code} with {status}");
            let unknown = fault.stage == Stage::Unknown;
            assert_eq!(unknown, status >= 500 || SHAKY.contains(&code), "{code} with {status}");
        }
    }
}

#[test]
fn what_is_not_metas_json_proves_nothing() {
    let strange: [&[u8]; 8] = [
        b"",
        b"<html>502 Bad Gateway</html>",
        b"{",
        b"[]",
        b"null",
        br#"{"error":"down"}"#,
        br#"{"error":{"message":"no code"}}"#,
        b"\xff\xfe",
    ];
    for body in strange {
        for status in [200, 400, 403, 429, 502] {
            let fault = judge(status, body);
            assert_eq!(fault.stage, Stage::Unknown);
            assert_eq!(fault.code.as_str(), "wa.unreadable");
        }
    }
}

#[test]
fn losses() {
    let before = judge_lost(Lost::BeforeWrite);
    assert_eq!((before.stage, before.act), (Stage::NotSent, Act::Retry { after: None }));
    assert_eq!(judge_lost(Lost::AfterWrite).stage, Stage::Unknown);
}

#[test]
fn scopes_pause_no_more_than_is_wrong() {
    for (code, scope) in [
        (131056, Scope::Lane),
        (130429, Scope::Number),
        (4, Scope::Account),
        (80007, Scope::Account),
        (190, Scope::Account),
        (131026, Scope::Item),
        (131047, Scope::Item),
        (131050, Scope::Item),
        (132001, Scope::Item),
        (133010, Scope::Number),
        (131042, Scope::Account),
        (368, Scope::Account),
    ] {
        assert_eq!(row(code).unwrap().scope, scope, "{code}");
    }
}

#[test]
fn the_exact_code_may_stand_in_the_subcode() {
    let of = |body: &str| judge(400, body.as_bytes()).code;
    assert_eq!(of(r#"{"error":{"code":100,"error_subcode":2388024}}"#).as_str(), "wa.2388024");
    assert_eq!(of(r#"{"error":{"code":"100","error_subcode":33}}"#).as_str(), "wa.100");
    assert_eq!(of(r#"{"error":{"code":190,"error_subcode":2388024}}"#).as_str(), "wa.190");
    assert_eq!(of(r#"{"error":{"code":294}}"#).as_str(), "wa.200");
    assert_eq!(of(r#"{"error":{"code":200006}}"#).as_str(), "wa.200006");
    assert_eq!(of(r#"{"error":{"code":424242}}"#).as_str(), "wa.unlisted");
}

#[test]
fn tokens_call_for_renewal_or_a_person() {
    for code in [0, 102, 190, 401] {
        assert_eq!(row(code).unwrap().class.act(), Act::Renew, "{code}");
    }
    for code in [3, 10, 104, 200, 403, 131005] {
        assert_eq!(row(code).unwrap().class.act(), Act::Ask, "{code}");
    }
}

#[test]
fn names_are_never_shared() {
    let all: Vec<_> = rows().map(|r| r.name).chain(specials().iter().map(|s| s.name)).collect();
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
}

/// Code 0 means a dead token; an error without a code must not become it.
#[test]
fn no_code_is_not_code_zero() {
    let bare = WireError { title: Some("Odd".into()), ..WireError::default() };
    let fault = judge_error(&bare);
    assert_eq!((fault.code.as_str(), fault.act), ("wa.unlisted", Act::Reject));
    assert!(fault.detail.ends_with("Odd"));
    let stop = WireError { code: Some(131050), ..bare };
    assert_eq!(judge_error(&stop).code.as_str(), "wa.131050");
}
