//! What every measurement comes to: an aim, what was measured, and what it is
//! to be seen beside, from the same run.

use std::process::ExitCode;

use comfy_table::{Table, presets};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    pub what: String,
    #[serde(default)]
    pub aim: String,
    pub measured: String,
    /// The same without what is measured: no store, no campaign, no backlog.
    #[serde(default)]
    pub beside: String,
    /// None where the line has no aim.
    pub reached: Option<bool>,
}

impl Line {
    pub fn new(what: impl Into<String>, measured: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            aim: String::new(),
            measured: measured.into(),
            beside: String::new(),
            reached: None,
        }
    }

    pub fn aim(mut self, aim: impl Into<String>, reached: bool) -> Self {
        self.aim = aim.into();
        self.reached = Some(reached);
        self
    }

    pub fn beside(mut self, beside: impl Into<String>) -> Self {
        self.beside = beside.into();
        self
    }

    fn verdict(&self) -> &'static str {
        match self.reached {
            None => "",
            Some(true) => "reached",
            Some(false) => "MISSED",
        }
    }
}

/// Lines, and what must be known to read them.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Outcome {
    pub lines: Vec<Line>,
    #[serde(default)]
    pub notes: Vec<String>,
}

impl Outcome {
    /// A missed aim is told and is no error: the measurement was made.
    pub fn print(&self, json: bool) -> anyhow::Result<ExitCode> {
        if json {
            println!("{}", serde_json::to_string_pretty(self)?);
        } else {
            anstream::println!("{}", self.table());
            for note in &self.notes {
                anstream::println!("{note}");
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    fn table(&self) -> Table {
        let mut table = Table::new();
        table.load_style(presets::UTF8_HORIZONTAL_ONLY).set_header([
            "what",
            "aim",
            "measured",
            "beside it",
            "",
        ]);
        for line in &self.lines {
            table.add_row([
                line.what.as_str(),
                line.aim.as_str(),
                line.measured.as_str(),
                line.beside.as_str(),
                line.verdict(),
            ]);
        }
        table
    }
}

/// Said where processes share cores.
pub fn unpinned() -> Option<String> {
    let pinned = super::child::can_pin();
    (!pinned).then(|| "not held on a core each: that needs two cores and `taskset`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_whether_its_aim_was_reached() {
        let lines = vec![
            Line::new("start", "0.4 s").aim("<= 1 s", true).beside("empty: 0.1 s"),
            Line::new("memory", "200 MB").aim("<= 150 MB", false),
            Line::new("prepared in", "9 s"),
        ];
        let text = Outcome { lines, notes: Vec::new() }.table().to_string();
        let rows: Vec<_> =
            text.lines().filter(|row| row.contains(" s") || row.contains("MB")).collect();
        assert!(rows[0].contains("empty: 0.1 s") && rows[0].contains("reached"), "{text}");
        assert!(rows[1].contains("MISSED"), "{text}");
        assert!(!rows[2].contains("reached") && !rows[2].contains("MISSED"), "{text}");
    }
}
