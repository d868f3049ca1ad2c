//! The simulator's own API, as a page uses it.

use serde_json::{Value, json};

use crate::client::Client;

#[tokio::test(start_paused = true)]
async fn a_page_follows_records_live() {
    let c = Client::new().await;
    let start = c.get("/_sim/changes?after=0").await.body["last"].as_u64().unwrap();
    c.call("PATCH", "/sobjects/Puente_Person__c/Key__c/p", json!({ "Name": "Ana" })).await;
    c.call("PATCH", "/sobjects/Puente_Person__c/Key__c/p", json!({ "Name": "Ana Maria" })).await;
    let news = c.get(&format!("/_sim/changes?after={start}")).await.body;
    let kinds: Vec<_> = news["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|n| n["kind"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(kinds, ["create", "update"]);
    assert_eq!(news["changes"][1]["fields"], json!(["Name"]));
    assert_eq!(news["changes"][1]["record"]["Name"], "Ana Maria");
    let first = c.get(&format!("/_sim/changes?after={start}&limit=1")).await.body;
    assert_eq!(first["last"], json!(start + 1));
    let rest = c.get(&format!("/_sim/changes?after={}", news["last"])).await.body;
    assert_eq!((&rest["last"], &rest["changes"]), (&news["last"], &json!([])));
}

#[tokio::test(start_paused = true)]
async fn agents_work_and_knobs_turn_over_http() {
    let c = Client::new().await;
    let case = c.call("POST", "/_sim/objects/Case", json!({ "Subject": "Help" })).await.id();
    assert_eq!(
        c.call("PATCH", &format!("/_sim/records/{case}"), json!({ "Status": "Working" }))
            .await
            .status,
        200
    );
    assert_eq!(
        c.call("POST", &format!("/_sim/records/{case}/close"), Value::Null).await.status,
        200
    );
    assert_eq!(c.get(&format!("/_sim/records/{case}")).await.body["IsClosed"], true);
    assert_eq!(c.get("/_sim/objects").await.body["Case"], 1);
    assert_eq!(c.get("/_sim/objects/Case").await.body[0]["Subject"], "Help");
    assert_eq!(
        c.call("POST", "/_sim/objects/Lead", json!({})).await.code(),
        (400, "REQUIRED_FIELD_MISSING")
    );
    let lead = c
        .call("POST", "/_sim/objects/Lead", json!({ "LastName": "Ana", "Company": "a" }))
        .await
        .id();
    assert!(
        c.call("POST", &format!("/_sim/records/{lead}/convert"), json!({}))
            .await
            .body["contact_id"]
            .is_string()
    );
    assert_eq!(c.delete(&format!("/_sim/records/{case}")).await.status, 200);
    assert_eq!(c.sim.api_calls(), 0, "none of this is an API call");

    assert_eq!(
        c.call("PUT", "/_sim/knobs", json!({ "storage_rows_max": 5 })).await.body["storage_rows_max"],
        5
    );
    assert_eq!(
        c.call(
            "POST",
            "/_sim/fields",
            json!({ "object": "Lead", "field": "Phone", "visible": false })
        )
        .await
        .status,
        200
    );
    assert_eq!(c.query("SELECT Phone FROM Lead").await.code(), (400, "INVALID_FIELD"));
    c.call("POST", "/_sim/latency", json!({ "base_ms": 120, "per_row_ms": 8 })).await;
    c.call("POST", "/_sim/usage", json!({ "max": 1 })).await;
    assert_eq!(c.get("/limits").await.code(), (403, "REQUEST_LIMIT_EXCEEDED"));
    assert_eq!(c.get("/_sim/usage").await.body, json!({ "used": 1, "max": 1, "total": 1 }));
    c.call(
        "POST",
        "/_sim/refusal",
        json!({ "error": "invalid_grant", "error_description": "inactive user" }),
    )
    .await;
    assert_eq!(c.sign_in().await.status, 400);
    c.delete("/_sim/refusal").await;
    assert_eq!(c.sign_in().await.status, 200);
    assert_eq!(c.call("POST", "/_sim/sessions/invalidate", Value::Null).await.body["sessions"], 2);
    c.call("POST", "/_sim/faults", json!({ "op": "token", "act": "cut_before" })).await;
    assert_eq!(c.get("/_sim/faults").await.body[0]["op"], "token");
    assert_eq!(c.get("/_sim/requests").await.body["counts"]["token"], 3);
    c.call("POST", "/_sim/reset", Value::Null).await;
    assert_eq!(c.get("/_sim/objects").await.body, json!({}));
}

#[tokio::test(start_paused = true)]
async fn rows_are_held_over_http() {
    let c = Client::new().await;
    let id = c.sim.create("Account", json!({ "Name": "a" })).unwrap();
    c.call("POST", "/_sim/locks", json!({ "ids": [id], "ms": 12_000 })).await;
    let path = format!("/sobjects/Account/{id}");
    assert_eq!(
        c.call("PATCH", &path, json!({ "Name": "b" })).await.code(),
        (400, "UNABLE_TO_LOCK_ROW")
    );
    assert_eq!(
        c.call("PATCH", &path, json!({ "Name": "c" })).await.status,
        204,
        "given back after two more seconds"
    );
}
