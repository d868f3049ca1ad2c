//! What a record may hold.

use serde_json::{Value, json};

use crate::client::Client;

#[tokio::test(start_paused = true)]
async fn wrong_values_are_named() {
    let c = Client::new().await;
    let person = c.call("POST", "/sobjects/Puente_Person__c", json!({ "Key__c": "p" })).await.id();
    let gone = c.sim.create("Lead", json!({ "LastName": "x", "Company": "x" })).unwrap();
    c.sim.delete(&gone).unwrap();
    let lead = |more: Value| {
        let mut body = json!({ "LastName": "Ana", "Company": "Ana" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        ("Lead", body)
    };
    let table = [
        (("Lead", json!({})), "REQUIRED_FIELD_MISSING", json!(["LastName", "Company"])),
        (lead(json!({ "LastName": "" })), "REQUIRED_FIELD_MISSING", json!(["LastName"])),
        (lead(json!({ "LastName": "a".repeat(81) })), "STRING_TOO_LONG", json!(["LastName"])),
        // A face outside of the basic plane takes two units.
        (
            lead(json!({ "LastName": "\u{1F600}".repeat(41) })),
            "STRING_TOO_LONG",
            json!(["LastName"]),
        ),
        (lead(json!({ "Email": "nobody" })), "INVALID_EMAIL_ADDRESS", json!(["Email"])),
        (
            lead(json!({ "AnnualRevenue": 1e18 })),
            "NUMBER_OUTSIDE_VALID_RANGE",
            json!(["AnnualRevenue"]),
        ),
        (lead(json!({ "Namez": 1 })), "INVALID_FIELD", Value::Null),
        (lead(json!({ "Id": gone })), "INVALID_FIELD_FOR_INSERT_UPDATE", json!(["Id"])),
        (
            lead(json!({ "ConvertedDate": "2026-01-01" })),
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            json!(["ConvertedDate"]),
        ),
        (lead(json!({ "LastName": 5 })), "JSON_PARSER_ERROR", Value::Null),
        (lead(json!({ "LastName": "a\u{0}b" })), "JSON_PARSER_ERROR", Value::Null),
        (
            ("Puente_Person__c", json!({ "First_Seen_At__c": "yesterday" })),
            "JSON_PARSER_ERROR",
            Value::Null,
        ),
        (
            ("Puente_Conversation__c", json!({ "Status__c": "Lost" })),
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            json!(["Status__c"]),
        ),
        (
            ("Puente_Message__c", json!({ "Key__c": "m" })),
            "REQUIRED_FIELD_MISSING",
            json!(["Conversation__c"]),
        ),
        (("Puente_Person__c", json!({ "Lead__c": "00Q" })), "MALFORMED_ID", json!(["Lead__c"])),
        (("Puente_Person__c", json!({ "Lead__c": person })), "MALFORMED_ID", json!(["Lead__c"])),
        (
            ("Puente_Person__c", json!({ "Lead__c": "00QHo0000000001" })),
            "INVALID_CROSS_REFERENCE_KEY",
            json!(["Lead__c"]),
        ),
        (("Puente_Person__c", json!({ "Lead__c": gone })), "ENTITY_IS_DELETED", json!(["Lead__c"])),
        (
            ("Opportunity", json!({ "Name": "a", "StageName": "x" })),
            "REQUIRED_FIELD_MISSING",
            json!(["CloseDate"]),
        ),
    ];
    for ((object, body), code, fields) in table {
        let answer = c.call("POST", &format!("/sobjects/{object}"), body.clone()).await;
        assert_eq!(answer.code(), (400, code), "{object} {body}: {}", answer.body);
        assert_eq!(answer.body[0]["fields"], fields, "{object} {body}");
    }
    let exact = lead(json!({ "LastName": "\u{1F600}".repeat(40) }));
    assert_eq!(c.call("POST", "/sobjects/Lead", exact.1).await.status, 201);
    let cleared = c
        .call(
            "PATCH",
            &format!("/sobjects/Puente_Person__c/{person}"),
            json!({ "Name": "x", "IsDeleted": true }),
        )
        .await;
    assert_eq!(cleared.code(), (400, "INVALID_FIELD_FOR_INSERT_UPDATE"));
}

#[tokio::test(start_paused = true)]
async fn unique_keys_tell_case_apart_where_the_package_says_so() {
    let c = Client::new().await;
    let first = c.call("POST", "/sobjects/Puente_Person__c", json!({ "Key__c": "AbC" })).await.id();
    let again = c.call("POST", "/sobjects/Puente_Person__c", json!({ "Key__c": "AbC" })).await;
    assert_eq!(again.code(), (400, "DUPLICATE_VALUE"));
    assert_eq!(
        again.message(),
        format!(
            "duplicate value found: Key__c duplicates value on record with id: {}",
            &first[..15]
        )
    );
    assert_eq!(again.body[0]["fields"], json!([]));
    assert_eq!(
        c.call("POST", "/sobjects/Puente_Person__c", json!({ "Key__c": "abc" })).await.status,
        201
    );
    // Two rows without a key do not collide, and a deleted row gives its key back.
    for _ in 0..2 {
        assert_eq!(
            c.call("POST", "/sobjects/Puente_Person__c", json!({ "Name": "x" })).await.status,
            201
        );
    }
    c.sim.delete(&first).unwrap();
    assert_eq!(
        c.call("POST", "/sobjects/Puente_Person__c", json!({ "Key__c": "AbC" })).await.status,
        201
    );
}

#[tokio::test(start_paused = true)]
async fn the_guard_keeps_the_higher_version() {
    let c = Client::new().await;
    let path = "/sobjects/Puente_Person__c/Key__c/p";
    let id =
        c.call("PATCH", path, json!({ "Version__c": 5, "Display_Name__c": "five" })).await.id();
    let held = || {
        let row = c.sim.row(&id).unwrap();
        (row["Version__c"].as_f64().unwrap(), row["Display_Name__c"].as_str().unwrap().to_owned())
    };
    for (body, want) in [
        (json!({ "Version__c": 4, "Display_Name__c": "four" }), (5.0, "five")),
        (json!({ "Version__c": null, "Display_Name__c": "none" }), (5.0, "five")),
        (json!({ "Version__c": 5, "Display_Name__c": "same" }), (5.0, "same")),
        (json!({ "Display_Name__c": "agent" }), (5.0, "agent")),
        (json!({ "Version__c": 6, "Display_Name__c": "six" }), (6.0, "six")),
    ] {
        let answer = c.call("PATCH", path, body.clone()).await;
        assert_eq!(answer.status, 200, "an older write succeeds too");
        assert_eq!(held(), (want.0, want.1.to_owned()), "{body}");
    }
    let items = c.upsert("Puente_Person__c", vec![json!({ "Key__c": "p", "Version__c": 1 })]).await;
    assert_eq!((&items.body[0]["success"], held().0), (&json!(true), 6.0));
}
