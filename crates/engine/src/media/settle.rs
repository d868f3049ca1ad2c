//! What follows a fault, and how it is recorded.

use model::{Act, Fault, RetryPolicy, Scope, Stage, UnixMs};
use store::op::{AlertRaised, ClaimedMedia, MediaMove, MediaStep, SendHopeless, SendReady};
use store::{Media, MediaKind, MediaState, Op, StoreError};

use super::claim::Worker;

/// A file that failed by itself.
const RETRY: RetryPolicy = RetryPolicy { first_ms: 2_000, max_ms: 600_000, attempts_max: 200 };
/// The file of a send: somebody waits for it.
const RETRY_SEND: RetryPolicy = RetryPolicy { attempts_max: 8, ..RETRY };
/// While a person must act, a look every half minute.
const ASK_AGAIN_MS: i64 = 30_000;
/// Waiting for somebody else's work: an eighth of the file's age, within these.
const WAIT_MS: (i64, i64) = (250, 60_000);
/// Of many files that wait for one door, each looks again after an eighth of its
/// age, at most: a long queue must not spin while the door is shut.
const LOOK_MS_MAX: i64 = 600_000;

/// How a step ended.
pub enum Ended {
    Reached(Box<MediaMove>),
    /// Nothing is wrong; there is something to wait for.
    Wait {
        code: &'static str,
        detail: String,
        alert: bool,
    },
    /// A call may not be made before then: of its remote, not of the file.
    Later {
        code: &'static str,
        due_at: UnixMs,
        detail: String,
    },
    Fault(Fault),
    /// It cannot be had, or must not be passed on.
    Over {
        code: &'static str,
        detail: String,
        alert: bool,
    },
}

impl Ended {
    pub fn wait(code: &'static str) -> Self {
        Self::Wait { code, detail: String::new(), alert: false }
    }

    pub fn over(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Over { code, detail: detail.into(), alert: false }
    }
}

impl From<Fault> for Ended {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Records the end of a step. `more` are committed with a step that got on.
pub async fn settle(
    worker: &Worker,
    claimed: &ClaimedMedia,
    media: &Media,
    ended: Ended,
    more: Vec<Op>,
) -> Result<(), StoreError> {
    let now = worker.ambient.now();
    let mut ops = Vec::new();
    let step = match ended {
        Ended::Reached(step) => {
            ops.extend(more);
            ops.extend(ready(claimed, media, &step, now));
            *step
        }
        Ended::Wait { code, detail, alert } => {
            if alert {
                ops.push(alerted(claimed, code, &detail, now));
            }
            MediaMove::Again {
                due_at: now.plus(patience(media, now)),
                charge: false,
                code: Some(code.into()),
                detail: Some(detail),
            }
        }
        Ended::Later { code, due_at, detail } => MediaMove::Again {
            due_at: look_at(due_at, media.requested_at, now),
            charge: false,
            code: Some(code.into()),
            detail: Some(detail),
        },
        Ended::Fault(fault) => {
            // of a remote that is left alone its breaker tells, once for all
            let alone = worker.left_alone_ms().is_some();
            if matches!(fault.act, Act::Ask | Act::Renew) && !alone {
                ops.push(alerted(claimed, fault.code.as_str(), &fault.to_string(), now));
            }
            after(worker, media, &fault, now)
        }
        Ended::Over { code, detail, alert } => {
            if alert {
                ops.push(alerted(claimed, code, &detail, now));
            }
            MediaMove::Aside { code: code.into(), detail }
        }
    };
    if let (MediaMove::Aside { code, detail }, MediaKind::Out, Some(outbox)) =
        (&step, media.kind, media.outbox)
    {
        let (tenant, code, detail) = (claimed.tenant.clone(), code.clone(), detail.clone());
        ops.push(Op::SendHopeless(SendHopeless { tenant, outbox, at: now, code, detail }));
    }
    // its bytes have arrived, or are given up: but not before that is on disk
    let spent = matches!(&step, MediaMove::Aside { .. })
        || matches!(&step, MediaMove::Reached { state: MediaState::Uploaded, .. });
    ops.insert(0, Op::MediaStep(self::step(claimed, now, step)));
    worker.commit(&claimed.tenant, ops).await?;
    if spent {
        worker.forget(claimed.id);
    }
    worker.nudges.writer.wake();
    worker.nudges.outbound.wake();
    Ok(())
}

/// The send that waited for this file is due.
fn ready(claimed: &ClaimedMedia, media: &Media, step: &MediaMove, at: UnixMs) -> Option<Op> {
    let there = matches!(step, MediaMove::Reached { state: MediaState::Uploaded, .. });
    let outbox = media.outbox.filter(|_| there && media.kind == MediaKind::Out)?;
    Some(Op::SendReady(SendReady { tenant: claimed.tenant.clone(), outbox, at }))
}

pub fn step(claimed: &ClaimedMedia, at: UnixMs, step: MediaMove) -> MediaStep {
    let ClaimedMedia { tenant, id, epoch } = claimed.clone();
    MediaStep { tenant, id, epoch, at, step }
}

fn alerted(claimed: &ClaimedMedia, kind: &str, text: &str, at: UnixMs) -> Op {
    Op::RaiseAlert(AlertRaised {
        tenant: claimed.tenant.clone(),
        kind: kind.into(),
        subject: claimed.id.to_string(),
        text: text.into(),
        at,
    })
}

pub(super) fn look_at(opens_at: UnixMs, requested_at: UnixMs, now: UnixMs) -> UnixMs {
    opens_at.max(now.plus((now.since(requested_at) / 8).clamp(0, LOOK_MS_MAX)))
}

fn patience(media: &Media, now: UnixMs) -> i64 {
    (now.since(media.requested_at) / 8).clamp(WAIT_MS.0, WAIT_MS.1)
}

/// An outage says nothing about the file, which waits as long as that lasts; so
/// does one whose source still has it.
fn after(worker: &Worker, media: &Media, fault: &Fault, now: UnixMs) -> MediaMove {
    let (code, detail) = (fault.code.to_string(), fault.to_string());
    // not before its remote is tried again
    let alone_ms = worker.left_alone_ms().unwrap_or(0);
    let again = |ms: i64, charge: bool| MediaMove::Again {
        due_at: now.plus(ms.max(alone_ms)),
        charge,
        code: Some(code.clone()),
        detail: Some(detail.clone()),
    };
    match fault.act {
        Act::Reject if fault.stage != Stage::Unknown => MediaMove::Aside { code, detail },
        Act::Ask | Act::Renew if fault.scope < Scope::Number => MediaMove::Aside { code, detail },
        Act::Ask | Act::Renew => again(ASK_AGAIN_MS, false),
        Act::Retry { .. } | Act::Reject => {
            let hint = match fault.act {
                Act::Retry { after } => after.map(|d| d.as_millis() as i64),
                _ => None,
            };
            let shared = fault.scope >= Scope::Number;
            let retry = if media.kind == MediaKind::Out { RETRY_SEND } else { RETRY };
            let most = if shared { retry.attempts_max - 1 } else { u32::MAX };
            let attempt = (media.attempts + 1).min(most);
            match retry.delay(attempt, hint, &*worker.ambient.chance) {
                Some(ms) => again(ms, true),
                None => MediaMove::Aside { code, detail },
            }
        }
    }
}
