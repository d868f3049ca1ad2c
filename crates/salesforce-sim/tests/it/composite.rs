//! Several calls in one.

use serde_json::{Value, json};

use crate::client::{BASE, Client};

fn sub(method: &str, path: &str, id: &str, body: Value) -> Value {
    json!({ "method": method, "url": format!("{BASE}{path}"), "referenceId": id, "body": body })
}

async fn send(c: &Client, all_or_none: bool, subs: Vec<Value>) -> Vec<Value> {
    let answer = c
        .call("POST", "/composite", json!({ "allOrNone": all_or_none, "compositeRequest": subs }))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body["compositeResponse"].as_array().unwrap().clone()
}

fn wave(contact: Value) -> Vec<Value> {
    let upsert = |object: &str, mut record: Value| {
        record["attributes"] = json!({ "type": object });
        json!({ "allOrNone": false, "records": [record] })
    };
    vec![
        sub("POST", "/sobjects/Lead", "lead", contact),
        sub(
            "PATCH",
            "/composite/sobjects/Puente_Person__c/Key__c",
            "person",
            upsert("Puente_Person__c", json!({ "Key__c": "p", "Lead__c": "@{lead.id}" })),
        ),
        sub(
            "PATCH",
            "/composite/sobjects/Puente_Conversation__c/Key__c",
            "con",
            upsert(
                "Puente_Conversation__c",
                json!({ "Key__c": "c", "Person__c": "@{person[0].id}" }),
            ),
        ),
        sub(
            "PATCH",
            "/composite/sobjects/Puente_Message__c/Key__c",
            "msg",
            upsert(
                "Puente_Message__c",
                json!({ "Key__c": "m", "Conversation__r": { "Key__c": "c" } }),
            ),
        ),
    ]
}

#[tokio::test(start_paused = true)]
async fn references_carry_ids_from_one_to_the_next() {
    let c = Client::new().await;
    let items = send(&c, false, wave(json!({ "LastName": "Ana", "Company": "Ana" }))).await;
    let statuses: Vec<_> = items.iter().map(|i| i["httpStatusCode"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [201, 200, 200, 200]);
    let lead = items[0]["body"]["id"].as_str().unwrap();
    assert_eq!(items[0]["httpHeaders"]["Location"], format!("{BASE}/sobjects/Lead/{lead}"));
    assert_eq!(c.sim.rows("Puente_Person__c")[0]["Lead__c"], json!(lead));
    assert_eq!(
        c.sim.rows("Puente_Message__c")[0]["Conversation__c"],
        c.sim.rows("Puente_Conversation__c")[0]["Id"]
    );
    assert_eq!(c.sim.api_calls(), 1, "a composite counts once");
    let query = sub("GET", "/query?q=SELECT+Id+FROM+Lead", "q", json!(null));
    let change = sub("PATCH", "/sobjects/Lead/@{q.records[0].Id}", "u", json!({ "Phone": "1" }));
    let items = send(&c, false, vec![query, change]).await;
    assert_eq!(items[1]["httpStatusCode"], 204);
    assert_eq!(c.sim.row(lead).unwrap()["Phone"], "1");
}

#[tokio::test(start_paused = true)]
async fn who_refers_to_a_failure_is_halted_and_others_are_not() {
    let c = Client::new().await;
    let items = send(&c, false, wave(json!({ "LastName": "Ana" }))).await;
    let code = |i: usize| items[i]["body"][0]["errorCode"].as_str().unwrap_or_default();
    assert_eq!(
        (code(0), code(1), code(2)),
        ("REQUIRED_FIELD_MISSING", "PROCESSING_HALTED", "PROCESSING_HALTED")
    );
    let message = items[1]["body"][0]["message"].as_str().unwrap();
    assert!(
        message.starts_with("Invalid reference specified. No value for lead.id found in"),
        "{message}"
    );
    // The message names its parent by key: not halted, its own item fails.
    assert_eq!(items[3]["httpStatusCode"], 200);
    assert_eq!(items[3]["body"][0]["errors"][0]["statusCode"], "INVALID_FIELD");
    assert_eq!(c.sim.counts(), json!({}));
}

#[tokio::test(start_paused = true)]
async fn all_or_none_takes_everything_back() {
    let c = Client::new().await;
    let before = c.sim.last_change();
    let mut subs = wave(json!({ "LastName": "Ana", "Company": "Ana" }));
    subs.push(sub("POST", "/sobjects/Lead", "bad", json!({ "LastName": "x" })));
    subs.push(sub("POST", "/sobjects/Case", "never", json!({})));
    let items = send(&c, true, subs).await;
    for (i, item) in items.iter().enumerate() {
        let want = if i == 4 { "REQUIRED_FIELD_MISSING" } else { "PROCESSING_HALTED" };
        assert_eq!(
            (&item["httpStatusCode"], &item["body"][0]["errorCode"]),
            (&json!(400), &json!(want)),
            "{i}"
        );
    }
    assert_eq!((c.sim.count("Lead"), c.sim.last_change()), (0, before), "no trace, no change told");
    let items = send(&c, true, wave(json!({ "LastName": "Ana", "Company": "Ana" }))).await;
    assert!(items.iter().all(|i| i["httpStatusCode"].as_u64().unwrap() < 300));
    assert_eq!(c.sim.count("Puente_Message__c"), 1);
}

#[tokio::test(start_paused = true)]
async fn bad_envelopes_fail_before_anything_is_saved() {
    let c = Client::new().await;
    let lead =
        |id: &str| sub("POST", "/sobjects/Lead", id, json!({ "LastName": "a", "Company": "a" }));
    let heavy = |id: &str| sub("GET", "/query?q=SELECT+Id+FROM+Lead", id, json!(null));
    let with_header = |name: &str| {
        let mut sub = lead("a");
        sub["httpHeaders"] = json!({ name: "x" });
        sub
    };
    for (subs, code) in [
        ((0..26).map(|i| lead(&format!("r{i}"))).collect(), "LIMIT_EXCEEDED"),
        ((0..6).map(|i| heavy(&format!("r{i}"))).collect(), "LIMIT_EXCEEDED"),
        (vec![], "LIMIT_EXCEEDED"),
        (vec![lead("a"), lead("a")], "JSON_PARSER_ERROR"),
        (vec![lead("a-b")], "JSON_PARSER_ERROR"),
        (vec![lead("_a")], "JSON_PARSER_ERROR"),
        (vec![with_header("Authorization")], "INVALID_HTTP_HEADER"),
    ] {
        let answer = c.call("POST", "/composite", json!({ "compositeRequest": subs })).await;
        assert_eq!(answer.code(), (400, code), "{}", answer.body);
    }
    assert_eq!(c.sim.count("Lead"), 0);
    let items = send(&c, false, (0..25).map(|i| lead(&format!("r{i}"))).collect()).await;
    assert_eq!((items.len(), c.sim.count("Lead")), (25, 25));
    let unknown = send(&c, false, vec![sub("GET", "/sobjects/Nope", "a", json!(null))]).await;
    assert_eq!(
        unknown[0],
        json!({ "body": [{ "errorCode": "NOT_FOUND", "message": "The requested resource does not exist" }], "httpHeaders": {}, "httpStatusCode": 404, "referenceId": "a" })
    );
}

#[tokio::test(start_paused = true)]
async fn neighbouring_creates_meet_triggers_together() {
    let c = Client::new().await;
    c.sim.set_knobs(|k| {
        k.trigger_failures = vec![salesforce_sim::TriggerFailure {
            object: "Lead".into(),
            rows_max: 1,
            message: "T: too many".into(),
        }];
    });
    let lead =
        |id: &str| sub("POST", "/sobjects/Lead", id, json!({ "LastName": id, "Company": "a" }));
    let body = |collate: bool| json!({ "collateSubrequests": collate, "compositeRequest": [lead("a"), lead("b")] });
    c.call("POST", "/composite", body(true)).await;
    assert_eq!(c.sim.count("Lead"), 0);
    c.call("POST", "/composite", body(false)).await;
    assert_eq!(c.sim.count("Lead"), 2);
}

#[tokio::test(start_paused = true)]
async fn graphs_stand_or_fall_one_by_one() {
    let c = Client::new().await;
    let bad = vec![
        sub("POST", "/sobjects/Case", "ok", json!({})),
        sub("POST", "/sobjects/Lead", "bad", json!({})),
    ];
    let body = json!({ "graphs": [
        { "graphId": "1", "compositeRequest": wave(json!({ "LastName": "Ana", "Company": "Ana" })) },
        { "graphId": "2", "compositeRequest": bad } ] });
    let graphs = c.call("POST", "/composite/graph", body).await.body["graphs"].clone();
    assert_eq!(
        (&graphs[0]["isSuccessful"], &graphs[1]["isSuccessful"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(
        graphs[1]["graphResponse"]["compositeResponse"][0]["body"][0]["errorCode"],
        "PROCESSING_HALTED"
    );
    assert_eq!((c.sim.count("Puente_Message__c"), c.sim.count("Case")), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn batches_count_each_call_and_halt_when_told() {
    let c = Client::new().await;
    let requests = json!([
        { "method": "POST", "url": "v66.0/sobjects/Case", "richInput": { "Subject": "a" } },
        { "method": "GET", "url": "v66.0/sobjects/Nope" },
        { "method": "GET", "url": "v66.0/query?q=SELECT+COUNT()+FROM+Case" } ]);
    let free = c.call("POST", "/composite/batch", json!({ "batchRequests": requests })).await.body;
    let statuses = |b: &Value| {
        b["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| r["statusCode"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!((statuses(&free), &free["hasErrors"]), (vec![201, 404, 200], &json!(true)));
    assert_eq!(free["results"][2]["result"]["totalSize"], 1);
    assert_eq!(c.sim.api_calls(), 3);
    let halted = c
        .call("POST", "/composite/batch", json!({ "haltOnError": true, "batchRequests": requests }))
        .await
        .body;
    assert_eq!(statuses(&halted), [201, 404, 412]);
    assert_eq!(halted["results"][2]["result"][0]["errorCode"], "BATCH_PROCESSING_HALTED");
}

#[tokio::test(start_paused = true)]
async fn headers_of_a_subrequest_are_heeded() {
    let c = Client::new().await;
    let queue = c.sim.create("Group", json!({ "Name": "Support", "Type": "Queue" })).unwrap();
    c.sim.set_knobs(|k| drop(k.assignment.insert("Case".into(), queue.clone())));
    for all_or_none in [false, true] {
        let case = |id: &str, headers: Value| {
            json!({ "method": "POST", "url": format!("{BASE}/sobjects/Case"), "referenceId": id,
                "body": { "Subject": id }, "httpHeaders": headers })
        };
        let parts =
            [case("kept", json!({ "Sforce-Auto-Assign": "FALSE" })), case("moved", json!({}))];
        let body = json!({ "allOrNone": all_or_none, "compositeRequest": parts });
        let answer = c.call("POST", "/composite", body).await;
        let owner = |at: usize| {
            let id = answer.body["compositeResponse"][at]["body"]["id"].as_str().unwrap();
            c.sim.row(id).unwrap()["OwnerId"].clone()
        };
        assert_eq!((owner(0) == queue, owner(1) == queue), (false, true), "{}", answer.body);
    }
}
