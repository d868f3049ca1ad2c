use serde_json::{Value, json};

use super::*;

fn shape(named: bool, components: Value) -> Shape {
    Shape::read(named, components.as_array().unwrap())
}

fn visit() -> Shape {
    shape(
        true,
        json!([
            { "type": "HEADER", "format": "TEXT", "text": "Visit on {{day}}" },
            { "type": "BODY", "text": "Hello {{first_name}}, at {{time}} o'clock. Bye {{first_name}}" },
            { "type": "FOOTER", "text": "Reply STOP to opt out" },
        ]),
    )
}

fn offer() -> Shape {
    shape(
        false,
        json!([
            { "type": "HEADER", "format": "IMAGE" },
            { "type": "BODY", "text": "{{2}} for {{1}} today" },
            { "type": "BUTTONS", "buttons": [
                { "type": "QUICK_REPLY", "text": "Stop" },
                { "type": "URL", "text": "See", "url": "https://example.com/{{1}}" },
                { "type": "URL", "text": "Home", "url": "https://example.com" },
                { "type": "COPY_CODE", "text": "Copy" },
            ] },
        ]),
    )
}

fn named(name: &str, text: &str) -> Value {
    json!({ "type": "text", "parameter_name": name, "text": text })
}

fn text(text: &str) -> Value {
    json!({ "type": "text", "text": text })
}

fn part(kind: &str, parameters: &[Value]) -> Value {
    json!({ "type": kind, "parameters": parameters })
}

fn button(sub_type: &str, index: Value, parameter: Value) -> Value {
    json!({ "type": "button", "sub_type": sub_type, "index": index, "parameters": [parameter] })
}

fn image() -> Value {
    part("header", &[json!({ "type": "image", "image": { "id": "1" } })])
}

fn whole() -> Vec<Value> {
    vec![
        image(),
        part("body", &[text("shoes"), text("25 %")]),
        button("url", json!("1"), text("abc")),
        button("copy_code", json!(3), json!({ "type": "coupon_code", "coupon_code": "25OFF" })),
    ]
}

fn fields(shape: &Shape, components: &[Value]) -> Vec<String> {
    let found = fit(shape, Send { components, category: "UTILITY" });
    assert!(found.iter().all(|c| !c.why.is_empty() && !c.cure.is_empty()));
    found.into_iter().map(|c| c.field.trim_start_matches("template.").to_owned()).collect()
}

#[test]
fn named_values_go_by_their_names() {
    let day = || part("header", &[named("day", "Monday")]);
    let body = |values: &[Value]| part("body", values);
    let (name, time) = (named("first_name", "Ana"), named("time", "9"));
    for (given, want) in [
        (vec![day(), body(&[time.clone(), name.clone()])], vec![]),
        (vec![day()], vec!["components"]),
        (vec![body(&[name.clone(), time.clone()])], vec!["components"]),
        (vec![day(), body(std::slice::from_ref(&name))], vec!["components[1].parameters"]),
        (
            vec![day(), body(&[name.clone(), name.clone()])],
            vec!["components[1].parameters[1].parameter_name"],
        ),
        (
            vec![day(), body(&[name.clone(), text("9")])],
            vec!["components[1].parameters[1].parameter_name"],
        ),
        (
            vec![day(), body(&[name.clone(), named("hour", "9")])],
            vec!["components[1].parameters[1].parameter_name"],
        ),
        (
            vec![day(), body(&[name, json!({ "type": "payload", "parameter_name": "time" })])],
            vec!["components[1].parameters[1].type"],
        ),
    ] {
        assert_eq!(fields(&visit(), &given), want, "{given:?}");
    }
}

#[test]
fn a_send_gives_each_part_exactly_what_it_takes() {
    assert!(fields(&offer(), &whole()).is_empty());
    let with = |place: usize, value: Value| {
        let mut all = whole();
        all[place] = value;
        fields(&offer(), &all)
    };
    let without = |place: usize| {
        let mut all = whole();
        all.remove(place);
        fields(&offer(), &all)
    };
    for place in 0..4 {
        assert_eq!(without(place), ["components"], "{place}");
    }
    let video = json!({ "type": "video", "video": { "id": "1" } });
    assert_eq!(with(0, part("header", &[video])), ["components[0].parameters"]);
    assert_eq!(with(0, part("header", &[])), ["components[0].parameters"]);
    assert_eq!(
        with(1, part("body", &[text("1"), text("2"), text("3")])),
        ["components[1].parameters"]
    );
    assert_eq!(
        with(1, part("body", &[text("1"), named("x", "2")])),
        ["components[1].parameters[1].parameter_name"]
    );
    // a fixed address takes nothing, and the one that needs something has none
    let fixed = button("url", json!(2), text("abc"));
    assert_eq!(with(2, fixed), ["components[2]", "components"]);
    assert_eq!(
        with(2, button("url", json!(7), text("abc"))),
        ["components[2].index", "components"]
    );
    assert_eq!(with(2, button("flow", json!(1), text("abc"))), ["components[2].sub_type"]);
    let payload = json!({ "type": "payload", "payload": "x" });
    assert_eq!(with(2, button("url", json!(1), payload.clone())), ["components[2].parameters"]);
    let mut all = whole();
    all.push(button("quick_reply", json!("0"), payload.clone()));
    assert!(fields(&offer(), &all).is_empty());
    all.push(button("quick_reply", json!(0), payload));
    assert_eq!(fields(&offer(), &all), ["components[5].index"]);
    // nothing is given to what takes nothing
    let plain = shape(false, json!([{ "type": "BODY", "text": "Hello" }]));
    assert!(fields(&plain, &[]).is_empty());
    assert_eq!(fields(&plain, &[image()]), ["components[0].parameters"]);
    assert_eq!(fields(&plain, &[json!({ "type": "carousel", "cards": [] })]), ["components[0]"]);
}

#[test]
fn lengths_are_those_of_the_filled_text() {
    let day = |n: usize| part("header", &[named("day", &"x".repeat(n))]);
    let body = |n: usize| part("body", &[named("first_name", &"x".repeat(n)), named("time", "9")]);
    // "Visit on " has 9, and the body 26 beside its values, of which one is there twice
    assert!(fields(&visit(), &[day(51), body(1)]).is_empty());
    assert_eq!(fields(&visit(), &[day(52), body(1)]), ["components"]);
    let rest = preview(&visit(), &[body(0)]).body.chars().count();
    let most = (1024 - rest) / 2;
    assert!(fields(&visit(), &[day(1), body(most)]).is_empty());
    assert_eq!(fields(&visit(), &[day(1), body(most + 1)]), ["components"]);
    let code = shape(false, json!([{ "type": "BODY", "text": "*{{1}}* is your code." }]));
    let send = |n: usize| {
        let components = [part("body", &[text(&"1".repeat(n))])];
        fit(&code, Send { components: &components, category: "AUTHENTICATION" }).len()
    };
    assert_eq!((send(15), send(16)), (0, 1));
}

#[test]
fn cards_are_held_each_by_itself() {
    let card = json!({ "components": [{ "type": "HEADER", "format": "IMAGE" },
        { "type": "BODY", "text": "Only {{1}}" }] });
    let carousel = shape(
        false,
        json!([{ "type": "BODY", "text": "Look" }, { "type": "CAROUSEL", "cards": [card, card] }]),
    );
    let given = |bodies: &[usize]| {
        let cards: Vec<_> = bodies
            .iter()
            .map(|n| json!({ "components": [image(), part("body", &vec![text("5"); *n])] }))
            .collect();
        vec![json!({ "type": "carousel", "cards": cards })]
    };
    assert!(fields(&carousel, &given(&[1, 1])).is_empty());
    assert_eq!(fields(&carousel, &[]), ["components"]);
    assert_eq!(fields(&carousel, &given(&[1])), ["components[0].cards"]);
    assert_eq!(
        fields(&carousel, &given(&[1, 2])),
        ["components[0].cards[1].components[1].parameters"]
    );
    assert_eq!(preview(&carousel, &given(&[1, 1])).cards[1].body, "Only 5");
}

#[test]
fn a_preview_shows_what_people_will_see() {
    let shown = preview(
        &visit(),
        &[
            part("header", &[named("day", "Monday")]),
            part("body", &[named("first_name", "{{time}}")]),
        ],
    );
    assert_eq!(shown.header.as_deref(), Some("Visit on Monday"));
    // a value is not read as a variable, and one that is missing is seen
    assert_eq!(shown.body, "Hello {{time}}, at {{time}} o'clock. Bye {{time}}");
    assert_eq!(shown.footer.as_deref(), Some("Reply STOP to opt out"));
    let shown = preview(&offer(), &whole());
    assert_eq!(
        (shown.header.as_deref(), shown.body.as_str()),
        (Some("[image]"), "25 % for shoes today")
    );
    let opens: Vec<_> = shown.buttons.iter().map(|(_, opens)| opens.as_deref()).collect();
    assert_eq!(
        opens,
        [None, Some("https://example.com/abc"), Some("https://example.com"), Some("25OFF")]
    );
    let money = json!({ "type": "currency",
        "currency": { "fallback_value": "$10", "code": "USD", "amount_1000": 10000 } });
    assert_eq!(preview(&offer(), &[part("body", &[money])]).body, "{{2}} for $10 today");
}

fn complaints(components: Value) -> Vec<String> {
    let definition = json!({ "name": "order_1", "language": "es_MX", "category": "utility",
        "components": components });
    check(&definition)
        .into_iter()
        .map(|c| c.field.trim_start_matches("components").to_owned())
        .collect()
}

fn body(text: &str, examples: usize) -> Value {
    json!({ "type": "BODY", "text": text, "example": { "body_text": [vec!["x"; examples]] } })
}

#[test]
fn a_definition_is_refused_before_meta_refuses_it() {
    let good = || body("Hello dear {{1}}, welcome to us.", 1);
    let with = |part: Value| json!([good(), part]);
    let header = |text: &str, examples: usize| {
        json!({ "type": "HEADER", "format": "TEXT", "text": text,
            "example": { "header_text": vec!["x"; examples] } })
    };
    let buttons = |list: Vec<Value>| json!([good(), { "type": "BUTTONS", "buttons": list }]);
    let reply = |n: usize| json!({ "type": "QUICK_REPLY", "text": "x".repeat(n) });
    let url = |url: &str| json!({ "type": "URL", "text": "t", "url": url, "example": ["x"] });
    let bare = |url: &str| json!({ "type": "URL", "text": "t", "url": url });
    let table: Vec<(Value, &[&str])> = vec![
        (json!([good()]), &[]),
        (json!([]), &[""]),
        (json!([good(), good()]), &["[1].type"]),
        (with(json!({ "type": "SIGNATURE" })), &["[1].type"]),
        (json!([body(&"x".repeat(1024), 0)]), &[]),
        (json!([body(&"x".repeat(1025), 0)]), &["[0].text"]),
        (json!([body("", 0)]), &["[0].text"]),
        (json!([body("{{1}} is here, dear friend", 1)]), &["[0].text"]),
        (json!([body("dear friend, this is {{1}} ", 1)]), &["[0].text"]),
        (json!([body("dear friend, {{1}} {{2}} is your order now", 2)]), &["[0].text"]),
        (json!([body("hello to {{1}} and {{3}} and some words more", 2)]), &["[0].text"]),
        (json!([body("hello to {{first}} and some words more", 1)]), &["[0].text"]),
        (json!([body("hello to {{1 and some words more", 0)]), &["[0].text"]),
        (json!([body("a {{1}} b {{2}} c", 2)]), &["[0].text"]),
        (json!([body("Hello dear {{1}}, welcome to us.", 0)]), &["[0].example.body_text"]),
        (with(header(&"x".repeat(60), 0)), &[]),
        (with(header(&"x".repeat(61), 0)), &["[1].text"]),
        (with(header("{{1}} and {{2}}", 2)), &["[1].text"]),
        (with(header("Order {{1}}", 0)), &["[1].example.header_text"]),
        (with(json!({ "type": "HEADER", "format": "IMAGE" })), &["[1].example.header_handle"]),
        (with(json!({ "type": "HEADER", "format": "LOCATION" })), &[]),
        (with(json!({ "type": "HEADER", "format": "SOUND" })), &["[1].format"]),
        (with(json!({ "type": "FOOTER", "text": "x".repeat(61) })), &["[1].text"]),
        (with(json!({ "type": "FOOTER", "text": "by {{1}}" })), &["[1].text"]),
        (buttons(vec![reply(25); 10]), &[]),
        (buttons(vec![reply(25); 11]), &["[1].buttons"]),
        (buttons(vec![reply(26)]), &["[1].buttons[0].text"]),
        (buttons(vec![]), &["[1].buttons"]),
        (buttons(vec![url("https://example.com"); 3]), &["[1].buttons"]),
        (buttons(vec![reply(1), url("https://example.com"), reply(1)]), &["[1].buttons"]),
        (buttons(vec![url("https://example.com/{{1}}"), reply(1)]), &[]),
        (buttons(vec![url("https://{{1}}.example.com")]), &["[1].buttons[0].url"]),
        (buttons(vec![bare("https://example.com/{{1}}")]), &["[1].buttons[0].example"]),
        (buttons(vec![json!({ "type": "DANCE" })]), &["[1].buttons[0].type"]),
    ];
    for (components, want) in table {
        assert_eq!(complaints(components.clone()), want, "{components}");
    }
}

#[test]
fn the_frame_of_a_definition_is_checked() {
    let fields = |change: Value| {
        let mut definition = json!({ "name": "order", "language": "es_MX", "category": "UTILITY",
            "components": [{ "type": "BODY", "text": "Hello" }] });
        for (key, value) in change.as_object().unwrap() {
            definition[key] = value.clone();
        }
        check(&definition).into_iter().map(|c| c.field).collect::<Vec<_>>()
    };
    assert!(fields(json!({})).is_empty());
    assert_eq!(fields(json!({ "name": "Order" })), ["name"]);
    assert_eq!(fields(json!({ "name": "x".repeat(513) })), ["name"]);
    assert_eq!(fields(json!({ "language": "es-MX" })), ["language"]);
    assert_eq!(fields(json!({ "category": "NEWS" })), ["category"]);
    let named = |name: &str, example: &str| {
        fields(json!({ "parameter_format": "named", "components": [{ "type": "BODY",
            "text": format!("Hello dear {{{{{name}}}}}, welcome."),
            "example": { "body_text_named_params": [{ "param_name": example, "example": "x" }] } }] }))
    };
    assert!(named("first_name", "first_name").is_empty());
    assert_eq!(named("first_name", "name"), ["components[0].example.body_text_named_params"]);
    assert_eq!(named("First", "First"), ["components[0].text"]);
    assert_eq!(named("1", "1"), ["components[0].text"]);
    let login = |footer: Value| {
        fields(json!({ "category": "AUTHENTICATION", "components": [
            { "type": "BODY", "add_security_recommendation": true }, footer,
            { "type": "BUTTONS", "buttons": [{ "type": "OTP", "otp_type": "COPY_CODE" }] }] }))
    };
    assert!(login(json!({ "type": "FOOTER", "code_expiration_minutes": 90 })).is_empty());
    let field = "components[1].code_expiration_minutes";
    assert_eq!(login(json!({ "type": "FOOTER", "code_expiration_minutes": 91 })), [field]);
}

proptest::proptest! {
    /// Whatever is written: nothing panics, and what fits shows no variable.
    #[test]
    fn what_fits_leaves_no_variable_open(text in "([a-z ]|\\{\\{[1-3]\\}\\}){0,12}", value in "[a-z]{1,9}", n in 0usize..5) {
        let shape = shape(false, json!([{ "type": "BODY", "text": text }]));
        let given = [part("body", &vec![self::text(&value); n])];
        let fits = fit(&shape, Send { components: &given, category: "UTILITY" }).is_empty();
        proptest::prop_assert_eq!(fits, n == shape.body().len());
        if fits {
            let shown = preview(&shape, &given).body;
            // positions without a gap fill every variable
            if shape.body().last().is_none_or(|last| *last == n.to_string()) {
                proptest::prop_assert!(!shown.contains("{{"), "{}", shown);
            }
        }
    }
}
