//! To what a sale is owed: kept from the first touch until it is won.

use model::UnixMs;

use super::facts::{Facts, ReferralKind};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribution {
    pub touch: Touch,
    pub at: UnixMs,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Touch {
    Referral { kind: ReferralKind, source_id: Option<String>, click_id: Option<String> },
    Campaign(String),
    Button(String),
}

/// After this message. What is kept stays, unless it was `won`: then the next
/// touch begins anew. Of one message, the ad comes before the campaign and the
/// campaign before the button. History changes nothing.
pub fn attribute(
    kept: Option<Attribution>,
    won: Option<UnixMs>,
    facts: &Facts<'_>,
) -> Option<Attribution> {
    let spent = |kept: &Attribution| won.is_some_and(|won| kept.at <= won && won < facts.sent_at);
    if facts.is_history || kept.as_ref().is_some_and(|kept| !spent(kept)) {
        return kept;
    }
    let referral = facts.referral.map(|r| Touch::Referral {
        kind: r.kind,
        source_id: r.source_id.map(str::to_owned),
        click_id: r.click_id.map(str::to_owned),
    });
    let campaign = || facts.campaign.map(|id| Touch::Campaign(id.to_owned()));
    let button = || facts.button.map(|id| Touch::Button(id.to_owned()));
    let touch = referral.or_else(campaign).or_else(button);
    touch.map(|touch| Attribution { touch, at: facts.sent_at }).or(kept)
}
