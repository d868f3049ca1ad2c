//! Goals, and what was measured.

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub what: String,
    /// Empty for what is told and not judged.
    pub goal: String,
    pub measured: String,
    pub reached: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Report {
    pub lines: Vec<Line>,
}

impl Report {
    pub fn goal(&mut self, what: &str, goal: &str, measured: impl ToString, reached: bool) {
        let (what, goal) = (what.to_owned(), goal.to_owned());
        self.lines.push(Line { what, goal, measured: measured.to_string(), reached });
    }

    pub fn told(&mut self, what: &str, measured: impl ToString) {
        self.goal(what, "", measured, true);
    }

    pub fn reached(&self) -> bool {
        self.lines.iter().all(|line| line.reached)
    }
}

/// The value below which `share` of them lie; 0 of none.
pub fn percentile(values: &mut [i64], share: f64) -> i64 {
    values.sort_unstable();
    let at = (values.len() as f64 * share).ceil() as usize;
    values.get(at.max(1) - 1).copied().unwrap_or(0)
}

/// `1 h 02 min`, `11 min 40 s`, `3.2 s`
pub fn time(ms: i64) -> String {
    let s = ms / 1_000;
    match s {
        0..120 => format!("{}.{} s", s, ms % 1_000 / 100),
        120..7_200 => format!("{} min {:02} s", s / 60, s % 60),
        _ => format!("{} h {:02} min", s / 3_600, s % 3_600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_times() {
        assert_eq!(percentile(&mut [], 0.99), 0);
        assert_eq!(percentile(&mut [7], 0.99), 7);
        let mut hundred: Vec<i64> = (1..=100).rev().collect();
        assert_eq!((percentile(&mut hundred, 0.5), percentile(&mut hundred, 0.99)), (50, 99));
        assert_eq!(time(3_210), "3.2 s");
        assert_eq!(time(700_000), "11 min 40 s");
        assert_eq!(time(28_800_000), "8 h 00 min");
    }

    #[test]
    fn one_missed_goal_fails() {
        let mut report = Report::default();
        report.goal("a", "1", 1, true);
        report.told("b", 2);
        assert!(report.reached());
        report.goal("c", "0", 3, false);
        assert!(!report.reached());
    }
}
