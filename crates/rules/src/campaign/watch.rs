//! When a campaign pauses by itself. It is a pause, so that nothing is lost:
//! a person sees why, and resumes or stops it.

/// Of a number or a template, as Meta rates it. The order is from good to bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    Green,
    Yellow,
    Red,
}

impl Grade {
    /// `None` for `UNKNOWN`, `NA` and words of later.
    pub fn from_wire(word: &str) -> Option<Self> {
        Some(match word {
            "GREEN" => Self::Green,
            "YELLOW" => Self::Yellow,
            "RED" => Self::Red,
            _ => return None,
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Halt {
    /// Too many of those written to failed.
    Failures,
    /// Too many of those written to stopped marketing.
    OptOuts,
    NumberQuality,
    TemplateQuality,
    /// Paused, disabled, rejected or gone.
    Template,
    /// 131048
    Spam,
    /// 131064
    Classified,
    /// 131063
    MarketingElsewhere,
    /// 131042
    Payment,
    /// The account or number may not send.
    Restricted,
}

/// Shares in percent; asked once so many members are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub failed: u64,
    pub opted_out: u64,
    pub after: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { failed: 10, opted_out: 3, after: 50 }
    }
}

/// Members since the campaign was started or resumed, by what is known of them.
/// Whom Meta held back is in none: that says nothing about the audience.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub delivered: u64,
    pub failed: u64,
    /// Among those delivered or failed.
    pub opted_out: u64,
}

/// What Meta says now, and what it said when somebody started or resumed the
/// campaign: what they saw does not pause it again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub number: (Option<Grade>, Option<Grade>),
    pub template: (Option<Grade>, Option<Grade>),
    pub template_usable: bool,
}

pub fn watch(limits: &Limits, counts: &Counts, seen: &Seen) -> Option<Halt> {
    if !seen.template_usable {
        return Some(Halt::Template);
    }
    if has_dropped(seen.number) {
        return Some(Halt::NumberQuality);
    }
    if has_dropped(seen.template) {
        return Some(Halt::TemplateQuality);
    }
    let known = counts.delivered.saturating_add(counts.failed);
    if known < limits.after.max(1) {
        return None;
    }
    let over =
        |part: u64, percent: u64| u128::from(part) * 100 > u128::from(known) * u128::from(percent);
    if over(counts.failed, limits.failed) {
        return Some(Halt::Failures);
    }
    over(counts.opted_out, limits.opted_out).then_some(Halt::OptOuts)
}

/// What was not rated before and is not green now has dropped, too.
fn has_dropped((then, now): (Option<Grade>, Option<Grade>)) -> bool {
    now.is_some_and(|now| now > then.unwrap_or(Grade::Green))
}

impl Halt {
    pub const ALL: [Self; 10] = [
        Self::Failures,
        Self::OptOuts,
        Self::NumberQuality,
        Self::TemplateQuality,
        Self::Template,
        Self::Spam,
        Self::Classified,
        Self::MarketingElsewhere,
        Self::Payment,
        Self::Restricted,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Failures => "failures",
            Self::OptOuts => "opt_outs",
            Self::NumberQuality => "number_quality",
            Self::TemplateQuality => "template_quality",
            Self::Template => "template",
            Self::Spam => "spam",
            Self::Classified => "classified",
            Self::MarketingElsewhere => "marketing_elsewhere",
            Self::Payment => "payment",
            Self::Restricted => "restricted",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|halt| halt.as_str() == word)
    }

    /// Cause and cure, for the person who finds it paused.
    pub const fn explain(self) -> (&'static str, &'static str) {
        match self {
            Self::Failures => (
                "More messages failed than the campaign allows.",
                "Look at the failed members and their codes, correct the audience, then resume.",
            ),
            Self::OptOuts => (
                "More people stopped marketing than the campaign allows.",
                "Ask whether this audience wants this message before you resume.",
            ),
            Self::NumberQuality => (
                "Meta rates the number lower than when the campaign was started.",
                "Wait until it has recovered in WhatsApp Manager, or resume and risk the limit.",
            ),
            Self::TemplateQuality => (
                "Meta rates the template lower than when the campaign was started.",
                "Improve the template: at RED Meta pauses it, and the third time disables it.",
            ),
            Self::Template => (
                "The template cannot be used now: it is paused, disabled or gone.",
                "See its state with the templates; resume when it is approved again.",
            ),
            Self::Spam => (
                "People blocked or reported messages of this number, so Meta limits it (131048).",
                "Wait until the number's quality is restored, and write to fewer people.",
            ),
            Self::Classified => (
                "Meta lowered the messaging limit: templates were in the wrong category (131064).",
                "Correct the category of the templates, and resume when the limit is restored.",
            ),
            Self::MarketingElsewhere => (
                "The account sends marketing templates only by Meta's marketing API (131063).",
                "Allow marketing on the Cloud API in WhatsApp Manager, then resume.",
            ),
            Self::Payment => (
                "Meta wants the account's payment settled (131042).",
                "Correct the payment method in WhatsApp Manager, then resume.",
            ),
            Self::Restricted => (
                "Meta restricted the account or the number.",
                "See the account's state in WhatsApp Manager; resume when it is lifted.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Grade::{Green, Red, Yellow};
    use proptest::prelude::*;

    const WELL: Seen = Seen { number: (None, None), template: (None, None), template_usable: true };

    #[test]
    fn it_pauses_beyond_a_share_and_not_before_enough_is_known() {
        for (delivered, failed, opted_out, halt) in [
            (0, 0, 0, None),
            (0, 49, 49, None),
            (45, 5, 0, None),
            (44, 6, 0, Some(Halt::Failures)),
            (97, 3, 3, None),
            (97, 3, 4, Some(Halt::OptOuts)),
            (0, 100, 100, Some(Halt::Failures)),
            (u64::MAX, u64::MAX, 0, Some(Halt::Failures)),
        ] {
            let counts = Counts { delivered, failed, opted_out };
            assert_eq!(watch(&Limits::default(), &counts, &WELL), halt, "{counts:?}");
        }
        let never = Limits { failed: 100, opted_out: 100, after: 0 };
        assert_eq!(watch(&never, &Counts { failed: 9, ..Counts::default() }, &WELL), None);
        assert_eq!(watch(&never, &Counts::default(), &WELL), None);
    }

    #[test]
    fn it_pauses_at_a_drop_and_not_at_what_was_seen_before() {
        for (then, now, drops) in [
            (Some(Green), Some(Yellow), true),
            (Some(Yellow), Some(Yellow), false),
            (Some(Yellow), Some(Red), true),
            (Some(Red), Some(Yellow), false),
            (None, Some(Green), false),
            (None, Some(Yellow), true),
            (Some(Green), None, false),
        ] {
            let counts = Counts::default();
            let number = Seen { number: (then, now), ..WELL };
            let template = Seen { template: (then, now), ..WELL };
            let limits = Limits::default();
            assert_eq!(watch(&limits, &counts, &number), drops.then_some(Halt::NumberQuality));
            assert_eq!(watch(&limits, &counts, &template), drops.then_some(Halt::TemplateQuality));
        }
        let gone = Seen { template_usable: false, ..WELL };
        assert_eq!(watch(&Limits::default(), &Counts::default(), &gone), Some(Halt::Template));
    }

    #[test]
    fn words_come_back_and_codes_are_explained() {
        for halt in Halt::ALL {
            assert_eq!(Halt::parse(halt.as_str()), Some(halt));
        }
        for (halt, code) in [
            (Halt::Spam, "131048"),
            (Halt::Classified, "131064"),
            (Halt::MarketingElsewhere, "131063"),
            (Halt::Payment, "131042"),
        ] {
            assert!(halt.explain().0.contains(code));
        }
        assert_eq!(Grade::from_wire("YELLOW"), Some(Yellow));
        assert_eq!(Grade::from_wire("UNKNOWN"), None);
    }

    proptest! {
        /// More failures never make it go on.
        #[test]
        fn worse_never_looks_better(
            delivered in 0u64..500, failed in 0u64..500, more in 0u64..500, percent in 0u64..101,
        ) {
            let limits = Limits { failed: percent, opted_out: 100, after: 20 };
            let halted = |failed| {
                watch(&limits, &Counts { delivered, failed, opted_out: 0 }, &WELL).is_some()
            };
            prop_assert!(!halted(failed) || halted(failed + more));
        }
    }
}
