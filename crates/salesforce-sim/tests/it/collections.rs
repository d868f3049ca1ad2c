//! Up to 200 records in one call.

use serde_json::{Value, json};

use crate::client::Client;

fn lead(name: Value) -> Value {
    json!({ "attributes": { "type": "Lead" }, "LastName": name, "Company": "Ana" })
}

#[tokio::test(start_paused = true)]
async fn a_200_holds_failures_in_the_order_of_the_records() {
    let c = Client::new().await;
    let records = json!([lead(json!("a")), lead(json!(null)), lead(json!("c"))]);
    let answer = c
        .call("POST", "/composite/sobjects", json!({ "allOrNone": false, "records": records }))
        .await;
    assert_eq!(
        (answer.item(0), answer.item(1), answer.item(2)),
        ("", "REQUIRED_FIELD_MISSING", "")
    );
    assert_eq!(
        answer.body[1],
        json!({ "success": false, "errors": [
        { "statusCode": "REQUIRED_FIELD_MISSING", "message": "Required fields are missing: [LastName]", "fields": ["LastName"] } ] })
    );
    assert!(answer.body[0].get("created").is_none(), "only upserts tell");
    assert_eq!(c.sim.count("Lead"), 2);

    let answer = c
        .call("POST", "/composite/sobjects", json!({ "allOrNone": true, "records": records }))
        .await;
    assert_eq!(
        (answer.item(0), answer.item(1)),
        ("ALL_OR_NONE_OPERATION_ROLLED_BACK", "REQUIRED_FIELD_MISSING")
    );
    assert_eq!(c.sim.count("Lead"), 2);
}

#[tokio::test(start_paused = true)]
async fn upserts_tell_what_they_made_and_refuse_repeated_keys() {
    let c = Client::new().await;
    c.upsert("Puente_Person__c", vec![json!({ "Key__c": "a" })]).await;
    let records = ["a", "b", "c", "c"].map(|k| json!({ "Key__c": k, "Version__c": 1 }));
    let answer =
        c.upsert("Puente_Person__c", [&records[..], &[json!({ "Version__c": 1 })]].concat()).await;
    assert_eq!(
        (&answer.body[0]["created"], &answer.body[1]["created"]),
        (&json!(false), &json!(true))
    );
    assert_eq!((answer.item(2), answer.item(3)), ("DUPLICATE_VALUE", "DUPLICATE_VALUE"));
    assert_eq!(answer.body[2]["errors"][0]["message"], "Duplicate external id specified: c");
    assert_eq!(answer.item(4), "MISSING_ARGUMENT");
    assert_eq!(c.sim.count("Puente_Person__c"), 2);
}

#[tokio::test(start_paused = true)]
async fn rows_are_updated_read_and_deleted_together() {
    let c = Client::new().await;
    let ids: Vec<String> = ["a", "b"]
        .iter()
        .map(|n| c.sim.create("Lead", json!({ "LastName": n, "Company": n })).unwrap())
        .collect();
    let update = |id: Value| json!({ "attributes": { "type": "Lead" }, "id": id, "Phone": "1" });
    let records =
        json!([update(json!(ids[0])), update(json!("00QHo0000000001")), update(json!(null))]);
    let answer = c.call("PATCH", "/composite/sobjects", json!({ "records": records })).await;
    assert_eq!(
        (answer.item(0), answer.item(1), answer.item(2)),
        ("", "INVALID_CROSS_REFERENCE_KEY", "MISSING_ARGUMENT")
    );
    c.sim.delete(&ids[1]).unwrap();
    let read = c
        .get(&format!("/composite/sobjects/Lead?ids={},{}&fields=Phone", ids[0], ids[1]))
        .await
        .body;
    assert_eq!((&read[0]["Phone"], &read[1]), (&json!("1"), &json!(null)));
    let posted = c
        .call(
            "POST",
            "/composite/sobjects/Lead",
            json!({ "ids": [ids[0]], "fields": ["Id", "Name"] }),
        )
        .await
        .body;
    assert_eq!(posted[0]["Name"], "a");
    let gone = c.delete(&format!("/composite/sobjects?ids={},{}", ids[0], ids[1])).await;
    assert_eq!((gone.item(0), gone.item(1)), ("", "ENTITY_IS_DELETED"));
    assert_eq!(c.sim.count("Lead"), 0);
}

#[tokio::test(start_paused = true)]
async fn what_is_too_much_or_unreadable_fails_as_a_whole() {
    let c = Client::new().await;
    let many: Vec<_> = (0..201).map(|i| lead(json!(i.to_string()))).collect();
    let kind = |i: usize| {
        if i.is_multiple_of(2) {
            lead(json!("a"))
        } else {
            json!({ "attributes": { "type": "Case" } })
        }
    };
    let mixed: Vec<_> = (0..11).map(kind).collect();
    for (records, code) in [
        (json!(many), "EXCEEDED_ID_LIMIT"),
        (json!(mixed), "LIMIT_EXCEEDED"),
        (json!([lead(json!("a")), { "LastName": "b" }]), "JSON_PARSER_ERROR"),
        (json!([lead(json!("a")), { "attributes": { "type": "X__c" } }]), "INVALID_TYPE"),
        (
            json!([lead(json!("a")), { "attributes": { "type": "Lead" }, "Nope": 1 }]),
            "INVALID_FIELD",
        ),
        (json!(null), "JSON_PARSER_ERROR"),
    ] {
        let answer = c.call("POST", "/composite/sobjects", json!({ "records": records })).await;
        assert_eq!(answer.code(), (400, code));
    }
    assert_eq!(c.sim.count("Lead"), 0);
    assert_eq!(
        c.call("POST", "/composite/sobjects", json!({ "records": many[..200] })).await.status,
        200
    );
    assert_eq!(c.sim.count("Lead"), 200);
}
