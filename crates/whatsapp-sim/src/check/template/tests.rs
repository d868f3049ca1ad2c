use super::*;
use crate::state::seeded;

fn template(name: &str) -> Template {
    seeded("102290000000001").into_iter().find(|t| t.name == name).unwrap()
}

fn texts(values: &[&str]) -> Value {
    values.iter().map(|v| json!({"type": "text", "text": v})).collect()
}

fn named(values: &[(&str, &str)]) -> Value {
    let one = |(name, v)| json!({"type": "text", "parameter_name": name, "text": v});
    values.iter().copied().map(one).collect()
}

fn url_button(text: &str) -> Value {
    json!({"type": "button", "sub_type": "url", "index": "0",
        "parameters": [{"type": "text", "text": text}]})
}

fn body(parameters: Value) -> Value {
    json!({"type": "body", "parameters": parameters})
}

fn code(name: &str, components: Value) -> Option<u32> {
    fill(&template(name), &json!({ "components": components })).err().map(|wrong| wrong.code)
}

#[test]
fn counts_kinds_and_names_must_fit() {
    let image = json!({"type": "header", "parameters":
        [{"type": "image", "image": {"link": "https://example.com/a.jpg"}}]});
    let coupon = json!({"type": "button", "sub_type": "copy_code", "index": 1,
        "parameters": [{"type": "coupon_code", "coupon_code": "25OFF"}]});
    let stop = json!({"type": "button", "sub_type": "quick_reply", "index": "0",
        "parameters": [{"type": "payload", "payload": "STOP"}]});
    let day = json!({"type": "header", "parameters": named(&[("day", "Monday")])});
    let both = named(&[("time", "9"), ("first_name", "Ana")]);
    let table = [
        ("hello_world", json!([]), None),
        ("hello_world", json!(null), None),
        ("hello_world", json!([body(texts(&["x"]))]), Some(132000)),
        ("hello_world", json!([{"type": "foot"}]), Some(131009)),
        ("order_update", json!([body(texts(&["Ana", "A1"])), url_button("x1")]), None),
        ("order_update", json!([body(texts(&["Ana"])), url_button("x1")]), Some(132000)),
        ("order_update", json!([body(texts(&["Ana", "A1"]))]), Some(132000)),
        ("order_update", json!([body(texts(&["Ana", ""])), url_button("x")]), Some(131008)),
        ("order_update", json!([body(texts(&["Ana", "a\nb"])), url_button("x")]), Some(132018)),
        ("order_update", json!([body(texts(&["Ana", "a     b"])), url_button("x")]), Some(132018)),
        (
            "order_update",
            json!([body(texts(&["Ana", &"x".repeat(1024)])), url_button("x")]),
            Some(132005),
        ),
        (
            "order_update",
            json!([
                body(json!([{"type": "image"}, {"type": "text", "text": "a"}])),
                url_button("x")
            ]),
            Some(132012),
        ),
        ("appointment", json!([day, body(both)]), None),
        ("appointment", json!([day, body(texts(&["Ana", "9"]))]), Some(132012)),
        ("appointment", json!([day, body(named(&[("time", "9"), ("name", "Ana")]))]), Some(132012)),
        ("appointment", json!([day, body(named(&[("time", "9"), ("time", "8")]))]), Some(132012)),
        ("appointment", json!([body(named(&[("time", "9"), ("first_name", "A")]))]), Some(132000)),
        ("spring_offer", json!([image, body(texts(&["Ana"])), coupon, stop]), None),
        ("spring_offer", json!([body(texts(&["Ana"])), coupon]), Some(132000)),
        ("spring_offer", json!([image, body(texts(&["Ana"]))]), Some(132000)),
        ("spring_offer", json!([image, body(texts(&["Ana"])), coupon, coupon]), Some(132012)),
        ("login_code", json!([body(texts(&["123456"])), url_button("123456")]), None),
        ("login_code", json!([body(texts(&["123456"]))]), Some(132000)),
    ];
    for (nth, (name, components, want)) in table.into_iter().enumerate() {
        assert_eq!(code(name, components), want, "line {nth}: {name}");
    }
}

#[test]
fn the_phone_shows_what_was_filled_in() {
    let send = json!({"components": [body(texts(&["Ana", "A{{1}}"])), url_button("t/9")]});
    let filled = fill(&template("order_update"), &send).unwrap();
    assert_eq!(filled["body"], "Hello Ana, your order A{{1}} has moved.");
    assert_eq!(filled["buttons"][0]["url"], "https://example.com/t/9");
    assert_eq!(filled["footer"], "Reply STOP to opt out");
}
