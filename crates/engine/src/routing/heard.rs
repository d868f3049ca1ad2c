//! What a customer wrote, as the rules look at it.

use model::UnixMs;
use model::ids::PhoneNumberId;
use rules::routing::{CaseFacts, Facts, Known, Referral, ReferralKind};
use rules::survey::survey_of;
use rules::window::Timeliness;
use serde_json::Value;
use store::{Direction, Message};

use crate::body::Body;
use crate::hours;

/// One message of theirs.
pub struct Heard {
    number: PhoneNumberId,
    body: Body,
    sent_at: UnixMs,
    is_late: bool,
}

impl Heard {
    /// Those of them that the customer wrote.
    pub fn all(messages: &[Message]) -> Vec<Self> {
        let inbound = messages.iter().filter(|message| message.direction == Direction::In);
        let heard = inbound.map(|message| Self {
            number: message.number.clone(),
            body: Body::open(&message.body),
            sent_at: message.sent_at,
            is_late: message.late,
        });
        heard.collect()
    }

    /// We wrote first, or what they wrote is not asked about.
    pub fn nothing(number: PhoneNumberId, at: UnixMs) -> Self {
        Self { number, body: Body::default(), sent_at: at, is_late: false }
    }

    /// A tap on an answer to a survey.
    pub fn is_answer(&self) -> bool {
        self.body.reply_id.as_deref().is_some_and(|id| survey_of(id).is_some())
    }

    pub fn facts<'a>(
        &'a self,
        person: Known,
        cases: &'a [CaseFacts<'a>],
        hours: &hours::Active,
    ) -> Facts<'a> {
        Facts {
            person,
            number: self.number.as_str(),
            text: self.body.text.as_deref().unwrap_or_default(),
            button: self.body.reply_id.as_deref(),
            campaign: None,
            referral: self.referral(),
            in_hours: hours.is_open(self.sent_at),
            sent_at: self.sent_at,
            timeliness: if self.is_late { Timeliness::Late } else { Timeliness::Fresh },
            is_history: false,
            cases,
            has_opportunity: false,
        }
    }

    fn referral(&self) -> Option<Referral<'_>> {
        let part = self.body.source.as_ref()?.get("referral").filter(|part| !part.is_null())?;
        let kind = match part.get("source_type").and_then(Value::as_str) {
            Some("post") => ReferralKind::Post,
            _ => ReferralKind::Ad,
        };
        let source_id = self.body.referral_source_id.as_deref();
        let click_id = self.body.referral_click_id.as_deref();
        Some(Referral { kind, source_id, click_id })
    }
}
