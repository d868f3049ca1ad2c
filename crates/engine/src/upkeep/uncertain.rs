//! Sends whose answer was lost and which no status settled within their time:
//! a rule of the tenant's decides, or a person is asked.

use model::UnixMs;
use model::ids::TenantId;
use rules::uncertain::{Rule, Then, decide};
use store::op::{AuditEntry, Choice, SendDecision};
use store::{Commit, Op, Outbox, StoreError};

use super::Upkeep;
use crate::body::Errand;

const ROWS_MAX: u32 = 500;
/// Who decides, in the audit trail.
const ACTOR: &str = "rule";

pub async fn turn(upkeep: &Upkeep) -> Result<(), StoreError> {
    let at = upkeep.ambient.now();
    for (tenant, rules) in upkeep.uncertain.iter().filter(|(_, rules)| !rules.is_empty()) {
        loop {
            let rows = upkeep.store.outbox_overdue(tenant, at, ROWS_MAX).await?;
            if rows.is_empty() {
                break;
            }
            let ops = rows.iter().map(|row| decision(tenant, rules, row, at)).collect();
            upkeep.store.commit(Commit::of(ops)).await?;
            upkeep.nudges.outbound.wake();
            upkeep.nudges.writer.wake();
        }
    }
    upkeep.store.commit(Commit::of(vec![Op::AskUncertain { at }])).await.map(drop)
}

fn decision(tenant: &TenantId, rules: &[Rule], row: &Outbox, at: UnixMs) -> Op {
    let template = template(&row.body);
    let (choice, action) = match decide(rules, template.as_deref(), row.replays > 0) {
        Then::Ask => (Choice::Ask, None),
        Then::Resend => (Choice::Resend, Some("send.resent")),
        Then::Drop => {
            let reason = "the answer was lost, and a rule for this template says not to repeat it";
            (Choice::Drop { reason: reason.into() }, Some("send.dropped"))
        }
    };
    let effects = action.map(|action| {
        Op::Audit(AuditEntry {
            tenant: tenant.clone(),
            at,
            actor: ACTOR.into(),
            action: action.into(),
            subject: row.id.to_string(),
            detail: template.map(|name| format!("template {name}")).unwrap_or_default(),
        })
    });
    let effects = effects.into_iter().collect();
    Op::DecideSend(SendDecision { tenant: tenant.clone(), outbox: row.id, at, choice, effects })
}

fn template(body: &[u8]) -> Option<String> {
    let errand: Errand = serde_json::from_slice(body).ok()?;
    Some(errand.message.get("template")?.get("name")?.as_str()?.to_owned())
}
