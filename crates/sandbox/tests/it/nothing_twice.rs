//! Whatever is repeated, cut or refused: one record, one message, one copy.

use futures_util::future::join_all;
use http::Method;
use serde_json::{Value, json};
use sim_kit::{Act, Rule, When};
use whatsapp_sim::{Config, Tick};

use crate::world::{World, body, message, phone, words};

const HOUR_MS: i64 = 3_600_000;

#[tokio::test(start_paused = true)]
async fn a_thousand_equal_webhooks_make_one_record() {
    let world = World::quick().await;
    let one = message("wamid.same", "15550107001", "una", world.now().secs());
    let post = body(json!({ "messages": [one] }));
    let phones = world.phones();
    let answers = join_all((0..1_000).map(|_| phones.post_raw(Config::APP, &post))).await;
    assert!(answers.iter().all(|a| *a == Some(200)));
    world.quiet(60_000).await;
    assert_eq!(world.rows("Puente_Message__c", "Wamid__c", "wamid.same").len(), 1);
    assert_eq!(world.org().count("Lead"), 1);
    assert_eq!(world.org().count("Puente_Conversation__c"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_message_that_comes_again_in_other_company_is_one() {
    let world = World::quick().await;
    let at = world.now().secs();
    let of = |n: u32| message(&format!("wamid.re{n}"), "15550107002", &format!("m{n}"), at);
    let phones = world.phones();
    for group in [vec![1], vec![1, 2], vec![3, 2, 1], vec![2, 4, 4, 3], vec![4, 1]] {
        let messages: Vec<_> = group.into_iter().map(of).collect();
        let post = body(json!({ "messages": messages }));
        assert_eq!(phones.post_raw(Config::APP, &post).await, Some(200));
    }
    world.quiet(60_000).await;
    for n in 1..=4 {
        let rows = world.rows("Puente_Message__c", "Wamid__c", &format!("wamid.re{n}"));
        assert_eq!(rows.len(), 1, "wamid.re{n}");
    }
    assert_eq!(world.org().count("Puente_Message__c"), 4);
}

/// How Meta's side of one send goes wrong, and what must come of it.
struct Case {
    name: &'static str,
    act: Value,
    /// Copies on the phone in the end.
    copies: usize,
    /// Calls of `messages.send`.
    calls: u64,
    ends: &'static str,
}

fn error(status: u16, code: i64) -> Value {
    let body = json!({ "error": { "message": "no", "type": "OAuthException", "code": code } });
    json!({ "status": status, "body": body.to_string() })
}

#[tokio::test(start_paused = true)]
async fn a_send_whose_call_went_wrong_is_sent_once_or_not_at_all() {
    let html =
        json!({ "status": 502, "body": "<html>bad gateway</html>", "content_type": "text/html" });
    let cases = [
        Case { name: "cut after", act: json!("cut_after"), copies: 1, calls: 1, ends: "delivered" },
        Case {
            name: "503 after",
            act: json!({ "answer_after": { "status": 503, "body": "" } }),
            copies: 1,
            calls: 1,
            ends: "delivered",
        },
        Case {
            name: "html after",
            act: json!({ "answer_after": html }),
            copies: 1,
            calls: 1,
            ends: "delivered",
        },
        Case {
            name: "131000 after",
            act: json!({ "answer_after": error(500, 131_000) }),
            copies: 1,
            calls: 1,
            ends: "delivered",
        },
        Case {
            name: "200 without an id",
            act: json!({ "answer_after": { "status": 200, "body": "{}" } }),
            copies: 1,
            calls: 1,
            ends: "delivered",
        },
        Case { name: "cut before", act: json!("cut_before"), copies: 0, calls: 1, ends: "asked" },
        Case {
            name: "500 with 130429",
            act: json!({ "answer": error(500, 130_429) }),
            copies: 0,
            calls: 1,
            ends: "asked",
        },
        Case {
            name: "500 with 131000",
            act: json!({ "answer": error(500, 131_000) }),
            copies: 0,
            calls: 1,
            ends: "asked",
        },
        Case {
            name: "400 with 131000",
            act: json!({ "answer": error(400, 131_000) }),
            copies: 0,
            calls: 1,
            ends: "asked",
        },
        Case {
            name: "130429",
            act: json!({ "answer": error(400, 130_429) }),
            copies: 1,
            calls: 2,
            ends: "delivered",
        },
        Case {
            name: "131056",
            act: json!({ "answer": error(400, 131_056) }),
            copies: 1,
            calls: 2,
            ends: "delivered",
        },
        Case {
            name: "80007",
            act: json!({ "answer": error(400, 80_007) }),
            copies: 1,
            calls: 2,
            ends: "delivered",
        },
        Case {
            name: "131026",
            act: json!({ "answer": error(400, 131_026) }),
            copies: 0,
            calls: 1,
            ends: "failed",
        },
    ];
    let world = World::quick().await;
    for (n, case) in cases.into_iter().enumerate() {
        let customer = world.writer(case.name).await;
        let before = world.phones().gate().log.count("messages.send");
        world.meta_fault(json!({ "op": "messages.send", "when": { "nth": 1 }, "act": case.act }));
        let outbox = world.sends(&customer, &format!("wrong-{n}"), case.name).await;
        if case.copies == 1 && case.calls == 1 {
            world
                .until("uncertain in between", 60_000, || {
                    let rows = world.rows("Puente_Message__c", "Text__c", case.name);
                    rows.iter()
                        .any(|r| r["Status__c"] == "uncertain" || r["Status__c"] == "delivered")
                        .then_some(())
                })
                .await;
        }
        world.quiet(HOUR_MS).await;
        assert_eq!(world.copies(&customer, case.name), case.copies, "copies: {}", case.name);
        let calls = world.phones().gate().log.count("messages.send") - before;
        assert_eq!(calls, case.calls, "calls: {}", case.name);
        let standing = world.standing(&outbox).await;
        assert_eq!(standing["status"], case.ends, "{}: {standing}", case.name);
        let rows = world.rows("Puente_Message__c", "Text__c", case.name);
        assert_eq!(rows.len(), 1, "rows: {}", case.name);
        let shown = if case.ends == "asked" { "uncertain" } else { case.ends };
        assert_eq!(rows[0]["Status__c"], shown, "{}", case.name);
        world.phones().gate().faults.clear();
    }
}

#[tokio::test(start_paused = true)]
async fn what_never_left_is_sent_again_once() {
    let world = World::quick().await;
    let customer = world.writer("Ada").await;
    world.line.unreachable(3);
    let outbox = world.sends(&customer, "unreachable", "por fin").await;
    world.quiet(HOUR_MS).await;
    assert_eq!(world.copies(&customer, "por fin"), 1);
    assert_eq!(world.standing(&outbox).await["status"], "delivered");
    let id = model::ids::OutboxId::parse(&outbox).unwrap();
    let attempts = world.town.store.attempts(&world.town.tenant, id).await.unwrap();
    assert_eq!(attempts.len(), 4, "each call is written down: {attempts:?}");
}

#[tokio::test(start_paused = true)]
async fn fifty_equal_requests_send_once() {
    let world = World::quick().await;
    let customer = world.writer("Eva").await;
    let mut body = words("solo una");
    body["to"] = phone(&customer).into();
    let eye = world.eye();
    let calls = (0..50).map(|_| eye.call(Method::POST, "/send", Some("fifty"), &body));
    let ids: Vec<_> = join_all(calls)
        .await
        .into_iter()
        .map(|answer| answer.unwrap().1["id"].as_str().unwrap().to_owned())
        .collect();
    assert!(ids.windows(2).all(|pair| pair[0] == pair[1]), "{ids:?}");
    world.quiet(HOUR_MS).await;
    assert_eq!(world.copies(&customer, "solo una"), 1);
    assert_eq!(world.rows("Puente_Message__c", "Text__c", "solo una").len(), 1);
}

/// A call to Salesforce that fails at every place in turn, after it committed
/// and before, in every way: records exist once.
#[tokio::test(start_paused = true)]
async fn records_exist_once_whichever_call_is_lost() {
    let html = r#"<html><body>down for maintenance</body></html>"#;
    let acts = [
        Act::CutAfter,
        Act::CutBefore,
        Act::answer_after(503, html),
        Act::answer(503, html),
        Act::answer_after(500, r#"[{"errorCode":"UNKNOWN_EXCEPTION","message":"ErrorId: 1"}]"#),
        Act::answer_after(200, r#"{"compositeResponse":[]}"#),
    ];
    for nth in 1..=6 {
        for act in &acts {
            let world = World::quick().await;
            let rule = Rule::new("composite", When::Nth(nth), act.clone());
            world.org().gate().faults.add(rule);
            let stranger = world.customer("Zoe");
            let (known, contact) = world.contact("Ivo");
            for n in 0..3 {
                world.texts(&stranger, &format!("z{n}"));
                world.texts(&known, &format!("i{n}"));
                world.quiet(HOUR_MS).await;
            }
            let at = format!("call {nth}, {act:?}");
            assert_eq!(world.org().count("Lead"), 1, "{at}");
            assert_eq!(world.org().count("Contact"), 1, "{at}");
            assert_eq!(world.rows("Case", "ContactId", &contact).len(), 1, "{at}");
            assert_eq!(world.org().count("Puente_Person__c"), 2, "{at}");
            assert_eq!(world.org().count("Puente_Conversation__c"), 2, "{at}");
            assert_eq!(world.org().count("Puente_Message__c"), 6, "{at}");
            let person = world.eye().person_of(&stranger).unwrap();
            assert!(person["Lead__c"].is_string(), "{at}: {person}");
            let cases = world.org().rows("Puente_Conversation__c");
            assert_eq!(cases.iter().filter(|c| c["Case__c"].is_string()).count(), 1, "{at}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_echo_of_our_own_send_is_no_second_message() {
    let world = World::quick().await;
    let customer = world.writer("Uma").await;
    let outbox = world.sends(&customer, "echoed", "nuestro").await;
    world.quiet(HOUR_MS).await;
    let wamid = world.eye().wamid_of(&outbox).await.unwrap();
    assert!(world.eye().on_phone(&wamid).is_some_and(|m| m.tick == Tick::Delivered));
    let echo = json!({ "from": "15550009999", "to": customer.wa_id, "id": wamid,
        "timestamp": world.now().secs().to_string(), "type": "text", "text": { "body": "nuestro" } });
    let mut post = body(json!({ "message_echoes": [echo] }));
    post["entry"][0]["changes"][0]["field"] = "smb_message_echoes".into();
    assert_eq!(world.phones().post_raw(Config::APP, &post).await, Some(200));
    world.quiet(HOUR_MS).await;
    assert_eq!(world.rows("Puente_Message__c", "Text__c", "nuestro").len(), 1);
}
