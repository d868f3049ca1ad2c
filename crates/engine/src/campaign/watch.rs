//! What a running campaign is held against every few seconds: the failures of
//! its members, the template's state, and the room that the portfolio has left.

use model::UnixMs;
use model::ids::{CampaignId, PhoneNumberId, TenantId};
use rules::campaign::{Counted, Counts, Grade, Halt, Room, Seen, Tier, is_settled, watch};
use store::{Campaign, MemberCount, MemberState, StoreError, Template};

use super::check::Report;
use super::plan::Ready;
use crate::consent::STOPPED;
use crate::directory::Number;
use crate::outbound::{Desk, LIVE_RESERVE, Pace};

const DAY_MS: i64 = 86_400_000;
/// Of the portfolio's people in a day, in percent, for what is no campaign.
const TIER_RESERVE: u64 = 10;
/// So long before it can leave a member is in the outbox.
const AHEAD_MS: i64 = 10_000;

pub fn tier(ready: &Ready) -> Tier {
    ready.tier.without_reserve(TIER_RESERVE)
}

/// People that the portfolio wrote to first within a day, by all its numbers.
/// They count until a day after the first of them: rather too long.
pub async fn counted(
    desk: &Desk,
    number: &Number,
    now: UnixMs,
) -> Result<Vec<Counted>, StoreError> {
    let own = desk.directory.numbers_of(&number.tenant);
    let numbers: Vec<PhoneNumberId> =
        own.filter(|n| n.portfolio == number.portfolio).map(|n| n.id.clone()).collect();
    let since = now.plus(-DAY_MS);
    let (people, first) = desk.store.people_opened(&number.tenant, &numbers, since).await?;
    Ok(first.map(|at| Counted { at, people }).into_iter().collect())
}

/// Messages of campaigns in a second.
pub fn rate(pace: &Pace, number: &PhoneNumberId, own: Option<i64>) -> i64 {
    room(pace, number, own).rate()
}

/// Of a number with nothing queued.
pub fn room(pace: &Pace, number: &PhoneNumberId, own: Option<i64>) -> Room {
    Room {
        per_second: pace.rate(number),
        live_reserve: LIVE_RESERVE,
        own_per_second: own,
        own_left: None,
        ahead_ms: AHEAD_MS,
        open_ms: None,
        queued: 0,
        tier_left: None,
    }
}

/// How its members stand, counted anew.
pub struct Stand(Vec<MemberCount>);

impl Stand {
    pub async fn of(desk: &Desk, tenant: &TenantId, id: CampaignId) -> Result<Self, StoreError> {
        Ok(Self(desk.store.member_counts(tenant, id).await?))
    }

    fn sum(&self, holds: impl Fn(&MemberCount) -> bool) -> u64 {
        self.0.iter().filter(|count| holds(count)).map(|count| count.members).sum()
    }

    pub fn in_state(&self, state: MemberState) -> u64 {
        self.sum(|count| count.state == state)
    }

    /// Nobody is left to be written to, and what was held back would be known.
    pub fn is_settled(&self, now: UnixMs) -> bool {
        let open = [MemberState::Waiting, MemberState::Queued, MemberState::HeldBack];
        let open = self.sum(|count| open.contains(&count.state));
        let last = self.0.iter().filter_map(|count| count.sent_at).max();
        is_settled(open, last, now)
    }

    /// Why it must pause. Counted from when somebody started or resumed it.
    pub fn halt(
        &self,
        campaign: &Campaign,
        ready: &Ready,
        template: Option<&Template>,
    ) -> Option<Halt> {
        let failed = self.in_state(MemberState::Failed);
        let ended = failed + self.in_state(MemberState::Sent);
        let stopped = self.sum(|count| {
            count.state == MemberState::Failed && count.code.as_deref() == Some(STOPPED)
        });
        let new_failed = failed.saturating_sub(campaign.base_failed);
        let new_ended = ended.saturating_sub(campaign.base_ended);
        let counts = Counts {
            delivered: new_ended.saturating_sub(new_failed),
            failed: new_failed,
            // those of before a resume are in its base of failures, too
            opted_out: stopped.min(new_failed),
        };
        let then = campaign.report.as_deref().and_then(Report::kept).and_then(|r| r.quality);
        let grade = |word: Option<&str>| word.and_then(Grade::from_wire);
        let quality = template.and_then(|template| template.quality.as_deref());
        let seen = Seen {
            number: (None, None),
            template: (grade(then.as_deref()), grade(quality)),
            // one that is not known here is left to Meta
            template_usable: template.is_none_or(Template::sendable),
        };
        watch(&ready.limits, &counts, &seen)
    }
}
