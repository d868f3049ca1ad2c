//! Messages that Meta took and does not deliver: seen, said aloud, and said to
//! be over.

use model::UnixMs;
use model::ids::{PhoneNumberId, TenantId};
use store::op::{AlertCleared, AlertRaised};
use store::{Alert, Commit, Op, Silent, StoreError};

use super::Upkeep;
use crate::status::UNPAID;

/// The alert about sends of a number that Meta took, without a word since; its
/// subject is the number.
const SILENT: &str = "accepted_not_sent";
/// A message that can go leaves Meta within seconds.
const SILENT_MS: i64 = 30 * 60_000;
/// What is older is no news: a lost webhook is not told of for ever.
const LOOK_BACK_MS: i64 = 24 * 3_600_000;
const LOOK_MS: i64 = 60_000;

pub async fn turn(upkeep: &Upkeep) -> Result<(), StoreError> {
    let now = upkeep.ambient.now();
    if upkeep.charges_at.lock().is_some_and(|at| now.since(at) < LOOK_MS) {
        return Ok(());
    }
    for tenant in upkeep.store.tenants().await? {
        let ops = look(upkeep, &tenant.id, now).await?;
        if !ops.is_empty() {
            upkeep.store.commit(Commit::of(ops)).await?;
        }
    }
    *upkeep.charges_at.lock() = Some(now);
    Ok(())
}

async fn look(upkeep: &Upkeep, tenant: &TenantId, now: UnixMs) -> Result<Vec<Op>, StoreError> {
    let (since, before) = (now.plus(-LOOK_BACK_MS), now.plus(-SILENT_MS));
    let silent = upkeep.store.silent_sends(tenant, since, before).await?;
    let mut ops: Vec<_> = silent.iter().map(|found| raise(tenant, found, now)).collect();
    for alert in upkeep.store.alerts_open(tenant).await? {
        let over = match alert.kind.as_str() {
            SILENT => !silent.iter().any(|found| found.number.as_str() == alert.subject),
            UNPAID => delivers(upkeep, tenant, &alert).await?,
            _ => false,
        };
        if over {
            let (tenant, kind, subject) = (tenant.clone(), alert.kind, alert.subject);
            ops.push(Op::ClearAlert(AlertCleared { tenant, kind, subject, at: now }));
        }
    }
    Ok(ops)
}

/// Whether a message of the number arrived since nobody paid for one.
async fn delivers(upkeep: &Upkeep, tenant: &TenantId, alert: &Alert) -> Result<bool, StoreError> {
    let number = PhoneNumberId::new(&alert.subject);
    upkeep.store.delivered_after(tenant, &number, alert.seen_at).await
}

fn raise(tenant: &TenantId, found: &Silent, now: UnixMs) -> Op {
    let minutes = now.since(found.oldest) / 60_000;
    let (number, messages) = (&found.number, found.messages);
    Op::RaiseAlert(AlertRaised {
        tenant: tenant.clone(),
        kind: SILENT.into(),
        subject: number.to_string(),
        text: format!(
            "{messages} messages of {number}: Meta took them and said no word since, of the oldest \
             for {minutes} min. See whether webhooks arrive (`puente doctor`), and whether the \
             account has a payment method (billing hub of WhatsApp Manager)"
        ),
        at: now,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use model::Status;
    use store::Store;
    use store::op::{Pricing, StatusSeen, TenantRow};

    use super::*;
    use crate::board::Trends;
    use crate::nudge::Nudges;
    use crate::stage::{NOW, NUMBER, ambient, store, tenant};

    async fn stand() -> Upkeep {
        let ambient = ambient();
        let store = store(&ambient);
        let row = TenantRow { tenant: tenant(), org: None, at: NOW };
        store.commit(Commit::of(vec![Op::PutTenant(row)])).await.unwrap();
        Upkeep {
            store,
            ambient,
            nudges: Nudges::default(),
            uncertain: BTreeMap::new(),
            abandoned_before: None,
            trends: Trends::default(),
            seen: Arc::default(),
            charges_at: Arc::default(),
        }
    }

    async fn told(store: &Store, n: u8, status: Status, at: UnixMs) {
        let pricing = Pricing {
            category: "service".into(),
            kind: "regular".into(),
            model: "PMP".into(),
            billable: true,
            calling_code: None,
        };
        let seen = StatusSeen {
            tenant: tenant(),
            number: PhoneNumberId::new(NUMBER),
            state_key: [n; 16],
            status,
            at,
            code: None,
            detail: None,
            pricing: (status == Status::Delivered).then_some(pricing),
            attempt: None,
            wamid: format!("wamid.{n}"),
            sync_due_at: at,
        };
        store.commit(Commit::of(vec![Op::MergeStatus(seen)])).await.unwrap();
    }

    async fn alerts(upkeep: &Upkeep) -> Vec<String> {
        *upkeep.charges_at.lock() = None;
        turn(upkeep).await.unwrap();
        let open = upkeep.store.alerts_open(&tenant()).await.unwrap();
        open.into_iter().map(|alert| alert.kind).collect()
    }

    #[tokio::test]
    async fn accepted_without_a_word_is_told_until_the_word_comes() {
        let upkeep = stand().await;
        told(&upkeep.store, 1, Status::Accepted, NOW.plus(-SILENT_MS)).await;
        told(&upkeep.store, 2, Status::Accepted, NOW.plus(-LOOK_BACK_MS - 1)).await;
        assert!(alerts(&upkeep).await.is_empty(), "too young, and too old");
        told(&upkeep.store, 3, Status::Accepted, NOW.plus(-SILENT_MS - 1)).await;
        assert_eq!(alerts(&upkeep).await, [SILENT]);
        assert_eq!(alerts(&upkeep).await, [SILENT], "one alert, however often it is seen");
        told(&upkeep.store, 3, Status::Sent, NOW).await;
        assert!(alerts(&upkeep).await.is_empty());
    }

    #[tokio::test]
    async fn a_number_is_paid_for_again_when_a_message_arrives() {
        let upkeep = stand().await;
        let unpaid = Op::RaiseAlert(AlertRaised {
            tenant: tenant(),
            kind: UNPAID.into(),
            subject: NUMBER.into(),
            text: "nobody pays".into(),
            at: NOW,
        });
        told(&upkeep.store, 1, Status::Delivered, NOW.plus(-1)).await;
        upkeep.store.commit(Commit::of(vec![unpaid])).await.unwrap();
        assert_eq!(alerts(&upkeep).await, [UNPAID]);
        told(&upkeep.store, 2, Status::Delivered, NOW.plus(1)).await;
        assert!(alerts(&upkeep).await.is_empty());
    }
}
