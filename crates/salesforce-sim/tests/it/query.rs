//! SOQL and its pages.

use std::time::Duration;

use serde_json::{Value, json};

use crate::client::{BASE, Client};

async fn furnished() -> Client {
    let c = Client::new().await;
    let person =
        c.sim.create("Puente_Person__c", json!({ "Key__c": "p1", "Name": "Ana" })).unwrap();
    for (key, status, at, with) in [
        ("c1", "Open", "2026-01-01T10:00:00Z", true),
        ("c2", "Closed", "2025-12-31T10:00:00Z", true),
        ("C3", "Pending", "2025-12-20T10:00:00Z", false),
        ("c4", "Open", "", false),
    ] {
        let mut body = json!({ "Key__c": key, "Status__c": status, "Opened_At__c": at, "Number_Id__c": "100%", "Version__c": 2 });
        if at.is_empty() {
            body["Opened_At__c"] = Value::Null;
        }
        if with {
            body["Person__c"] = json!(person);
        }
        c.sim.create("Puente_Conversation__c", body).unwrap();
    }
    c
}

#[tokio::test(start_paused = true)]
async fn filters_choose_rows() {
    let c = furnished().await;
    let person = c.sim.rows("Puente_Person__c")[0]["Id"].as_str().unwrap().to_owned();
    for (filter, want) in [
        ("Key__c = 'c1'", "c1"),
        ("Key__c = 'C1'", ""),
        ("Key__c IN ('c1', 'C3', 'zz')", "c1 C3"),
        ("Key__c NOT IN ('c1', 'C3')", "c2 c4"),
        ("Status__c = 'open'", "c1 c4"),
        ("Status__c != 'Open'", "c2 C3"),
        ("Key__c LIKE 'c_'", "c1 c2 C3 c4"),
        ("Number_Id__c LIKE '1%'", "c1 c2 C3 c4"),
        ("Person__c = null", "C3 c4"),
        ("Person__c != null", "c1 c2"),
        ("Person__r.Key__c = 'p1'", "c1 c2"),
        ("Person__r.Name LIKE 'an%' AND Status__c = 'Open'", "c1"),
        ("NOT (Status__c = 'Open')", "c2 C3"),
        ("Opened_At__c >= 2025-12-31T00:00:00Z", "c1 c2"),
        ("Opened_At__c < 2026-01-01T11:30:00+02:00", "c2 C3"),
        ("Opened_At__c = TODAY", "c1"),
        ("Opened_At__c = LAST_N_DAYS:5", "c1 c2"),
        ("Opened_At__c < YESTERDAY", "C3"),
        ("Version__c > 1.5 AND (Status__c = 'Open' OR Status__c = 'Pending')", "c1 C3 c4"),
        ("IsDeleted = false", "c1 c2 C3 c4"),
    ] {
        let answer = c.query(&format!("SELECT Key__c FROM Puente_Conversation__c WHERE {filter} ORDER BY CreatedDate, Name")).await;
        assert_eq!(answer.status, 200, "{filter}: {}", answer.body);
        let found: Vec<_> = answer.body["records"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| r["Key__c"].as_str().unwrap())
            .collect();
        assert_eq!(found.join(" "), want, "{filter}");
    }
    let by_id =
        c.query(&format!("SELECT Name FROM Puente_Person__c WHERE Id = '{}'", &person[..15])).await;
    assert_eq!(by_id.body["totalSize"], 1);
}

#[tokio::test(start_paused = true)]
async fn rows_come_with_parents_in_order_and_in_groups() {
    let c = furnished().await;
    let answer = c.query("SELECT Key__c, Person__r.Key__c, Person__r.Name FROM Puente_Conversation__c ORDER BY Opened_At__c DESC NULLS LAST LIMIT 2 OFFSET 1").await;
    let records = answer.body["records"].as_array().unwrap().clone();
    let keys: Vec<_> = records.iter().map(|r| r["Key__c"].as_str().unwrap()).collect();
    assert_eq!(keys, ["c2", "C3"]);
    assert_eq!(
        (&records[0]["Person__r"]["Key__c"], &records[0]["Person__r"]["Name"]),
        (&json!("p1"), &json!("Ana"))
    );
    assert_eq!(records[0]["Person__r"]["attributes"]["type"], "Puente_Person__c");
    assert_eq!(records[1]["Person__r"], json!(null));

    let count =
        c.query("SELECT COUNT() FROM Puente_Conversation__c WHERE Status__c = 'Open'").await.body;
    assert_eq!(count, json!({ "totalSize": 2, "done": true, "records": [] }));
    let groups = c.query("SELECT Status__c, COUNT(Id) n, SUM(Version__c), MAX(Opened_At__c) last FROM Puente_Conversation__c GROUP BY Status__c").await.body;
    let open =
        &groups["records"].as_array().unwrap().iter().find(|r| r["Status__c"] == "Open").unwrap();
    assert_eq!(open["attributes"], json!({ "type": "AggregateResult" }));
    assert_eq!(
        (&open["n"], &open["expr0"], &open["last"]),
        (&json!(2), &json!(4.0), &json!("2026-01-01T10:00:00.000+0000"))
    );
    let owner = c.query("SELECT Owner.Name, CreatedBy.Username FROM Lead").await;
    assert_eq!(owner.body["totalSize"], 0);
}

#[tokio::test(start_paused = true)]
async fn wrong_queries_say_what_is_wrong() {
    let c = furnished().await;
    for (query, code, text) in [
        (
            "SELECT foo FROM Lead",
            "INVALID_FIELD",
            "\nSELECT foo FROM Lead\n       ^\nERROR at Row:1:Column:8\nNo such column 'foo' on entity 'Lead'.",
        ),
        ("SELECT Id FROM Lead WHERE foo = 1", "INVALID_FIELD", "No such column 'foo'"),
        (
            "SELECT Nope__r.Id FROM Lead",
            "INVALID_FIELD",
            "Didn't understand relationship 'Nope__r'",
        ),
        ("SELECT Id FROM Nope__c", "INVALID_TYPE", "sObject type 'Nope__c' is not supported."),
        (
            "SELECT Id FROM Lead WHERE Name = 5",
            "INVALID_FIELD",
            "must be of type string and should be enclosed in quotes",
        ),
        (
            "SELECT Id FROM Lead WHERE CreatedDate > '2026-01-01T00:00:00Z'",
            "INVALID_FIELD",
            "must be of type dateTime and should not be enclosed in quotes",
        ),
        (
            "SELECT Id FROM Lead WHERE Id = 'x'",
            "INVALID_QUERY_FILTER_OPERATOR",
            "invalid ID field: x",
        ),
        (
            "SELECT Id FROM Puente_Message__c WHERE Text__c = 'x'",
            "INVALID_FIELD",
            "can not be filtered",
        ),
        (
            "SELECT Id FROM Lead OFFSET 2001",
            "NUMBER_OUTSIDE_VALID_RANGE",
            "Maximum SOQL offset allowed is 2000",
        ),
        (
            "SELECT Status, COUNT(Id) FROM Lead",
            "MALFORMED_QUERY",
            "Field must be grouped or aggregated",
        ),
        ("", "MALFORMED_QUERY", "unexpected token: '<EOF>'"),
    ] {
        let answer = c.query(query).await;
        assert_eq!(answer.code(), (400, code), "{query}");
        assert!(answer.message().contains(text), "{query}: {}", answer.message());
    }
}

#[tokio::test(start_paused = true)]
async fn two_thousand_and_one_rows_are_two_pages() {
    let mut c = Client::new().await;
    for i in 0..2_001 {
        c.sim.create("Lead", json!({ "LastName": i.to_string(), "Company": "a" })).unwrap();
    }
    let first = c.query("SELECT LastName FROM Lead").await.body;
    assert_eq!((&first["totalSize"], &first["done"]), (&json!(2001), &json!(false)));
    assert_eq!(first["records"].as_array().unwrap().len(), 2_000);
    let next = first["nextRecordsUrl"].as_str().unwrap();
    assert!(next.starts_with(&format!("{BASE}/query/01g")) && next.ends_with("-2000"), "{next}");
    let second = c.get(next).await.body;
    assert_eq!(
        (&second["done"], &second["records"][0]["LastName"]),
        (&json!(true), &json!("2000"))
    );
    assert!(second.get("nextRecordsUrl").is_none());

    tokio::time::sleep(Duration::from_secs(16 * 60)).await;
    assert_eq!(c.get(next).await.code(), (400, "INVALID_QUERY_LOCATOR"));
    assert_eq!(c.get("/query/01gx-0").await.code(), (400, "INVALID_QUERY_LOCATOR"));

    c.headers = vec![("Sforce-Query-Options", "batchSize=1000".into())];
    let mut page = c.query("SELECT Id FROM Lead").await.body;
    let mut sizes = vec![page["records"].as_array().unwrap().len()];
    while let Some(next) = page["nextRecordsUrl"].as_str().map(str::to_owned) {
        page = c.get(&next).await.body;
        sizes.push(page["records"].as_array().unwrap().len());
    }
    assert_eq!(sizes, [1000, 1000, 1]);
}

#[tokio::test(start_paused = true)]
async fn query_all_sees_the_recycle_bin() {
    let c = Client::new().await;
    let id = c
        .sim
        .create("Lead", json!({ "LastName": "a", "Company": "a", "Puente_Create_Key__c": "k" }))
        .unwrap();
    c.sim.delete(&id).unwrap();
    let soql = "q=SELECT+Id,IsDeleted+FROM+Lead+WHERE+Puente_Create_Key__c='k'";
    assert_eq!(
        c.get(&format!("/query?{soql}")).await.body,
        json!({ "totalSize": 0, "done": true, "records": [] })
    );
    let all = c.get(&format!("/queryAll?{soql}")).await.body;
    assert_eq!((&all["totalSize"], &all["records"][0]["IsDeleted"]), (&json!(1), &json!(true)));
    assert_eq!(c.get(&format!("/query?{soql}+ALL+ROWS")).await.body["totalSize"], 1);
}
