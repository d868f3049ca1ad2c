//! Many letters at once: counted, then worked off call by call.

use std::process::ExitCode;

use serde_json::{Value, json};

use crate::cli::api::Bridge;
use crate::cli::status::encoded;

/// Which letters are meant.
#[derive(clap::Args)]
pub struct Filter {
    /// webhook, item, send, write, record or file.
    #[arg(long)]
    kind: Option<String>,
    /// As the list shows it, such as wa.131026, sf.INVALID_FIELD or unclaimed.
    #[arg(long)]
    code: Option<String>,
    /// Set aside at this time or later, such as 2026-11-22T15:00:00Z.
    #[arg(long)]
    from: Option<String>,
    /// Set aside before this time.
    #[arg(long)]
    until: Option<String>,
}

impl Filter {
    fn parts(&self) -> impl Iterator<Item = (&'static str, &String)> {
        let parts = [
            ("kind", &self.kind),
            ("code", &self.code),
            ("from", &self.from),
            ("until", &self.until),
        ];
        parts.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)))
    }

    pub fn is_empty(&self) -> bool {
        self.parts().next().is_none()
    }

    /// `&kind=...&code=...`
    pub fn query(&self) -> String {
        self.parts().map(|(name, value)| format!("&{name}={}", encoded(value))).collect()
    }

    fn body(&self) -> Value {
        self.parts().map(|(name, value)| (name.to_owned(), Value::from(value.as_str()))).collect()
    }
}

/// `verb`: `replay` or `discard`.
pub async fn run(
    verb: &str,
    filter: Filter,
    yes: bool,
    reason: Option<String>,
    bridge: &Bridge,
) -> anyhow::Result<ExitCode> {
    let path = format!("/api/v1/dead-letters/{verb}");
    let mut body = filter.body();
    if let Some(reason) = reason {
        body["reason"] = reason.into();
    }
    body["dry_run"] = true.into();
    let counted = bridge.post(&path, &[], &body).await?;
    let count = counted["count"].as_u64().unwrap_or_default();
    let kinds: Vec<_> = counted["by_kind"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(kind, n)| format!("{n} {kind}"))
        .collect();
    anstream::println!("{count} letters ({})", kinds.join(", "));
    if count == 0 || !yes {
        if count > 0 {
            anstream::println!("nothing was done; repeat it with --yes to {verb} them");
        }
        return Ok(ExitCode::SUCCESS);
    }
    // what is set aside anew meanwhile stays out of it
    body["until"] = counted["until"].clone();
    body["dry_run"] = false.into();
    let (mut done, mut refused) = (0, 0);
    loop {
        let answer = bridge.post(&path, &[], &body).await?;
        done += answer["done"].as_u64().unwrap_or_default();
        refused += answer["refused"].as_u64().unwrap_or_default();
        for one in answer["refusals"].as_array().into_iter().flatten() {
            let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let problem = &one["problem"];
            let (why, cure) = (word(&problem["detail"]), word(&problem["cure"]));
            anstream::eprintln!("{}: {why} ({cure})", word(&one["id"]));
        }
        match &answer["next"] {
            Value::String(next) => body["cursor"] = json!(next),
            _ => break,
        }
    }
    anstream::println!("{done} done, {refused} refused");
    Ok(if refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
