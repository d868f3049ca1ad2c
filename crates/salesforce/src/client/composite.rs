//! Several requests in one API call (REST API, Composite).

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use http::{HeaderMap, Method};
use model::Fault;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::Client;
use super::call::{Call, read};
use crate::faults::{self, local};
use crate::{SubResponse, Subrequest};

/// Parts of one call.
pub const PARTS_MAX: usize = 25;
/// Collections and queries among them.
pub const HEAVY_PARTS_MAX: usize = 5;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    all_or_none: bool,
    composite_request: Vec<Part<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Part<'a> {
    method: &'a str,
    url: String,
    reference_id: &'a str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    http_headers: BTreeMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    composite_response: Vec<PartAnswer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PartAnswer {
    #[serde(default)]
    body: Value,
    http_status_code: u16,
    reference_id: String,
}

impl Client {
    /// Up to 25 parts, of them up to five collections and queries, done in
    /// order; each stands or falls by itself. Answers one part per part that
    /// was put in, in the same order. A fault means that the call as a whole
    /// was refused or lost.
    pub async fn composite(&self, parts: &[Subrequest]) -> Result<Vec<SubResponse>, Fault> {
        self.composited(parts, false).await
    }

    /// As [`Self::composite`], but all of it or nothing is done: for records of
    /// which none may be without the others. A later part may name the id that an
    /// earlier one makes: `@{account.id}`.
    pub async fn composite_whole(&self, parts: &[Subrequest]) -> Result<Vec<SubResponse>, Fault> {
        self.composited(parts, true).await
    }

    async fn composited(
        &self,
        parts: &[Subrequest],
        all_or_none: bool,
    ) -> Result<Vec<SubResponse>, Fault> {
        check(parts)?;
        let body = Body {
            all_or_none,
            composite_request: parts.iter().map(|part| self.part(part)).collect(),
        };
        let body = serde_json::to_vec(&body).map_err(|why| {
            local::request(format!("body: {why}"), "a defect of puente: report it")
        })?;
        let call = Call {
            method: Method::POST,
            path: self.data("/composite"),
            headers: HeaderMap::new(),
            body: Bytes::from(body),
        };
        let answer = self.call(&call).await?;
        let answer = Answer::deserialize(read(answer.body())?)
            .map_err(|_| faults::not_understood("a composite answer without parts".to_owned()))?;
        let mut answers: BTreeMap<_, _> =
            answer.composite_response.into_iter().map(|a| (a.reference_id.clone(), a)).collect();
        let result = |part: &Subrequest| match answers.remove(&part.reference_id) {
            Some(a) if (200..300).contains(&a.http_status_code) => Ok((a.http_status_code, a.body)),
            Some(a) => Err(faults::judge(a.http_status_code, &a.body)),
            None => Err(faults::not_understood("the answer lacks this part".to_owned()).into()),
        };
        let results: Vec<_> = parts.iter().map(result).collect();
        let pair = |(part, result)| SubResponse::new(part, &self.names, result);
        Ok(parts.iter().zip(results).map(pair).collect())
    }

    fn part<'a>(&'a self, part: &'a Subrequest) -> Part<'a> {
        let mut http_headers: BTreeMap<_, _> =
            part.headers.iter().map(|(name, value)| (*name, &**value)).collect();
        if part.writes()
            && let Ok(options) = self.call_options.to_str()
        {
            http_headers.insert("Sforce-Call-Options", options);
        }
        Part {
            method: part.method.as_str(),
            url: self.data(&part.path),
            reference_id: &part.reference_id,
            http_headers,
            body: part.body.as_deref(),
        }
    }
}

fn check(parts: &[Subrequest]) -> Result<(), Fault> {
    let heavy = parts.iter().filter(|part| part.is_heavy()).count();
    let unique: BTreeSet<_> = parts.iter().map(Subrequest::reference_id).collect();
    let (what, cure) = if parts.is_empty() || parts.len() > PARTS_MAX {
        (format!("parts: {}, at least 1 and at most {PARTS_MAX}", parts.len()), "cut the call")
    } else if heavy > HEAVY_PARTS_MAX {
        (format!("collections and queries: {heavy}, at most {HEAVY_PARTS_MAX}"), "cut the call")
    } else if unique.len() < parts.len() {
        ("referenceId: used twice".to_owned(), "name each part of a call differently")
    } else {
        return Ok(());
    };
    Err(local::request(what, cure))
}
