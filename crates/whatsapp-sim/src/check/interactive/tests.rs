use super::*;
use serde_json::{Value, json};

fn x(n: usize) -> String {
    "é".repeat(n)
}

fn button(id: &str, title: &str) -> Value {
    json!({"type": "reply", "reply": {"id": id, "title": title}})
}

fn buttons_of(list: Vec<Value>) -> Value {
    json!({"type": "button", "body": {"text": "b"}, "action": {"buttons": list}})
}

fn rows(n: usize, from: usize) -> Vec<Value> {
    (from..from + n).map(|i| json!({"id": i.to_string(), "title": "t"})).collect()
}

fn list_of(sections: Value) -> Value {
    json!({"type": "list", "body": {"text": x(4096)},
        "action": {"button": "Open", "sections": sections}})
}

fn with(mut base: Value, pointer: &str, value: Value) -> Value {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    base.pointer_mut(parent).unwrap()[key] = value;
    base
}

fn code(body: &Value) -> Option<u32> {
    check(&At::new(body, "interactive")).err().map(|wrong| wrong.code)
}

#[test]
fn buttons_and_lists_hold_their_limits() {
    let two = || buttons_of(vec![button("a", "A"), button("b", "B")]);
    let one = || list_of(json!([{"rows": rows(10, 0)}]));
    let table = [
        (two(), None),
        (buttons_of(vec![]), Some(131009)),
        (buttons_of(vec![button("a", "A"), button("a", "B")]), Some(131009)),
        (buttons_of(vec![button("a", "A"), button("b", "A")]), Some(131009)),
        (buttons_of((0..4).map(|i| button(&i.to_string(), &x(i + 1))).collect()), Some(131009)),
        (buttons_of(vec![button(&x(256), &x(20))]), None),
        (buttons_of(vec![button(&x(257), "A")]), Some(131009)),
        (buttons_of(vec![button("a", &x(21))]), Some(131009)),
        (buttons_of(vec![button("a", "")]), Some(131009)),
        (with(two(), "/body/text", json!(x(1024))), None),
        (with(two(), "/body/text", json!(x(1025))), Some(131009)),
        (with(two(), "/body", json!(null)), Some(131008)),
        (with(two(), "/footer", json!({"text": x(60)})), None),
        (with(two(), "/footer", json!({"text": x(61)})), Some(131009)),
        (with(two(), "/header", json!({"type": "text", "text": x(60)})), None),
        (with(two(), "/header", json!({"type": "text", "text": x(61)})), Some(131009)),
        (with(two(), "/header", json!({"type": "image", "image": {"id": "1"}})), None),
        (with(two(), "/header", json!({"type": "audio", "audio": {"id": "1"}})), Some(131009)),
        (with(two(), "/extra", json!(1)), Some(100)),
        (one(), None),
        (
            list_of(
                json!([{"title": "a", "rows": rows(6, 0)}, {"title": "b", "rows": rows(5, 6)}]),
            ),
            Some(131009),
        ),
        (list_of(json!([{"title": "a", "rows": rows(5, 0)}, {"rows": rows(5, 5)}])), Some(131008)),
        (list_of(json!([{"title": x(25), "rows": rows(1, 0)}])), Some(131009)),
        (list_of(json!([{"rows": [{"id": x(200), "title": x(24), "description": x(72)}]}])), None),
        (list_of(json!([{"rows": [{"id": x(201), "title": "t"}]}])), Some(131009)),
        (list_of(json!([{"rows": [{"id": "1", "title": x(25)}]}])), Some(131009)),
        (
            list_of(json!([{"rows": [{"id": "1", "title": "t", "description": x(73)}]}])),
            Some(131009),
        ),
        (
            list_of(json!([{"rows": [{"id": "1", "title": "t"}, {"id": "1", "title": "u"}]}])),
            Some(131009),
        ),
        (with(one(), "/body/text", json!(x(4097))), Some(131009)),
        (with(one(), "/action/button", json!(x(21))), Some(131009)),
        (with(one(), "/header", json!({"type": "image", "image": {"id": "1"}})), Some(131009)),
    ];
    for (nth, (body, want)) in table.iter().enumerate() {
        assert_eq!(code(body), *want, "line {nth}");
    }
}

#[test]
fn the_other_types_hold_theirs() {
    let cta = |text: &str, url: &str| {
        json!({"type": "cta_url", "body": {"text": "b"}, "action": {"name": "cta_url",
            "parameters": {"display_text": text, "url": url}}})
    };
    let flow = |parameters: Value| {
        json!({"type": "flow", "body": {"text": "b"},
            "action": {"name": "flow", "parameters": parameters}})
    };
    let card = |kind: &str, text: &str| {
        json!({"card_index": 0, "type": "cta_url", "header": {"type": kind, kind: {"id": "1"}},
            "body": {"text": text}, "action": {"name": "cta_url",
            "parameters": {"display_text": "Go", "url": "https://example.com"}}})
    };
    let asking = |titles: &[&str]| {
        let mut card = card("image", "a");
        let button =
            |t: &&str| json!({"type": "quick_reply", "quick_reply": {"id": t, "title": t}});
        card["action"] = json!({"buttons": titles.iter().map(button).collect::<Value>()});
        card
    };
    let cards = |cards: Vec<Value>| json!({"type": "carousel", "body": {"text": "b"}, "action": {"cards": cards}});
    let items = |n: usize| vec![json!({"product_retailer_id": "s"}); n];
    let place = json!({"type": "location_request_message", "body": {"text": "b"},
        "action": {"name": "send_location"}});
    let table = [
        (cta(&x(20), "https://example.com"), None),
        (cta(&x(21), "https://example.com"), Some(131009)),
        (cta("Go", "example"), Some(131009)),
        (place.clone(), None),
        (with(place.clone(), "/footer", json!({"text": "f"})), Some(131009)),
        (with(place, "/action/name", json!("x")), Some(131009)),
        (flow(json!({"flow_message_version": "3", "flow_cta": "Go", "flow_id": "1"})), None),
        (
            flow(json!({"flow_message_version": "2", "flow_cta": "Go", "flow_id": "1"})),
            Some(131009),
        ),
        (flow(json!({"flow_message_version": "3", "flow_cta": "Go"})), Some(131009)),
        (
            flow(json!({"flow_message_version": "3", "flow_cta": x(31), "flow_id": "1"})),
            Some(131009),
        ),
        (cards(vec![card("image", "a"), card("image", "b")]), None),
        (cards(vec![card("image", "a"), card("video", "b")]), Some(131009)),
        (cards(vec![card("image", "a")]), Some(131009)),
        (cards(vec![asking(&["a"]), asking(&["b"])]), None),
        (cards(vec![asking(&["a"]), asking(&["b", "c"])]), Some(131009)),
        (cards(vec![asking(&["a"]), card("image", "b")]), Some(131009)),
        (cards(vec![asking(&["a"]), asking(&[&x(21)])]), Some(131009)),
        (cards(vec![card("image", &x(161)), card("image", "b")]), Some(131009)),
        (cards(vec![card("image", "a\nb\nc\nd"), card("image", "b")]), Some(131009)),
        (
            json!({"type": "product_list", "header": {"type": "text", "text": "h"},
            "body": {"text": "b"}, "action": {"catalog_id": "1", "sections":
            [{"product_items": items(16)}, {"product_items": items(15)}]}}),
            Some(131009),
        ),
        (json!({"type": "poll", "action": {}}), Some(131009)),
        (json!({"action": {}}), Some(131008)),
    ];
    for (nth, (body, want)) in table.iter().enumerate() {
        assert_eq!(code(body), *want, "line {nth}");
    }
}
