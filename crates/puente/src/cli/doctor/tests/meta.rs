//! Token, subscription, webhook, number.

use std::sync::Arc;

use serde_json::json;

use super::super::said::Verdict::{Fail, Ok, Skip, Warn};
use super::scene::{APP, NUMBER, TOKEN, WABA, Ward};

#[tokio::test]
async fn all_is_well_with_a_whole_set_up() {
    let ward = Ward::new().await;
    for finding in ward.findings().await {
        assert_eq!(finding.said.verdict, Ok, "{finding:?}");
        assert!(finding.said.cure.is_empty(), "{finding:?}");
    }
    assert_eq!(ward.findings().await.len(), 13, "twelve checks, the clock on both sides");
}

#[tokio::test]
async fn a_token_is_told_dead_short_of_rights_or_ending() {
    let ward = Ward::new().await;
    let meta = ward.town.sims.whatsapp.handle();
    let now = ward.town.ambient.now().0;
    meta.change(|w| {
        w.tokens.get_mut(TOKEN).unwrap().expires_ms = Some(now + 10 * 86_400_000 + 60_000)
    });
    ward.expect("meta-token", Warn, &["in 10 days", "Generate token", "token"]).await;
    meta.change(|w| w.tokens.get_mut(TOKEN).unwrap().expires_ms = Some(now + 31 * 86_400_000));
    ward.expect("meta-token", Ok, &[]).await;
    meta.change(|w| w.tokens.get_mut(TOKEN).unwrap().scopes.remove("whatsapp_business_messaging"));
    ward.expect("meta-token", Fail, &["lacks whatsapp_business_messaging"]).await;
    ward.expect("number", Ok, &[]).await;
    meta.change(|w| w.tokens.get_mut(TOKEN).unwrap().wabas = Some(["1".to_owned()].into()));
    ward.expect("meta-token", Fail, &[WABA, "WhatsApp accounts"]).await;
    meta.change(|w| w.tokens.get_mut(TOKEN).unwrap().revoked = Some(460));
    ward.expect("meta-token", Fail, &["password", "System users"]).await;
    for hidden in ["subscribed", "number", "test-number", "webhook"] {
        ward.expect(hidden, Skip, &[]).await;
    }
}

#[tokio::test]
async fn a_token_that_is_nowhere_is_told_with_its_place() {
    let ward = Ward::new().await;
    std::fs::remove_file(ward.dir.path().join("token")).unwrap();
    ward.expect("meta-token", Fail, &["tenant.number.token", "cannot read", "/token"]).await;
    ward.expect("number", Skip, &[]).await;
}

#[tokio::test]
async fn a_token_is_not_blamed_when_meta_cannot_be_asked() {
    let mut ward = Ward::new().await;
    ward.bend = Arc::new(|path, answer| {
        if path.ends_with("/debug_token") {
            *answer.status_mut() = http::StatusCode::BAD_GATEWAY;
            *answer.body_mut() = "<html>".into();
        }
    });
    let said = ward.says("meta-token").await;
    assert_eq!(said.verdict, Fail, "{said:?}");
    assert!(!said.cure.contains("Generate token"), "{said:?}");
    ward.expect("number", Ok, &[]).await;
}

#[tokio::test]
async fn a_token_of_another_app_and_one_without_the_app_are_told() {
    let mut ward = Ward::new().await;
    ward.config.apps[0].meta_app_id = Some("999".into());
    ward.expect("meta-token", Warn, &[APP, "999"]).await;
    ward.expect("webhook", Fail, &["app.meta_app_id", "App settings"]).await;
    ward.config.apps[0].meta_app_id = None;
    ward.expect("meta-token", Ok, &[]).await;
    ward.expect("webhook", Warn, &["app.meta_app_id"]).await;
    ward.expect("subscribed", Warn, &["app.meta_app_id"]).await;
}

#[tokio::test]
async fn an_account_that_does_not_tell_our_app_is_found() {
    let ward = Ward::new().await;
    let meta = ward.town.sims.whatsapp.handle();
    let other = json!({ "uri": "https://old.test/hook", "verify_token": "x" });
    meta.change(|w| {
        let subscription = w.wabas.get_mut(WABA).unwrap().subscribed.get_mut(APP).unwrap();
        subscription.callback = serde_json::from_value(other.clone()).unwrap();
    });
    ward.expect(
        "subscribed",
        Fail,
        &["https://old.test/hook", "override of the account", "/subscribed_apps"],
    )
    .await;
    meta.change(|w| w.wabas.get_mut(WABA).unwrap().subscribed.clear());
    ward.expect("subscribed", Fail, &["does not tell", "curl -X POST", "/subscribed_apps"]).await;
}

#[tokio::test]
async fn a_number_whose_messages_are_diverted_is_found() {
    let ward = Ward::new().await;
    let meta = ward.town.sims.whatsapp.handle();
    let set = |uri: &str| {
        let to = json!({ "uri": uri, "verify_token": "x" });
        meta.change(|w| {
            w.numbers.get_mut(NUMBER).unwrap().callback = serde_json::from_value(to).unwrap()
        });
    };
    set("https://puente.test/a/main/messages");
    ward.expect("subscribed", Ok, &[]).await;
    set("https://elsewhere.test/messages");
    ward.expect(
        "subscribed",
        Fail,
        &["https://elsewhere.test/messages", NUMBER, "override_callback_uri"],
    )
    .await;
}

#[tokio::test]
async fn an_app_that_posts_elsewhere_or_not_at_all_is_found() {
    let mut ward = Ward::new().await;
    let meta = ward.town.sims.whatsapp.handle();
    let app = |change: fn(&mut Option<String>)| {
        meta.change(|w| change(&mut w.apps.get_mut(APP).unwrap().callback_url));
    };
    app(|url| *url = Some("https://old.test/messages".into()));
    ward.expect("webhook", Fail, &["https://old.test/messages", "https://puente.test/messages"])
        .await;
    app(|url| *url = None);
    ward.expect("webhook", Fail, &["no callback URL", "Configuration"]).await;
    app(|url| *url = Some("https://puente.test/t/sandbox/messages".into()));
    ward.expect("webhook", Ok, &[]).await;
    meta.change(|w| drop(w.apps.get_mut(APP).unwrap().fields.remove("messages")));
    ward.expect("webhook", Fail, &["field messages", "Webhook fields"]).await;
    std::fs::write(ward.dir.path().join("app_secret"), "another").unwrap();
    ward.expect("webhook", Fail, &["App secret", "app_secret"]).await;
    ward.config.tenants[0].numbers.clear();
    ward.expect("webhook", Warn, &["no number"]).await;
}

#[tokio::test]
async fn a_number_that_cannot_work_is_told_with_its_cure() {
    let mut ward = Ward::new().await;
    let meta = ward.town.sims.whatsapp.handle();
    ward.config.tenants[0].numbers[0].messages_per_second = 1_000;
    ward.expect("number", Warn, &["grants 80", "messages_per_second = 80"]).await;
    ward.config.tenants[0].numbers[0].messages_per_second = 80;
    meta.change(|w| w.numbers.get_mut(NUMBER).unwrap().quality = "RED".into());
    ward.expect("number", Warn, &["quality RED", "Phone numbers"]).await;
    meta.change(|w| {
        let number = w.numbers.get_mut(NUMBER).unwrap();
        number.throughput = serde_json::from_value(json!("COEXISTENCE")).unwrap();
    });
    ward.expect("number", Warn, &["grants 20"]).await;
    ward.config.tenants[0].numbers[0].display = "+15550008888".into();
    ward.expect("number", Fail, &[NUMBER, "+1 555-000-9999"]).await;
    meta.change(|w| w.numbers.get_mut(NUMBER).unwrap().registered = false);
    ward.expect("number", Fail, &["133010", "/register"]).await;
    meta.change(|w| w.numbers.get_mut(NUMBER).unwrap().refusal = Some(131_031));
    meta.change(|w| w.numbers.get_mut(NUMBER).unwrap().registered = true);
    ward.expect("number", Fail, &["131031", "status"]).await;
}

#[tokio::test]
async fn a_test_number_is_told_to_be_one() {
    let ward = Ward::new().await;
    ward.town.sims.whatsapp.handle().change(|w| {
        let number = w.numbers.get_mut(NUMBER).unwrap();
        number.account_mode = serde_json::from_value(json!("SANDBOX")).unwrap();
    });
    ward.expect("test-number", Warn, &["5 people", "131030", "Manage phone number list"]).await;
}
