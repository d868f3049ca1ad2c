//! Sums of a day, under each of the things they are asked by.

use std::collections::BTreeMap;

use super::hit::Hit;
use super::metric::Metric;

/// By what a figure is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum By {
    /// The whole of the tenant.
    All,
    Number,
    /// The Salesforce user for whom a message was sent.
    Agent,
    Template,
    /// Why a message failed.
    Code,
    /// To what a sale is owed.
    Source,
}

impl By {
    pub const ALL: [Self; 6] =
        [Self::All, Self::Number, Self::Agent, Self::Template, Self::Code, Self::Source];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Number => "number",
            Self::Agent => "agent",
            Self::Template => "template",
            Self::Code => "code",
            Self::Source => "source",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.as_str() == text)
    }
}

/// What a hit belongs to. What is not known is left out of that figure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Key {
    pub number: Option<String>,
    pub agent: Option<String>,
    pub template: Option<String>,
    /// Of a failure alone.
    pub code: Option<String>,
    /// Of a sale: `ad:ID`, `post:ID`, `campaign:ID`, `button:ID`.
    pub source: Option<String>,
}

impl Key {
    fn of(&self, by: By, metric: Metric) -> Option<&str> {
        match by {
            By::All => Some(""),
            By::Number => self.number.as_deref(),
            By::Agent => self.agent.as_deref(),
            By::Template => self.template.as_deref(),
            By::Source => self.source.as_deref(),
            By::Code => self.code.as_deref().filter(|_| metric == Metric::Failed),
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// How many records.
    pub count: i64,
    /// Of their values: the count again, or milliseconds.
    pub sum: i64,
}

pub type Cells = BTreeMap<(Metric, By, String), Cell>;

#[derive(Clone, Debug, Default)]
pub struct Tally(Cells);

impl Tally {
    pub fn add(&mut self, hits: &[Hit], key: &Key) {
        for hit in hits {
            for by in By::ALL {
                let Some(key) = key.of(by, hit.metric) else { continue };
                let cell = self.0.entry((hit.metric, by, key.to_owned())).or_default();
                cell.count += 1;
                cell.sum += hit.value;
            }
        }
    }

    pub fn cells(self) -> Cells {
        self.0
    }
}

/// Where two tellings of one day differ: once for each metric, at its first
/// place, with both.
pub fn differing(kept: &Cells, anew: &Cells) -> Vec<(Metric, By, String, Cell, Cell)> {
    let mut out: Vec<(Metric, By, String, Cell, Cell)> = Vec::new();
    let places: std::collections::BTreeSet<_> = kept.keys().chain(anew.keys()).collect();
    for place in places {
        let at = |cells: &Cells| cells.get(place).copied().unwrap_or_default();
        let (metric, by, key) = place;
        let known = out.last().is_some_and(|(told, ..)| told == metric);
        if at(kept) != at(anew) && !known {
            out.push((*metric, *by, key.clone(), at(kept), at(anew)));
        }
    }
    out
}
