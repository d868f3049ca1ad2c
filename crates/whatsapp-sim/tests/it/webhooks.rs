//! Signatures, retries, batches, duplicates.

use whatsapp_sim::Config;
use whatsapp_sim::state::App;

use crate::scene::{Says, Scene, URL};

#[tokio::test(start_paused = true)]
async fn signatures_fit_the_escaped_bytes_and_nothing_else() {
    let scene = Scene::new();
    let ana = scene.ana();
    scene.sim.texts(&ana.id, Config::NUMBER, "olá/né 👍 a@b").unwrap();
    scene.sim.settled().await;
    let got = scene.inbox.got.lock()[0].clone();
    let text = String::from_utf8(got.bytes.to_vec()).unwrap();
    assert!(text.contains(r"ol\u00e1\/n\u00e9 \ud83d\udc4d a\u0040b"), "{text}");
    // Computed here, with the one secret the receiver knows.
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, b"sim-app-secret");
    let sign = |bytes: &[u8]| {
        let tag = aws_lc_rs::hmac::sign(&key, bytes);
        let hex: String = tag.as_ref().iter().map(|b| format!("{b:02x}")).collect();
        format!("sha256={hex}")
    };
    assert_eq!(got.headers["x-hub-signature-256"], sign(&got.bytes));
    let again = serde_json::to_vec(&got.json()).unwrap();
    assert_ne!(got.headers["x-hub-signature-256"], sign(&again), "a re-serialised body differs");
    assert_eq!(
        got.json()["entry"][0]["changes"][0]["value"]["messages"][0]["text"]["body"],
        "olá/né 👍 a@b"
    );
    assert_eq!(got.headers["content-type"], "application/json");
}

#[tokio::test(start_paused = true)]
async fn a_refused_webhook_comes_again_on_schedule() {
    let scene = Scene::with(|config| config.webhooks.retry_jitter = 0.0);
    let ana = scene.ana();
    let fails = [Says::Status(500), Says::Nothing, Says::Status(302), Says::Status(404)];
    scene.inbox.says.lock().extend(fails);
    scene.sim.texts(&ana.id, Config::NUMBER, "hi").unwrap();
    scene.sim.settled().await;
    let got = scene.inbox.got.lock().clone();
    let minutes: Vec<_> = got.iter().map(|g| (g.at_ms - got[0].at_ms) / 60_000).collect();
    assert_eq!(minutes, [0, 0, 1, 6, 36], "at once, then +1, +5, +30 minutes");
    assert!(got.iter().all(|g| g.bytes == got[0].bytes), "byte for byte");
    let tally = scene.sim.tally();
    assert_eq!((tally.posts, tally.taken, tally.dropped), (5, 1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_webhook_is_dropped_at_the_cut_off() {
    for (scale, hours) in [(1.0, 36), (0.5, 18)] {
        let scene = Scene::with(|config| config.webhooks.retry_scale = scale);
        let ana = scene.ana();
        scene.inbox.says.lock().extend([Says::Status(500); 50]);
        scene.sim.texts(&ana.id, Config::NUMBER, "hi").unwrap();
        scene.sim.settled().await;
        let got = scene.inbox.got.lock().clone();
        let span = got.last().unwrap().at_ms - got[0].at_ms;
        assert!(span <= hours * 3_600_000 && span >= hours * 3_600_000 / 2, "{span}");
        assert_eq!((scene.sim.tally().dropped, scene.sim.tally().taken), (1, 0));
    }
}

#[tokio::test(start_paused = true)]
async fn one_apps_failure_repeats_the_webhook_to_all() {
    let scene = Scene::with(|config| {
        let mut second = config.apps[0].clone();
        second.id = "634000000000002".into();
        second.secret = "other".into();
        second.callback_url = Some("https://other.test/hook".into());
        config.wabas[0].subscribed.insert(second.id.clone(), Default::default());
        config.apps.push(second);
        config.apps.push(App {
            id: "3".into(),
            fields: Default::default(),
            ..config.apps[0].clone()
        });
        config.wabas[0].subscribed.insert("3".into(), Default::default());
    });
    let ana = scene.ana();
    scene.inbox.says.lock().push_back(Says::Status(500));
    scene.sim.texts(&ana.id, Config::NUMBER, "hi").unwrap();
    scene.sim.settled().await;
    let got = scene.inbox.got.lock().clone();
    assert_eq!(got.len(), 4, "two apps, two rounds; the app without the field hears nothing");
    let own = got.iter().find(|g| g.url == URL).unwrap();
    let other = got.iter().find(|g| g.url != URL).unwrap();
    assert_eq!(own.bytes, other.bytes);
    assert_ne!(own.headers["x-hub-signature-256"], other.headers["x-hub-signature-256"]);
}

#[tokio::test(start_paused = true)]
async fn batches_hold_every_message_once() {
    for merge in [false, true] {
        let scene = Scene::with(|config| {
            config.webhooks.batch = 10;
            config.webhooks.merge = merge;
        });
        let ana = scene.ana();
        let mut wamids: Vec<_> = (0..25)
            .map(|n| scene.sim.texts(&ana.id, Config::NUMBER, &n.to_string()).unwrap())
            .collect();
        scene.sim.settled().await;
        assert_eq!(scene.bodies().len(), 3);
        let mut told: Vec<_> =
            scene.items("messages").iter().map(|m| m["id"].as_str().unwrap().to_owned()).collect();
        told.sort();
        wamids.sort();
        assert_eq!(told, wamids);
        let changes = scene.bodies()[0]["entry"][0]["changes"].as_array().unwrap().len();
        assert_eq!(changes, if merge { 1 } else { 10 });
    }
}

#[tokio::test(start_paused = true)]
async fn duplicates_and_reordering_lose_nothing() {
    let scene = Scene::with(|config| {
        config.webhooks.duplicate = 0.5;
        config.webhooks.rebatch = 0.5;
        config.webhooks.reorder = 0.5;
    });
    let ana = scene.ana();
    let mut wamids = Vec::new();
    for n in 0..40 {
        wamids.push(scene.sim.texts(&ana.id, Config::NUMBER, &n.to_string()).unwrap());
        scene.clock.sleep_ms(50).await;
    }
    scene.sim.settled().await;
    let told: Vec<_> =
        scene.items("messages").iter().map(|m| m["id"].as_str().unwrap().to_owned()).collect();
    let mut first = Vec::new();
    told.iter().for_each(|id| {
        if !first.contains(id) {
            first.push(id.clone())
        }
    });
    assert!(told.len() > 50, "{} with duplicates", told.len());
    assert_ne!(first, wamids, "some overtook others");
    first.sort();
    wamids.sort();
    assert_eq!(first, wamids);
}

#[tokio::test(start_paused = true)]
async fn a_run_repeats_from_its_seed() {
    let run = async || {
        let scene = Scene::with(|config| {
            config.webhooks.duplicate = 0.3;
            config.webhooks.reorder = 0.3;
        });
        let ana = scene.ana();
        scene.inbox.says.lock().extend([Says::Status(500), Says::Nothing]);
        for n in 0..20 {
            scene.sim.texts(&ana.id, Config::NUMBER, &n.to_string()).unwrap();
            scene.text("+15550001111", &n.to_string()).await;
            scene.clock.sleep_ms(7).await;
        }
        scene.sim.settled().await;
        let got = scene.inbox.got.lock();
        got.iter().map(|g| (g.at_ms, g.bytes.clone())).collect::<Vec<_>>()
    };
    assert_eq!(run().await, run().await);
}
