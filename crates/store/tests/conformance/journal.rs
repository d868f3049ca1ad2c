//! Webhook bodies as they came.

use bytes::Bytes;
use futures_util::future::join_all;
use model::ids::AppId;
use store::op::NewWebhook;
use store::{Did, Op};

use crate::ambient::T0;
use crate::world::World;

fn webhook(body: impl Into<Bytes>) -> Op {
    Op::AppendWebhook(NewWebhook { app: AppId::new("main"), received_at: T0, body: body.into() })
}

async fn append(w: &World, body: impl Into<Bytes>) -> i64 {
    match w.did(webhook(body)).await {
        Did::Seq(seq) => seq,
        other => panic!("no number: {other:?}"),
    }
}

pub async fn appended_bodies_come_back_in_order_byte_for_byte(w: World) {
    let bodies = [&b"{}"[..], b"", b"\0\xff not text", &[7; 100_000]];
    let mut seqs = vec![append(&w, bodies[0]).await];
    let rest = bodies[1..].iter().map(|body| webhook(*body)).collect();
    for did in w.commit(rest).await.unwrap() {
        let Did::Seq(seq) = did else { panic!("no number: {did:?}") };
        seqs.push(seq);
    }
    assert!(seqs.is_sorted() && seqs.windows(2).all(|pair| pair[0] != pair[1]));
    let entries = w.store.journal_next(10).await.unwrap();
    assert_eq!(entries.iter().map(|e| e.seq).collect::<Vec<_>>(), seqs);
    assert!(entries.iter().zip(bodies).all(|(entry, body)| entry.body == body));
    assert!(entries.iter().all(|e| e.received_at == T0 && e.app.as_str() == "main"));
    assert_eq!(w.store.journal_next(2).await.unwrap().len(), 2);
    assert_eq!(w.store.journal_body(seqs[2]).await.unwrap().unwrap(), bodies[2]);
    assert_eq!(w.store.journal_body(999).await.unwrap(), None);
}

/// They share statements and a commit, and are told apart all the same.
pub async fn webhooks_of_the_same_moment_have_places_of_their_own(w: World) {
    let told = |n: usize| {
        let webhook = NewWebhook {
            app: AppId::new(["main", "other", "third"][n / 2 % 3]),
            received_at: T0.plus(n as i64),
            body: format!("body {n}").into(),
        };
        (webhook.clone(), w.commit(vec![Op::AppendWebhook(webhook)]))
    };
    let (webhooks, commits): (Vec<_>, Vec<_>) = (0..40).map(told).unzip();
    let dids = join_all(commits).await;
    let entries = w.store.journal_next(100).await.unwrap();
    assert_eq!(entries.len(), 40);
    for (webhook, did) in webhooks.iter().zip(dids) {
        let [Did::Seq(seq)] = did.unwrap()[..] else { panic!("one number each") };
        let entry = entries.iter().find(|entry| entry.seq == seq).unwrap();
        assert_eq!(
            (&entry.app, entry.received_at, &entry.body),
            (&webhook.app, webhook.received_at, &webhook.body)
        );
    }
}

/// Whoever reads holds them in memory.
pub async fn large_bodies_are_read_a_few_at_a_time(w: World) {
    let mut seqs = Vec::new();
    for n in [5, 2, 2, 9, 1] {
        seqs.push(append(&w, vec![n; usize::from(n) << 20]).await);
    }
    let mut read = Vec::new();
    loop {
        let entries = w.store.journal_next(10).await.unwrap();
        if entries.is_empty() {
            break;
        }
        let bytes: usize = entries.iter().map(|e| e.body.len()).sum();
        assert!(bytes <= 8 << 20 || entries.len() == 1, "{bytes} bytes at once");
        read.push(entries.len());
        for entry in entries {
            w.did(Op::JournalDone { seq: entry.seq, at: T0 }).await;
        }
    }
    assert_eq!(read, [2, 1, 1, 1]);
}

pub async fn attempts_are_counted_and_ended_rows_leave_the_queue(w: World) {
    let seqs = [append(&w, "a").await, append(&w, "b").await, append(&w, "c").await];
    w.did(Op::JournalAttempt { seqs: vec![seqs[0], seqs[2]] }).await;
    w.did(Op::JournalAttempt { seqs: vec![seqs[2]] }).await;
    let attempts: Vec<_> =
        w.store.journal_next(9).await.unwrap().iter().map(|e| e.attempts).collect();
    assert_eq!(attempts, [1, 0, 2]);
    w.did(Op::JournalDone { seq: seqs[0], at: T0 }).await;
    w.did(Op::JournalAside { seq: seqs[2], at: T0, code: "puente.poison".into() }).await;
    let left = w.store.journal_next(9).await.unwrap();
    assert_eq!(left.iter().map(|e| e.seq).collect::<Vec<_>>(), [seqs[1]]);
    assert_eq!(w.store.journal_body(seqs[2]).await.unwrap().unwrap(), "c");
}

pub async fn ending_twice_is_no_error_and_setting_aside_needs_an_open_row(w: World) {
    let seq = append(&w, "a").await;
    w.did(Op::JournalDone { seq, at: T0 }).await;
    w.did(Op::JournalDone { seq, at: T0.plus(1) }).await;
    let late = Op::JournalAside { seq, at: T0, code: "puente.poison".into() };
    assert!(w.refused(late).await.is_conflict());
    assert!(w.store.journal_next(9).await.unwrap().is_empty());
}
