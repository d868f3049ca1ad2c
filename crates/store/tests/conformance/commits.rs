//! All or nothing, many at once, and killed in between.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::future::join_all;
use model::ids::AppId;
use store::op::*;
use store::{Commit, Did, Op, Probe, StoreError};

use crate::ambient::T0;
use crate::world::World;

fn webhook(text: &str) -> Op {
    let (app, body) = (AppId::new("main"), text.to_owned().into());
    Op::AppendWebhook(NewWebhook { app, received_at: T0, body })
}

pub async fn a_commit_is_all_or_nothing(w: World) {
    let thread = w.thread().await;
    let (_, send) = w.outbox(&thread, |new| new.request_key = [1; 32]);
    let mut ops = vec![webhook("a"), send];
    ops.extend(thread.ops(Default::default()));
    assert!(w.commit(ops).await.unwrap_err().is_conflict());
    assert!(w.store.journal_next(9).await.unwrap().is_empty());
    assert_eq!(w.store.outbox_by_request_key(&thread.tenant, &[1; 32]).await.unwrap(), None);
    assert_eq!(w.store.feed_bounds(&thread.tenant).await.unwrap().1, 0);
    assert!(w.commit(vec![]).await.unwrap().is_empty());
}

pub async fn many_commits_at_once_all_hold(w: World) {
    let commits = (0..300).map(|n| w.commit(vec![webhook(&n.to_string()), webhook("x")]));
    let mut seqs = vec![];
    for did in join_all(commits).await {
        let did = did.unwrap();
        let [Did::Seq(a), Did::Seq(b)] = did[..] else { panic!("{did:?}") };
        assert!(a < b);
        seqs.extend([a, b]);
    }
    seqs.sort_unstable();
    seqs.dedup();
    assert_eq!(seqs.len(), 600);
    let rows = w.store.journal_next(1000).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.seq).collect::<Vec<_>>(), seqs);
    let numbered = rows.iter().filter(|row| row.body != "x").count();
    assert_eq!(numbered, 300);
}

pub async fn a_failing_neighbour_does_not_hurt(w: World) {
    let thread = w.thread().await;
    let commits = (0..90).map(|n| {
        let ops = match n % 3 {
            0 => vec![webhook("kept")],
            1 => [vec![webhook("lost")], thread.ops(Default::default())].concat(),
            _ => vec![w.outbox(&thread, |_| {}).1],
        };
        w.commit(ops)
    });
    for (n, done) in join_all(commits).await.into_iter().enumerate() {
        match n % 3 {
            1 => assert!(done.unwrap_err().is_conflict()),
            _ => assert_eq!(done.unwrap().len(), 1),
        }
    }
    let rows = w.store.journal_next(1000).await.unwrap();
    assert!(rows.len() == 30 && rows.iter().all(|row| row.body == "kept"));
    let bounds = w.store.feed_bounds(&thread.tenant).await.unwrap();
    assert_eq!(bounds, (1, 30));
}

struct Killer {
    before: u32,
    after: u32,
    asked: AtomicU32,
}

impl Probe for Killer {
    fn before_commit(&self, commit: &Commit) -> bool {
        assert!(!commit.ops.is_empty());
        self.asked.fetch_add(1, Ordering::Relaxed) + 1 == self.before
    }

    fn after_commit(&self, _: bool) -> bool {
        self.asked.load(Ordering::Relaxed) == self.after
    }
}

pub async fn a_probe_kills_before_and_after(w: World) {
    for (before, after, kept) in [(2, 0, 1), (0, 2, 3)] {
        let killer = Killer { before, after, asked: AtomicU32::new(0) };
        let store = w.reopened().await.with_probe(Arc::new(killer));
        let commit = || store.commit(Commit::of(vec![webhook("a")]));
        assert!(commit().await.is_ok());
        for _ in 0..2 {
            assert!(matches!(commit().await, Err(StoreError::Broken(_))));
        }
        assert!(store.journal_next(1).await.is_err(), "a dead process reads nothing");
        let after = w.reopened().await;
        assert_eq!(after.journal_next(9).await.unwrap().len(), kept);
    }
}

pub async fn everything_is_refused_after_close(w: World) {
    w.commit(vec![webhook("a")]).await.unwrap();
    w.store.close().await;
    assert!(matches!(w.commit(vec![webhook("b")]).await, Err(StoreError::Broken(_))));
    assert!(matches!(w.store.journal_next(9).await, Err(StoreError::Broken(_))));
    assert!(matches!(w.store.clone().tenants().await, Err(StoreError::Broken(_))));
}
