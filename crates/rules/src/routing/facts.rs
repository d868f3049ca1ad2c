//! What a decision is taken over.

use model::UnixMs;
use model::ids::RecordId;

use crate::window::Timeliness;

/// How Salesforce knows the person, once it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    Nobody,
    Lead,
    Contact,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferralKind {
    Ad,
    Post,
}

/// The ad or post that the customer came by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Referral<'a> {
    pub kind: ReferralKind,
    /// Meta's id of the ad or post.
    pub source_id: Option<&'a str>,
    pub click_id: Option<&'a str>,
}

/// One message of a customer, and what stands around it.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    pub person: Known,
    /// Meta's id of the business number.
    pub number: &'a str,
    /// What people read; empty for a picture without a caption.
    pub text: &'a str,
    /// The id of a reply button or list row, or the payload of a template's button.
    pub button: Option<&'a str>,
    /// The campaign that the message answers.
    pub campaign: Option<&'a str>,
    pub referral: Option<Referral<'a>>,
    /// Of the tenant's business hours, when it was sent.
    pub in_hours: bool,
    pub sent_at: UnixMs,
    pub timeliness: Timeliness,
    /// Synchronised from the phone's past: it changes nothing.
    pub is_history: bool,
    /// Of the person, in any order.
    pub cases: &'a [CaseFacts<'a>],
    /// The conversation has one already.
    pub has_opportunity: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFacts<'a> {
    pub id: &'a RecordId,
    pub opened_at: UnixMs,
    pub closed_at: Option<UnixMs>,
    pub status: &'a str,
    /// When it came into that status, where that is known.
    pub status_since: Option<UnixMs>,
    /// When the newest message was sent that moved it by a rule.
    pub moved_by: Option<UnixMs>,
}
