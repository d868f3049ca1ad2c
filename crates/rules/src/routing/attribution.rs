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

impl Touch {
    /// As it is kept: `ad:120210`, `post:ID`, `campaign:cmp_...`, `button:price`.
    pub fn text(&self) -> String {
        match self {
            Self::Referral { kind, source_id, .. } => {
                let kind = match kind {
                    ReferralKind::Ad => "ad",
                    ReferralKind::Post => "post",
                };
                format!("{kind}:{}", source_id.as_deref().unwrap_or_default())
            }
            Self::Campaign(id) => format!("campaign:{id}"),
            Self::Button(id) => format!("button:{id}"),
        }
    }

    /// Without what is not kept: which click it was.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, id) = text.split_once(':')?;
        let referral = |kind| {
            let source_id = Some(id.to_owned()).filter(|id| !id.is_empty());
            Self::Referral { kind, source_id, click_id: None }
        };
        Some(match kind {
            "ad" => referral(ReferralKind::Ad),
            "post" => referral(ReferralKind::Post),
            "campaign" => Self::Campaign(id.to_owned()),
            "button" => Self::Button(id.to_owned()),
            _ => return None,
        })
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_touch_comes_back_from_its_text() {
        let ad = |source_id: Option<&str>| Touch::Referral {
            kind: ReferralKind::Ad,
            source_id: source_id.map(str::to_owned),
            click_id: None,
        };
        for touch in [
            ad(Some("120210")),
            ad(None),
            Touch::Campaign("cmp_1".into()),
            Touch::Button("a:b".into()),
        ] {
            assert_eq!(Touch::parse(&touch.text()), Some(touch));
        }
        assert_eq!((Touch::parse("word"), Touch::parse("word:of mouth")), (None, None));
    }
}
