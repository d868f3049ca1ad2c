//! What becomes of a send whose answer was lost and which no status settled in
//! its time. A person is asked, unless the tenant has said it otherwise for the
//! template.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    Ask,
    /// Once; if that answer is lost too, a person is asked.
    Resend,
    Drop,
}

/// One line of a tenant's rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// A template's name; with `*` at its end, all that begin so.
    pub template: String,
    pub then: Then,
}

impl Rule {
    fn fits(&self, template: &str) -> bool {
        match self.template.strip_suffix('*') {
            Some(begin) => template.starts_with(begin),
            None => self.template == template,
        }
    }
}

/// The first rule that fits decides; what is no template has none. `resent`:
/// a decision has sent it again before.
pub fn decide(rules: &[Rule], template: Option<&str>, resent: bool) -> Then {
    let rule = template.and_then(|name| rules.iter().find(|rule| rule.fits(name)));
    match rule.map_or(Then::Ask, |rule| rule.then) {
        Then::Resend if resent => Then::Ask,
        then => then,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rule(template: &str, then: Then) -> Rule {
        Rule { template: template.into(), then }
    }

    #[test]
    fn the_first_rule_that_fits_decides_and_nobody_is_the_default() {
        let rules = [
            rule("order_update", Then::Resend),
            rule("promo_summer", Then::Ask),
            rule("promo_*", Then::Drop),
        ];
        for (template, resent, then) in [
            (Some("order_update"), false, Then::Resend),
            (Some("order_update"), true, Then::Ask),
            (Some("order_update_2"), false, Then::Ask),
            (Some("promo_summer"), false, Then::Ask),
            (Some("promo_winter"), false, Then::Drop),
            (Some("promo_winter"), true, Then::Drop),
            (Some("other"), false, Then::Ask),
            (None, false, Then::Ask),
        ] {
            assert_eq!(decide(&rules, template, resent), then, "{template:?} {resent}");
        }
        assert_eq!(decide(&[], Some("order_update"), false), Then::Ask);
        assert_eq!(decide(&[rule("*", Then::Drop)], None, false), Then::Ask, "no template");
    }

    proptest! {
        /// Whatever the rules are, a rule sends a message again at most once.
        #[test]
        fn a_rule_never_resends_twice(
            names in proptest::collection::vec("[a-c_]{0,3}[*]?", 0..5),
            thens in proptest::collection::vec(0..3usize, 5),
            template in proptest::option::of("[a-c_]{0,4}"),
        ) {
            let kinds = [Then::Ask, Then::Resend, Then::Drop];
            let rules: Vec<_> =
                names.iter().zip(thens).map(|(name, n)| rule(name, kinds[n])).collect();
            prop_assert_ne!(decide(&rules, template.as_deref(), true), Then::Resend);
        }
    }
}
