//! A code in plain words: what happened and what helps, from the tables of both
//! remotes and of puente itself.

use salesforce::faults::ROWS;
use whatsapp::faults::{row, specials};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    pub cause: &'static str,
    pub cure: &'static str,
}

/// `None` for a code that no table has.
pub fn told(code: &str) -> Option<Told> {
    if let Some(name) = code.strip_prefix("sf.") {
        let of_code = || ROWS.iter().filter(|row| row.code == name);
        let found = of_code().find(|row| row.variant.is_empty()).or_else(|| of_code().next())?;
        return Some(Told { cause: found.cause, cure: found.cure });
    }
    if let Some(name) = code.strip_prefix("wa.") {
        if let Some(found) = name.parse().ok().and_then(row) {
            return Some(Told { cause: found.cause, cure: found.cure });
        }
        let found = specials().iter().find(|special| special.name == code)?;
        return Some(Told { cause: found.cause, cure: found.cure });
    }
    OWN.iter().find(|(own, _)| *own == code).map(|(_, told)| *told)
}

macro_rules! own {
    ($($code:literal: $cause:literal, $cure:literal;)*) => {
        const OWN: &[(&str, Told)] = &[$(($code, Told { cause: $cause, cure: $cure })),*];
    };
}

// Codes of ours under which something is set aside; each has its page.
own! {
    "unclaimed":
        "No number of this installation is the one that this event is about.",
        "Configure the number for its tenant, start puente again, then replay.";
    "puente.not_json":
        "The webhook body is not JSON.",
        "Look at the body; correct it and replay, or discard it.";
    "puente.poison_body":
        "Working the body off ended the process, or failed, five times.",
        "Report it as a defect; replay it with the version that mends it.";
    "puente.no_sender":
        "The message does not say who it is with.",
        "Look at it; add the sender and replay, or discard it.";
    "puente.broken_item":
        "This part of a webhook does not have the shape that Meta documents.",
        "Look at it; correct it and replay, or discard it.";
    "puente.window_closed":
        "The 24-hour customer service window closed before the message was sent.",
        "Edit it into an approved template, or replay it when the customer has written.";
    "puente.unreadable_message":
        "The stored message could not be read back.",
        "Edit it and replay, or discard it.";
    "puente.permit_expired":
        "The process was held up between its permission to call and the call; nothing was sent.",
        "Replay it.";
    "puente.process_ended":
        "The process ended while the call was under way; Meta may have acted.",
        "Look on the customer's side; then resend it or drop it.";
    "puente.media_gone":
        "The file is no longer where it came from.",
        "Ask the customer, or whoever sends it, for the file anew, then discard this one.";
    "puente.media_too_large":
        "The file is larger than files may be.",
        "Raise media.file_bytes_max or media.spool_bytes_max, start puente again, then replay.";
    "puente.media_refused":
        "WhatsApp takes no file of this kind, type or size.",
        "Send another file; discard this one.";
    "puente.media_infected":
        "The malware scanner found something in the file; it was not passed on.",
        "Discard it; if the scanner was wrong, correct the scanner, then replay.";
    "puente.media_not_fetched":
        "The address did not serve the file.",
        "Check that the address is public and serves the file, then replay.";
    "puente.media_cut":
        "The file broke off each time it was fetched.",
        "Check the network between puente and the file's source, then replay.";
    "puente.media_damaged":
        "The bytes that came were not those that were announced, each time.",
        "Look for a proxy on the way that changes files, then replay.";
    "puente.spool_failed":
        "The file could not be written to the spool.",
        "Check the disk of media.spool_dir, then replay.";
    "puente.broken":
        "What is known of the file could not be read back.",
        "Report it as a defect; discard it.";
    "puente.erased":
        "The person was erased, and with them what is known of the file.",
        "Discard it.";
    "puente.dropped":
        "A person or a rule decided not to send it.",
        "Send a new message if it still matters.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_every_table_are_told() {
        for code in ["wa.131026", "wa.no_answer", "sf.INVALID_FIELD", "sf.REQUEST_LIMIT_EXCEEDED"] {
            let told = told(code).unwrap_or_else(|| panic!("{code}"));
            assert!(!told.cause.is_empty() && !told.cure.is_empty(), "{code}");
        }
        let general = told("sf.INVALID_FIELD").unwrap();
        assert!(general.cure.contains("permission set"), "the general row, not a variant");
        for code in ["wa.1234567", "sf.NOBODY_KNOWS", "puente.Nothing", ""] {
            assert_eq!(told(code), None, "{code}");
        }
    }

    #[test]
    fn codes_of_ours_have_a_page() {
        let pages = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/faults");
        for (code, _) in OWN.iter().filter(|(code, _)| code.starts_with("puente.")) {
            let page = format!("{pages}/{code}.md");
            assert!(std::path::Path::new(&page).is_file(), "{page}");
        }
    }
}
