//! Versions, quotas, headers and what a call must look like.

use std::sync::Arc;
use std::time::Duration;

use salesforce_sim::{Config, Latency};
use serde_json::{Value, json};

use crate::client::Client;

#[tokio::test(start_paused = true)]
async fn versions_are_told_and_old_ones_are_gone() {
    let c = Client::new().await;
    let versions = c.get("/services/data").await.body;
    assert_eq!(versions.as_array().unwrap().last().unwrap()["url"], "/services/data/v68.0");
    assert_eq!(c.get("/services/data/v30.0/limits").await.code(), (410, "UNSUPPORTED_API_VERSION"));
    assert_eq!(c.get("/services/data/v69.0/limits").await.code(), (404, "NOT_FOUND"));
    assert_eq!(c.get("/services/data/v31.0/limits").await.status, 200);
    assert!(c.get("/services/data/v66.0/").await.body["sobjects"].is_string());
}

#[tokio::test(start_paused = true)]
async fn each_call_is_counted_and_the_quota_ends_them() {
    let c = Client::with(Config { daily_api_requests: 3, ..Config::default() }).await;
    for used in 1..=3 {
        let answer = c.get("/limits").await;
        assert_eq!(answer.headers["sforce-limit-info"], format!("api-usage={used}/3"));
        assert_eq!(answer.body["DailyApiRequests"], json!({ "Max": 3, "Remaining": 3 - used }));
    }
    let refused = c.get("/limits").await;
    assert_eq!(
        (refused.code(), refused.message()),
        ((403, "REQUEST_LIMIT_EXCEEDED"), "TotalRequests Limit exceeded.")
    );
    assert_eq!(c.sim.api_calls(), 3);
    tokio::time::sleep(std::time::Duration::from_secs(86_400)).await;
    let mut c = c;
    c.token = c.sign_in().await.body["access_token"].as_str().unwrap().to_owned();
    assert_eq!(c.get("/limits").await.status, 200);
    assert_eq!(c.sim.api_calls(), 4);
}

#[tokio::test(start_paused = true)]
async fn long_calls_beyond_their_number_are_refused() {
    let c = Client::with(Config {
        long_calls_max: 1,
        latency: Latency { base_ms: 30_000, per_row_ms: 0, tail_max_ms: 0 },
        ..Config::default()
    })
    .await;
    let c = Arc::new(c);
    let long = {
        let c = c.clone();
        tokio::spawn(async move { c.call("POST", "/sobjects/Case", json!({})).await })
    };
    tokio::time::sleep(Duration::from_secs(19)).await;
    assert_eq!(c.get("/limits").await.status, 200, "it is not long yet");
    tokio::time::sleep(Duration::from_secs(2)).await;
    let refused = c.get("/limits").await;
    assert_eq!(refused.code(), (403, "REQUEST_LIMIT_EXCEEDED"));
    assert!(refused.message().starts_with("ConcurrentRequests"), "{}", refused.message());
    assert_eq!(long.await.unwrap().status, 201);
    assert_eq!(c.get("/limits").await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn calls_of_a_wrong_form_are_refused() {
    let mut c = Client::new().await;
    assert_eq!(
        c.call("PUT", "/sobjects/Lead", json!({})).await.code(),
        (405, "METHOD_NOT_ALLOWED")
    );
    assert_eq!(c.delete("/limits").await.code(), (405, "METHOD_NOT_ALLOWED"));
    assert_eq!(c.get("/composite").await.code(), (405, "METHOD_NOT_ALLOWED"));
    assert_eq!(c.get("/nothing").await.code(), (404, "NOT_FOUND"));
    assert_eq!(c.get("/services/apexrest/x").await.code(), (404, "NOT_FOUND"));
    assert_eq!(
        c.call("POST", "/sobjects/Lead", json!([])).await.code(),
        (400, "JSON_PARSER_ERROR")
    );
    assert_eq!(c.get(&format!("/query?q={}", "a".repeat(16_400))).await.code().0, 414);
    c.headers = vec![("x-long", "a".repeat(16_400))];
    assert_eq!(c.get("/limits").await.code().0, 431);
    c.headers.clear();
    c.token = "wrong".into();
    assert_eq!(c.get("/limits").await.code(), (401, "INVALID_SESSION_ID"));
}

#[tokio::test(start_paused = true)]
async fn objects_are_described_and_counted() {
    let c = Client::new().await;
    let global = c.get("/sobjects").await.body;
    assert_eq!(global["maxBatchSize"], 200);
    let find = |name: &str| {
        global["sobjects"].as_array().unwrap().iter().find(|o| o["name"] == name).cloned()
    };
    let lead: Value = find("Lead").unwrap();
    assert_eq!((&lead["keyPrefix"], &lead["custom"]), (&json!("00Q"), &json!(false)));
    assert_eq!(find("Puente_Message__c").unwrap()["custom"], true);
    c.sim.create("Lead", json!({ "LastName": "a", "Company": "a" })).unwrap();
    let counts = c.get("/limits/recordCount?sObjects=Account,Lead").await.body;
    assert_eq!(counts, json!({ "sObjects": [{ "count": 1, "name": "Lead" }] }));
}

#[tokio::test(start_paused = true)]
async fn a_namespace_is_part_of_every_name() {
    let c = Client::with(Config { namespace: "ns__".into(), ..Config::default() }).await;
    let made = c
        .call(
            "PATCH",
            "/sobjects/ns__Puente_Person__c/ns__Key__c/p",
            json!({ "ns__Version__c": 5 }),
        )
        .await;
    assert_eq!(made.status, 201, "{}", made.body);
    let body = json!({ "ns__Key__c": "c", "ns__Person__r": { "ns__Key__c": "p" } });
    assert_eq!(c.call("POST", "/sobjects/ns__Puente_Conversation__c", body).await.status, 201);
    let found =
        c.query("SELECT ns__Person__r.ns__Key__c FROM ns__Puente_Conversation__c").await.body;
    assert_eq!(found["records"][0]["ns__Person__r"]["ns__Key__c"], "p");
    c.call("PATCH", "/sobjects/ns__Puente_Person__c/ns__Key__c/p", json!({ "ns__Version__c": 4 }))
        .await;
    assert_eq!(c.sim.row(&made.id()).unwrap()["ns__Version__c"], json!(5.0));
    assert_eq!(
        c.call("POST", "/sobjects/Puente_Person__c", json!({})).await.code(),
        (404, "NOT_FOUND")
    );
    assert_eq!(
        c.call("POST", "/sobjects/ns__Puente_Person__c", json!({ "Key__c": "x" })).await.code(),
        (400, "INVALID_FIELD")
    );
}
