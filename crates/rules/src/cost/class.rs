//! Which categories of message Meta charges, and since when.

use model::{Month, UnixMs};

/// One category of `pricing.category`, in one spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Class {
    pub category: &'static str,
    /// From this month on a delivered message is charged; `None`: never.
    pub charged_from: Option<Month>,
    /// The same of a message inside the customer service window.
    pub inside_from: Option<Month>,
    pub about: &'static str,
}

const PER_MESSAGE: Month = Month((2025 - 1970) * 12 + 6);
const AI: Month = Month((2026 - 1970) * 12 + 1);
const SERVICE: Month = Month((2026 - 1970) * 12 + 9);

const fn always(category: &'static str, about: &'static str) -> Class {
    let from = Some(PER_MESSAGE);
    Class { category, charged_from: from, inside_from: from, about }
}

/// Per delivered message since 2025-07-01, and since 2026-10-01 for service
/// messages and for utility templates inside the window too; what follows a
/// click on an ad within 72 hours stays free whatever its category. From Meta's
/// "Pricing on the WhatsApp Business Platform", its rate cards of October 2026
/// and its "AI providers" terms. Each status says for its own message whether it
/// is charged (`pricing.type`): that is what is counted, and this table only
/// foretells it.
pub const CLASSES: &[Class] = &[
    Class {
        category: "service",
        charged_from: Some(SERVICE),
        inside_from: Some(SERVICE),
        about: "anything that is no template: what agents write, and automatic replies",
    },
    Class {
        category: "utility",
        charged_from: Some(PER_MESSAGE),
        inside_from: Some(SERVICE),
        about: "templates about something the customer asked for or bought",
    },
    always("authentication", "one-time codes"),
    always("authentication_international", "one-time codes into some other countries"),
    always("marketing", "templates that offer something"),
    always("marketing_lite", "the same through the Marketing Messages API"),
    Class {
        category: "referral_conversion",
        charged_from: None,
        inside_from: None,
        about: "what follows a click on an ad or a page's button, for 72 hours",
    },
    Class {
        category: "general_purpose_ai",
        charged_from: Some(AI),
        inside_from: Some(AI),
        about: "replies of general-purpose assistants, where Meta must admit them",
    },
];

/// `None`: Meta named a category that this version does not know.
pub fn class(category: &str) -> Option<&'static Class> {
    CLASSES.iter().find(|class| class.category == category)
}

impl Class {
    /// Whether a message that is delivered at this time will be charged.
    pub fn is_charged(&self, at: UnixMs, inside_window: bool) -> bool {
        let from = if inside_window { self.inside_from } else { self.charged_from };
        from.is_some_and(|from| at >= from.start())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_charged_when() {
        let day =
            |text: &str, day: i64| Month::parse(text).unwrap().start().plus((day - 1) * 86_400_000);
        let (september, october) = (day("2026-09", 30), day("2026-10", 1));
        for (category, at, inside, want) in [
            ("service", september, true, false),
            ("service", october.plus(-1), true, false),
            ("service", october, true, true),
            ("utility", september, true, false),
            ("utility", september, false, true),
            ("utility", october, true, true),
            ("marketing", september, true, true),
            ("authentication", september, false, true),
            ("referral_conversion", october, true, false),
            ("general_purpose_ai", day("2026-01", 31), true, false),
            ("general_purpose_ai", day("2026-02", 1), true, true),
            ("marketing", day("2025-06", 30), false, false),
        ] {
            let class = class(category).unwrap();
            assert_eq!(class.is_charged(at, inside), want, "{category} {at:?} {inside}");
        }
        assert_eq!(class("carrier_pigeon"), None);
    }
}
