//! An audience out of Salesforce: a campaign, a list view, a report.

use std::process::ExitCode;

use anyhow::bail;
use serde_json::json;

use crate::cli::api::Bridge;

/// What the ids of each kind begin with.
const KINDS: [(&str, &str); 3] = [("701", "campaign"), ("00B", "list_view"), ("00O", "report")];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub kind: &'static str,
    pub id: String,
}

/// By its id, or by the address that the browser shows.
pub fn named(text: &str) -> anyhow::Result<Source> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    for word in words.filter(|word| matches!(word.len(), 15 | 18)) {
        if let Some((_, kind)) = KINDS.iter().find(|(prefix, _)| word.starts_with(prefix)) {
            return Ok(Source { kind, id: word.to_owned() });
        }
    }
    bail!(
        "'{text}' names no campaign (701...), list view (00B...) or report (00O...): copy the \
         address of its page in Salesforce"
    )
}

/// Page by page, and what became of each.
pub async fn add(bridge: &Bridge, id: &str, source: &Source) -> anyhow::Result<ExitCode> {
    let path = format!("/api/v1/campaigns/{id}/audience/salesforce");
    let (mut new, mut known, mut refused) = (0, 0, 0);
    loop {
        let answer = bridge.post(&path, &[], &json!({ source.kind: source.id })).await?;
        let count = |key: &str| answer[key].as_u64().unwrap_or_default();
        new += count("new");
        known += count("known");
        refused += count("refused");
        for one in answer["complaints"].as_array().into_iter().flatten() {
            let word = |key: &str| one[key].as_str().unwrap_or_default();
            anstream::println!("{}: {}\n  cure: {}", word("field"), word("why"), word("cure"));
        }
        anstream::println!("{new} added, {known} were in it, {refused} records refused");
        if answer["more"] != true {
            return Ok(if refused > 0 { ExitCode::from(2) } else { ExitCode::SUCCESS });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_named_by_its_id_or_its_address() {
        for (text, kind, id) in [
            ("7015500000ABCde", "campaign", "7015500000ABCde"),
            (
                "https://acme.lightning.force.com/lightning/r/Campaign/7015500000ABCdeAAH/view",
                "campaign",
                "7015500000ABCdeAAH",
            ),
            (
                "https://acme.lightning.force.com/lightning/o/Contact/list?filterName=00B5500000ABCdeAAH",
                "list_view",
                "00B5500000ABCdeAAH",
            ),
            (
                "https://acme.lightning.force.com/lightning/r/Report/00O5500000ABCdeEAH/view?queryScope=userFolders",
                "report",
                "00O5500000ABCdeEAH",
            ),
        ] {
            assert_eq!(named(text).unwrap(), Source { kind, id: id.into() }, "{text}");
        }
        for text in ["", "Rebajas", "0035500000ABCdeAAH", "701"] {
            assert!(named(text).is_err(), "{text}");
        }
    }
}
