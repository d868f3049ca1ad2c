//! Is our clock that of the others? Sign-ins carry a time, and the service
//! window is counted by Meta's.

use bytes::Bytes;
use http::{Request, header};
use model::{Ambient, Exchange, UnixMs};

use super::said::Said;

const APART_MAX_MS: i64 = 30_000;

/// Any answer will do, a refusal too: every one carries a `Date`.
pub async fn check(exchange: &dyn Exchange, url: &str, ambient: &Ambient) -> Said {
    let Ok(request) = Request::get(url).body(Bytes::new()) else {
        return Said::fail(format!("{url} is no URL"), "correct it in the configuration");
    };
    let before = ambient.now();
    let answer = match exchange.send(request).await {
        Ok(answer) => answer,
        Err(lost) => {
            return Said::fail(
                format!("{url}: {lost}"),
                "let this machine call out on port 443 (name server, firewall, proxy)",
            );
        }
    };
    // ours is taken halfway through the exchange
    let ours = before.plus(ambient.now().since(before) / 2);
    let date = answer.headers().get(header::DATE).and_then(|date| date.to_str().ok());
    match date.and_then(time) {
        Some(theirs) => judge(ours.since(theirs)),
        None => Said::skip(format!("{url} tells no time")),
    }
}

/// The header has whole seconds: half of one is what it leaves out on average.
fn time(date: &str) -> Option<UnixMs> {
    let time = jiff::fmt::rfc2822::parse(date).ok()?;
    Some(UnixMs(time.timestamp().as_millisecond()).plus(500))
}

fn judge(ahead_ms: i64) -> Said {
    let side = if ahead_ms < 0 { "behind" } else { "ahead" };
    let found = format!("this machine is {} s {side}", ahead_ms.abs() / 1000);
    if ahead_ms.abs() > APART_MAX_MS {
        return Said::warn(found, "switch time synchronisation on: timedatectl set-ntp true");
    }
    Said::ok(found)
}
