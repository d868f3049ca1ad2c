//! What deliveries cost, counted with each status.

use model::{Month, Status, UnixMs};
use store::op::*;
use store::{CostCount, Op};

use crate::ambient::T0;
use crate::world::{HOUR, MINUTE, Thread, World, accepted, status};

fn price(category: &str, kind: &str) -> Pricing {
    Pricing {
        category: category.into(),
        kind: kind.into(),
        model: "PMP".into(),
        billable: kind == "regular",
        calling_code: Some("52".into()),
    }
}

fn seen(thread: &Thread, key: u8, word: Status, at: UnixMs, pricing: Option<Pricing>) -> Op {
    let state_key = [key; 16];
    Op::MergeStatus(StatusSeen { state_key, pricing, ..status(thread, word, at) })
}

/// `category kind messages` of what is kept, which must be what a recount finds.
async fn counts(w: &World, thread: &Thread, month: Month) -> Vec<String> {
    let (kept, told) = w.store.cost_compared(&thread.tenant, month).await.unwrap();
    assert_eq!(kept, told, "what is kept is what the messages say");
    assert_eq!(w.store.cost_counts(&thread.tenant, month).await.unwrap(), kept);
    kept.iter().map(|c| format!("{} {} {}", c.category, c.kind, c.messages)).collect()
}

/// All 24 orders, each with every status said twice.
pub async fn a_delivered_message_counts_once_in_every_order(w: World) {
    let thread = w.thread().await;
    let month = Month::of(T0);
    for code in 0..24u8 {
        let price = || Some(price("service", "regular"));
        let mut steps = vec![
            seen(&thread, code, Status::Sent, T0.plus(1), price()),
            seen(&thread, code, Status::Delivered, T0.plus(2), price()),
            seen(&thread, code, Status::Read, T0.plus(3), None),
            seen(&thread, code, Status::Played, T0.plus(4), None),
        ];
        let mut left = code as usize;
        for n in (1..=4).rev() {
            let step = steps.remove(left % n);
            left /= n;
            w.did(step.clone()).await;
            w.did(step).await;
        }
        let want = format!("service regular {}", code + 1);
        assert_eq!(counts(&w, &thread, month).await, [want], "order {code}");
    }
}

pub async fn only_what_was_delivered_counts(w: World) {
    let thread = w.thread().await;
    let month = Month::of(T0);
    let sent = w.sent(&thread).await;
    let permit = w.permit(&thread, &sent).await;
    w.finish(&permit, accepted()).await;
    let regular = || Some(price("utility", "regular"));
    w.did(seen(&thread, 1, Status::Sent, T0, regular())).await;
    w.did(seen(&thread, 2, Status::Failed, T0, regular())).await;
    w.did(seen(&thread, 3, Status::Delivered, T0, None)).await;
    assert!(counts(&w, &thread, month).await.is_empty());
    // the price comes with a later step; a failed one arrived after all
    w.did(seen(&thread, 3, Status::Read, T0, Some(price("utility", "free_customer_service"))))
        .await;
    w.did(seen(&thread, 2, Status::Delivered, T0, regular())).await;
    let free = "utility free_customer_service 1".to_owned();
    assert_eq!(counts(&w, &thread, month).await, [free, "utility regular 1".to_owned()]);
    let kept = w.store.cost_counts(&thread.tenant, month).await.unwrap();
    let billable: Vec<_> = kept.iter().map(|c| (c.billable, c.calling_code.as_str())).collect();
    assert_eq!(billable, [(false, "52"), (true, "52")]);
}

pub async fn an_earlier_time_moves_a_message_to_its_month(w: World) {
    let thread = w.thread().await;
    let (month, before) = (Month::of(T0), Month(Month::of(T0).0 - 1));
    let first = month.start();
    let price = || Some(price("marketing", "regular"));
    w.did(seen(&thread, 1, Status::Read, first.plus(5), price())).await;
    assert_eq!(counts(&w, &thread, month).await, ["marketing regular 1"]);
    w.did(seen(&thread, 1, Status::Delivered, first.plus(-1), None)).await;
    assert!(counts(&w, &thread, month).await.is_empty());
    assert_eq!(counts(&w, &thread, before).await, ["marketing regular 1"]);
}

pub async fn a_recount_gives_what_the_messages_say(w: World) {
    let thread = w.thread().await;
    let month = Month::of(T0);
    let recount = CostRecount { tenant: thread.tenant.clone(), month };
    w.did(Op::RecountCost(recount.clone())).await;
    assert!(counts(&w, &thread, month).await.is_empty());
    for (key, category) in [(1, "service"), (2, "service"), (3, "utility")] {
        w.did(seen(&thread, key, Status::Delivered, T0, Some(price(category, "regular")))).await;
    }
    let want = ["service regular 2", "utility regular 1"];
    for _ in 0..2 {
        w.did(Op::RecountCost(recount.clone())).await;
        assert_eq!(counts(&w, &thread, month).await, want);
    }
    // and it goes on from there
    w.did(seen(&thread, 3, Status::Read, T0, None)).await;
    w.did(seen(&thread, 4, Status::Delivered, T0, Some(price("utility", "regular")))).await;
    assert_eq!(counts(&w, &thread, month).await, ["service regular 2", "utility regular 2"]);
}

pub async fn costs_of_two_tenants_are_two(w: World) {
    let one = w.thread().await;
    let other = w.tenant("other").await;
    w.number(&other, "900").await;
    let two = w.person(&other, "900").await;
    let month = Month::of(T0);
    for thread in [&one, &two] {
        w.did(seen(thread, 1, Status::Delivered, T0, Some(price("service", "regular")))).await;
    }
    for thread in [&one, &two] {
        let kept: Vec<CostCount> = w.store.cost_counts(&thread.tenant, month).await.unwrap();
        assert_eq!(kept.len(), 1);
        assert_eq!((&kept[0].number, kept[0].messages), (&thread.number, 1));
    }
    w.did(Op::RecountCost(CostRecount { tenant: other, month })).await;
    assert_eq!(counts(&w, &one, month).await, ["service regular 1"]);
}

pub async fn sends_of_which_nothing_more_was_heard_are_found(w: World) {
    let thread = w.thread().await;
    let tenant = &thread.tenant;
    for key in [1, 2, 3] {
        let at = T0.plus(i64::from(key) * MINUTE);
        w.did(seen(&thread, key, Status::Accepted, at, None)).await;
    }
    w.did(seen(&thread, 2, Status::Sent, T0.plus(HOUR), None)).await;
    let silent = |since, before| w.store.silent_sends(tenant, since, before);
    let found = silent(T0, T0.plus(HOUR)).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].messages, found[0].oldest), (2, T0.plus(MINUTE)));
    assert_eq!(found[0].number, thread.number);
    assert_eq!(silent(T0, T0.plus(3 * MINUTE)).await.unwrap()[0].messages, 1);
    assert!(silent(T0.plus(4 * MINUTE), T0.plus(HOUR)).await.unwrap().is_empty());
    let delivered = |at| w.store.delivered_after(tenant, &thread.number, at);
    assert!(!delivered(T0).await.unwrap());
    w.did(seen(&thread, 2, Status::Delivered, T0.plus(9), Some(price("service", "regular")))).await;
    assert!(delivered(T0).await.unwrap());
    assert!(!delivered(T0.plus(9)).await.unwrap());
}
