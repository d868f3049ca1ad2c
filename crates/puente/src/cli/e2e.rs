//! `puente e2e`.

use std::process::ExitCode;

/// Runs every scenario from wire to wire, waits for states, and reads the truth
/// on the far sides. The last line is `N passed, N failed`.
#[derive(clap::Args)]
pub struct Args {
    /// Against simulators of both sides, in memory: no account needed.
    #[arg(long, required = true)]
    sandbox: bool,
    /// What the bridge remembers is kept here instead of in memory:
    /// sqlite:<path> or postgres://user@host/database, empty before.
    #[arg(long, value_name = "URL")]
    store: Option<String>,
    /// Print the outcome as JSON.
    #[arg(long)]
    json: bool,
}

#[cfg(feature = "sandbox")]
pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    use anyhow::anyhow;
    use comfy_table::{Table, presets};
    use sandbox::{Town, TownOptions, scenarios};
    use store::{MasterKey, Store};

    let url = args.store.clone();
    let town = Town::within_on(TownOptions::default(), async move |ambient| {
        let key = MasterKey::from_bytes([7; 32]);
        match url {
            None => Store::open_memory(key, ambient),
            Some(url) => match url.strip_prefix("sqlite:") {
                Some(path) => Store::open_sqlite(path, key, ambient),
                None => Store::open_postgres(&url, key, ambient).await,
            },
        }
    });
    let town = town.await.map_err(|e| anyhow!(e).context("--store"))?;
    let outcomes = scenarios::run(&town, |outcome| {
        if !args.json {
            let mark = if outcome.result.is_ok() { "ok    " } else { "FAILED" };
            anstream::println!("{mark} {:>6} ms  {}", outcome.took_ms, outcome.name);
        }
    })
    .await;
    let (passed, failed): (Vec<_>, Vec<_>) = outcomes.iter().partition(|o| o.result.is_ok());
    if args.json {
        let rows: Vec<_> = outcomes
            .iter()
            .map(|o| serde_json::json!({ "name": o.name, "ms": o.took_ms, "error": o.result.as_ref().err() }))
            .collect();
        anstream::println!("{}", serde_json::to_string_pretty(&rows)?);
    } else {
        let mut table = Table::new();
        table.load_style(presets::UTF8_HORIZONTAL_ONLY).set_header(["scenario", "why it failed"]);
        for outcome in &failed {
            let why = outcome.result.as_ref().err().map_or("", String::as_str);
            table.add_row([outcome.name, why]);
        }
        if !failed.is_empty() {
            anstream::println!("{table}");
        }
    }
    anstream::println!("{} passed, {} failed", passed.len(), failed.len());
    town.stop().await;
    Ok(if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[cfg(not(feature = "sandbox"))]
pub async fn run(_: Args) -> anyhow::Result<ExitCode> {
    anyhow::bail!("this build has no sandbox; build with the feature `sandbox`")
}
