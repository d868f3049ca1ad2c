//! Which commits may be made beside each other.
//!
//! Intake and the writer change rows of many people in one commit, each in an
//! order of its own, and so do others. Two such commits, or one and that of a
//! send, would wait for each other in a circle until the server ends one, a
//! second later. So a commit for many is made alone, and those for one person
//! beside each other: an advisory lock, taken before anything else and given
//! back with the transaction (PostgreSQL manual, "Advisory Locks").

use crate::op::{Commit, Op};

pub(crate) const FREE: &str = "BEGIN";
pub(crate) const BESIDE: &str = "BEGIN; SELECT pg_advisory_xact_lock_shared(123649515222118)";
pub(crate) const ALONE: &str = "BEGIN; SELECT pg_advisory_xact_lock(123649515222118)";

/// How the transaction of this commit begins.
pub(crate) fn begin(commit: &Commit) -> &'static str {
    if commit.ops.iter().all(meets_nobody) {
        return FREE;
    }
    let ends = commit.ops.iter().filter(|op| matches!(op, Op::FinishSend(_))).count();
    match ends <= 1 && commit.ops.iter().any(of_one_lane) {
        true => BESIDE,
        false => ALONE,
    }
}

/// Rows of one table, in an order that all keep.
fn meets_nobody(op: &Op) -> bool {
    matches!(
        op,
        Op::AppendWebhook(_)
            | Op::JournalAttempt { .. }
            | Op::ClaimLanes(_)
            | Op::ReleaseLane(_)
            | Op::TakeLease(_)
            | Op::NewApiKey(_)
            | Op::RevokeApiKey(_)
            | Op::PutCursor(_)
    )
}

/// Ops that stand in the commit of one lane, which is one person's.
fn of_one_lane(op: &Op) -> bool {
    matches!(op, Op::Accept(_) | Op::BeginSend(_) | Op::FinishSend(_))
}

#[cfg(test)]
mod tests {
    use model::UnixMs;
    use model::ids::AppId;

    use super::*;
    use crate::op::{NewWebhook, TakeLease};

    fn of(ops: Vec<Op>) -> &'static str {
        begin(&Commit::of(ops))
    }

    #[test]
    fn what_may_meet_is_made_alone() {
        let webhook = || {
            let (app, received_at) = (AppId::new("main"), UnixMs(0));
            Op::AppendWebhook(NewWebhook { app, received_at, body: "{}".into() })
        };
        let lease =
            || Op::TakeLease(TakeLease { name: "intake".into(), holder: "a".into(), lease_ms: 1 });
        assert_eq!(of(vec![webhook(), webhook()]), FREE);
        assert_eq!(of(vec![lease()]), FREE);
        assert_eq!(of(vec![Op::AskUncertain { at: UnixMs(0) }]), ALONE);
        assert_eq!(of(vec![webhook(), Op::TakeOver { at: UnixMs(0) }]), ALONE);
        assert_eq!(of(vec![Op::JournalDone { seq: 1, at: UnixMs(0) }]), ALONE);
    }
}
