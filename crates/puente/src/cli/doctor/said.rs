//! What a check says: a verdict, what was found, and the cure.

use model::Fault;
use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Ok,
    /// Not looked at: something before it failed.
    Skip,
    /// Works today; will not for long, or not for all.
    Warn,
    Fail,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Said {
    pub verdict: Verdict,
    pub found: String,
    /// A screen or a command; empty when all is well.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cure: String,
}

/// A line of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub check: &'static str,
    /// Which number, app, tenant or side.
    pub subject: String,
    #[serde(flatten)]
    pub said: Said,
}

/// A warning is no failure.
pub fn failed(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.said.verdict == Verdict::Fail)
}

impl Said {
    pub fn ok(found: impl Into<String>) -> Self {
        Self { verdict: Verdict::Ok, found: found.into(), cure: String::new() }
    }

    pub fn skip(found: impl Into<String>) -> Self {
        Self { verdict: Verdict::Skip, found: found.into(), cure: String::new() }
    }

    pub fn warn(found: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { verdict: Verdict::Warn, found: found.into(), cure: cure.into() }
    }

    pub fn fail(found: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { verdict: Verdict::Fail, found: found.into(), cure: cure.into() }
    }

    /// A remote's refusal, with the cure that its code has.
    pub fn of(fault: &Fault) -> Self {
        Self::fail(told(fault), fault.cure.clone())
    }

    /// `found` when nothing is to be remarked, else the remarks as one line.
    pub fn sum(found: impl Into<String>, remarks: Vec<Self>) -> Self {
        let Some(verdict) = remarks.iter().map(|said| said.verdict).max() else {
            return Self::ok(found);
        };
        let mut cures: Vec<_> =
            remarks.iter().map(|said| said.cure.clone()).filter(|cure| !cure.is_empty()).collect();
        cures.dedup();
        let found: Vec<_> = remarks.into_iter().map(|said| said.found).collect();
        Self { verdict, found: found.join("; "), cure: cures.join("; ") }
    }
}

/// A fault without its cure: `wa.190: ...`.
pub fn told(fault: &Fault) -> String {
    format!("{}: {}", fault.code, fault.detail)
}
