//! One request, taken apart.

use std::collections::BTreeMap;

use axum::extract::{FromRequest, Multipart, Request};
use bytes::Bytes;
use http::{HeaderMap, Method, header};
use http_body_util::BodyExt;
use serde_json::{Map, Value};

use super::Wrong;

/// The largest upload that is read at all: a document of 100 MB and its form.
const MOST: usize = 110 * 1024 * 1024;

pub struct Call {
    pub method: Method,
    pub path: String,
    /// `v25.0`; none when the path has no version.
    pub version: Option<String>,
    segments: Vec<String>,
    pub query: BTreeMap<String, String>,
    pub headers: HeaderMap,
    /// JSON or form fields; null without either.
    pub body: Value,
    /// Parts of a multipart form: name, content type, bytes.
    pub parts: Vec<(String, Option<String>, Bytes)>,
}

impl Call {
    pub async fn read(request: Request) -> Result<Self, Wrong> {
        let (parts, body) = request.into_parts();
        let path = parts.uri.path().to_owned();
        let mut segments: Vec<String> =
            path.split('/').filter(|s| !s.is_empty()).map(String::from).collect();
        let versioned = segments.first().is_some_and(|first| is_version(first));
        let version = versioned.then(|| segments.remove(0));
        let query = pairs(parts.uri.query().unwrap_or_default());
        let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
        let content_type = content_type.unwrap_or_default().to_owned();
        let mut call = Self {
            method: parts.method.clone(),
            path,
            version,
            segments,
            query,
            headers: parts.headers.clone(),
            body: Value::Null,
            parts: Vec::new(),
        };
        if content_type.starts_with("multipart/form-data") {
            let mut request = Request::from_parts(parts, body);
            request.extensions_mut().insert(axum::extract::DefaultBodyLimit::max(MOST));
            call.parts = read_parts(request).await?;
            return Ok(call);
        }
        let limited = http_body_util::Limited::new(body, MOST);
        let bytes = limited.collect().await.map_err(|_| Wrong::new(100))?.to_bytes();
        call.body = match content_type.starts_with("application/x-www-form-urlencoded") {
            true => form(&bytes),
            false if bytes.is_empty() => Value::Null,
            // What is not JSON is taken for a body without parameters.
            false => serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        };
        Ok(call)
    }

    pub fn node(&self) -> &str {
        self.segments.first().map_or("", String::as_str)
    }

    fn edge(&self) -> &str {
        self.segments.get(1).map_or("", String::as_str)
    }

    /// A parameter from the body, else from the query.
    pub fn param(&self, key: &str) -> Option<String> {
        match &self.body[key] {
            Value::Null => self.query.get(key).cloned(),
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    fn edits_template(&self) -> bool {
        let keys = ["components", "category", "parameter_format", "message_send_ttl_seconds"];
        keys.iter().any(|key| self.body.get(key).is_some())
    }

    /// The operation's name, for fault rules and for the log.
    pub fn op(&self) -> &'static str {
        let (get, post) = (self.method == Method::GET, self.method == Method::POST);
        let delete = self.method == Method::DELETE;
        match (self.node(), self.edge(), self.segments.len()) {
            ("_media", ..) if get => "media.download",
            ("debug_token", "", 1) if get => "debug_token",
            (_, "messages", 2) if post => match self.body.get("status") {
                None => "messages.send",
                Some(_) if self.body.get("typing_indicator").is_some() => "messages.typing",
                Some(_) => "messages.read",
            },
            (_, "marketing_messages", 2) if post => "marketing_messages.send",
            (_, "media", 2) if post => "media.upload",
            (_, "register", 2) if post => "number.register",
            (_, "deregister", 2) if post => "number.deregister",
            (_, "phone_numbers", 2) if get => "number.list",
            (_, "whatsapp_business_profile", 2) if get => "profile.get",
            (_, "whatsapp_business_profile", 2) if post => "profile.set",
            (_, "message_history", 2) if get => "message_history.list",
            (_, "message_templates", 2) if get => "template.list",
            (_, "message_templates", 2) if post => "template.create",
            (_, "message_templates", 2) if delete => "template.delete",
            (_, "subscribed_apps", 2) if get => "subscribed_apps.list",
            (_, "subscribed_apps", 2) if post => "subscribed_apps.add",
            (_, "subscribed_apps", 2) if delete => "subscribed_apps.remove",
            (_, "subscriptions", 2) if get => "subscriptions.list",
            (_, "subscriptions", 2) if post => "subscriptions.set",
            (_, "", 1) if get => "node.get",
            (_, "", 1) if delete => "node.delete",
            (_, "", 1) if post && self.edits_template() => "node.set",
            (_, "", 1) if post => "number.set",
            _ => "unknown",
        }
    }
}

fn is_version(segment: &str) -> bool {
    let number = segment.strip_prefix('v').and_then(|rest| rest.split_once('.'));
    number.is_some_and(|(a, b)| a.parse::<u32>().is_ok() && b.parse::<u32>().is_ok())
}

async fn read_parts(request: Request) -> Result<Vec<(String, Option<String>, Bytes)>, Wrong> {
    let bad = |text: String| Wrong::with(100, format!("The form could not be read: {text}"));
    let mut form = Multipart::from_request(request, &()).await.map_err(|e| bad(e.body_text()))?;
    let mut parts = Vec::new();
    while let Some(field) = form.next_field().await.map_err(|e| bad(e.body_text()))? {
        let name = field.name().unwrap_or_default().to_owned();
        let mime = field.content_type().map(String::from);
        parts.push((name, mime, field.bytes().await.map_err(|e| bad(e.body_text()))?));
    }
    Ok(parts)
}

/// Decodes `a=1&b=%2F`. Keys keep their dots; the last of a repeated key wins.
fn pairs(text: &str) -> BTreeMap<String, String> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(key), decode(value))
        })
        .collect()
}

fn form(bytes: &[u8]) -> Value {
    let pairs = pairs(&String::from_utf8_lossy(bytes)).into_iter();
    Value::Object(pairs.map(|(key, value)| (key, Value::String(value))).collect::<Map<_, _>>())
}

fn decode(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(b) = bytes.next() {
        out.push(match b {
            b'+' => b' ',
            b'%' => {
                let pair = [bytes.next(), bytes.next()].map(|d| d.map_or('x', char::from));
                match (pair[0].to_digit(16), pair[1].to_digit(16)) {
                    (Some(high), Some(low)) => (high * 16 + low) as u8,
                    _ => b'?',
                }
            }
            b => b,
        });
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_decoded() {
        let read = pairs("hub.mode=subscribe&q=a%2Fb+c%C3%A9&q=last&bare&bad=%zz");
        assert_eq!(read["hub.mode"], "subscribe");
        assert_eq!(read["q"], "last");
        assert_eq!((read["bare"].as_str(), read["bad"].as_str()), ("", "?"));
        assert_eq!(pairs("q=a%2Fb+c%C3%A9")["q"], "a/b cé");
    }

    #[test]
    fn versions_are_told_from_nodes() {
        assert!(["v25.0", "v9.0"].into_iter().all(is_version));
        assert!(!["v25", "25.0", "vx.0", "102290000000001"].into_iter().any(is_version));
    }
}
