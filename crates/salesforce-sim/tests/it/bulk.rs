//! Ingest jobs of Bulk API 2.0.

use salesforce_sim::{Config, Latency, TriggerFailure};
use serde_json::{Value, json};

use crate::client::{BASE, Client, START_MS};

const PERSON: &str = "Puente_Person__c";

async fn open(c: &Client, object: &str) -> String {
    let job = json!({ "object": object, "operation": "upsert", "externalIdFieldName": "Key__c",
                      "contentType": "CSV", "lineEnding": "LF", "columnDelimiter": "COMMA" });
    let made = c.call("POST", "/jobs/ingest", job).await;
    assert_eq!((made.status, &made.body["state"]), (200, &json!("Open")), "{}", made.body);
    made.id()
}

async fn close(c: &Client, job: &str) -> Value {
    let state = json!({ "state": "UploadComplete" });
    let closed = c.call("PATCH", &format!("/jobs/ingest/{job}"), state).await;
    assert_eq!(closed.status, 200, "{}", closed.body);
    closed.body
}

async fn state(c: &Client, job: &str) -> Value {
    c.get(&format!("/jobs/ingest/{job}")).await.body
}

async fn over(c: &Client, job: &str) -> Value {
    for _ in 0..10_000 {
        let body = state(c, job).await;
        if ["JobComplete", "Failed", "Aborted"].iter().any(|s| body["state"] == *s) {
            return body;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the job does not end");
}

/// Made, filled, closed and waited for.
async fn run(c: &Client, object: &str, csv: &str) -> (String, Value) {
    let job = open(c, object).await;
    let put = c.put(&format!("/jobs/ingest/{job}/batches"), "text/csv", csv).await;
    assert_eq!(put.status, 201, "{}", put.body);
    close(c, &job).await;
    let body = over(c, &job).await;
    (job, body)
}

async fn file(c: &Client, job: &str, which: &str) -> Vec<String> {
    let answer = c.get(&format!("/jobs/ingest/{job}/{which}")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let kind = answer.headers.get("content-type").map(|v| v.to_str().unwrap().to_owned());
    assert_eq!(kind.as_deref(), Some("text/csv"));
    let text = answer.body.as_str().unwrap_or_default().to_owned();
    text.lines().map(str::to_owned).collect()
}

#[tokio::test(start_paused = true)]
async fn a_job_upserts_and_tells_of_each_row() {
    let c = Client::new().await;
    let text = "Key__c,Version__c,Name,Country__c\na,1,Ana,\nb,x,Bea,\nc,1,Carla,#N/A\n,1,Nadie,\n";
    let (job, done) = run(&c, PERSON, text).await;
    assert_eq!(done["state"], "JobComplete");
    assert_eq!(
        (&done["numberRecordsProcessed"], &done["numberRecordsFailed"]),
        (&json!(4), &json!(2))
    );
    assert_eq!(
        (&done["jobType"], &done["externalIdFieldName"]),
        (&json!("V2Ingest"), &json!("Key__c"))
    );
    let good = file(&c, &job, "successfulResults").await;
    assert_eq!(
        good[0],
        "\"sf__Id\",\"sf__Created\",\"Key__c\",\"Version__c\",\"Name\",\"Country__c\""
    );
    assert!(good[1].ends_with(",\"true\",\"a\",\"1\",\"Ana\",\"\""), "{}", good[1]);
    assert_eq!(good.len(), 3);
    let bad = file(&c, &job, "failedResults").await;
    assert!(bad[1].starts_with("\"\",\"INVALID_TYPE_ON_FIELD_IN_RECORD:"), "{}", bad[1]);
    assert!(
        bad[2].starts_with("\"\",\"MISSING_ARGUMENT:Key__c not specified:--\",\"\""),
        "{}",
        bad[2]
    );
    assert_eq!(file(&c, &job, "unprocessedrecords").await.len(), 1, "the header alone");
    assert_eq!(c.sim.count(PERSON), 2);
    // an empty cell leaves a value alone, #N/A clears it
    let (job, _) = run(&c, PERSON, "Key__c,Version__c,Name,Country__c\na,2,,MX\nc,2,Cara,\n").await;
    assert!(file(&c, &job, "successfulResults").await[1].contains("\"false\""));
    let (_, _) = run(&c, PERSON, "Key__c,Country__c,Username__c\na,#N/A,\n").await;
    let rows = c.sim.rows(PERSON);
    assert_eq!((&rows[0]["Name"], rows[0].get("Country__c")), (&json!("Ana"), None));
    assert_eq!(rows[1]["Name"], "Cara");
}

#[tokio::test(start_paused = true)]
async fn parents_are_named_by_their_keys_and_old_versions_change_nothing() {
    for namespace in ["", "ns__"] {
        let c = Client::with(Config { namespace: namespace.into(), ..Config::default() }).await;
        let n = |name: &str| format!("{namespace}{name}");
        c.sim.create(&n("Puente_Conversation__c"), json!({ (n("Key__c")): "con" })).unwrap();
        let job = json!({ "object": n("Puente_Message__c"), "operation": "upsert", "externalIdFieldName": n("Key__c") });
        let csv = |rows: &str| {
            let columns = ["Key__c", "Version__c", "Text__c"].map(&n).join(",");
            format!("{columns},{}.{}\n{rows}", n("Conversation__r"), n("Key__c"))
        };
        for (rows, failures) in [("m1,3,new,con\nm2,1,x,nobody\n", 1), ("m1,2,old,con\n", 0)] {
            let id = c.call("POST", "/jobs/ingest", job.clone()).await.id();
            c.put(&format!("/jobs/ingest/{id}/batches"), "text/csv", &csv(rows)).await;
            close(&c, &id).await;
            assert_eq!(over(&c, &id).await["numberRecordsFailed"], failures);
            if failures > 0 {
                let bad = file(&c, &id, "failedResults").await;
                assert!(
                    bad[1].contains("INVALID_FIELD:Foreign key external ID: nobody not found"),
                    "{}",
                    bad[1]
                );
            }
        }
        let rows = c.sim.rows(&n("Puente_Message__c"));
        assert_eq!((rows.len(), &rows[0][n("Text__c")]), (1, &json!("new")));
    }
}

#[tokio::test(start_paused = true)]
async fn steps_out_of_turn_are_refused() {
    let c = Client::new().await;
    let job = open(&c, PERSON).await;
    let path = format!("/jobs/ingest/{job}");
    let upload = format!("{path}/batches");
    let patch = |state: &str| json!({ "state": state });
    assert_eq!(
        c.call("PATCH", &path, patch("UploadComplete")).await.code(),
        (400, "INVALIDJOBSTATE")
    );
    assert_eq!(c.put(&upload, "application/json", "{}").await.code().0, 415);
    assert_eq!(c.delete(&path).await.code(), (400, "INVALIDJOBSTATE"), "an open job");
    assert_eq!(c.get(&format!("{path}/failedResults")).await.code().0, 400);
    assert_eq!(c.put(&upload, "text/csv", "Key__c\na\n").await.status, 201);
    assert_eq!(
        c.put(&upload, "text/csv", "Key__c\na\n").await.code(),
        (400, "INVALIDJOBSTATE"),
        "once"
    );
    assert_eq!(c.call("PATCH", &path, patch("JobComplete")).await.code().0, 400);
    close(&c, &job).await;
    assert_eq!(
        c.call("PATCH", &path, patch("UploadComplete")).await.code(),
        (400, "INVALIDJOBSTATE")
    );
    over(&c, &job).await;
    assert_eq!(c.put(&upload, "text/csv", "Key__c\nb\n").await.code(), (400, "INVALIDJOBSTATE"));
    assert_eq!(c.call("PATCH", &path, patch("Aborted")).await.code(), (400, "INVALIDJOBSTATE"));
    assert_eq!(c.delete(&path).await.status, 204);
    assert_eq!(c.get(&path).await.code(), (404, "NOT_FOUND"));
    assert_eq!(c.sim.count(PERSON), 1);
}

#[tokio::test(start_paused = true)]
async fn jobs_that_cannot_be_are_not_made() {
    let c = Client::new().await;
    for (job, says) in [
        (json!({ "object": "Nothing__c", "operation": "insert" }), "Unable to find object"),
        (json!({ "object": PERSON, "operation": "upsert" }), "External ID was blank"),
        (
            json!({ "object": PERSON, "operation": "upsert", "externalIdFieldName": "Country__c" }),
            "does not match an External ID",
        ),
        (json!({ "object": PERSON, "operation": "merge" }), "not supported"),
        (json!({ "object": PERSON, "operation": "insert", "lineEnding": "CR" }), "lineEnding"),
        (json!({ "object": PERSON, "operation": "insert", "contentType": "JSON" }), "contentType"),
        (json!({ "object": PERSON, "operation": "insert", "name": "x" }), "Unrecognized field"),
    ] {
        let answer = c.call("POST", "/jobs/ingest", job.clone()).await;
        assert!(answer.status == 400 && answer.message().contains(says), "{job}: {}", answer.body);
    }
    let c = Client::with(Config { bulk_batches_max: 0, ..Config::default() }).await;
    let job = json!({ "object": PERSON, "operation": "insert" });
    assert_eq!(c.call("POST", "/jobs/ingest", job).await.code(), (400, "EXCEEDEDQUOTA"));
}

#[tokio::test(start_paused = true)]
async fn a_file_that_does_not_read_fails_its_job_and_writes_nothing() {
    let c = Client::new().await;
    c.sim.set_field_visible(PERSON, "Bsuid__c", false);
    for (csv, says) in [
        ("Key__c,Bsuid__c\na,x\n", "InvalidBatch : Field name not found : Bsuid__c"),
        ("Key__c,Contact__r.Nope\na,x\n", "InvalidBatch : Field name not found : Contact__r.Nope"),
        ("Version__c\n1\n", "InvalidBatch : Field name not found : Key__c"),
        (
            "Key__c\r\na\r\n",
            "ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is LF",
        ),
        ("Key__c,Version__c\na\n", "InvalidBatch : row 2"),
    ] {
        let (job, done) = run(&c, PERSON, csv).await;
        assert_eq!(done["state"], "Failed", "{csv}");
        assert!(done["errorMessage"].as_str().unwrap().starts_with(says), "{done}");
        assert_eq!(c.get(&format!("/jobs/ingest/{job}/unprocessedrecords")).await.status, 200);
    }
    assert_eq!(c.sim.count(PERSON), 0);
}

#[tokio::test(start_paused = true)]
async fn an_aborted_job_keeps_what_it_did_and_names_what_it_did_not() {
    let c = Client::with(Config { latency: Latency::USUAL, ..Config::default() }).await;
    let mut csv = String::from("Key__c\n");
    (0..1_000).for_each(|n| csv.push_str(&format!("k{n}\n")));
    let job = open(&c, PERSON).await;
    c.put(&format!("/jobs/ingest/{job}/batches"), "text/csv", &csv).await;
    close(&c, &job).await;
    tokio::time::sleep(std::time::Duration::from_millis(2 * 200 * 8 + 100)).await;
    assert_eq!(state(&c, &job).await["state"], "InProgress");
    c.call("PATCH", &format!("/jobs/ingest/{job}"), json!({ "state": "Aborted" })).await;
    tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    assert_eq!(state(&c, &job).await["state"], "Aborted");
    let good = file(&c, &job, "successfulResults").await.len() - 1;
    let left = file(&c, &job, "unprocessedrecords").await.len() - 1;
    assert_eq!((good, left, c.sim.count(PERSON)), (600, 400, 600), "the chunk under way was saved");
}

#[tokio::test(start_paused = true)]
async fn batches_go_beside_each_other_and_rows_of_one_in_order() {
    let config = Config { latency: Latency::USUAL, bulk_batches_at_once: 2, ..Config::default() };
    let c = Client::with(config).await;
    let mut csv = String::from("Key__c\n");
    (0..25_000).for_each(|n| csv.push_str(&format!("k{n:05}\n")));
    let (_, done) = run(&c, PERSON, &csv).await;
    assert_eq!(done["numberRecordsProcessed"], 25_000);
    let took = c.sim.gate().clock.now_ms() - START_MS;
    // two of 10,000 rows side by side, then the rest beside nothing
    assert!((120_000..121_000).contains(&took), "{took}");
    let mut last = [None, None, None];
    for change in c.sim.changes(0, 100_000) {
        let key = c.sim.row(&change.id).unwrap()["Key__c"].as_str().unwrap().to_owned();
        let batch = key[1..].parse::<usize>().unwrap() / 10_000;
        assert!(last[batch].replace(key.clone()) < Some(key), "rows of a batch keep their order");
    }
    let limits = c.get("/limits").await.body;
    assert_eq!(limits["DailyBulkApiBatches"]["Remaining"], 15_000 - 3);
}

#[tokio::test(start_paused = true)]
async fn triggers_see_two_hundred_rows_and_keys_must_not_repeat_in_them() {
    let c = Client::new().await;
    c.sim.set_knobs(|knobs| {
        knobs.trigger_failures.push(TriggerFailure {
            object: PERSON.into(),
            rows_max: 100,
            message: "Slow: execution of BeforeInsert".into(),
        });
    });
    let mut csv = String::from("Key__c\n");
    (0..250).for_each(|n| csv.push_str(&format!("k{n}\n")));
    let (job, done) = run(&c, PERSON, &csv).await;
    assert_eq!(done["numberRecordsFailed"], 200, "the chunk of 50 passed");
    let bad = file(&c, &job, "failedResults").await;
    assert!(bad[1].contains("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY:Slow: execution"), "{}", bad[1]);
    let (_, done) = run(&c, PERSON, "Key__c\nx\ny\nx\n").await;
    assert_eq!(done["numberRecordsFailed"], 2);
}

#[tokio::test(start_paused = true)]
async fn the_list_has_pages() {
    let c = Client::new().await;
    for _ in 0..101 {
        open(&c, PERSON).await;
    }
    let first = c.get("/jobs/ingest?jobType=V2Ingest").await.body;
    assert_eq!((first["records"].as_array().unwrap().len(), &first["done"]), (100, &json!(false)));
    let next = first["nextRecordsUrl"].as_str().unwrap();
    assert!(next.starts_with(BASE));
    let second = c.get(next).await.body;
    assert_eq!((second["records"].as_array().unwrap().len(), &second["done"]), (1, &json!(true)));
    assert_eq!(second["records"][0]["state"], "Open");
}
