//! Who hears what, and where.

use http::Method;
use serde_json::json;
use whatsapp_sim::Config;

use crate::scene::{Scene, URL, code};

#[tokio::test(start_paused = true)]
async fn without_a_subscription_nothing_comes() {
    let scene = Scene::new();
    let ana = scene.ana();
    let path = format!("/v25.0/{}/subscribed_apps", Config::WABA);
    assert_eq!(scene.call(Method::DELETE, &path, None).await.0, 200);
    scene.sim.texts(&ana.id, Config::NUMBER, "hi").unwrap();
    scene.sim.settled().await;
    assert_eq!((scene.bodies().len(), scene.sim.tally().unheard), (0, 1));
    assert_eq!(scene.post(&path, json!({})).await.1, json!({ "success": true }));
    scene.sim.texts(&ana.id, Config::NUMBER, "hi").unwrap();
    scene.sim.settled().await;
    assert_eq!(scene.bodies().len(), 1);
    let list = scene.get(&path).await.1;
    assert_eq!(list["data"][0]["whatsapp_business_api_data"]["id"], Config::APP);
}

#[tokio::test(start_paused = true)]
async fn callbacks_shake_hands_and_overrides_take_precedence() {
    let scene = Scene::new();
    let ana = scene.ana();
    let waba = format!("/v25.0/{}/subscribed_apps", Config::WABA);
    let number = format!("/v25.0/{}", Config::NUMBER);
    let of_waba = json!({ "override_callback_uri": "https://waba.test/h", "verify_token": "a b" });
    let of_number = |uri: &str| json!({ "webhook_configuration": { "override_callback_uri": uri, "verify_token": "t" } });
    let heard_at = async || {
        scene.inbox.got.lock().clear();
        scene.sim.texts(&ana.id, Config::NUMBER, "hi").unwrap();
        scene.sim.settled().await;
        scene.inbox.got.lock()[0].url.clone()
    };
    assert_eq!(heard_at().await, URL);
    assert_eq!(scene.post(&waba, of_waba).await.0, 200);
    let shake = scene.inbox.got.lock().last().unwrap().clone();
    assert_eq!(shake.method, Method::GET);
    assert!(shake.url.starts_with("https://waba.test/h?hub.mode=subscribe&hub.challenge="));
    assert!(shake.url.ends_with("&hub.verify_token=a%20b"));
    assert_eq!(heard_at().await, "https://waba.test/h");
    assert_eq!(scene.post(&number, of_number("https://number.test/h")).await.0, 200);
    assert_eq!(heard_at().await, "https://number.test/h");
    let read = scene.get(&format!("{number}?fields=webhook_configuration")).await.1;
    assert_eq!(
        read["webhook_configuration"],
        json!({ "phone_number": "https://number.test/h",
        "whatsapp_business_account": "https://waba.test/h", "application": URL })
    );
    // Other fields keep going to the app's own URL.
    scene.inbox.got.lock().clear();
    scene.sim.prefers(&ana.id, Config::NUMBER, true).unwrap();
    scene.sim.settled().await;
    assert_eq!(scene.inbox.got.lock()[0].url, URL);
    assert_eq!(scene.post(&number, of_number("")).await.0, 200);
    assert_eq!(scene.post(&waba, json!({})).await.0, 200);
    assert_eq!(heard_at().await, URL);

    scene.inbox.rude.lock().push("https://rude.test/h".into());
    let refused = scene.post(&number, of_number("https://rude.test/h")).await;
    assert_eq!(code(&refused), (400, 2200));
    assert!(refused.1["error"]["message"].as_str().unwrap().contains("HTTP Status Code = 403"));
    assert_eq!(heard_at().await, URL, "what failed its handshake is not taken");
}

#[tokio::test(start_paused = true)]
async fn an_apps_subscription_is_set_with_its_own_token() {
    let scene = Scene::new();
    let path = format!("/v25.0/{}/subscriptions", Config::APP);
    let body = json!({ "object": "whatsapp_business_account", "callback_url": "https://new.test/h",
        "verify_token": "v", "fields": "messages,account_update" });
    assert_eq!(code(&scene.post(&path, body.clone()).await), (401, 190));
    let token = format!("{}|{}", Config::APP, Config::APP_SECRET);
    let set = scene.try_call(Method::POST, &path, Some(&token), Some(body)).await.unwrap();
    assert_eq!(set, (200, json!({ "success": true })));
    let list = scene.try_call(Method::GET, &path, Some(&token), None).await.unwrap().1;
    assert_eq!(list["data"][0]["callback_url"], "https://new.test/h");
    assert_eq!(list["data"][0]["fields"][1], json!({ "name": "messages", "version": "v25.0" }));
    let ana = scene.ana();
    scene.sim.prefers(&ana.id, Config::NUMBER, true).unwrap();
    scene.sim.settled().await;
    assert_eq!(scene.bodies().len(), 0, "user_preferences is no longer subscribed");
}
