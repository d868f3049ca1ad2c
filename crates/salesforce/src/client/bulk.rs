//! Ingest jobs of Bulk API 2.0, step by step. Each is one API call, and each is
//! repeatable but two: making a job, and filling it.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, header};
use model::Fault;
use model::ids::RecordId;
use serde_json::{Value, json};

use super::Client;
use super::call::{Call, read};
use crate::bulk::{self, CSV_BYTES_MAX, Job, Results};
use crate::faults::{self, local};

/// Pages of the list of jobs that are read at most.
const PAGES_MAX: usize = 20;

impl Client {
    /// An open job that upserts records of `object` (a name of the package) by
    /// an external id. Not repeatable: after a lost answer a job may stand
    /// open, which [`Self::bulk_jobs`] finds.
    pub async fn bulk_create(&self, object: &str, external_id_field: &str) -> Result<Job, Fault> {
        let body = json!({
            "object": self.names.object(object),
            "operation": "upsert",
            "externalIdFieldName": self.names.field_of(object, external_id_field),
            "contentType": "CSV",
            "columnDelimiter": "COMMA",
            "lineEnding": "LF",
        });
        self.job_call(Method::POST, String::new(), body).await
    }

    /// The one upload of a job: UTF-8, comma, LF, header first.
    pub async fn bulk_upload(&self, job: &RecordId, csv: Bytes) -> Result<(), Fault> {
        if csv.len() > CSV_BYTES_MAX {
            return Err(local::request(
                format!("CSV: {} bytes, at most {CSV_BYTES_MAX}", csv.len()),
                "cut the job",
            ));
        }
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=UTF-8"));
        let path = self.job_path(&format!("/{job}/batches"));
        self.call(&Call { method: Method::PUT, path, headers, body: csv }).await?;
        Ok(())
    }

    /// The upload is complete: Salesforce may begin.
    pub async fn bulk_close(&self, job: &RecordId) -> Result<Job, Fault> {
        let state = json!({ "state": "UploadComplete" });
        self.job_call(Method::PATCH, format!("/{job}"), state).await
    }

    /// Ends a job; what is saved already stays.
    pub async fn bulk_abort(&self, job: &RecordId) -> Result<Job, Fault> {
        self.job_call(Method::PATCH, format!("/{job}"), json!({ "state": "Aborted" })).await
    }

    /// `None`: there is no such job (any more).
    pub async fn bulk_job(&self, job: &RecordId) -> Result<Option<Job>, Fault> {
        match self.read(self.job_path(&format!("/{job}"))).await {
            Ok(body) => job_of(&body).map(Some),
            Err(fault) if is_gone(&fault) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// All ingest jobs that Salesforce still lists, of whatever program.
    pub async fn bulk_jobs(&self) -> Result<Vec<Job>, Fault> {
        let (mut jobs, mut next) = (Vec::new(), self.job_path("?jobType=V2Ingest"));
        for _ in 0..PAGES_MAX {
            let page = self.read(next).await?;
            let records = page.get("records").and_then(Value::as_array).ok_or_else(|| {
                faults::not_understood("a list of jobs without records".to_owned())
            })?;
            // a job in a state that is not known is none of ours
            jobs.extend(records.iter().filter_map(Job::read));
            match page.get("nextRecordsUrl").and_then(Value::as_str) {
                Some(more) if more.starts_with("/services/data/") => next = more.to_owned(),
                _ => break,
            }
        }
        Ok(jobs)
    }

    /// What became of each record of a job that is over, by the external id
    /// (a field of `object`, both as the package names them).
    pub async fn bulk_results(
        &self,
        job: &RecordId,
        object: &str,
        external_id_field: &str,
    ) -> Result<Results, Fault> {
        let key = self.names.field_of(object, external_id_field);
        Ok(Results {
            written: bulk::written(&self.csv(job, "successfulResults").await?, &key)?,
            refused: bulk::refused(&self.csv(job, "failedResults").await?, &key)?,
            unprocessed: bulk::unprocessed(&self.csv(job, "unprocessedrecords").await?, &key)?,
        })
    }

    /// Forgets a job that is over, and its data. One that is gone is no fault.
    pub async fn bulk_delete(&self, job: &RecordId) -> Result<(), Fault> {
        let path = self.job_path(&format!("/{job}"));
        let call = Call { method: Method::DELETE, ..Call::get(path) };
        match self.call(&call).await.map_err(Fault::from) {
            Err(fault) if !is_gone(&fault) => Err(fault),
            _ => Ok(()),
        }
    }

    async fn csv(&self, job: &RecordId, which: &str) -> Result<Bytes, Fault> {
        let mut call = Call::get(self.job_path(&format!("/{job}/{which}")));
        call.headers.insert(header::ACCEPT, HeaderValue::from_static("text/csv"));
        Ok(self.call(&call).await?.into_body())
    }

    async fn job_call(&self, method: Method, path: String, body: Value) -> Result<Job, Fault> {
        let path = self.job_path(&path);
        let body = Bytes::from(body.to_string());
        let answer = self.call(&Call { method, path, headers: HeaderMap::new(), body }).await?;
        job_of(&read(answer.body())?)
    }

    fn job_path(&self, path: &str) -> String {
        self.data(&format!("/jobs/ingest{path}"))
    }
}

fn job_of(body: &Value) -> Result<Job, Fault> {
    Job::read(body).ok_or_else(|| faults::not_understood("a job that is none".to_owned()))
}

fn is_gone(fault: &Fault) -> bool {
    matches!(fault.code.as_str(), "sf.NOT_FOUND" | "sf.INVALIDJOB")
}
