//! Who gets nothing of a campaign, and why: said before it starts, and looked at
//! again when a member becomes a row of the outbox.

use std::collections::BTreeMap;

use model::UnixMs;

use super::{Cap, Category};

/// The order is that in which reasons are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    NoAddress,
    /// Erased on request, or blocked by the tenant.
    Blocked,
    OptedOut,
    NoConsent,
    UnitedStates,
    NeedsNumber,
    Variable,
    /// The campaign ended before their turn.
    Ended,
    Cap,
}

/// What is known of a member when it is asked.
#[derive(Clone, Copy, Debug)]
pub struct Person<'a> {
    pub has_number: bool,
    pub bsuid: Option<&'a str>,
    /// Of the number, by its plan: two letters.
    pub country: Option<&'a str>,
    pub blocked: bool,
    /// What the consent ledger says of the template's category.
    pub opted_out: bool,
    pub consents: bool,
    /// Each variable of the template has a value or a fallback.
    pub variables_filled: bool,
    /// When marketing was sent to the person.
    pub marketing: &'a [UnixMs],
}

/// `ends_at`: nothing is sent after it; who would be within the cap before then
/// waits and is not left out.
pub fn left_out(
    person: &Person<'_>,
    category: Category,
    cap: Option<Cap>,
    now: UnixMs,
    ends_at: Option<UnixMs>,
) -> Option<Reason> {
    let marketing = category == Category::Marketing;
    let holds = |reason: &Reason| match reason {
        Reason::NoAddress => !person.has_number && person.bsuid.is_none(),
        Reason::Blocked => person.blocked,
        Reason::OptedOut => person.opted_out,
        Reason::NoConsent => !person.consents,
        Reason::UnitedStates => marketing && lives_in_united_states(person),
        Reason::NeedsNumber => category == Category::Authentication && !person.has_number,
        Reason::Variable => !person.variables_filled,
        Reason::Ended => ends_at.is_some_and(|end| now >= end),
        Reason::Cap => cap.filter(|_| marketing).is_some_and(|cap| {
            let free = cap.free_at(person.marketing, now);
            free > now && ends_at.is_some_and(|end| free >= end)
        }),
    };
    Reason::ALL.into_iter().find(holds)
}

/// A number's plan tells; without a number, the user id does.
fn lives_in_united_states(person: &Person<'_>) -> bool {
    match person.has_number {
        true => person.country == Some("US"),
        false => person.bsuid.is_some_and(|bsuid| bsuid.starts_with("US.")),
    }
}

impl Reason {
    pub const ALL: [Self; 9] = [
        Self::NoAddress,
        Self::Blocked,
        Self::OptedOut,
        Self::NoConsent,
        Self::UnitedStates,
        Self::NeedsNumber,
        Self::Variable,
        Self::Ended,
        Self::Cap,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoAddress => "no_address",
            Self::Blocked => "blocked",
            Self::OptedOut => "opted_out",
            Self::NoConsent => "no_consent",
            Self::UnitedStates => "united_states",
            Self::NeedsNumber => "needs_number",
            Self::Variable => "variable",
            Self::Ended => "ended",
            Self::Cap => "cap",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }

    /// Cause and cure.
    pub const fn explain(self) -> (&'static str, &'static str) {
        match self {
            Self::NoAddress => (
                "There is neither a number nor a user id.",
                "Give the record a phone with its country code.",
            ),
            Self::Blocked => ("The person is blocked or erased.", "Write to them another way."),
            Self::OptedOut => (
                "The person stopped messages of this category.",
                "Nothing: they get some again when they ask for it.",
            ),
            Self::NoConsent => (
                "No consent to messages of this category is recorded.",
                "Record when and how they agreed, for instance by an import, then check again.",
            ),
            Self::UnitedStates => (
                "Meta delivers no marketing to numbers of the United States.",
                "Use a utility template if it is no marketing, or another channel.",
            ),
            Self::NeedsNumber => (
                "Authentication templates go only to a number, and there is none.",
                "Ask the person for their number.",
            ),
            Self::Variable => (
                "A variable of the template has no value for this person.",
                "Fill the field of the record, or give the variable a fallback.",
            ),
            Self::Ended => (
                "The campaign ended before it was this person's turn.",
                "Let it end later: the forecast of a check says when it would.",
            ),
            Self::Cap => (
                "The person gets as much marketing as the cap allows until the campaign ends.",
                "Let the campaign end later, or raise the cap.",
            ),
        }
    }
}

/// How many are left out, by reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub taken: u64,
    pub left_out: BTreeMap<Reason, u64>,
}

impl Tally {
    pub fn add(&mut self, reason: Option<Reason>) {
        match reason {
            Some(reason) => *self.left_out.entry(reason).or_default() += 1,
            None => self.taken += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Category::{Authentication, Marketing, Utility};

    const ANA: Person<'_> = Person {
        has_number: true,
        bsuid: None,
        country: Some("MX"),
        blocked: false,
        opted_out: false,
        consents: true,
        variables_filled: true,
        marketing: &[],
    };
    const ONLY_ID: Person<'_> =
        Person { has_number: false, country: None, bsuid: Some("MX.1"), ..ANA };

    #[test]
    fn the_first_reason_is_said() {
        let now = UnixMs(0);
        let us = Person { country: Some("US"), ..ANA };
        for (person, category, reason) in [
            (ANA, Marketing, None),
            (ONLY_ID, Marketing, None),
            (Person { bsuid: None, ..ONLY_ID }, Utility, Some(Reason::NoAddress)),
            (Person { blocked: true, opted_out: true, ..ANA }, Utility, Some(Reason::Blocked)),
            (Person { opted_out: true, consents: false, ..us }, Marketing, Some(Reason::OptedOut)),
            (Person { consents: false, ..us }, Marketing, Some(Reason::NoConsent)),
            (us, Marketing, Some(Reason::UnitedStates)),
            (us, Utility, None),
            (Person { country: Some("CA"), ..ANA }, Marketing, None),
            (Person { bsuid: Some("US.1"), ..ONLY_ID }, Marketing, Some(Reason::UnitedStates)),
            (Person { bsuid: Some("US.1"), ..ANA }, Marketing, None),
            (ONLY_ID, Authentication, Some(Reason::NeedsNumber)),
            (ANA, Authentication, None),
            (Person { variables_filled: false, ..ANA }, Utility, Some(Reason::Variable)),
        ] {
            assert_eq!(left_out(&person, category, None, now, None), reason, "{person:?}");
        }
    }

    #[test]
    fn the_cap_leaves_out_only_who_is_not_free_before_the_end() {
        let day = |n: i64| UnixMs(n * 86_400_000);
        let cap = Cap::new(1, 7).ok();
        let ana = Person { marketing: &[UnixMs(0)], ..ANA };
        for (category, now, end, reason) in [
            (Marketing, 1, Some(7), Some(Reason::Cap)),
            (Marketing, 1, Some(8), None),
            (Marketing, 1, None, None),
            (Marketing, 7, Some(7), Some(Reason::Ended)),
            (Marketing, 8, None, None),
            (Utility, 1, Some(7), None),
        ] {
            let end = end.map(day);
            assert_eq!(left_out(&ana, category, cap, day(now), end), reason, "{now} {end:?}");
        }
    }

    #[test]
    fn words_come_back_and_everybody_is_counted() {
        let mut tally = Tally::default();
        for reason in Reason::ALL {
            assert_eq!(Reason::parse(reason.as_str()), Some(reason));
            tally.add(Some(reason));
            tally.add(None);
        }
        assert_eq!((tally.taken, tally.left_out.values().sum::<u64>()), (9, 9));
    }
}
