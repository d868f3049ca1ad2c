//! Is it a test number? Those reach five people and surprise in production.

use super::said::Said;
use super::scene::Line;

pub fn check(line: &Line<'_>) -> Said {
    let info = match &line.info {
        Ok(info) => info,
        Err(_) => return Said::skip("the number could not be read"),
    };
    match info.account_mode.as_deref() {
        Some("SANDBOX") => Said::warn(
            "a test number: it sends to at most 5 people, each on its list (others: error 131030)",
            "App Dashboard > WhatsApp > API Setup > To > Manage phone number list; for real \
             customers add a number of your own in WhatsApp Manager > Account tools > Phone numbers",
        ),
        Some("LIVE") => Said::ok("a live number: anybody may be written to"),
        _ => Said::ok("Meta does not say that it is a test number"),
    }
}
