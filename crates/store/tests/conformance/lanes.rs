//! Lanes: claimed by one, fenced, given back.

use model::ids::{LaneId, PhoneNumberId};
use store::op::*;
use store::{Class, Did, Fence, Op, OutboxState, StoreError};

use crate::ambient::T0;
use crate::world::{HOUR, MINUTE, World};

pub async fn claims_go_by_class_then_by_due_time(w: World) {
    let first = w.thread().await;
    let mut threads = vec![first.clone()];
    for _ in 0..3 {
        threads.push(w.person(&first.tenant, "100").await);
    }
    let due =
        [(Class::Campaign, -900), (Class::Live, -1), (Class::Automatic, -500), (Class::Live, -2)];
    for (thread, (class, ms)) in threads.iter().zip(due) {
        w.send(thread, |new| (new.class, new.due_at) = (class, T0.plus(ms))).await;
    }
    // More rows of one lane do not make it two lanes.
    w.send(&threads[1], |_| {}).await;
    let claimed = w.claim(T0).await;
    let order: Vec<_> = claimed.iter().map(|lane| lane.lane).collect();
    assert_eq!(order, [3, 1, 2, 0].map(|at: usize| threads[at].lane));
    assert!(claimed.iter().all(|lane| lane.epoch == 1 && lane.tenant == first.tenant));
    assert!(w.claim(T0).await.is_empty());
    let lane = &claimed[0];
    w.did(Op::ReleaseLane(LaneRelease { lane: lane.lane, epoch: 1, hold_until: None })).await;
    let again = w.claim(T0).await;
    assert_eq!((again.len(), again[0].epoch), (1, 2));
}

pub async fn some_lanes_are_for_the_live_class_alone(w: World) {
    let first = w.thread().await;
    let mut threads = vec![first.clone()];
    for _ in 0..5 {
        threads.push(w.person(&first.tenant, "100").await);
    }
    let classes =
        [Class::Campaign, Class::Campaign, Class::Automatic, Class::Campaign, Class::Live];
    for (thread, class) in threads.iter().zip(classes) {
        w.send(thread, |new| new.class = class).await;
    }
    let take = |lanes_max| {
        Op::ClaimLanes(ClaimLanes {
            lease_ms: HOUR,
            lanes_max,
            live_only: 2,
            numbers: None,
            now: T0,
        })
    };
    let claimed = async |max| match w.did(take(max)).await {
        Did::Claimed(lanes) => lanes.into_iter().map(|lane| lane.lane).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let of = |at: usize| threads[at].lane;
    // one is live, so one of the two that are kept for it stays empty
    assert_eq!(claimed(4).await, [of(4), of(2)]);
    assert!(claimed(2).await.is_empty(), "what is left is no live one");
    w.send(&threads[5], |new| new.class = Class::Live).await;
    assert_eq!(claimed(2).await, [of(5)]);
    assert_eq!(claimed(9).await.len(), 3);
}

pub async fn a_held_or_leased_lane_is_not_claimed(w: World) {
    let thread = w.thread().await;
    w.send(&thread, |_| {}).await;
    let take = |lease_ms| {
        Op::ClaimLanes(ClaimLanes { lease_ms, lanes_max: 1, live_only: 0, numbers: None, now: T0 })
    };
    let Did::Claimed(lanes) = w.did(take(HOUR)).await else { panic!("no claim") };
    assert_eq!(lanes.len(), 1);
    assert!(w.claim(T0).await.is_empty());
    let hold_until = Some(T0.plus(30_000));
    let lane = thread.lane;
    w.did(Op::ReleaseLane(LaneRelease { lane, epoch: lanes[0].epoch, hold_until })).await;
    assert!(w.claim(T0.plus(29_999)).await.is_empty());
    let Did::Claimed(lanes) = w
        .did(Op::ClaimLanes(ClaimLanes {
            lease_ms: -1,
            lanes_max: 1,
            live_only: 0,
            numbers: None,
            now: T0.plus(30_000),
        }))
        .await
    else {
        panic!("no claim")
    };
    assert_eq!(lanes[0].epoch, 2);
    // That lease ran out as it was given.
    assert_eq!(w.claim(T0.plus(30_000)).await[0].epoch, 3);
}

/// A number that is left alone stands in nobody's way.
pub async fn lanes_of_some_numbers_alone_can_be_claimed(w: World) {
    let first = w.thread().await;
    for number in ["200", "300"] {
        w.number(&first.tenant, number).await;
    }
    let mut threads = vec![first.clone()];
    for number in ["200", "300", "100", "200"] {
        threads.push(w.person(&first.tenant, number).await);
    }
    for (n, thread) in threads.iter().enumerate() {
        w.send(thread, |new| new.due_at = T0.plus(-(n as i64))).await;
    }
    let of = |numbers: &[&str]| {
        let numbers = Some(numbers.iter().map(|n| PhoneNumberId::new(*n)).collect());
        Op::ClaimLanes(ClaimLanes { lease_ms: HOUR, lanes_max: 3, live_only: 0, numbers, now: T0 })
    };
    let lanes = |did| match did {
        Did::Claimed(lanes) => lanes.into_iter().map(|lane| lane.lane).collect::<Vec<_>>(),
        other => panic!("no claim: {other:?}"),
    };
    assert!(lanes(w.did(of(&[])).await).is_empty());
    let claimed = lanes(w.did(of(&["200", "300"])).await);
    assert_eq!(claimed, [4, 2, 1].map(|at: usize| threads[at].lane), "the longest due first");
    let claimed = lanes(w.did(of(&["100", "200"])).await);
    assert_eq!(claimed, [3, 0].map(|at: usize| threads[at].lane));
}

pub async fn a_lane_whose_head_is_not_due_waits_whole(w: World) {
    let thread = w.thread().await;
    let first = w.send(&thread, |new| new.due_at = T0.plus(MINUTE)).await;
    w.send(&thread, |_| {}).await;
    let automatic = w.send(&thread, |new| new.class = Class::Automatic).await;
    assert!(w.claim(T0).await.is_empty());
    assert!(w.store.lane_head(&thread.tenant, thread.lane, T0).await.unwrap().is_none());
    assert_eq!(w.claim(T0.plus(MINUTE)).await.len(), 1);
    let head = w.store.lane_head(&thread.tenant, thread.lane, T0.plus(MINUTE)).await.unwrap();
    assert_eq!(head.map(|head| head.id), Some(first.outbox));
    let queued = w.store.outbox_in_state(&thread.tenant, OutboxState::Queued, 9).await.unwrap();
    assert_eq!((queued.len(), queued[2].id), (3, automatic.outbox));
    assert_eq!(w.store.next_due(T0).await.unwrap(), Some(T0.plus(MINUTE)));
}

pub async fn an_epoch_fences_the_holder_before(w: World) {
    let thread = w.thread().await;
    let sent = w.sent(&thread).await;
    let lane = thread.lane;
    w.did(Op::ClaimLanes(ClaimLanes {
        lease_ms: -1,
        lanes_max: 1,
        live_only: 0,
        numbers: None,
        now: T0,
    }))
    .await;
    let now = w.claim(T0).await;
    assert_eq!(now[0].epoch, 2);
    let begin = || {
        Op::BeginSend(BeginSend {
            tenant: thread.tenant.clone(),
            outbox: sent.outbox,
            attempt: model::ids::AttemptId::new(&w.ambient),
            at: T0,
            deadline: T0,
            sync_due_at: T0,
            policy: model::ConsentPolicy::IMPLIED,
        })
    };
    for (lane, epoch) in [(lane, 1), (lane, 3), (LaneId::new(&w.ambient), 2)] {
        let stale = w.fenced(Fence::Lane { lane, epoch }, vec![begin()]).await;
        assert!(matches!(stale, Err(StoreError::Fenced)));
    }
    assert_eq!(w.outbox_state(&thread, &sent).await, OutboxState::Queued);
    let did = w.fenced(Fence::Lane { lane, epoch: 2 }, vec![begin()]).await.unwrap();
    assert!(matches!(did[..], [Did::Permit(_)]));
}

pub async fn releasing_a_lane_that_moved_on_is_harmless(w: World) {
    let thread = w.thread().await;
    w.send(&thread, |_| {}).await;
    w.did(Op::ClaimLanes(ClaimLanes {
        lease_ms: -1,
        lanes_max: 1,
        live_only: 0,
        numbers: None,
        now: T0,
    }))
    .await;
    assert_eq!(w.claim(T0).await[0].epoch, 2);
    let lane = thread.lane;
    w.did(Op::ReleaseLane(LaneRelease { lane, epoch: 1, hold_until: None })).await;
    assert!(w.claim(T0).await.is_empty(), "another holder's lease was given back");
}
