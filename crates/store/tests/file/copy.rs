//! A copy of the whole database, taken while others write.

use store::{Commit, Store, StoreError};

use crate::ambient::ambient;
use crate::{Dir, master, now, open, webhook};

#[test]
fn a_copy_is_of_one_moment_and_lies_elsewhere() {
    let dir = Dir::new();
    let store = open(&dir.file()).unwrap();
    for n in 0..50 {
        now(store.commit(Commit::of(vec![webhook(format!("{n}"))]))).unwrap();
    }
    // rows that are in the log still, and a writer that does not pause
    let writer = {
        let store = store.clone();
        std::thread::spawn(move || {
            for n in 50..400 {
                now(store.commit(Commit::of(vec![webhook(format!("{n}"))]))).unwrap();
            }
        })
    };
    let to = dir.file().with_extension("copy");
    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    runtime.block_on(store.copy_to(&to)).unwrap();
    let refused = runtime.block_on(store.copy_to(&to)).unwrap_err();
    assert!(matches!(refused, StoreError::Broken(_)), "a file is there already: {refused:?}");
    writer.join().unwrap();
    let copy = Store::open_sqlite(&to, master(), ambient(1).0).unwrap();
    let rows = now(copy.journal_next(1_000)).unwrap();
    assert!(rows.len() >= 50, "{} rows in the copy", rows.len());
    for (n, row) in rows.iter().enumerate() {
        assert_eq!(row.body, format!("{n}"), "a gap in the copy");
    }
    assert_eq!(now(copy.installation()).unwrap(), now(store.installation()).unwrap());
    assert_eq!(copy.derive("x"), store.derive("x"));
    assert_ne!(copy.derive("x"), store.derive("y"));
    assert_ne!(now(copy.place()).unwrap(), now(store.place()).unwrap());
    let place = now(store.place()).unwrap();
    now(store.close());
    let store = open(&dir.file()).unwrap();
    assert_eq!(now(store.place()).unwrap(), place, "a restart lies where it lay");
    now(store.close());
    now(copy.close());
}
