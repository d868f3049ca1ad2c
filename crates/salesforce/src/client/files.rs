//! Files (REST API, Insert or Update Blob Data): a version is made by a form of
//! two parts, its fields and its bytes.

use std::io;

use bytes::Bytes;
use http::HeaderValue;
use model::ids::RecordId;
use model::{Body, Fault, Flow};

use super::Client;
use super::call::{Form, read};
use crate::faults::{Refusal, local};
use crate::{Record, RecordOutcome, SubResponse, encode};

/// The bytes of a file, and what the form says of them.
pub struct Upload<'a> {
    pub mime_type: &'a str,
    pub file_name: &'a str,
    /// 1 to 60 letters, digits and `_` that the file does not hold.
    pub boundary: &'a str,
    /// Makes the bytes anew: a session that has ended is renewed, and the form
    /// is sent a second time.
    pub file: &'a (dyn Fn() -> io::Result<Flow> + Sync),
}

impl Client {
    /// Creates a `ContentVersion`, of up to 2 GB. Refusals and faults as in
    /// [`Client::create`]: after an unknown outcome look its own key up before
    /// it is repeated.
    pub async fn upload(
        &self,
        record: &Record,
        upload: &Upload<'_>,
    ) -> Result<RecordOutcome, Fault> {
        let plain = |text: &str| text.replace(['"', '\\', '\r', '\n', '\0'], "_");
        let (mime, name) = (plain(upload.mime_type), plain(upload.file_name));
        let boundary = upload.boundary;
        let fields = serde_json::to_string(record.fields()).map_err(|why| {
            local::request(format!("body: {why}"), "a defect of puente: report it")
        })?;
        let before = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"entity_content\"\r\n\
             Content-Type: application/json\r\n\r\n{fields}\r\n\
             --{boundary}\r\n\
             Content-Disposition: form-data; name=\"VersionData\"; filename=\"{name}\"\r\n\
             Content-Type: {mime}\r\n\r\n"
        );
        let (before, after) = (Bytes::from(before), Bytes::from(format!("\r\n--{boundary}--\r\n")));
        let body = || Ok((upload.file)()?.framed(before.clone(), after.clone()));
        let content_type = format!("multipart/form-data; boundary={boundary}");
        let form = Form {
            path: self.data(&format!("/sobjects/{}", record.sobject())),
            content_type: HeaderValue::try_from(content_type).map_err(|_| {
                local::request("boundary: no header can carry it", "use letters and digits")
            })?,
            body: &body,
        };
        let outcome = match self.post(&form).await {
            Ok(answer) => Ok((answer.status().as_u16(), read(answer.body())?)),
            Err(refusal) if refusal.is_about_records() => Err(refusal),
            Err(refusal) => return Err(refusal.fault),
        };
        outcome_of(SubResponse::of_create(&self.names, outcome))
    }

    /// The bytes of a version, as they come.
    pub async fn version_data(&self, version: &RecordId) -> Result<Body, Fault> {
        let id = encode::component(version.as_str());
        self.fetch(self.data(&format!("/sobjects/ContentVersion/{id}/VersionData"))).await
    }
}

fn outcome_of(answer: SubResponse) -> Result<RecordOutcome, Fault> {
    match answer.outcomes().pop() {
        Some(RecordOutcome::Refused(refusal)) if !Refusal::is_about_records(&refusal) => {
            Err(refusal.fault)
        }
        Some(outcome) => Ok(outcome),
        None => Err(crate::faults::not_understood("no outcome".to_owned())),
    }
}
