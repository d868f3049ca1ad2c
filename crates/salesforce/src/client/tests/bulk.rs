//! Ingest jobs: what goes out, and how each answer is read.

use super::*;
use crate::bulk::{JobState, Pushed, Sheet};

const JOB: &str = "7505500001QdQWaAAN";

fn job(state: &str) -> Value {
    json!({
        "id": JOB, "operation": "upsert", "object": "Puente_Message__c",
        "createdById": "0055500001QdQWaAAN", "createdDate": "2026-11-02T10:00:00.000+0000",
        "systemModstamp": "2026-11-02T10:00:00.000+0000", "state": state,
        "externalIdFieldName": "Key__c", "concurrencyMode": "Parallel", "contentType": "CSV",
        "apiVersion": 66.0, "contentUrl": format!("services/data/v66.0/jobs/ingest/{JOB}/batches"),
        "lineEnding": "LF", "columnDelimiter": "COMMA",
    })
}

fn id() -> RecordId {
    RecordId::new(JOB)
}

#[tokio::test]
async fn a_job_is_made_filled_and_closed_as_the_api_wants_it() {
    for names in both() {
        let p = names.prefix().to_owned();
        let fake = Fake::signed_in(|seen| match seen.method.as_str() {
            "POST" => answer(200, &job("Open")),
            "PUT" => answer(201, &Value::Null),
            _ => answer(200, &job("UploadComplete")),
        });
        let client = client(&fake, &names);
        let base = "https://acme.my.salesforce.com/services/data/v66.0/jobs/ingest";
        let made = client.bulk_create("Puente_Message__c", "Key__c").await.unwrap();
        assert_eq!((made.id.as_str(), made.state), (JOB, JobState::Open));
        let seen = fake.last();
        assert_eq!((seen.method.as_str(), seen.url.as_str()), ("POST", base));
        assert_eq!(seen.header("content-type"), Some("application/json"));
        assert_eq!(seen.header("sforce-call-options"), Some("client=puente"));
        assert_eq!(
            seen.json(),
            json!({
                "object": format!("{p}Puente_Message__c"), "operation": "upsert",
                "externalIdFieldName": format!("{p}Key__c"), "contentType": "CSV",
                "columnDelimiter": "COMMA", "lineEnding": "LF",
            })
        );
        let mut sheet = Sheet::new(1_000);
        let record = Record::new(&names, "Puente_Message__c").set("Key__c", "k1");
        assert_eq!(sheet.push(&record), Pushed::In);
        client.bulk_upload(&made.id, sheet.finish()).await.unwrap();
        let seen = fake.last();
        assert_eq!(
            (seen.method.as_str(), seen.url.clone()),
            ("PUT", format!("{base}/{JOB}/batches"))
        );
        assert_eq!(seen.headers.get("content-type").unwrap(), "text/csv; charset=UTF-8");
        assert_eq!(seen.body, format!("{p}Key__c\nk1\n"));
        let closed = client.bulk_close(&made.id).await.unwrap();
        assert_eq!(closed.state, JobState::UploadComplete);
        let seen = fake.last();
        assert_eq!((seen.method.as_str(), seen.url.clone()), ("PATCH", format!("{base}/{JOB}")));
        assert_eq!(seen.json(), json!({ "state": "UploadComplete" }));
    }
}

#[tokio::test]
async fn where_a_job_stands_and_why_it_failed() {
    let fake = Fake::signed_in(|_| {
        let mut failed = job("Failed");
        failed["errorMessage"] = json!("InvalidBatch : Field name not found : Puente_Late__c");
        failed["numberRecordsProcessed"] = json!(7);
        failed["numberRecordsFailed"] = json!(2);
        answer(200, &failed)
    });
    let job = client(&fake, &Names::none()).bulk_job(&id()).await.unwrap().unwrap();
    assert!(job.state.is_over());
    assert_eq!((job.processed, job.failed), (7, 2));
    assert_eq!(job.created_by.as_ref().unwrap().as_str(), "0055500001QdQWaAAN");
    assert_eq!(job.created_at, Some(model::UnixMs(1_793_613_600_000)));
    let refusal = job.refusal().unwrap();
    assert_eq!(refusal.fault.code.as_str(), "sf.INVALIDBATCH");
    assert!(refusal.fault.detail.contains("Field name not found"), "{}", refusal.fault.detail);
}

#[tokio::test]
async fn a_job_that_is_gone_is_none_and_deleting_it_is_no_fault() {
    for code in ["NOT_FOUND", "INVALIDJOB"] {
        let body =
            json!([{ "errorCode": code, "message": "The requested resource does not exist" }]);
        let fake = Fake::signed_in(move |_| answer(404, &body));
        let client = client(&fake, &Names::none());
        assert_eq!(client.bulk_job(&id()).await.unwrap(), None, "{code}");
        client.bulk_delete(&id()).await.unwrap();
        assert_eq!(fake.last().method, "DELETE");
        assert!(client.bulk_close(&id()).await.is_err(), "{code}: a step on it is one");
    }
    let state = json!([{ "errorCode": "INVALIDJOBSTATE", "message": "Invalid job state" }]);
    let fake = Fake::signed_in(move |_| answer(400, &state));
    let client = client(&fake, &Names::none());
    assert!(client.bulk_delete(&id()).await.is_err());
    assert!(client.bulk_job(&id()).await.is_err());
}

#[tokio::test]
async fn all_pages_of_the_list_are_read() {
    let fake = Fake::signed_in(|seen| {
        let second = seen.url.contains("locator");
        let next = json!("/services/data/v66.0/jobs/ingest?locator=2");
        let mut odd = job("Open");
        odd["state"] = json!("Napping");
        let records = json!([job(if second { "JobComplete" } else { "Open" }), odd]);
        let next = if second { Value::Null } else { next };
        answer(200, &json!({ "done": second, "records": records, "nextRecordsUrl": next }))
    });
    let jobs = client(&fake, &Names::none()).bulk_jobs().await.unwrap();
    let states: Vec<_> = jobs.iter().map(|j| j.state).collect();
    assert_eq!(states, [JobState::Open, JobState::JobComplete]);
    let first = &fake.seen()[1];
    assert!(first.url.ends_with("/jobs/ingest?jobType=V2Ingest"), "{}", first.url);
}

#[tokio::test]
async fn each_record_of_a_job_has_its_own_result() {
    for names in both() {
        let p = names.prefix().to_owned();
        let key = format!("{p}Key__c");
        let fake = Fake::signed_in(move |seen| {
            let csv = match seen.url.rsplit('/').next().unwrap() {
                "successfulResults" => format!(
                    "\"sf__Id\",\"sf__Created\",\"{key}\"\n\"a015500001QdQWaAAN\",\"true\",\"k1\"\n"
                ),
                "failedResults" => format!(
                    "\"sf__Id\",\"sf__Error\",\"{key}\"\n\"\",\"STRING_TOO_LONG:Text: data value too large:Text__c --\",\"k2\"\n"
                ),
                _ => format!("\"{key}\"\n\"k3\"\n"),
            };
            let response = Response::builder().status(200).header("Content-Type", "text/csv");
            Ok(response.body(csv.into()).unwrap())
        });
        let client = client(&fake, &names);
        let results = client.bulk_results(&id(), "Puente_Message__c", "Key__c").await.unwrap();
        assert_eq!((results.written.len(), results.written[0].key.as_str()), (1, "k1"));
        assert_eq!(results.refused[0].0, "k2");
        assert_eq!(results.refused[0].1.fault.code.as_str(), "sf.STRING_TOO_LONG");
        assert_eq!(results.unprocessed, ["k3"]);
        assert_eq!(fake.last().header("accept"), Some("text/csv"));
    }
}
