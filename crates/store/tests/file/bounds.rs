//! A bound on the file's size, and its recovery.

use store::op::Purge;
use store::{Commit, Did, Op, SqliteOptions, StoreError};

use crate::ambient::T0;
use crate::{Dir, now, open_with, webhook};

#[test]
fn a_file_at_its_bound_refuses_and_heals() {
    let dir = Dir::new();
    let options = SqliteOptions { bytes_max: Some(2_000_000), ..SqliteOptions::default() };
    let store = open_with(&dir.file(), options).unwrap();
    let mut kept = vec![];
    let refused = loop {
        match now(store.commit(Commit::of(vec![webhook(vec![7; 50_000])]))) {
            Ok(did) => match did[0] {
                Did::Seq(seq) => kept.push(seq),
                ref other => panic!("{other:?}"),
            },
            Err(error) => break error,
        }
    };
    assert!(matches!(refused, StoreError::Full(_)), "{refused}");
    assert!(kept.len() > 10);
    let rows = now(store.journal_next(1_000)).unwrap();
    assert_eq!(rows.iter().map(|row| row.seq).collect::<Vec<_>>(), kept);
    // Receiving stopped; reading and clearing up did not.
    let done = kept.iter().map(|seq| Op::JournalDone { seq: *seq, at: T0 }).collect();
    now(store.commit(Commit::of(done))).unwrap();
    let purge = Purge { journal_before: Some(T0.plus(1)), rows_max: 5, ..Purge::default() };
    now(store.commit(Commit::of(vec![Op::Purge(purge)]))).unwrap();
    now(store.commit(Commit::of(vec![webhook(vec![7; 50_000])]))).expect("there is room again");
    now(store.close());
}

#[test]
fn a_group_at_the_bound_is_refused_whole() {
    let dir = Dir::new();
    let options = SqliteOptions { bytes_max: Some(2_000_000), ..SqliteOptions::default() };
    let store = open_with(&dir.file(), options).unwrap();
    let commits = (0..40).map(|_| store.commit(Commit::of(vec![webhook(vec![7; 100_000])])));
    let answers = now(futures_util::future::join_all(commits));
    let acknowledged = answers.iter().filter(|answer| answer.is_ok()).count();
    assert!(answers.iter().any(|answer| matches!(answer, Err(StoreError::Full(_)))));
    let rows = now(store.journal_next(1_000)).unwrap();
    assert_eq!(rows.len(), acknowledged, "what is there and what was acknowledged differ");
    now(store.close());
}
