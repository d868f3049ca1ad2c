//! Rules of the org itself: duplicates, triggers, storage, field rights.

use salesforce_sim::{DuplicateAction, DuplicateRule, TriggerFailure};
use serde_json::{Value, json};

use crate::client::Client;

#[tokio::test(start_paused = true)]
async fn duplicate_rules_stop_a_create() {
    let mut c = Client::new().await;
    let rule = |action| DuplicateRule {
        name: "Phones".into(),
        object: "Lead".into(),
        field: "Phone".into(),
        action,
    };
    c.sim.set_knobs(|k| k.duplicate_rules = vec![rule(DuplicateAction::Alert)]);
    let body = |phone: &str| json!({ "LastName": "Ana", "Company": "Ana", "Phone": phone });
    let first = c.call("POST", "/sobjects/Lead", body("+1 555 0100")).await.id();
    let found = c.call("POST", "/sobjects/Lead", body("+1-555-0100")).await;
    assert_eq!(found.code(), (400, "DUPLICATES_DETECTED"));
    let result = &found.body[0]["duplicateResult"];
    assert_eq!(result["allowSave"], true);
    assert_eq!(result["matchResults"][0]["matchRecords"][0]["record"]["Id"], json!(first));
    c.headers =
        vec![("Sforce-Duplicate-Rule-Header", "allowSave=true; includeRecordDetails=true".into())];
    assert_eq!(c.call("POST", "/sobjects/Lead", body("+15550100")).await.status, 201);
    c.sim.set_knobs(|k| k.duplicate_rules = vec![rule(DuplicateAction::Block)]);
    assert_eq!(
        c.call("POST", "/sobjects/Lead", body("15550100")).await.code(),
        (400, "DUPLICATES_DETECTED")
    );
    let other = c.call("PATCH", &format!("/sobjects/Lead/{first}"), json!({ "Title": "x" })).await;
    assert_eq!(other.status, 204, "a change of another field is not looked at");
}

#[tokio::test(start_paused = true)]
async fn triggers_fail_for_chunks_that_are_too_big_for_them() {
    let c = Client::new().await;
    let message = "CaseTrigger: execution of BeforeInsert caused by: System.LimitException: Too many SOQL queries: 101";
    c.sim.set_knobs(|k| {
        k.trigger_failures = vec![TriggerFailure {
            object: "Puente_Person__c".into(),
            rows_max: 2,
            message: message.into(),
        }]
    });
    let people = |n: usize| (0..n).map(|i| json!({ "Key__c": format!("{n}-{i}") })).collect();
    let three = c.upsert("Puente_Person__c", people(3)).await;
    assert_eq!(
        (three.item(0), three.item(2)),
        ("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY")
    );
    assert_eq!(c.sim.count("Puente_Person__c"), 0);
    c.upsert("Puente_Person__c", people(2)).await;
    assert_eq!(c.sim.count("Puente_Person__c"), 2);
}

#[tokio::test(start_paused = true)]
async fn a_full_storage_takes_changes_but_no_rows() {
    let c = Client::new().await;
    c.sim.set_knobs(|k| k.storage_rows_max = Some(1));
    assert_eq!(c.call("PATCH", "/sobjects/Puente_Person__c/Key__c/a", json!({})).await.status, 201);
    assert_eq!(
        c.call("PATCH", "/sobjects/Puente_Person__c/Key__c/b", json!({})).await.code(),
        (400, "STORAGE_LIMIT_EXCEEDED")
    );
    assert_eq!(
        c.call("PATCH", "/sobjects/Puente_Person__c/Key__c/a", json!({ "Name": "x" })).await.status,
        200
    );
}

#[tokio::test(start_paused = true)]
async fn a_field_without_rights_is_not_there() {
    let c = Client::new().await;
    c.sim.set_field_visible("Lead", "Puente_Create_Key__c", false);
    let body = json!({ "LastName": "Ana", "Company": "Ana", "Puente_Create_Key__c": "p" });
    let refused = c.call("POST", "/sobjects/Lead", body.clone()).await;
    assert_eq!(refused.code(), (400, "INVALID_FIELD"));
    assert_eq!(refused.message(), "No such column 'Puente_Create_Key__c' on sobject of type Lead");
    assert_eq!(
        c.query("SELECT Puente_Create_Key__c FROM Lead").await.code(),
        (400, "INVALID_FIELD")
    );
    assert_eq!(c.get("/sobjects/Lead/Puente_Create_Key__c/p").await.code(), (404, "NOT_FOUND"));
    let has = |describe: &Value| {
        describe["fields"].as_array().unwrap().iter().any(|f| f["name"] == "Puente_Create_Key__c")
    };
    assert!(!has(&c.get("/sobjects/Lead/describe").await.body));
    c.sim.set_field_visible("Lead", "Puente_Create_Key__c", true);
    assert!(has(&c.get("/sobjects/Lead/describe").await.body));
    assert_eq!(c.call("POST", "/sobjects/Lead", body).await.status, 201);
}
