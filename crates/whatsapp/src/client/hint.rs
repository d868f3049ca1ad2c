//! When Meta says how long to wait, in the headers of a refusal.

use std::time::Duration;

use http::HeaderMap;
use model::{Act, Fault, Stage};
use serde_json::Value;

use crate::wire::lenient;

const DAY: Duration = Duration::from_secs(86_400);

/// Puts the wait into a fault that may be resent; a longer one of the table stays.
pub fn apply(fault: &mut Fault, headers: &HeaderMap) {
    if fault.stage != Stage::NotSent {
        return;
    }
    if let Act::Retry { after } = &mut fault.act {
        let hinted = wait(headers).map(|wait| wait.min(DAY));
        *after = (*after).max(hinted);
    }
}

/// `Retry-After` in seconds, else the longest `estimated_time_to_regain_access`
/// of the business use case usage, which counts minutes.
fn wait(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok();
    if let Some(seconds) = text("retry-after").and_then(|t| t.trim().parse().ok()) {
        return Some(Duration::from_secs(seconds));
    }
    let usage: Value = serde_json::from_str(text("x-business-use-case-usage")?).ok()?;
    let rows = usage.as_object()?.values().filter_map(Value::as_array).flatten();
    let minutes = rows
        .filter_map(|row| row.get("estimated_time_to_regain_access").and_then(lenient::as_int))
        .max()?;
    u64::try_from(minutes).ok().filter(|m| *m > 0).map(|m| Duration::from_secs(m * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_wait_counts() {
        let mut headers = HeaderMap::new();
        assert_eq!(wait(&headers), None);
        let usage = r#"{"1":[{"type":"whatsapp_business_management","estimated_time_to_regain_access":0}],
            "2":[{"estimated_time_to_regain_access":7},{"estimated_time_to_regain_access":"9"}]}"#;
        headers.insert("x-business-use-case-usage", usage.replace('\n', " ").parse().unwrap());
        assert_eq!(wait(&headers), Some(Duration::from_secs(540)));
        headers.insert("retry-after", "30".parse().unwrap());
        assert_eq!(wait(&headers), Some(Duration::from_secs(30)));
    }
}
