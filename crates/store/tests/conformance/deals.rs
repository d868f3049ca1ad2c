//! Opportunities that puente made, and to what they are owed.

use model::ids::RecordId;
use store::op::*;
use store::{Did, Op, Owed};

use crate::ambient::T0;
use crate::world::{HOUR, MINUTE, Thread, World};

fn made(thread: &Thread, n: u8) -> Op {
    Op::NewDeal(NewDeal {
        tenant: thread.tenant.clone(),
        conversation: thread.conversation,
        record: RecordId::new(format!("006000000000{n:03}AAA")),
        person: thread.person,
        number: thread.number.clone(),
        at: T0,
        touch: Some("ad:1".into()),
    })
}

fn stands(thread: &Thread, n: u8, is_won: bool, closed: Option<i64>, amount: Option<i64>) -> Op {
    Op::DealStands(DealStands {
        tenant: thread.tenant.clone(),
        record: RecordId::new(format!("006000000000{n:03}AAA")),
        is_won,
        closed_at: closed.map(|minutes| T0.plus(minutes * MINUTE)),
        amount,
    })
}

pub async fn a_touch_is_replaced_and_the_last_win_is_known(w: World) {
    let thread = w.thread().await;
    let (tenant, person) = (&thread.tenant, thread.person);
    assert_eq!(w.store.attribution(tenant, person).await.unwrap(), (None, None));
    for (touch, minutes) in [("ad:1", 0), ("button:price", 5)] {
        let (tenant, touch) = (tenant.clone(), touch.to_owned());
        let at = T0.plus(minutes * MINUTE);
        w.did(Op::Attribute(Attributed { tenant, person, touch, at })).await;
    }
    w.did(made(&thread, 1)).await;
    w.did(stands(&thread, 1, true, Some(3), Some(100))).await;
    let owed = Owed { touch: "button:price".into(), at: T0.plus(5 * MINUTE) };
    let known = w.store.attribution(tenant, person).await.unwrap();
    assert_eq!(known, (Some(owed), Some(T0.plus(3 * MINUTE))));
}

pub async fn a_sale_keeps_the_time_at_which_it_was_closed(w: World) {
    let thread = w.thread().await;
    let tenant = &thread.tenant;
    assert!(!w.store.has_deals(tenant).await.unwrap());
    assert_eq!(w.did(made(&thread, 1)).await, Did::New(true));
    assert_eq!(w.did(made(&thread, 2)).await, Did::New(false), "one a conversation");
    assert!(w.store.has_deals(tenant).await.unwrap());
    let won = async || {
        let all = w.store.metric_deals(tenant, T0, T0.plus(HOUR), None, 9).await.unwrap();
        all.into_iter().map(|deal| (deal.closed_at, deal.amount)).collect::<Vec<_>>()
    };
    w.did(stands(&thread, 1, false, None, Some(5))).await;
    assert_eq!(won().await, []);
    w.did(stands(&thread, 1, true, Some(7), Some(5))).await;
    // an agent mends the amount
    w.did(stands(&thread, 1, true, Some(9), Some(6))).await;
    assert_eq!(won().await, [(Some(T0.plus(7 * MINUTE)), Some(6))]);
    // opened again, lost, and won after all
    w.did(stands(&thread, 1, false, None, None)).await;
    w.did(stands(&thread, 1, false, Some(11), None)).await;
    assert_eq!(won().await, []);
    w.did(stands(&thread, 1, true, Some(13), None)).await;
    assert_eq!(won().await, [(Some(T0.plus(13 * MINUTE)), None)]);
    let after = Some((T0.plus(13 * MINUTE), thread.conversation));
    let rest = w.store.metric_deals(tenant, T0, T0.plus(HOUR), after, 9).await.unwrap();
    assert!(rest.is_empty());
    // of a record that is not kept nothing changes
    w.did(stands(&thread, 9, true, Some(1), None)).await;
    assert_eq!(won().await.len(), 1);
}
