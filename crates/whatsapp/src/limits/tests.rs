use serde_json::{Value, json};

use super::check;
use crate::wire::send::Message;

/// Fields that `check` complains about.
fn fields(message: Value) -> Vec<String> {
    let message = Message::read(&message).expect("the shape is right");
    let problems = check(&message).err().unwrap_or_default();
    assert!(problems.iter().all(|p| !p.limit.is_empty() && !p.cure.is_empty()));
    problems.into_iter().map(|p| p.field).collect()
}

fn part(kind: &str, part: Value) -> Vec<String> {
    fields(json!({ "type": kind, kind: part }))
}

/// `change` is applied to a fine interactive message of `kind`.
fn interactive(kind: &str, action: Value, change: Value) -> Vec<String> {
    let mut message = json!({ "type": kind, "body": { "text": "?" }, "action": action });
    for (key, value) in change.as_object().unwrap() {
        message[key.as_str()] = value.clone();
    }
    message.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    part("interactive", message)
}

fn button(id: &str, title: &str) -> Value {
    json!({ "type": "reply", "reply": { "id": id, "title": title } })
}

fn long(n: usize) -> String {
    "ñ".repeat(n)
}

/// Characters count, not bytes; the limit itself is allowed.
#[test]
fn texts_and_captions() {
    assert!(part("text", json!({ "body": long(4096) })).is_empty());
    assert_eq!(part("text", json!({ "body": long(4097) })), ["text.body"]);
    assert_eq!(part("text", json!({ "body": " \n" })), ["text.body"]);
    assert!(part("image", json!({ "id": "1", "caption": long(1024) })).is_empty());
    assert_eq!(part("image", json!({ "id": "1", "caption": long(1025) })), ["image.caption"]);
    assert_eq!(part("document", json!({ "id": "1", "filename": "" })), ["document.filename"]);
}

#[test]
fn a_file_has_one_source() {
    for kind in ["image", "video", "audio", "document", "sticker"] {
        assert!(part(kind, json!({ "id": "1" })).is_empty());
        assert!(part(kind, json!({ "link": "https://example.com/a" })).is_empty());
        assert_eq!(part(kind, json!({})), [kind]);
        assert_eq!(part(kind, json!({ "id": "1", "link": "https://example.com" })), [kind]);
        assert_eq!(part(kind, json!({ "id": "" })), [format!("{kind}.id")]);
        for no in ["", "example.com/a", "ftp://example.com/a", "/etc/passwd", "https://"] {
            assert_eq!(part(kind, json!({ "link": no })), [format!("{kind}.link")], "{no}");
        }
    }
}

#[test]
fn places_contacts_reactions_quotes() {
    let place = |lat: f64, lon: f64| part("location", json!({ "latitude": lat, "longitude": lon }));
    assert!(place(90.0, -180.0).is_empty());
    assert_eq!(place(91.0, 181.0), ["location.latitude", "location.longitude"]);
    assert_eq!(part("contacts", json!([])), ["contacts"]);
    let bare = json!([{ "name": { "formatted_name": "Ana", "prefix": " " } }]);
    assert_eq!(part("contacts", bare), ["contacts[0].name"]);
    assert!(part("reaction", json!({ "message_id": "w", "emoji": "👩🏽‍🚀" })).is_empty());
    assert_eq!(part("reaction", json!({ "message_id": "", "emoji": "ok" })).len(), 2);
    let quote = json!({ "type": "reaction", "reaction": { "message_id": "w", "emoji": "" },
        "context": { "message_id": "w" } });
    assert_eq!(fields(quote), ["context"]);
}

#[test]
fn buttons() {
    let check =
        |buttons: Value, change| interactive("button", json!({ "buttons": buttons }), change);
    let one = json!([button("1", "Yes")]);
    assert!(check(one.clone(), json!({})).is_empty());
    assert!(check(json!([button(&long(256), &long(20))]), json!({})).is_empty());
    let action = "interactive.action.buttons";
    assert_eq!(check(json!([]), json!({})), [action]);
    let four: Vec<_> = (0..4).map(|n| button(&n.to_string(), &n.to_string())).collect();
    assert_eq!(check(json!(four), json!({})), [action]);
    let too_long = json!([button(&long(257), &long(21))]);
    let reply = format!("{action}[0].reply");
    assert_eq!(check(too_long, json!({})), [format!("{reply}.id"), format!("{reply}.title")]);
    let twins = json!([button("1", "Yes"), button("1", "No"), button("2", "No")]);
    assert_eq!(check(twins, json!({})), [action, action]);
    assert_eq!(check(one.clone(), json!({ "body": null })), ["interactive.body"]);
    assert_eq!(
        check(one.clone(), json!({ "body": { "text": long(1025) } })),
        ["interactive.body.text"]
    );
    assert_eq!(
        check(one.clone(), json!({ "footer": { "text": long(61) } })),
        ["interactive.footer.text"]
    );
    let header = json!({ "header": { "type": "text", "text": long(61) } });
    assert_eq!(check(one.clone(), header), ["interactive.header.text"]);
    let empty = json!({ "header": { "type": "image" } });
    assert_eq!(check(one.clone(), empty), ["interactive.header.image"]);
    assert_eq!(check(one, json!({ "header": { "type": "gif" } })), ["interactive.header"]);
}

#[test]
fn lists() {
    let row = |n: usize| json!({ "id": n.to_string(), "title": "r", "description": "d" });
    let rows = |from: usize, to: usize| (from..to).map(row).collect::<Vec<_>>();
    let check = |sections: Value, change| {
        interactive("list", json!({ "button": "Choose", "sections": sections }), change)
    };
    let sections = "interactive.action.sections";
    assert!(check(json!([{ "rows": rows(0, 10) }]), json!({})).is_empty());
    assert!(
        check(json!([{ "rows": rows(0, 1) }]), json!({ "body": { "text": long(4096) } }))
            .is_empty()
    );
    assert_eq!(check(json!([{ "rows": rows(0, 11) }]), json!({})), [sections]);
    let split =
        json!([{ "title": "a", "rows": rows(0, 6) }, { "title": "b", "rows": rows(6, 11) }]);
    assert_eq!(check(split, json!({})), [sections], "ten rows in all sections together");
    let untitled = json!([{ "title": "a", "rows": rows(0, 1) }, { "rows": rows(1, 2) }]);
    assert_eq!(check(untitled, json!({})), [format!("{sections}[1].title")]);
    let twice = json!([{ "rows": [row(1), row(1)] }]);
    assert_eq!(check(twice, json!({})), [sections]);
    let long_row =
        json!([{ "rows": [{ "id": long(201), "title": long(25), "description": long(73) }] }]);
    let row0 = format!("{sections}[0].rows[0]");
    let want = ["id", "title", "description"].map(|key| format!("{row0}.{key}"));
    assert_eq!(check(long_row, json!({})), want);
    let image = json!({ "header": { "type": "image", "image": { "id": "1" } } });
    assert_eq!(check(json!([{ "rows": rows(0, 1) }]), image), ["interactive.header"]);
    let unlabelled =
        interactive("list", json!({ "sections": [{ "rows": rows(0, 1) }] }), json!({}));
    assert_eq!(unlabelled, ["interactive.action.button"]);
}

#[test]
fn links_flows_and_requests() {
    let url = |text: &str, url: &str| {
        let parameters = json!({ "display_text": text, "url": url });
        interactive("cta_url", json!({ "name": "cta_url", "parameters": parameters }), json!({}))
    };
    let path = "interactive.action.parameters";
    assert!(url("Open", "https://example.com").is_empty());
    assert_eq!(
        url(&long(21), "example.com"),
        [format!("{path}.display_text"), format!("{path}.url")]
    );
    let flow = |parameters: Value| {
        interactive("flow", json!({ "name": "flow", "parameters": parameters }), json!({}))
    };
    let fine = json!({ "flow_message_version": "3", "flow_cta": "Go", "flow_id": "1" });
    assert!(flow(fine).is_empty());
    let both =
        json!({ "flow_message_version": "3", "flow_cta": "Go", "flow_id": "1", "flow_name": "f" });
    assert_eq!(flow(both), [path]);
    assert_eq!(flow(json!({})).len(), 3);
    for (kind, name) in [
        ("location_request_message", "send_location"),
        ("request_contact_info", "request_contact_info"),
    ] {
        assert!(interactive(kind, json!({ "name": name }), json!({})).is_empty());
        assert_eq!(interactive(kind, json!({}), json!({})), ["interactive.action.name"]);
        let footer =
            json!({ "footer": { "text": "f" }, "header": { "type": "text", "text": "h" } });
        let found = interactive(kind, json!({ "name": name }), footer);
        assert_eq!(found, ["interactive.header", "interactive.footer"]);
    }
    assert_eq!(interactive("buttons", json!({}), json!({})), ["interactive.type"]);
}

#[test]
fn template_values_stand_on_one_line() {
    let body = |text: &str| {
        let parameters = json!([{ "type": "text", "text": text }]);
        let components = json!([{ "type": "body", "parameters": parameters }]);
        part(
            "template",
            json!({ "name": "a_1", "language": { "code": "es" }, "components": components }),
        )
    };
    let field = "template.components[0].parameters[0].text";
    for fine in ["Ana", "a    b", "50 %"] {
        assert!(body(fine).is_empty(), "{fine:?}");
    }
    for no in ["", "  ", "a\nb", "a\rb", "a\tb", "a     b", "a\u{2028}b"] {
        assert_eq!(body(no), [field], "{no:?}");
    }
}

#[test]
fn template_parts() {
    let with = |components: Value| {
        part(
            "template",
            json!({ "name": "a", "language": { "code": "es" }, "components": components }),
        )
    };
    let named = |name: &str, code: &str| {
        part("template", json!({ "name": name, "language": { "code": code } }))
    };
    assert!(named("order_update_2", "pt_BR").is_empty());
    assert_eq!(named("Order", "es"), ["template.name"]);
    assert_eq!(named("order", "en-US"), ["template.language.code"]);
    let first = "template.components[0]";
    assert_eq!(with(json!([{ "type": "BODY" }])), [format!("{first}.type")]);
    let body = json!({ "type": "body" });
    assert_eq!(with(json!([body, body])), ["template.components"]);
    let nowhere = with(json!([{ "type": "button" }]));
    assert_eq!(nowhere, [format!("{first}.sub_type"), format!("{first}.index")]);
    let eleventh = json!([{ "type": "button", "sub_type": "url", "index": "10" }]);
    assert_eq!(with(eleventh), [format!("{first}.index")]);
    let parameter = |p: Value| with(json!([{ "type": "body", "parameters": [p] }]));
    let at = format!("{first}.parameters[0]");
    assert_eq!(parameter(json!({ "type": "text" })), [format!("{at}.text")]);
    assert_eq!(parameter(json!({ "type": "image", "text": "x" })), [format!("{at}.image")]);
    assert_eq!(parameter(json!({ "type": "words", "text": "x" })), [format!("{at}.type")]);
    let money = json!({ "type": "currency",
        "currency": { "fallback_value": "$1", "code": "usd", "amount_1000": 1000 } });
    assert_eq!(parameter(money), [format!("{at}.currency.code")]);
    let coupon = json!({ "type": "coupon_code", "coupon_code": long(21) });
    assert_eq!(parameter(coupon), [format!("{at}.coupon_code")]);
    let deep = json!([{ "type": "carousel", "cards": [{ "card_index": 0,
        "components": [{ "type": "body", "parameters": [{ "type": "text", "text": "" }] }] }] }]);
    assert_eq!(with(deep), [format!("{first}.cards[0].components[0].parameters[0].text")]);
}
