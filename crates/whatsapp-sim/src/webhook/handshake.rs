//! The GET that proves a callback URL before it is taken.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Request;

use crate::core::Core;
use crate::graph::Wrong;

/// Asks `uri` for the challenge; code 2200 when the answer is anything but 200
/// with the challenge as its whole body.
pub async fn shake(core: &Arc<Core>, uri: &str, verify_token: &str) -> Result<(), Wrong> {
    let failed = |why: String| {
        let text = format!("Callback verification failed with the following errors: {why}");
        Wrong::graph(2200, None, text)
    };
    let (challenge, timeout_ms) = {
        let mut world = core.world.lock();
        (world.seed.below(2_000_000_000).to_string(), world.webhooks.timeout_ms)
    };
    let query = encoded(&[
        ("hub.mode", "subscribe"),
        ("hub.challenge", &challenge),
        ("hub.verify_token", verify_token),
    ]);
    let join = if uri.contains('?') { '&' } else { '?' };
    let request = Request::get(format!("{uri}{join}{query}"))
        .header("user-agent", "facebookexternalua")
        .body(Bytes::new())
        .map_err(|e| failed(format!("Invalid URL: {e}")))?;
    let wait = Duration::from_millis(timeout_ms.max(0) as u64);
    match tokio::time::timeout(wait, core.outlet.call(request)).await {
        Err(_) => Err(failed("Timeout".into())),
        Ok(Err(_)) => Err(failed("Curl Errors = No response".into())),
        Ok(Ok(answer)) if answer.status() != 200 => {
            Err(failed(format!("HTTP Status Code = {}", answer.status().as_u16())))
        }
        Ok(Ok(answer)) if answer.body() != challenge.as_bytes() => {
            Err(failed("HTTP Message = challenge does not match".into()))
        }
        Ok(Ok(_)) => Ok(()),
    }
}

/// Query pairs; the dots of the keys stay literal.
fn encoded(pairs: &[(&str, &str)]) -> String {
    let encode = |text: &str| {
        let keep = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
        let one = |b: u8| {
            if keep(b) { (b as char).to_string() } else { format!("%{b:02X}") }
        };
        text.bytes().map(one).collect::<String>()
    };
    let pair = |(key, value): &(&str, &str)| format!("{}={}", encode(key), encode(value));
    pairs.iter().map(pair).collect::<Vec<_>>().join("&")
}
