//! What becomes of accepted messages, and how it is told.

use serde_json::{Value, json};
use sim_kit::{Act, Rule, When};
use whatsapp_sim::{Config, NewCustomer, Outcome, Tick};

use crate::scene::{Scene, code, wamid};

fn words(scene: &Scene, wamid: &str) -> Vec<String> {
    let of = |s: &Value| s["id"] == wamid;
    let all = scene.items("statuses").into_iter().filter(of);
    all.map(|s| s["status"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn sent_then_delivered_then_read_with_one_price_each_way() {
    let scene = Scene::new();
    let ana = scene.ana();
    scene.sim.texts(&ana.id, Config::NUMBER, "hi").unwrap();
    let id = wamid(&scene.text("+15550001111", "hello").await);
    assert_eq!(words(&scene, &id), Vec::<String>::new(), "200 means accepted only");
    scene.sim.settled().await;
    assert_eq!(words(&scene, &id), ["sent", "delivered"]);
    assert_eq!(scene.sim.reads(&ana.id, Config::NUMBER), 1);
    scene.sim.settled().await;
    assert_eq!(words(&scene, &id), ["sent", "delivered", "read"]);
    let told: Vec<_> = scene.items("statuses");
    let price = json!({ "billable": true, "pricing_model": "PMP", "type": "regular",
        "category": "service" });
    let prices: Vec<_> = told.iter().map(|s| s.get("pricing").cloned()).collect();
    assert_eq!(prices, [Some(price.clone()), Some(price), None]);
    assert!(told.iter().all(|s| s["recipient_id"] == "15550001111"));
    assert!(told.iter().all(|s| s["recipient_user_id"] == json!(ana.bsuids[Config::BUSINESS])));
    assert!(told.iter().all(|s| s.get("conversation").is_none()), "payloads of v24 have none");
    assert_eq!(scene.sim.reads(&ana.id, Config::NUMBER), 0, "read once");
}

#[tokio::test(start_paused = true)]
async fn a_watched_chat_reads_without_a_delivery() {
    let scene = Scene::new();
    let ana = scene.ana();
    scene.sim.texts(&ana.id, Config::NUMBER, "hi").unwrap();
    scene.sim.change(|w| w.customers.get_mut(&ana.id).unwrap().watching = true);
    let id = wamid(&scene.text("+15550001111", "hello").await);
    scene.sim.settled().await;
    assert_eq!(words(&scene, &id), ["sent", "read"]);
    assert!(scene.items("statuses").iter().all(|s| s.get("pricing").is_some()));
}

#[tokio::test(start_paused = true)]
async fn a_phone_that_is_off_gets_its_messages_later() {
    let scene = Scene::new();
    let ana = scene.ana();
    scene.sim.texts(&ana.id, Config::NUMBER, "hi").unwrap();
    scene.sim.change(|w| w.customers.get_mut(&ana.id).unwrap().online = false);
    let id = wamid(&scene.text("+15550001111", "hello").await);
    scene.sim.settled().await;
    assert_eq!(words(&scene, &id), ["sent"]);
    scene.sim.comes_online(&ana.id);
    scene.sim.settled().await;
    assert_eq!(words(&scene, &id), ["sent", "delivered"]);
}

#[tokio::test(start_paused = true)]
async fn fates_are_told_as_scripted() {
    let table: [(Outcome, &[&str], Tick); 6] = [
        (Outcome::Deliver, &["sent", "delivered"], Tick::Delivered),
        (Outcome::Fail(131049), &["failed"], Tick::Failed),
        (Outcome::SentThenFail(131026), &["sent", "failed"], Tick::Failed),
        (Outcome::FailThenDeliver(131026), &["failed", "delivered"], Tick::Delivered),
        (Outcome::SentOnly, &["sent"], Tick::Sent),
        (Outcome::Silence, &[], Tick::Accepted),
    ];
    let scene = Scene::new();
    let ana = scene.ana();
    scene.sim.texts(&ana.id, Config::NUMBER, "hi").unwrap();
    for (fate, want, tick) in table {
        scene.sim.change(|w| w.customers.get_mut(&ana.id).unwrap().script.push_back(fate));
        let id = wamid(&scene.text("+15550001111", "hello").await);
        scene.sim.settled().await;
        assert_eq!(words(&scene, &id), want, "{fate:?}");
        assert_eq!(scene.sim.read(|w| w.message(&id).unwrap().tick), tick);
    }
    let failed = scene.items("statuses").into_iter().find(|s| s["status"] == "failed").unwrap();
    assert_eq!(failed["errors"][0]["code"], 131049);
    assert!(failed["errors"][0]["error_data"]["details"].is_string());
    let body = scene.bodies().into_iter().find(|b| b.to_string().contains("131049")).unwrap();
    assert!(body["entry"][0]["changes"][0]["value"].get("contacts").is_none());
}

#[tokio::test(start_paused = true)]
async fn the_service_window_closes_after_a_day() {
    let scene = Scene::new();
    let ana = scene.ana();
    let last = |scene: &Scene| scene.items("statuses").last().unwrap().clone();
    scene.text("+15550001111", "cold").await;
    scene.sim.settled().await;
    assert_eq!(last(&scene)["errors"][0]["code"], 131047);
    scene.sim.texts(&ana.id, Config::NUMBER, "hi").unwrap();
    scene.sim.settled().await;
    let heard = scene.sim.read(|w| w.customers[&ana.id].window(Config::NUMBER).heard_ms).unwrap();
    scene.clock.sleep_ms(heard + 86_400_000 - 1 - scene.clock.now_ms()).await;
    scene.text("+15550001111", "in time").await;
    scene.sim.settled().await;
    assert_eq!(last(&scene)["status"], "delivered");
    scene.text("+15550001111", "too late").await;
    scene.sim.settled().await;
    assert_eq!(last(&scene)["errors"][0]["code"], 131047);
    let template = json!({ "to": "+15550001111", "type": "template",
        "template": { "name": "hello_world", "language": { "code": "en_US" } } });
    scene.send(template).await;
    scene.sim.settled().await;
    assert_eq!(last(&scene)["status"], "delivered", "templates pass");
    scene.sim.change(|w| w.rules.window_at_once = true);
    assert_eq!(code(&scene.text("+15550001111", "again").await), (400, 131047));
}

#[tokio::test(start_paused = true)]
async fn people_decide_what_reaches_them() {
    let scene = Scene::new();
    let offer = json!({ "type": "template", "template": { "name": "spring_offer",
        "language": { "code": "en_US" }, "components": [
            { "type": "header", "parameters": [{ "type": "image",
                "image": { "link": "https://example.com/a.jpg" } }] },
            { "type": "body", "parameters": [{ "type": "text", "text": "Ana" }] },
            { "type": "button", "sub_type": "copy_code", "index": 1,
                "parameters": [{ "type": "coupon_code", "coupon_code": "25OFF" }] }] } });
    let outcome = async |to: &str| {
        let mut body = offer.clone();
        body["to"] = json!(to);
        let id = wamid(&scene.send(body).await);
        scene.sim.settled().await;
        let last = scene.items("statuses").into_iter().rfind(|s| s["id"] == *id).unwrap();
        last["errors"][0]["code"].as_u64().unwrap_or(0)
    };
    let ana = scene.ana();
    assert_eq!(outcome("+15550001111").await, 0);
    scene.sim.prefers(&ana.id, Config::NUMBER, true).unwrap();
    assert_eq!(outcome("+15550001111").await, 131050);
    assert_eq!(scene.items("user_preferences")[0]["value"], "stop");
    scene.sim.prefers(&ana.id, Config::NUMBER, false).unwrap();
    assert_eq!(outcome("+15550001111").await, 0);
    scene.sim.customer(NewCustomer::named("Cy", "+12125550100")).unwrap();
    assert_eq!(outcome("+12125550100").await, 131049, "no marketing to the United States");
    assert_eq!(outcome("+15550004444").await, 131026, "nobody there");
    scene.sim.change(|w| w.rules.broken_links = vec!["https://example.com/".into()]);
    assert_eq!(outcome("+15550001111").await, 131053);
    scene.sim.change(|w| {
        w.rules.broken_links.clear();
        w.customers.get_mut(&ana.id).unwrap().blocked.insert(Config::NUMBER.into());
    });
    let mut body = offer.clone();
    body["to"] = json!("+15550001111");
    let id = wamid(&scene.send(body).await);
    scene.sim.settled().await;
    assert_eq!(words(&scene, &id), ["sent"], "who blocked the number stays at one tick");
}

#[tokio::test(start_paused = true)]
async fn a_portfolio_has_a_daily_limit_outside_windows() {
    let scene = Scene::with(|config| config.businesses[0].daily_limit = Some(2));
    let hello = |to: &str| {
        json!({ "to": to, "type": "template",
            "template": { "name": "hello_world", "language": { "code": "en_US" } } })
    };
    let mut ends = Vec::new();
    for nth in 0..3 {
        let phone = format!("+1555000200{nth}");
        scene.sim.customer(NewCustomer::named("X", &phone)).unwrap();
        let id = wamid(&scene.send(hello(&phone)).await);
        scene.sim.settled().await;
        ends.push(words(&scene, &id).pop().unwrap());
    }
    assert_eq!(ends, ["delivered", "delivered", "failed"]);
    let again = wamid(&scene.send(hello("+15550002000")).await);
    scene.sim.settled().await;
    assert_eq!(words(&scene, &again), ["sent", "delivered"], "known users do not count again");
}

#[tokio::test(start_paused = true)]
async fn reactions_are_told_as_sent_and_old_targets_fail() {
    let scene = Scene::new();
    let ana = scene.ana();
    let target = scene.sim.texts(&ana.id, Config::NUMBER, "hi").unwrap();
    let react = |id: &str| {
        json!({ "to": "+15550001111", "type": "reaction",
            "reaction": { "message_id": id, "emoji": "👍" } })
    };
    let first = wamid(&scene.send(react(&target)).await);
    let second = wamid(&scene.send(react(&first)).await);
    scene.sim.settled().await;
    assert_eq!(words(&scene, &first), ["sent"]);
    assert_eq!(words(&scene, &second), ["failed"], "a reaction to a reaction");
    assert_eq!(scene.items("statuses").last().unwrap().get("pricing"), None);
}

#[tokio::test(start_paused = true)]
async fn an_ad_opens_three_free_days() {
    let scene = Scene::new();
    let ana = scene.ana();
    let mut click = whatsapp_sim::Utterance::text("hi");
    click.referral = Some(json!({ "source_type": "ad", "source_id": "1", "ctwa_clid": "c" }));
    scene.sim.says(&ana.id, Config::NUMBER, &click).unwrap();
    scene.text("+15550001111", "welcome").await;
    scene.sim.settled().await;
    assert_eq!(scene.items("messages")[0]["referral"]["ctwa_clid"], "c");
    let sent = &scene.items("statuses")[0];
    assert_eq!(sent["pricing"]["type"], "free_entry_point");
    assert_eq!(sent["pricing"]["billable"], false);
    assert_eq!(sent["conversation"]["origin"]["type"], "referral_conversion");
}

#[tokio::test(start_paused = true)]
async fn a_status_can_come_before_the_answer() {
    let scene = Scene::new();
    let ana = scene.ana();
    scene.sim.texts(&ana.id, Config::NUMBER, "hi").unwrap();
    scene.sim.gate().faults.add(Rule::new("messages.send", When::Always, Act::DelayAfter(5_000)));
    let id = wamid(&scene.text("+15550001111", "hello").await);
    assert_eq!(words(&scene, &id), ["sent", "delivered"]);
}
