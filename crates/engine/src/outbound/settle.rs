//! Record how a call ended, and decide what comes next.

use model::planted::{Planted, planted};
use model::{Act, ConsentKind, Fault, Purpose, RetryPolicy, Scope, Stage, UnixMs};
use rules::breaker::is_crowded;
use store::op::{
    ClaimedLane, FinishSend, HandleKind, NewConsent, NewHandle, PersonUpdate, SendEnd, SendPermit,
    Want, Whom,
};
use store::{Commit, Object, Op, StoreError};

use super::call::Ended;
use super::claim::{Outbound, fence};
use crate::breakers::{Key, Leave};
use crate::consent::{STOPPED, event_key};
use crate::intake::state_key;

/// How long an uncertain send waits for a status before a person is asked.
pub const UNCERTAIN_MS: i64 = 120_000;
/// How long it holds its lane.
const UNCERTAIN_HOLDS_MS: i64 = 30_000;
/// While credentials or the account are refused, a look every minute.
const ASK_AGAIN_MS: i64 = 60_000;

const RETRY: RetryPolicy = RetryPolicy { first_ms: 1_000, max_ms: 300_000, attempts_max: 12 };

/// What breakers and pace learn of a call, and what is written down about it.
pub fn hear(
    lane: &Outbound,
    claimed: &ClaimedLane,
    keys: &[Key],
    ended: &Ended,
    leave: Leave,
) -> Vec<Op> {
    match ended {
        Ended::Accepted { .. } => lane.breakers.well(keys),
        Ended::Fault(fault) => {
            if is_crowded(fault) {
                lane.pace.refused(&claimed.number, lane.ambient.clock.mono());
            }
            lane.breakers.failed(keys, fault, leave).ops
        }
    }
}

/// The time until which the lane waits, if it must.
pub async fn settle(
    lane: &Outbound,
    claimed: &ClaimedLane,
    permit: &SendPermit,
    ended: &Ended,
    heard: &[Op],
) -> Result<Option<UnixMs>, StoreError> {
    let now = lane.ambient.now();
    let mut ops = Vec::new();
    let (end, hold) = match ended {
        Ended::Accepted { wamid, wa_id } => {
            ops.extend(heard.iter().cloned());
            ops.extend(learn(lane, claimed, wa_id.clone(), now).await?);
            let key = state_key(&lane.store, &claimed.tenant, &claimed.number, wamid);
            (SendEnd::Accepted { state_key: key, wamid: wamid.clone() }, None)
        }
        Ended::Fault(fault) => {
            ops.extend(heard.iter().cloned());
            ops.extend(
                (fault.code.as_str() == STOPPED).then(|| stopped(lane, claimed, permit, now)),
            );
            decide(lane, permit, fault, now)
        }
    };
    let failed = matches!(end, SendEnd::Refused { .. });
    let sync_due_at = if failed { now } else { now.plus(lane.limits.status_delay_ms) };
    let permit = permit.clone();
    ops.insert(0, Op::FinishSend(FinishSend { permit, at: now, end, sync_due_at }));
    // whatever happens to the rest, what Meta did is recorded first
    match lane.store.commit(Commit::fenced(fence(claimed), ops.clone())).await {
        Err(StoreError::Conflict(_)) => {
            ops.truncate(1);
            lane.store.commit(Commit::fenced(fence(claimed), ops)).await?;
        }
        // the lane is another's, but the permit was ours and nobody else knows
        // how its call ended
        Err(fenced @ StoreError::Fenced) => {
            ops.truncate(1);
            lane.store.commit(Commit::of(ops)).await?;
            return Err(fenced);
        }
        other => {
            other?;
        }
    }
    lane.nudges.writer.wake();
    Ok(hold)
}

/// The one place where a fault becomes the fate of a send.
pub(super) fn decide(
    lane: &Outbound,
    permit: &SendPermit,
    fault: &Fault,
    now: UnixMs,
) -> (SendEnd, Option<UnixMs>) {
    let (code, detail) = (fault.code.to_string(), fault.detail.clone());
    if code == "wa.no_answer" && planted(Planted::ResendAfterLostAnswer)
        || code == "wa.131000" && planted(Planted::ResendOn131000)
    {
        return (SendEnd::NotSent { code, detail, due_at: now }, None);
    }
    match (fault.stage, fault.act) {
        (Stage::Unknown | Stage::SentNotRecorded, _) => {
            let until = now.plus(UNCERTAIN_MS);
            let hold = now.plus(UNCERTAIN_HOLDS_MS);
            (SendEnd::Uncertain { code, detail, until }, Some(hold))
        }
        (Stage::NotSent, Act::Retry { after }) => {
            let hint = after.map(|d| d.as_millis() as i64);
            // an outage or a throttled number says nothing about the message:
            // it waits as long as that lasts
            let shared = fault.scope >= Scope::Number;
            let most = if shared { RETRY.attempts_max - 1 } else { u32::MAX };
            let attempt = permit.number_of_attempt.min(most);
            match RETRY.delay(attempt, hint, &*lane.ambient.chance) {
                Some(delay) => {
                    let due_at = now.plus(delay);
                    (SendEnd::NotSent { code, detail, due_at }, Some(due_at))
                }
                None => (SendEnd::Refused { code, detail }, None),
            }
        }
        // refused because of the account, not of the message: it waits whole
        (Stage::NotSent | Stage::Answered, Act::Renew | Act::Ask)
            if fault.scope >= Scope::Number =>
        {
            let due_at = now.plus(ASK_AGAIN_MS);
            (SendEnd::NotSent { code, detail, due_at }, Some(due_at))
        }
        _ => (SendEnd::Refused { code, detail }, None),
    }
}

/// The person switched marketing off before, and Meta knew it first.
fn stopped(lane: &Outbound, claimed: &ClaimedLane, permit: &SendPermit, now: UnixMs) -> Op {
    let (tenant, attempt) = (&claimed.tenant, permit.attempt.to_string());
    Op::Consent(NewConsent {
        tenant: tenant.clone(),
        key: event_key(&lane.store, tenant, &["send", &attempt]),
        whom: Whom::Person(claimed.person),
        purpose: Purpose::Marketing,
        kind: ConsentKind::OptOut,
        channel: "whatsapp".into(),
        source: "meta.131050".into(),
        number: Some(claimed.number.clone()),
        happened_at: now,
        recorded_at: now,
        wording: None,
        evidence: Some(permit.outbox.to_string()),
        effects: Vec::new(),
    })
}

/// Meta's answer names the wa_id behind the address: a strong handle.
async fn learn(
    lane: &Outbound,
    claimed: &ClaimedLane,
    wa_id: Option<String>,
    at: UnixMs,
) -> Result<Vec<Op>, StoreError> {
    let Some(wa_id) = wa_id else {
        return Ok(Vec::new());
    };
    let (tenant, person) = (claimed.tenant.clone(), claimed.person);
    let Some(known) = lane.store.persons(&tenant, &[person]).await?.pop() else {
        return Ok(Vec::new());
    };
    if known.profile.wa_id.is_some() {
        return Ok(Vec::new());
    }
    let hash = lane.store.hmac(&tenant, rules::identity::wa_id_text(&wa_id).as_bytes());
    let (id, due_at) = (*person.as_bytes(), at.plus(lane.limits.status_delay_ms));
    let profile = store::Profile { wa_id: Some(wa_id), ..known.profile };
    Ok(vec![
        Op::AddHandle(NewHandle {
            tenant: tenant.clone(),
            person,
            kind: HandleKind::WaId,
            hash,
            at,
        }),
        Op::Want(Want { tenant: tenant.clone(), object: Object::Person, id, root: person, due_at }),
        Op::UpdatePerson(PersonUpdate { tenant, id: person, profile: Some(profile), seen_at: at }),
    ])
}

/// An attempt that was open when its process died: nobody knows.
pub fn settle_orphan(permit: SendPermit, now: UnixMs) -> Op {
    Op::FinishSend(FinishSend {
        permit,
        at: now,
        end: SendEnd::Uncertain {
            code: "puente.process_ended".into(),
            detail: "the process ended while the call was under way".into(),
            until: now.plus(UNCERTAIN_MS),
        },
        sync_due_at: now,
    })
}
