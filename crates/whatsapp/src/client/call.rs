//! One exchange: the request as Graph wants it, the answer judged.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri, header};
use model::{Body, Fault, Lost};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Client, Token, hint, url};
use crate::faults;

pub(super) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Client {
    /// `/{version}/{segments...}?{query}`. Every segment is encoded.
    pub(super) fn url(&self, segments: &[&str], query: &[(&str, &str)]) -> String {
        let mut out = format!("{}/{}", self.base_url, url::encode(&self.version));
        for segment in segments {
            out.push('/');
            out.push_str(&url::encode(segment));
        }
        out + &url::query(query)
    }

    pub(super) async fn get(
        &self,
        segments: &[&str],
        query: &[(&str, &str)],
    ) -> Result<Value, Fault> {
        self.get_as(&self.token, segments, query).await
    }

    pub(super) async fn get_as(
        &self,
        token: &Token,
        segments: &[&str],
        query: &[(&str, &str)],
    ) -> Result<Value, Fault> {
        let url = self.url(segments, query);
        let answer = self.exchange(token, Method::GET, &url, None).await?;
        self.json(&answer, token)
    }

    pub(super) async fn post(&self, segments: &[&str], body: &Value) -> Result<Value, Fault> {
        let url = self.url(segments, &[]);
        let answer = self.exchange(&self.token, Method::POST, &url, Some(body)).await?;
        self.json(&answer, &self.token)
    }

    /// A typed node; an answer of another shape is unreadable.
    pub(super) async fn node<T: DeserializeOwned>(
        &self,
        segments: &[&str],
        query: &[(&str, &str)],
    ) -> Result<T, Fault> {
        read(self.get(segments, query).await?)
    }

    pub(super) async fn exchange(
        &self,
        token: &Token,
        method: Method,
        url: &str,
        body: Option<&Value>,
    ) -> Result<Answer, Fault> {
        let bytes = body.map(|b| Bytes::from(b.to_string())).unwrap_or_default();
        let mut request = self.request(token, method, url, bytes)?;
        if body.is_some() {
            let json = HeaderValue::from_static("application/json");
            request.headers_mut().insert(header::CONTENT_TYPE, json);
        }
        let response = self.exchange.send(request).await.map_err(faults::judge_lost)?;
        let (parts, body) = response.into_parts();
        Ok(Answer { status: parts.status, headers: parts.headers, body })
    }

    /// A request that carries the token.
    pub(super) fn request<B>(
        &self,
        token: &Token,
        method: Method,
        url: &str,
        body: B,
    ) -> Result<Request<B>, Fault> {
        let uri: Uri = url.parse().map_err(|_| faults::bad_url())?;
        let bearer = token.bearer().ok_or_else(faults::no_token)?;
        Request::builder()
            .method(method)
            .uri(uri)
            .header(header::AUTHORIZATION, bearer)
            .header(header::ACCEPT, "*/*")
            .header(header::USER_AGENT, concat!("puente/", env!("CARGO_PKG_VERSION")))
            .body(body)
            .map_err(|_| faults::bad_url())
    }

    /// The answer whole: for what is not a file.
    pub(super) async fn gather(answer: Response<Body>) -> Result<Answer, Fault> {
        let (parts, body) = answer.into_parts();
        let body = body.whole().await.map_err(|_| faults::judge_lost(Lost::AfterWrite))?;
        Ok(Answer { status: parts.status, headers: parts.headers, body })
    }

    /// The JSON of a success, or the fault that the answer is.
    pub(super) fn json(&self, answer: &Answer, token: &Token) -> Result<Value, Fault> {
        if answer.status.is_success()
            && let Ok(text) = std::str::from_utf8(&answer.body)
            && let Ok(value) = crate::wire::lenient::value_of(text)
            && value.is_object()
            && value.get("error").is_none_or(Value::is_null)
        {
            return Ok(value);
        }
        Err(self.fault(answer, token))
    }

    pub(super) fn fault(&self, answer: &Answer, token: &Token) -> Fault {
        let mut fault = faults::judge(answer.status.as_u16(), &answer.body);
        hint::apply(&mut fault, &answer.headers);
        // Graph repeats a malformed token in its words.
        for secret in [token, &self.token] {
            if !secret.expose().is_empty() {
                fault.detail = fault.detail.replace(secret.expose(), "…");
            }
        }
        fault
    }
}

pub(super) fn read<T: DeserializeOwned>(value: Value) -> Result<T, Fault> {
    serde_json::from_value(value).map_err(|_| faults::unreadable(200))
}

/// `{"success": true}`; anything else with a 2xx is unreadable.
pub(super) fn success(value: &Value) -> Result<(), Fault> {
    match value.get("success") {
        Some(Value::Bool(true)) => Ok(()),
        Some(Value::String(word)) if word == "true" => Ok(()),
        _ => Err(faults::unreadable(200)),
    }
}
