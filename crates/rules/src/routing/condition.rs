//! When a rule is for a message: everything that it names must hold.

use super::facts::{Facts, Known, ReferralKind};
use crate::fold::fold;

/// `None` holds always; of a list, one must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    pub person: Option<Vec<Known>>,
    pub number: Option<Vec<String>>,
    pub button: Option<Vec<String>>,
    /// Folded, each of one or more whole words.
    pub keyword: Option<Vec<String>>,
    pub campaign: Option<Vec<String>>,
    pub referral: Option<Vec<ReferralKind>>,
    /// Of the ad or post.
    pub source: Option<Vec<String>>,
    pub in_hours: Option<bool>,
    pub case: Option<Vec<CaseState>>,
}

/// Of the person's cases together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseState {
    /// One at least is open.
    Open,
    /// There are some, all closed.
    Closed,
    None,
}

impl Condition {
    /// `Err`: the first key that does not hold.
    pub fn holds(&self, facts: &Facts<'_>) -> Result<(), &'static str> {
        let among = |list: &Option<Vec<String>>, value: Option<&str>| {
            list.as_ref().is_none_or(|list| list.iter().any(|one| Some(one.as_str()) == value))
        };
        let text = format!(" {} ", fold(facts.text));
        let said = |word: &String| text.contains(&format!(" {word} "));
        let referral = facts.referral.as_ref();
        let state = CaseState::of(facts);
        let checks = [
            ("person", self.person.as_ref().is_none_or(|list| list.contains(&facts.person))),
            ("number", among(&self.number, Some(facts.number))),
            ("button", among(&self.button, facts.button)),
            ("keyword", self.keyword.as_ref().is_none_or(|words| words.iter().any(said))),
            ("campaign", among(&self.campaign, facts.campaign)),
            (
                "referral",
                self.referral
                    .as_ref()
                    .is_none_or(|list| referral.is_some_and(|r| list.contains(&r.kind))),
            ),
            ("source", among(&self.source, referral.and_then(|r| r.source_id))),
            ("hours", self.in_hours.is_none_or(|wanted| wanted == facts.in_hours)),
            ("case", self.case.as_ref().is_none_or(|list| list.contains(&state))),
        ];
        checks.into_iter().find(|(_, holds)| !holds).map_or(Ok(()), |(key, _)| Err(key))
    }
}

impl CaseState {
    fn of(facts: &Facts<'_>) -> Self {
        match facts.cases {
            [] => Self::None,
            cases if cases.iter().any(|case| case.closed_at.is_none()) => Self::Open,
            _ => Self::Closed,
        }
    }
}
