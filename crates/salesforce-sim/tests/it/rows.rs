//! Single rows: by id, by key, and what headers change.

use serde_json::json;

use crate::client::{BASE, Client};

#[tokio::test(start_paused = true)]
async fn a_row_is_created_read_changed_and_deleted() {
    let c = Client::new().await;
    let made = c
        .call(
            "POST",
            "/sobjects/lead",
            json!({ "LastName": "Ana", "Company": "Ana", "FirstName": "Maria" }),
        )
        .await;
    assert_eq!(made.status, 201);
    assert_eq!((&made.body["success"], &made.body["errors"]), (&json!(true), &json!([])));
    let id = made.id();
    assert_eq!(made.headers["location"], format!("{BASE}/sobjects/Lead/{id}"));

    let row = c.get(&format!("/sobjects/Lead/{id}")).await.body;
    assert_eq!(
        row["attributes"],
        json!({ "type": "Lead", "url": format!("{BASE}/sobjects/Lead/{id}") })
    );
    assert_eq!(
        (&row["Name"], &row["Status"]),
        (&json!("Maria Ana"), &json!("Open - Not Contacted"))
    );
    assert_eq!(
        (&row["IsConverted"], &row["CreatedDate"]),
        (&json!(false), &json!("2026-01-01T00:00:00.000+0000"))
    );

    let short = &id[..15];
    let changed = c
        .call(
            "PATCH",
            &format!("/sobjects/Lead/{short}"),
            json!({ "FirstName": null, "Phone": "+15550100" }),
        )
        .await;
    assert_eq!((changed.status, &changed.body), (204, &json!(null)));
    let row = c.get(&format!("/sobjects/Lead/{short}?fields=Name,Phone,FirstName")).await.body;
    assert_eq!(
        (&row["Name"], &row["Phone"], &row["FirstName"]),
        (&json!("Ana"), &json!("+15550100"), &json!(null))
    );
    assert_eq!(row.as_object().unwrap().len(), 5);

    let path = format!("/sobjects/Lead/{id}");
    assert_eq!(c.delete(&path).await.status, 204);
    assert_eq!(c.delete(&path).await.code(), (404, "ENTITY_IS_DELETED"));
    assert_eq!(c.get(&path).await.code(), (404, "ENTITY_IS_DELETED"));
    assert_eq!(
        c.call("PATCH", &path, json!({ "Phone": "1" })).await.code(),
        (404, "ENTITY_IS_DELETED")
    );
    assert_eq!(c.get("/sobjects/Lead/00QHo00000000000AA").await.code(), (404, "NOT_FOUND"));
    assert_eq!(c.get("/sobjects/Nothing__c").await.code(), (404, "NOT_FOUND"));
}

#[tokio::test(start_paused = true)]
async fn an_upsert_by_key_creates_then_finds() {
    let c = Client::new().await;
    let path = "/sobjects/Puente_Person__c/Key__c/per_a%2Fb";
    let first = c.call("PATCH", path, json!({ "Name": "Ana", "Version__c": 1 })).await;
    assert_eq!((first.status, &first.body["created"]), (201, &json!(true)));
    let second = c.call("PATCH", path, json!({ "Name": "Ana", "Version__c": 2 })).await;
    assert_eq!((second.status, &second.body["created"]), (200, &json!(false)));
    assert_eq!(first.id(), second.id());
    let old =
        c.call("PATCH", &format!("/services/data/v45.0{path}"), json!({ "Version__c": 3 })).await;
    assert_eq!((old.status, &old.body), (204, &json!(null)));
    let emulated =
        c.call("POST", &format!("{path}?_HttpMethod=PATCH"), json!({ "Version__c": 4 })).await;
    assert_eq!(emulated.status, 200);
    let row = c.get(path).await.body;
    assert_eq!((&row["Key__c"], &row["Version__c"]), (&json!("per_a/b"), &json!(4.0)));

    assert_eq!(
        c.call("PATCH", path, json!({ "Key__c": "x" })).await.code(),
        (400, "INVALID_FIELD")
    );
    let strange = c.call("PATCH", "/sobjects/Puente_Person__c/Namez/x", json!({})).await;
    assert_eq!(strange.code(), (404, "NOT_FOUND"));
    assert_eq!(
        strange.message(),
        "Provided external ID field does not exist or is not accessible: Namez"
    );
    assert_eq!(c.get("/sobjects/Puente_Person__c/Key__c/none").await.code(), (404, "NOT_FOUND"));
    let only =
        c.call("PATCH", "/sobjects/Puente_Person__c/Key__c/none?updateOnly=true", json!({})).await;
    assert_eq!(only.code(), (404, "NOT_FOUND"));
}

#[tokio::test(start_paused = true)]
async fn keys_that_are_not_unique_give_a_list() {
    let c = Client::new().await;
    let mut urls = Vec::new();
    for key in ["a", "b"] {
        let body = json!({ "Key__c": key, "Phone_Hash__c": "k1:same" });
        let id = c.call("POST", "/sobjects/Puente_Person__c", body).await.id();
        urls.push(json!(format!("{BASE}/sobjects/Puente_Person__c/{id}")));
    }
    let path = "/sobjects/Puente_Person__c/Phone_Hash__c/K1:SAME";
    for answer in [c.get(path).await, c.call("PATCH", path, json!({ "Name": "x" })).await] {
        assert_eq!((answer.status, &answer.body), (300, &json!(urls)));
    }
}

#[tokio::test(start_paused = true)]
async fn parents_are_named_by_their_keys() {
    let c = Client::new().await;
    c.call("POST", "/sobjects/Puente_Person__c", json!({ "Key__c": "p1" })).await;
    let lead = c
        .call(
            "POST",
            "/sobjects/Lead",
            json!({ "LastName": "Ana", "Company": "A", "Puente_Create_Key__c": "p1" }),
        )
        .await
        .id();
    let conversation = c
        .call(
            "POST",
            "/sobjects/Puente_Conversation__c",
            json!({ "Key__c": "c1", "Person__r": { "Key__c": "p1" } }),
        )
        .await;
    assert_eq!(conversation.status, 201);
    let message = json!({ "Key__c": "m1", "Conversation__r": { "attributes": { "type": "Puente_Conversation__c" }, "Key__c": "c1" } });
    let message = c.call("POST", "/sobjects/Puente_Message__c", message).await.id();
    let row = c.sim.row(&message).unwrap();
    assert_eq!(
        (&row["Conversation__c"], &row["Name"]),
        (&json!(conversation.id()), &json!("WM-0000000001"))
    );
    let linked = c
        .call(
            "PATCH",
            "/sobjects/Puente_Person__c/Key__c/p1",
            json!({ "Lead__r": { "Puente_Create_Key__c": "p1" } }),
        )
        .await;
    assert_eq!(c.sim.row(&linked.id()).unwrap()["Lead__c"], json!(lead));

    let unknown = c
        .call(
            "POST",
            "/sobjects/Puente_Message__c",
            json!({ "Conversation__r": { "Key__c": "none" } }),
        )
        .await;
    assert_eq!(unknown.code(), (400, "INVALID_FIELD"));
    assert!(
        unknown.message().starts_with("Foreign key external ID: none not found"),
        "{}",
        unknown.message()
    );
    let two = c
        .call(
            "POST",
            "/sobjects/Puente_Message__c",
            json!({ "Conversation__r": { "Key__c": "c1", "Name": "x" } }),
        )
        .await;
    assert_eq!(two.code(), (400, "JSON_PARSER_ERROR"));
    let not_key = c
        .call(
            "POST",
            "/sobjects/Puente_Message__c",
            json!({ "Conversation__r": { "Status__c": "Open" } }),
        )
        .await;
    assert_eq!(not_key.code(), (400, "INVALID_FIELD"));
}

#[tokio::test(start_paused = true)]
async fn headers_say_who_wrote_and_whether_rules_assign() {
    let mut c = Client::new().await;
    let queue = c.sim.create("Group", json!({ "Name": "Support", "Type": "Queue" })).unwrap();
    c.sim.set_knobs(|k| drop(k.assignment.insert("Case".into(), queue.clone())));
    let assigned = c.call("POST", "/sobjects/Case", json!({ "Subject": "a" })).await.id();
    assert_eq!(c.sim.row(&assigned).unwrap()["OwnerId"], json!(queue));
    c.headers = vec![
        ("Sforce-Auto-Assign", "FALSE".into()),
        ("Sforce-Call-Options", "client=puente, defaultNamespace=x".into()),
    ];
    let kept = c.call("POST", "/sobjects/Case", json!({ "Subject": "b" })).await.id();
    assert_ne!(c.sim.row(&kept).unwrap()["OwnerId"], json!(queue));
    let path = format!("/sobjects/Case/{kept}");
    let headers = std::mem::take(&mut c.headers);
    let owner = |c: &Client| c.sim.row(&kept).unwrap()["OwnerId"].clone();
    let before = owner(&c);
    for (headers, moved) in [(headers.clone(), false), (Vec::new(), true)] {
        c.headers = headers;
        assert_eq!(c.call("PATCH", &path, json!({ "Subject": "c" })).await.status, 204);
        assert_eq!(owner(&c) != before, moved, "an update asks for them unless it says no");
    }
    c.headers = headers;
    let kept = c.call("POST", "/sobjects/Case", json!({ "Subject": "d" })).await.id();
    assert!(c.sim.row(&kept).is_some());
    let change = c.sim.changes(c.sim.last_change() - 1, 10).pop().unwrap();
    assert_eq!(
        (change.client.as_deref(), change.auto_assign, change.kind),
        (Some("puente"), false, "create")
    );
}
