//! The report for people and for programs.

use comfy_table::{Cell, Color, ContentArrangement, Table, presets};
use serde_json::json;

use super::said::{Finding, Verdict, failed};

const WIDTH: u16 = 120;

/// Colours only where the output is a terminal and `NO_COLOR` is not set.
pub fn table(findings: &[Finding]) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(["", "check", "of", "found"]);
    if table.width().is_none() {
        // no terminal: a log or a file
        table.set_width(WIDTH);
    }
    for finding in findings {
        let said = &finding.said;
        let (word, color) = match said.verdict {
            Verdict::Ok => ("ok", Color::Green),
            Verdict::Skip => ("skip", Color::DarkGrey),
            Verdict::Warn => ("warn", Color::Yellow),
            Verdict::Fail => ("FAIL", Color::Red),
        };
        let found = match said.cure.as_str() {
            "" => said.found.clone(),
            cure => format!("{}\n-> {cure}", said.found),
        };
        table.add_row([
            Cell::new(word).fg(color),
            Cell::new(finding.check),
            Cell::new(&finding.subject),
            Cell::new(found),
        ]);
    }
    format!("{table}\n{}", summary(findings))
}

fn summary(findings: &[Finding]) -> String {
    let count = |verdict| findings.iter().filter(|f| f.said.verdict == verdict).count();
    format!(
        "{} ok, {} to watch, {} failed, {} not looked at",
        count(Verdict::Ok),
        count(Verdict::Warn),
        count(Verdict::Fail),
        count(Verdict::Skip)
    )
}

/// `{"ok": bool, "checks": [{check, subject, verdict, found, cure?}]}`
pub fn json(findings: &[Finding]) -> String {
    let ok = !failed(findings);
    format!("{:#}", json!({ "ok": ok, "checks": findings }))
}

#[cfg(test)]
mod tests {
    use super::super::said::Said;
    use super::*;

    #[test]
    fn a_report_names_check_finding_and_cure() {
        let of = |check, said| Finding { check, subject: "acme".into(), said };
        let findings = [
            of("clock", Said::ok("1 s apart")),
            of("package", Said::fail("Lead is hidden", "assign Puente Integration")),
        ];
        let text = table(&findings);
        for part in
            ["1 s apart", "FAIL", "-> assign Puente Integration", "1 ok, 0 to watch, 1 failed"]
        {
            assert!(text.contains(part), "{part} in\n{text}");
        }
        let report: serde_json::Value = serde_json::from_str(&json(&findings)).unwrap();
        assert_eq!(report["ok"], false);
        assert_eq!(report["checks"][1]["verdict"], "fail");
        assert!(report["checks"][0].get("cure").is_none());
        assert!(json(&findings[..1]).contains("\"ok\": true"));
    }
}
