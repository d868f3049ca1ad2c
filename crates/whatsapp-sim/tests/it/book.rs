//! Nodes, templates, tokens: everything that is not a message.

use http::Method;
use serde_json::json;
use whatsapp_sim::Config;

use crate::scene::{Scene, code};

#[tokio::test(start_paused = true)]
async fn nodes_answer_their_fields() {
    let scene = Scene::new();
    let (status, node) = scene
        .get(&format!(
            "/v25.0/{}?fields=id,status,throughput{{level}},account_mode,health_status",
            Config::NUMBER
        ))
        .await;
    assert_eq!(status, 200);
    assert_eq!(node["status"], "CONNECTED");
    assert_eq!(node["throughput"]["level"], "STANDARD");
    assert_eq!(node["account_mode"], "LIVE");
    assert_eq!(node["health_status"]["can_send_message"], "AVAILABLE");
    assert_eq!(node.as_object().unwrap().len(), 5);
    let (_, list) = scene.get(&format!("/v25.0/{}/phone_numbers", Config::WABA)).await;
    assert_eq!(list["data"][0]["display_phone_number"], "+1 555-000-9999");
    let waba =
        scene.get(&format!("/{}?fields=name,currency,owner_business_info", Config::WABA)).await.1;
    assert_eq!(waba["owner_business_info"]["id"], Config::BUSINESS);
    let table = [
        (format!("/v25.0/{}?fields=shoe_size", Config::NUMBER), (400, 100)),
        ("/v25.0/999".into(), (400, 100)),
        ("/v25.0/nobody".into(), (404, 803)),
        (format!("/v25.0/{}/unicorns", Config::NUMBER), (400, 100)),
    ];
    for (path, want) in table {
        assert_eq!(code(&scene.get(&path).await), want, "{path}");
    }
    let missing = scene.get("/v25.0/999").await.1;
    assert_eq!(missing["error"]["error_subcode"], 33);
    assert_eq!(scene.get(&format!("/v18.0/{}", Config::NUMBER)).await.0, 200, "expired is served");
}

#[tokio::test(start_paused = true)]
async fn health_shows_what_blocks_a_number() {
    let scene = Scene::new();
    scene.sim.change(|w| w.numbers.get_mut(Config::NUMBER).unwrap().refusal = Some(131031));
    let path = format!("/v25.0/{}?fields=health_status,status", Config::NUMBER);
    let node = scene.get(&path).await.1;
    assert_eq!(node["health_status"]["can_send_message"], "BLOCKED");
    assert_eq!(node["health_status"]["entities"][0]["errors"][0]["error_code"], 131031);
    assert_eq!(node["status"], "BANNED");
}

#[tokio::test(start_paused = true)]
async fn templates_are_paged_by_opaque_cursors() {
    let scene = Scene::new();
    let base = format!("/v25.0/{}/message_templates", Config::WABA);
    let (mut names, mut path) = (Vec::new(), format!("{base}?limit=4&fields=name,language,status"));
    loop {
        let page = scene.get(&path).await.1;
        let data = page["data"].as_array().unwrap();
        names.extend(data.iter().map(|t| format!("{}/{}", t["name"], t["language"])));
        assert!(page["paging"]["cursors"]["after"].is_string(), "also on the last page");
        match page["paging"]["next"].as_str() {
            Some(next) => path = next.strip_prefix("https://graph.test").unwrap().to_owned(),
            None => break,
        }
    }
    assert_eq!(names.len(), 6);
    let unique: std::collections::BTreeSet<_> = names.iter().collect();
    assert_eq!(unique.len(), 6);
    assert_eq!(code(&scene.get(&format!("{base}?after=bm9uc2Vuc2U")).await), (400, 131059));
    let named = scene.get(&format!("{base}?name=order_update&language=es")).await.1;
    assert_eq!(named["data"].as_array().unwrap().len(), 1);
    let none = scene.get(&format!("{base}?status=REJECTED,PAUSED")).await.1;
    assert_eq!(none["data"], json!([]));
}

#[tokio::test(start_paused = true)]
async fn a_template_lives_from_review_to_deletion() {
    let scene = Scene::new();
    scene.ana();
    let base = format!("/v25.0/{}/message_templates", Config::WABA);
    let body = json!({ "name": "notice", "language": "en_US", "category": "UTILITY",
        "components": [{ "type": "body", "text": "Something new has happened." }] });
    let made = scene.post(&base, body.clone()).await.1;
    assert_eq!(made["status"], "PENDING");
    let send = json!({ "to": "+15550001111", "type": "template",
        "template": { "name": "notice", "language": { "code": "en_US" } } });
    assert_eq!(code(&scene.send(send.clone()).await), (404, 132001), "not approved yet");
    assert_eq!(scene.post(&base, body.clone()).await.1["error"]["error_subcode"], 2388024);
    scene.sim.settled().await;
    let told = scene.bodies().pop().unwrap();
    let value = &told["entry"][0]["changes"][0]["value"];
    assert_eq!(value["event"], "APPROVED");
    assert_eq!(value["message_template_language"], "en-US");
    let id = made["id"].as_str().unwrap();
    assert_eq!(value["message_template_id"].to_string(), id);
    assert!(told["entry"][0]["time"].is_number());
    assert_eq!(scene.send(send.clone()).await.0, 200);
    for (status, want) in [("PAUSED", 132015), ("DISABLED", 132016), ("REJECTED", 132001)] {
        assert!(scene.sim.template_status(id, status, None));
        assert_eq!(code(&scene.send(send.clone()).await).1, want, "{status}");
    }
    let edited = json!({ "components": [{ "type": "BODY", "text": "Something else." }] });
    assert_eq!(scene.post(&format!("/v25.0/{id}"), edited.clone()).await.0, 200);
    scene.sim.settled().await;
    assert_eq!(scene.get(&format!("/v25.0/{id}")).await.1["status"], "APPROVED");
    assert_eq!(scene.post(&format!("/v25.0/{id}"), edited.clone()).await.0, 200);
    scene.sim.settled().await;
    let again = scene.post(&format!("/v25.0/{id}"), edited).await;
    assert_eq!(again.0, 400, "an approved template takes one edit a day");
    let gone = scene.call(Method::DELETE, &format!("{base}?name=notice"), None).await;
    assert_eq!(gone.1, json!({ "success": true }));
    let blocked = scene.post(&base, body).await.1;
    assert_eq!(blocked["error"]["error_subcode"], 2388023, "the name stays blocked");
}

#[tokio::test(start_paused = true)]
async fn a_token_shows_its_health() {
    let scene = Scene::new();
    let app = format!("{}|{}", Config::APP, Config::APP_SECRET);
    let ask = async |input: &str| {
        let path = format!("/debug_token?input_token={input}");
        scene.try_call(Method::GET, &path, Some(&app), None).await.unwrap().1["data"].clone()
    };
    let good = ask(Config::TOKEN).await;
    assert_eq!((&good["is_valid"], &good["expires_at"]), (&json!(true), &json!(0)));
    assert_eq!(good["scopes"].as_array().unwrap().len(), 2);
    assert!(good["granular_scopes"][0].get("target_ids").is_none(), "all assets");
    scene.sim.change(|w| w.tokens.get_mut(Config::TOKEN).unwrap().revoked = Some(467));
    let revoked = ask(Config::TOKEN).await;
    assert_eq!((&revoked["is_valid"], &revoked["error"]["subcode"]), (&json!(false), &json!(467)));
    assert_eq!(ask("nonsense").await["is_valid"], false);
}

#[tokio::test(start_paused = true)]
async fn registration_has_a_pin_and_a_limit() {
    let scene = Scene::new();
    let call = async |edge: &str, pin: &str| {
        let body = json!({ "messaging_product": "whatsapp", "pin": pin });
        code(&scene.post(&format!("/v25.0/{}/{edge}", Config::NUMBER), body).await)
    };
    assert_eq!(call("register", "12345").await, (400, 100));
    assert_eq!(call("register", "123456").await, (200, 0));
    assert_eq!(call("register", "654321").await, (400, 133005));
    assert_eq!(call("deregister", "").await, (200, 0));
    assert_eq!(code(&scene.text("+15550001111", "x").await), (400, 133010));
    for _ in 0..6 {
        assert_eq!(call("register", "123456").await, (200, 0));
    }
    assert_eq!(call("register", "123456").await, (400, 133016));
    scene.clock.sleep_ms(72 * 3_600_000).await;
    assert_eq!(call("register", "123456").await, (200, 0));
}

#[tokio::test(start_paused = true)]
async fn management_calls_have_an_hourly_quota() {
    let scene = Scene::with(|config| config.rules.management_per_hour = 3);
    let path = format!("/v25.0/{}/message_templates", Config::WABA);
    for _ in 0..3 {
        assert_eq!(scene.get(&path).await.0, 200);
    }
    assert_eq!(code(&scene.get(&path).await), (400, 80008));
    scene.clock.sleep_ms(3_600_000).await;
    assert_eq!(scene.get(&path).await.0, 200);
}

#[tokio::test(start_paused = true)]
async fn a_profile_is_read_back() {
    let scene = Scene::new();
    let path = format!("/v25.0/{}/whatsapp_business_profile", Config::NUMBER);
    let set = |about: &str| json!({ "messaging_product": "whatsapp", "about": about });
    assert_eq!(scene.post(&path, set("Open until six")).await.0, 200);
    assert_eq!(code(&scene.post(&path, set(&"x".repeat(140))).await), (400, 131009));
    assert_eq!(scene.get(&path).await.1["data"][0]["about"], "Open until six");
}

#[tokio::test(start_paused = true)]
async fn history_lists_the_steps_of_a_message() {
    let scene = Scene::new();
    let ana = scene.ana();
    scene.sim.texts(&ana.id, Config::NUMBER, "hi").unwrap();
    let id = crate::scene::wamid(&scene.text("+15550001111", "x").await);
    scene.sim.settled().await;
    let path = format!("/v25.0/{}/message_history?message_id={id}", Config::NUMBER);
    let list =
        scene.get(&path.replace('+', "%2B").replace('=', "%3D").replacen("%3D", "=", 1)).await.1;
    let events = list["data"][0]["events"]["data"].as_array().unwrap();
    let words: Vec<_> = events.iter().map(|e| e["delivery_status"].clone()).collect();
    assert_eq!(words, ["ACCEPTED", "SENT", "DELIVERED"]);
}
