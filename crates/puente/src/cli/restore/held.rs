//! Sends that wait for a match or for a person's word.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use comfy_table::{Table, presets};
use engine::hold::Matching;
use engine::{Holds, Nudges};
use jiff::Timestamp;
use model::ids::{OutboxId, TenantId};
use serde_json::json;
use store::op::Word;

use super::super::org::Beside;

pub async fn status(path: &Path, limit: u32, json: bool) -> anyhow::Result<ExitCode> {
    let beside = Beside::open(path).await?;
    let hold = beside.store.hold().await?;
    let mut rows = Vec::new();
    let mut left = 0;
    for tenant in beside.store.tenants().await? {
        left += beside.store.held_count(&tenant.id).await?;
        for held in beside.store.held_after(&tenant.id, 0, limit).await? {
            rows.push((tenant.id.clone(), held));
        }
    }
    beside.store.close().await;
    let at =
        |ms: i64| Timestamp::from_millisecond(ms).map(|t| format!("{t:.0}")).unwrap_or_default();
    if json {
        let sends: Vec<_> = rows
            .iter()
            .map(|(tenant, held)| {
                json!({ "tenant": tenant.as_str(), "id": held.id.to_string(),
                        "number": held.number.as_str(), "attempts": held.attempts,
                        "created_at": at(held.created_at.0) })
            })
            .collect();
        let why = hold.map(|hold| hold.why.as_str());
        let told = json!({ "held": hold.is_some(), "why": why, "count": left, "sends": sends });
        anstream::println!("{}", serde_json::to_string_pretty(&told)?);
        return Ok(ExitCode::SUCCESS);
    }
    let Some(hold) = hold else {
        anstream::println!("nothing is held; sends go out");
        return Ok(ExitCode::SUCCESS);
    };
    anstream::println!(
        "nothing is sent since {} ({}); {left} send(s) held",
        at(hold.since.0),
        hold.why.as_str()
    );
    if !rows.is_empty() {
        let mut table = Table::new();
        table.load_style(presets::UTF8_HORIZONTAL_ONLY);
        table.set_header(["tenant", "send", "number", "class", "calls known", "accepted"]);
        for (tenant, held) in &rows {
            table.add_row([
                tenant.to_string(),
                held.id.to_string(),
                held.number.to_string(),
                held.class.as_str().to_owned(),
                held.attempts.to_string(),
                at(held.created_at.0),
            ]);
        }
        anstream::println!("{table}");
    }
    Ok(ExitCode::SUCCESS)
}

pub async fn matched(path: &Path) -> anyhow::Result<ExitCode> {
    let beside = Beside::open(path).await?;
    for tenant in &beside.config.tenants {
        let matching = Matching {
            tenant: TenantId::new(&tenant.id),
            store: beside.store.clone(),
            ambient: beside.ambient.clone(),
            client: beside.client(tenant).await?,
            nudges: Nudges::default(),
        };
        let matched = matching.turn().await?.map_err(|fault| anyhow!("{}: {fault}", tenant.id))?;
        anstream::println!(
            "{}: {} were sent, {} wait for a person's word",
            tenant.id,
            matched.sent,
            matched.left
        );
    }
    let held = beside.store.hold().await?.is_some();
    anstream::println!("{}", if held { "sends are held" } else { "sends go out" });
    beside.store.close().await;
    Ok(ExitCode::SUCCESS)
}

/// None named: all of them.
pub async fn release(
    path: &Path,
    sends: &[String],
    drop: bool,
    tenant: Option<&str>,
) -> anyhow::Result<ExitCode> {
    let beside = Beside::open(path).await?;
    let tenant = TenantId::new(&beside.tenant(tenant)?.id);
    let holds = Holds { store: beside.store.clone(), ambient: beside.ambient.clone() };
    let word = if drop { Word::Drop } else { Word::Send };
    let mut decided = 0;
    if sends.is_empty() {
        decided = holds.decide(&tenant, None, word, "command line").await?;
    }
    for send in sends {
        let id = OutboxId::parse(send)
            .with_context(|| format!("{send}: out_ and 32 hex digits, as `status` shows it"))?;
        if holds.decide(&tenant, Some(id), word, "command line").await? == 0 {
            bail!("{send}: no such send of {tenant} is held");
        }
        decided += 1;
    }
    let held = beside.store.hold().await?.is_some();
    let word = if drop { "dropped" } else { "back in the queue" };
    let state = if held { "sends are held still" } else { "sends go out" };
    anstream::println!("{decided} {word}; {state}");
    beside.store.close().await;
    Ok(ExitCode::SUCCESS)
}
