//! Calling a running bridge.

use anyhow::{Context, bail};
use bytes::Bytes;
use http::{Method, Request, StatusCode, header};

use serde_json::Value;

const JSON: &str = "application/json";

/// Where the bridge is, and the key to speak with.
#[derive(clap::Args)]
pub struct Bridge {
    /// Address of the running bridge.
    #[arg(long, env = "PUENTE_URL", default_value = "http://127.0.0.1:8080")]
    url: String,
    /// API key (`puente key create`).
    #[arg(long, env = "PUENTE_API_KEY", hide_env_values = true)]
    api_key: String,
}

impl Bridge {
    pub async fn get(&self, path: &str) -> anyhow::Result<Value> {
        self.call(Method::GET, path, JSON, &[], Bytes::new()).await
    }

    pub async fn post(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> anyhow::Result<Value> {
        self.call(Method::POST, path, JSON, headers, body.to_string().into()).await
    }

    /// A file of this type.
    pub async fn post_text(&self, path: &str, kind: &str, text: String) -> anyhow::Result<Value> {
        self.call(Method::POST, path, kind, &[], text.into()).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        self.call(Method::PUT, path, JSON, &[], body.to_string().into()).await
    }

    pub async fn delete(&self, path: &str) -> anyhow::Result<Value> {
        self.call(Method::DELETE, path, JSON, &[], Bytes::new()).await
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        kind: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> anyhow::Result<Value> {
        let url = format!("{}{path}", self.url.trim_end_matches('/'));
        let mut request = Request::builder()
            .method(method)
            .uri(&url)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.api_key))
            .header(header::CONTENT_TYPE, kind);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body).with_context(|| format!("--url {url}"))?;
        let answer = crate::http::toward_salesforce()?.send(request).await;
        let answer =
            answer.with_context(|| format!("no answer from {}; is it running?", self.url))?;
        let body: Value = serde_json::from_slice(answer.body()).unwrap_or(Value::Null);
        if !answer.status().is_success() {
            bail!("{}", told(answer.status(), &body));
        }
        Ok(body)
    }
}

/// A problem document as a sentence with its cure.
fn told(status: StatusCode, problem: &Value) -> String {
    let word = |key: &str| problem[key].as_str().filter(|text| !text.is_empty());
    let what = word("detail").or(word("title")).unwrap_or(status.as_str());
    let mut told = match word("field") {
        Some(field) => format!("{field}: {what}"),
        None => what.to_owned(),
    };
    if let Some(cure) = word("cure") {
        told.push_str(&format!("\n  cure: {cure}"));
    }
    if let Some(code) = word("code") {
        told.push_str(&format!("\n  code: {code}"));
    }
    told
}
