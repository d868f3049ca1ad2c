//! The order of the checks, the rates, and what a cut leaves behind.

use http::Method;
use serde_json::{Value, json};
use sim_kit::{Act, Rule, When};
use whatsapp_sim::state::{AccountMode, Throughput, Token};
use whatsapp_sim::{Config, Direction, NewCustomer};

use crate::scene::{Scene, code, wamid};

fn hi(to: &str) -> Value {
    json!({ "messaging_product": "whatsapp", "to": to, "type": "text", "text": { "body": "hi" } })
}

#[tokio::test(start_paused = true)]
async fn checks_come_in_metas_order() {
    let scene = Scene::with(|config| {
        let scoped = |value: &str, scopes: &[&str], wabas: Option<&str>| {
            let mut token = Token::system_user(value, Config::APP);
            token.scopes = scopes.iter().map(|s| s.to_string()).collect();
            token.wabas = wabas.map(|w| [w.to_owned()].into());
            token
        };
        let mut expired = Token::system_user("old", Config::APP);
        expired.expires_ms = Some(crate::scene::START_MS);
        config.tokens.extend([
            scoped("reader", &["whatsapp_business_management"], None),
            scoped("stranger", &["whatsapp_business_messaging"], Some("1")),
            expired,
        ]);
    });
    scene.ana();
    let path = format!("/v25.0/{}/messages", Config::NUMBER);
    let ask = async |token: Option<&str>, path: &str, body: Value| {
        code(&scene.try_call(Method::POST, path, token, Some(body)).await.unwrap())
    };
    let bad = json!({ "text": {} });
    // Each line fails at one more step than the line before would have.
    assert_eq!(ask(None, &path, bad.clone()).await, (401, 104));
    assert_eq!(ask(Some("nonsense"), &path, bad.clone()).await, (401, 190));
    assert_eq!(ask(Some("old"), &path, bad.clone()).await, (401, 190));
    assert_eq!(ask(Some("reader"), &path, bad.clone()).await, (403, 10));
    assert_eq!(ask(Some("stranger"), &path, bad.clone()).await, (403, 200));
    let good = Some(Config::TOKEN);
    assert_eq!(ask(good, "/v25.0/999/messages", bad.clone()).await, (400, 100));
    scene.sim.change(|w| w.numbers.get_mut(Config::NUMBER).unwrap().registered = false);
    assert_eq!(ask(good, &path, bad.clone()).await, (400, 133010));
    scene.sim.change(|w| w.numbers.get_mut(Config::NUMBER).unwrap().registered = true);
    assert_eq!(ask(good, &path, bad).await, (400, 100));
    let long = json!({ "messaging_product": "whatsapp", "to": "+15550001111",
        "text": { "body": "x".repeat(4097) } });
    assert_eq!(ask(good, &path, long).await, (400, 100));
    let template = json!({ "messaging_product": "whatsapp", "to": "+15550001111",
        "type": "template", "template": { "name": "none", "language": { "code": "en_US" } } });
    assert_eq!(ask(good, &path, template).await, (404, 132001));
    assert_eq!(ask(good, &path, hi("+15550001111")).await, (200, 0));
    assert_eq!(ask(good, &path, hi("+1 555-000-9999")).await, (400, 131021));
    for condition in [131031, 131057, 368] {
        scene.sim.change(|w| w.numbers.get_mut(Config::NUMBER).unwrap().refusal = Some(condition));
        assert_eq!(ask(good, &path, hi("+15550001111")).await.1, u64::from(condition));
    }
}

#[tokio::test(start_paused = true)]
async fn a_revoked_token_carries_its_subcode_and_a_missing_proof_is_refused() {
    let scene = Scene::new();
    scene.sim.change(|w| w.tokens.get_mut(Config::TOKEN).unwrap().revoked = Some(460));
    let answer = scene.text("+15550001111", "hi").await;
    assert_eq!((code(&answer), &answer.1["error"]["error_subcode"]), ((401, 190), &json!(460)));
    scene.sim.change(|w| {
        w.tokens.get_mut(Config::TOKEN).unwrap().revoked = None;
        w.apps.get_mut(Config::APP).unwrap().proof_required = true;
    });
    assert_eq!(code(&scene.text("+15550001111", "hi").await), (401, 104));
    let key =
        aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, Config::APP_SECRET.as_bytes());
    let proof = aws_lc_rs::hmac::sign(&key, Config::TOKEN.as_bytes());
    let proof: String = proof.as_ref().iter().map(|b| format!("{b:02x}")).collect();
    let path = |proof: &str| format!("/v25.0/{}?fields=id&appsecret_proof={proof}", Config::NUMBER);
    assert_eq!(scene.get(&path(&proof)).await.0, 200);
    assert_eq!(code(&scene.get(&path("00")).await), (401, 104));
}

#[tokio::test(start_paused = true)]
async fn a_pair_gets_its_burst_and_then_one_per_six_seconds() {
    let scene = Scene::new();
    let ana = scene.ana();
    scene.sim.texts(&ana.id, Config::NUMBER, "hi").unwrap();
    let mut taken = 0;
    for _ in 0..60 {
        // 20 ms apart, so that the number's own limit is out of the way.
        scene.clock.sleep_ms(20).await;
        let answer = scene.text("+15550001111", "x").await;
        match code(&answer) {
            (200, _) => taken += 1,
            refused => assert_eq!(refused, (400, 131056)),
        }
    }
    assert_eq!(taken, 45);
    let bo = scene.sim.customer(NewCustomer::named("Bo", "+15550002222")).unwrap();
    assert_eq!(scene.text(&bo.wa_id, "x").await.0, 200, "other users are unaffected");
    scene.clock.sleep_ms(6_000).await;
    assert_eq!(scene.text("+15550001111", "x").await.0, 200);
    assert_eq!(code(&scene.text("+15550001111", "x").await), (400, 131056));
}

#[tokio::test(start_paused = true)]
async fn a_number_counts_in_and_out_together() {
    let scene = Scene::with(|config| config.numbers[0].throughput = Throughput::Coexistence);
    let ana = scene.ana();
    for _ in 0..5 {
        scene.sim.texts(&ana.id, Config::NUMBER, "hi").unwrap();
    }
    let mut codes = Vec::new();
    for _ in 0..16 {
        codes.push(code(&scene.text("+15550001111", "x").await));
    }
    assert_eq!(codes[14], (200, 0));
    assert_eq!(codes[15], (400, 130429));
    let seen = scene.sim.read(|w| w.numbers[Config::NUMBER].traffic.clone());
    assert_eq!((seen.peak, seen.throttled), (20, 1));
}

#[tokio::test(start_paused = true)]
async fn equal_sends_are_two_messages() {
    let scene = Scene::new();
    let ana = scene.ana();
    let first = wamid(&scene.text("+15550001111", "twice").await);
    let second = wamid(&scene.text("+15550001111", "twice").await);
    assert_ne!(first, second);
    let count = scene.sim.read(|w| w.thread(&ana.id).count());
    assert_eq!(count, 2);
}

#[tokio::test(start_paused = true)]
async fn a_cut_after_has_sent_and_a_cut_before_has_not() {
    let table = [
        (Act::CutAfter, 1, None),
        (Act::CutBefore, 0, None),
        (Act::answer(503, "<html>"), 0, Some(503)),
        (Act::answer_after(500, "<html>"), 1, Some(500)),
    ];
    for (act, sent, status) in table {
        let scene = Scene::new();
        let ana = scene.ana();
        scene.sim.texts(&ana.id, Config::NUMBER, "hi").unwrap();
        scene.sim.gate().faults.add(Rule::new("messages.send", When::Nth(1), act.clone()));
        let path = format!("/v25.0/{}/messages", Config::NUMBER);
        let mut body = hi("+15550001111");
        body["biz_opaque_callback_data"] = json!("job-42");
        let token = Some(Config::TOKEN);
        let answer = scene.try_call(Method::POST, &path, token, Some(body)).await;
        assert_eq!(answer.map(|a| a.0), status, "{act:?}");
        scene.sim.settled().await;
        let out = |w: &whatsapp_sim::World| {
            w.thread(&ana.id).filter(|m| m.direction == Direction::Out).count()
        };
        assert_eq!(scene.sim.read(out), sent, "{act:?}");
        let told = scene.items("statuses");
        assert_eq!(told.len(), 2 * sent, "{act:?}");
        assert!(told.iter().all(|s| s["biz_opaque_callback_data"] == "job-42"));
        assert_eq!(scene.sim.gate().log.count("messages.send"), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn test_numbers_write_to_their_list_only() {
    let scene = Scene::with(|config| {
        config.numbers[0].account_mode = AccountMode::Sandbox;
        config.numbers[0].allow_list.insert("15550001111".into());
    });
    scene.ana();
    assert_eq!(scene.text("+15550001111", "hi").await.0, 200);
    assert_eq!(code(&scene.text("+15550002222", "hi").await), (400, 131030));
}

#[tokio::test(start_paused = true)]
async fn ids_of_users_belong_in_recipient_and_to_one_portfolio() {
    let scene = Scene::new();
    let new = NewCustomer {
        name: "Bo".into(),
        hidden: true,
        username: Some("bo.l".into()),
        bsuid: Some("US.13491200000000000001".into()),
        ..NewCustomer::default()
    };
    let bo = scene.sim.customer(new).unwrap();
    scene.sim.texts(&bo.id, Config::NUMBER, "hi").unwrap();
    scene.sim.settled().await;
    let heard = &scene.bodies()[0]["entry"][0]["changes"][0]["value"];
    assert!(heard["messages"][0].get("from").is_none(), "{heard}");
    assert!(heard["contacts"][0].get("wa_id").is_none());
    assert_eq!(heard["messages"][0]["from_user_id"], "US.13491200000000000001");
    assert_eq!(heard["contacts"][0]["profile"]["username"], "bo.l");

    let to = |key: &str, id: &str| json!({ key: id, "type": "text", "text": { "body": "hi" } });
    let answer = scene.send(to("recipient", "US.13491200000000000001")).await;
    assert_eq!(answer.1["contacts"][0]["user_id"], "US.13491200000000000001");
    assert!(answer.1["contacts"][0].get("wa_id").is_none());
    assert_eq!(code(&scene.send(to("recipient", "US.99")).await), (400, 131009));
    let login = json!({ "recipient": "US.13491200000000000001", "type": "template",
        "template": { "name": "login_code", "language": { "code": "en_US" } } });
    assert_eq!(code(&scene.send(login).await), (400, 131062));
    scene.sim.settled().await;
    assert_eq!(scene.items("statuses").len(), 2);
    assert!(scene.items("statuses").iter().all(|s| s.get("recipient_id").is_none()));

    // In the wrong place it is accepted and nothing comes of it.
    assert_eq!(scene.send(to("to", "US.13491200000000000001")).await.0, 200);
    scene.sim.settled().await;
    assert_eq!((scene.sim.read(|w| w.swallowed), scene.items("statuses").len()), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn rewritten_numbers_reach_their_owner() {
    let scene = Scene::new();
    let eva = scene.sim.customer(NewCustomer::named("Eva", "+52 55 1234 5678")).unwrap();
    assert_eq!(eva.wa_id, "5215512345678");
    for dialled in ["+525512345678", "5215512345678", "+52 (55) 1234-5678"] {
        let answer = scene.text(dialled, "hola").await;
        assert_eq!(answer.1["contacts"][0], json!({ "input": dialled, "wa_id": "5215512345678" }));
    }
    assert_eq!(scene.sim.read(|w| w.thread(&eva.id).count()), 3);
}

#[tokio::test(start_paused = true)]
async fn reading_marks_what_came_before_and_typing_ends() {
    let scene = Scene::new();
    let ana = scene.ana();
    let ids: Vec<_> =
        (0..3).map(|n| scene.sim.texts(&ana.id, Config::NUMBER, &n.to_string()).unwrap()).collect();
    let path = format!("/v25.0/{}/messages", Config::NUMBER);
    let read = json!({ "messaging_product": "whatsapp", "status": "read", "message_id": ids[1],
        "typing_indicator": { "type": "text" } });
    assert_eq!(scene.post(&path, read).await, (200, json!({ "success": true })));
    let ticks = || {
        let view = scene.sim.phone(&ana.id, 0).unwrap();
        let ticks = view["messages"].as_array().unwrap().iter().map(|m| m["tick"].clone());
        (ticks.collect::<Vec<_>>(), view["typing"].as_array().unwrap().len())
    };
    assert_eq!(ticks(), (vec![json!("read"), json!("read"), json!("sent")], 1));
    scene.clock.sleep_ms(25_000).await;
    assert_eq!(ticks().1, 0, "typing is over after 25 s");
    let own = wamid(&scene.text("+15550001111", "x").await);
    let read = json!({ "messaging_product": "whatsapp", "status": "read", "message_id": own });
    assert_eq!(code(&scene.post(&path, read).await), (400, 131009));
    assert_eq!(scene.sim.gate().log.count("messages.typing"), 1);
    assert_eq!(scene.sim.gate().log.count("messages.read"), 1);
}
