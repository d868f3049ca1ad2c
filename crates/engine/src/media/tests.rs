use bytes::Bytes;
use model::{UnixMs, Urgency};
use serde_json::{Map, Value, json};
use store::Class;

use super::line::urgency;
use super::scan::{Verdict, verdict};
use super::settle::look_at;
use super::{About, Source, ask, convert};

#[test]
fn files_have_names_that_no_system_takes_for_a_path() {
    let at = UnixMs(1_767_225_600_000);
    let table = [
        (Some("Plan A.pdf"), "document", Some("application/pdf"), "Plan A.pdf"),
        (Some("../../etc/passwd"), "document", Some("text/plain"), "passwd.txt"),
        (Some("C:\\x\\a?b.doc"), "document", None, "a_b.doc"),
        (Some(" .. "), "image", Some("image/png"), "WhatsApp image 2026-01-01.png"),
        (None, "audio", Some("audio/ogg; codecs=opus"), "WhatsApp audio 2026-01-01.ogg"),
        (None, "document", None, "WhatsApp document 2026-01-01.bin"),
    ];
    for (given, kind, mime, want) in table {
        assert_eq!(convert::name(given, kind, mime, at), want, "{given:?}");
    }
    let long = format!("{}.pdf", "ñ".repeat(900));
    let name = convert::name(Some(&long), "document", None, at);
    assert!(name.len() < 500 && name.ends_with(".pdf"), "{name}");
    assert_eq!(convert::title("Plan A.pdf"), "Plan A");
    assert_eq!(convert::type_of("x.JPG"), Some("image/jpeg"));
    assert_eq!(convert::type_of("x"), None);
}

#[test]
fn a_scanners_words_are_read_and_doubt_is_no_permission() {
    let read = |text: &'static str| verdict(&Bytes::from_static(text.as_bytes()));
    assert_eq!(read("stream: OK\0"), Verdict::Clean);
    assert_eq!(read("stream: OK\n"), Verdict::Clean);
    assert_eq!(read("stream: Eicar-Signature FOUND\0"), Verdict::Found("Eicar-Signature".into()));
    for unclear in ["", "INSTREAM size limit exceeded. ERROR\0", "stream: OK maybe", "OKAY"] {
        assert!(matches!(read(unclear), Verdict::Unclear(_)), "{unclear}");
    }
}

#[test]
fn who_waits_for_a_door_looks_less_and_less_often() {
    let now = UnixMs(1_767_225_600_000);
    let (second, minute) = (1_000, 60_000);
    for (age, opens_in, want) in [
        // a fresh file goes when it may
        (0, 200, 200),
        (second, second, second),
        (8 * minute, 200, minute),
        (8 * minute, 5 * minute, 5 * minute),
        (24 * 60 * minute, 200, 10 * minute),
        // a clock that was set back
        (-minute, 200, 200),
    ] {
        assert_eq!(look_at(now.plus(opens_in), now.plus(-age), now), now.plus(want), "{age}");
    }
}

#[test]
fn a_file_is_one_urgency_behind_its_message() {
    for (sent, want) in [
        (None, Urgency::Automatic),
        (Some(Class::Live), Urgency::Automatic),
        (Some(Class::Automatic), Urgency::Status),
        (Some(Class::Campaign), Urgency::Status),
    ] {
        assert_eq!(urgency(sent), want, "{sent:?}");
    }
}

fn message(part: Value) -> Map<String, Value> {
    let message = json!({ "type": "image", "image": part });
    message.as_object().cloned().unwrap()
}

#[test]
fn what_meta_takes_itself_is_left_alone() {
    for part in [json!({ "id": "1" }), json!({ "link": "https://a.example/x" }), json!({})] {
        assert!(ask(&message(part)).unwrap().is_none());
    }
    let text = json!({ "type": "text", "text": { "body": "upload_id" } });
    assert!(ask(text.as_object().unwrap()).unwrap().is_none());
}

#[test]
fn our_sources_are_taken_out_of_the_message() {
    let id = format!("med_{}", "0a".repeat(16));
    let asked = ask(&message(json!({ "upload_id": id, "caption": "hi" }))).unwrap().unwrap();
    assert_eq!(
        (asked.field.as_str(), &asked.about.source),
        ("image.upload_id", &Source::Upload(id))
    );
    assert_eq!(asked.message_with("77")["image"], json!({ "id": "77", "caption": "hi" }));
    let file = json!({ "salesforce_file_id": "069000000000001AAA", "filename": "a.pdf" });
    let asked = ask(&message(file)).unwrap().unwrap();
    assert_eq!(asked.about.file_name.as_deref(), Some("a.pdf"));
    let about = About::open(&asked.about.seal()).unwrap();
    assert_eq!(about, asked.about);
    let url = ask(&message(json!({ "fetch_url": "https://a.example/x.png" }))).unwrap().unwrap();
    assert_eq!(url.about.source, Source::Url("https://a.example/x.png".into()));
}

#[test]
fn mistakes_name_the_field_and_the_cure() {
    for (part, field) in [
        (json!({ "upload_id": "out_1" }), "image.upload_id"),
        (json!({ "upload_id": 7 }), "image.upload_id"),
        (json!({ "salesforce_file_id": "00Q000000000001AAA" }), "image.salesforce_file_id"),
        (json!({ "salesforce_file_id": "nope" }), "image.salesforce_file_id"),
        (json!({ "fetch_url": "http://a.example/x" }), "image.fetch_url"),
        (json!({ "fetch_url": "https://10.0.0.1/x" }), "image.fetch_url"),
        (json!({ "fetch_url": "https://a.example/x", "id": "1" }), "image"),
    ] {
        let refusal = ask(&message(part.clone())).unwrap_err();
        assert_eq!(refusal.field.as_deref(), Some(field), "{part}");
        assert!(!refusal.cure.is_empty() && !refusal.cause.is_empty());
    }
}
