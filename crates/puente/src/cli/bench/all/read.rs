//! What a row's command tells as JSON, as lines of one table.

use anyhow::Context;
use serde_json::Value;

use crate::cli::bench::line::{Line, Outcome};

/// Of a command that tells lines.
pub fn lines(told: &Value) -> anyhow::Result<Vec<Line>> {
    let outcome: Outcome = serde_json::from_value(told.clone()).context("its answer")?;
    Ok(outcome.lines)
}

/// Of `bench intake`: the ratio at full load, and the latency at the rate.
pub fn intake(told: &Value) -> anyhow::Result<Vec<Line>> {
    let ratio = told["ratio"].as_f64().context("its answer has no ratio")?;
    let row = |server: &str, load: &str| {
        let rows = told["rows"].as_array()?;
        rows.iter().find(|row| row["server"] == server && row["load"] == load)
    };
    let figure = |server, load, name: &str| {
        let figure = row(server, load).and_then(|row| row[name].as_f64());
        figure.with_context(|| format!("its answer has no {name} of `{server}` at `{load}`"))
    };
    let per_second = |server| figure(server, "full", "per_second");
    let cpu = |server| figure(server, "full", "cpu_us_each");
    let mut lines = vec![
        Line::new(
            "webhooks stored at full load, of those answered without storing",
            format!("{:.0} % ({:.0}/s)", ratio * 100.0, per_second("storing")?),
        )
        .aim(">= 50 %", ratio >= 0.5)
        .beside(format!("not storing: {:.0}/s", per_second("not storing")?)),
        Line::new("processor time a webhook", format!("{:.0} us", cpu("storing")?))
            .beside(format!("not storing: {:.0} us", cpu("not storing")?)),
    ];
    for (name, percent, most) in [("p99", "p99", 50.0), ("p999", "p99.9", 250.0)] {
        let ms = |server| figure(server, "rate", name).map(|us| us / 1_000.0);
        let stored = ms("storing")?;
        let line = Line::new(format!("webhook at the rate, {percent}"), format!("{stored:.1} ms"))
            .aim(format!("<= {most} ms"), stored <= most)
            .beside(format!("not storing: {:.1} ms", ms("not storing")?));
        lines.push(line);
    }
    if let Some(age) = row("storing", "rate").and_then(|row| row["backlog"][1].as_f64()) {
        let line = Line::new("age of the oldest unread webhook after the rate", format!("{age} s"));
        lines.push(line.aim("<= 5 s", age <= 5.0));
    }
    Ok(lines)
}

/// Of a drill, whose word for an aim is goal.
#[cfg(feature = "sandbox")]
pub fn drill(told: &Value) -> anyhow::Result<Vec<Line>> {
    let lines = told["lines"].as_array().context("its answer has no lines")?;
    let text = |line: &Value, name: &str| line[name].as_str().unwrap_or_default().to_owned();
    let read = lines.iter().map(|told| {
        let goal = text(told, "goal");
        let line = Line::new(format!("outage: {}", text(told, "what")), text(told, "measured"));
        match goal.as_str() {
            "" => line,
            _ => line.aim(goal, told["reached"] == true),
        }
    });
    Ok(read.collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn intake_is_held_against_its_aims() {
        let row = |server: &str, load: &str, p99: u64| {
            json!({ "server": server, "load": load, "per_second": 100.0, "cpu_us_each": 70.0,
                    "p99": p99, "p999": 251_000, "backlog": [27, 0] })
        };
        let rows = [
            row("not storing", "full", 900),
            row("storing", "full", 9_000),
            row("not storing", "rate", 2_000),
            row("storing", "rate", 50_000),
        ];
        let lines = intake(&json!({ "ratio": 0.15, "rows": rows })).unwrap();
        let told: Vec<_> = lines.iter().map(|line| line.reached).collect();
        assert_eq!(told, [Some(false), None, Some(true), Some(false), Some(true)]);
        assert_eq!(lines[2].measured, "50.0 ms");
        assert_eq!(lines[2].beside, "not storing: 2.0 ms");
        assert!(intake(&json!({ "rows": rows })).is_err());
    }

    #[cfg(feature = "sandbox")]
    #[test]
    fn a_drill_without_a_goal_has_no_verdict() {
        let told = json!({ "lines": [
            { "what": "taken", "goal": "", "measured": "600", "reached": true },
            { "what": "drained", "goal": "<= 15 min", "measured": "20 min", "reached": false },
        ] });
        let reached: Vec<_> = drill(&told).unwrap().iter().map(|line| line.reached).collect();
        assert_eq!(reached, [None, Some(false)]);
    }
}
