//! Small readings of a request that several parts need.

use http::header;
use http::request::Parts;

/// The host a request was sent to: of an absolute URI, else of the header.
pub fn host_of(parts: &Parts) -> Option<&str> {
    let named = parts.headers.get(header::HOST).and_then(|h| h.to_str().ok());
    parts.uri.authority().map(|a| a.as_str()).or(named)
}

/// Names and values of a query string or of a form.
pub fn pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|p| !p.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(&name.replace('+', " ")), decode(&value.replace('+', " ")))
        })
        .collect()
}

/// Percent-decoding; what is not valid stays as it stands.
pub fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = text.get(at + 1..at + 3).and_then(|h| u8::from_str_radix(h, 16).ok());
        match hex {
            Some(byte) if bytes[at] == b'%' => {
                out.push(byte);
                at += 3;
            }
            _ => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
