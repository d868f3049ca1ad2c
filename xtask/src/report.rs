//! What a run of steps came to: a line as each ends, a table at the end, and a
//! closing line that a machine can read.

use std::time::Duration;

use crate::steps::Kind;
use crate::stopwatch::words;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Passed,
    /// Could not run, and why, in a sentence for a person.
    Skipped(String),
    Failed(String),
}

pub struct Row {
    pub name: &'static str,
    pub kind: Kind,
    pub outcome: Outcome,
    pub took: Duration,
}

#[derive(Default)]
pub struct Report {
    rows: Vec<Row>,
}

impl Report {
    pub fn add(&mut self, row: Row) {
        let took = words(row.took);
        match &row.outcome {
            Outcome::Passed => println!("  passed in {took}\n"),
            Outcome::Skipped(why) => println!("  skipped: {why}\n"),
            Outcome::Failed(why) => println!("  FAILED in {took}: {why}\n"),
        }
        self.rows.push(row);
    }

    /// Time spent in checks proper: first-time builds and installs are apart.
    pub fn checking(&self) -> Duration {
        self.rows.iter().filter(|row| row.kind == Kind::Check).map(|row| row.took).sum()
    }

    pub fn failed(&self) -> usize {
        self.rows.iter().filter(|row| matches!(row.outcome, Outcome::Failed(_))).count()
    }

    /// The table, the reasons, the budget, and last `N passed, N failed`.
    pub fn closing(&self, budget: Duration) -> String {
        let width = self.rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
        let mut text = String::new();
        for row in &self.rows {
            let result = match row.outcome {
                Outcome::Passed => "passed",
                Outcome::Skipped(_) => "skipped",
                Outcome::Failed(_) => "FAILED",
            };
            let kind = row.kind.word();
            let took = words(row.took);
            text.push_str(&format!("  {:width$}  {kind:8} {result:8} {took:>12}\n", row.name));
        }
        for row in &self.rows {
            if let Outcome::Skipped(why) | Outcome::Failed(why) = &row.outcome {
                text.push_str(&format!("  {}: {why}\n", row.name));
            }
        }
        let checking = words(self.checking());
        text.push_str(&format!("  checks took {checking} of {} allowed\n", words(budget)));
        let passed = self.rows.iter().filter(|row| row.outcome == Outcome::Passed).count();
        text.push_str(&format!("{passed} passed, {} failed\n", self.failed()));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(kind: Kind, outcome: Outcome, seconds: u64) -> Row {
        Row { name: "a step", kind, outcome, took: Duration::from_secs(seconds) }
    }

    #[test]
    fn the_closing_line_stands_alone_and_counts() {
        let mut report = Report::default();
        report.add(row(Kind::Check, Outcome::Passed, 1));
        report.add(row(Kind::Check, Outcome::Skipped("no Node".into()), 0));
        report.add(row(Kind::Check, Outcome::Failed("it broke".into()), 2));
        let text = report.closing(Duration::from_secs(180));
        assert_eq!(text.lines().last(), Some("1 passed, 1 failed"));
        assert!(text.contains("no Node") && text.contains("it broke"), "{text}");
    }

    #[test]
    fn builds_and_installs_do_not_eat_the_budget() {
        let mut report = Report::default();
        report.add(row(Kind::Build, Outcome::Passed, 300));
        report.add(row(Kind::Install, Outcome::Passed, 60));
        report.add(row(Kind::Check, Outcome::Passed, 5));
        assert_eq!(report.checking(), Duration::from_secs(5));
    }
}
