//! Calls to an org's API.

use model::ids::TenantId;
use store::op::*;
use store::{ApiBudget, ApiSlot, Op};

use crate::ambient::T0;
use crate::world::{HOUR, World};

fn step(tenant: &TenantId, slot: i64, calls: i64, used: Option<i64>) -> Op {
    Op::Budget(BudgetStep {
        tenant: tenant.clone(),
        slot,
        calls: if calls > 0 { vec![("write", calls)] } else { Vec::new() },
        others: 2,
        messages: 10 * calls,
        lock_errors: calls / 3,
        standing: used.map(standing),
    })
}

fn standing(used: i64) -> BudgetStanding {
    BudgetStanding {
        used,
        max: 15_000,
        read_at: T0,
        ceiling: 12_000,
        exhausted_at: (used > 100).then(|| T0.plus(HOUR)),
        slowed: 1,
        waiting: 0,
    }
}

pub async fn calls_are_added_and_the_standing_is_replaced(w: World) {
    let (a, b) = (w.tenant("acme").await, w.tenant("globex").await);
    assert_eq!(w.store.api_budget(&a).await.unwrap(), ApiBudget::default());
    for op in [step(&a, 7, 3, None), step(&a, 7, 4, Some(200)), step(&a, 8, 0, Some(50))] {
        w.did(op).await;
    }
    let mut other = step(&b, 7, 1, None);
    if let Op::Budget(step) = &mut other {
        step.calls.push(("limits", 1));
    }
    w.did(other).await;
    let slot = |slot, own, others, messages| ApiSlot { slot, own, others, messages };
    let want = ApiBudget {
        standing: Some(standing(50)),
        slots: vec![slot(7, 7, 4, 70), slot(8, 0, 2, 0)],
        calls: vec![("write".into(), 7)],
        messages: 70,
        lock_errors: 2,
    };
    assert_eq!(w.store.api_budget(&a).await.unwrap(), want);
    let of_b = w.store.api_budget(&b).await.unwrap();
    assert_eq!(of_b.calls, [("limits".to_owned(), 1), ("write".to_owned(), 1)]);
    assert_eq!((of_b.standing, of_b.slots), (None, vec![slot(7, 2, 2, 10)]));
}

pub async fn slots_of_two_days_are_kept(w: World) {
    let tenant = w.tenant("acme").await;
    for slot in [0, 24 * 12, 2 * 24 * 12, 2 * 24 * 12 + 1] {
        w.did(step(&tenant, slot, 1, None)).await;
    }
    let kept = w.store.api_budget(&tenant).await.unwrap();
    let slots: Vec<_> = kept.slots.iter().map(|s| s.slot).collect();
    assert_eq!(slots, [24 * 12, 2 * 24 * 12, 2 * 24 * 12 + 1]);
    assert_eq!(kept.calls, [("write".to_owned(), 4)], "a total is never forgotten");
}
