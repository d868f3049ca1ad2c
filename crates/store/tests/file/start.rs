//! Opening: keys, migrations, the log, a restored database.

use model::ids::{LaneId, PersonId, PhoneNumberId, TenantId};
use rusqlite::Connection;
use store::op::*;
use store::{Class, Commit, Did, MasterKey, Op, Profile, Store, StoreError};

use crate::ambient::{T0, ambient};
use crate::{Dir, now, open, webhook};

#[test]
fn another_master_key_is_refused_in_plain_words() {
    let dir = Dir::new();
    now(open(&dir.file()).unwrap().close());
    let other = MasterKey::from_bytes([1; 32]);
    let refused = Store::open_sqlite(dir.file(), other, ambient(1).0).unwrap_err();
    assert!(matches!(refused, StoreError::Sealed(_)));
    assert!(refused.to_string().contains("not the master key"), "{refused}");
    now(open(&dir.file()).expect("the right one still opens it").close());
}

#[test]
fn a_changed_migration_is_refused_and_a_newer_one_is_not() {
    let dir = Dir::new();
    now(open(&dir.file()).unwrap().close());
    let raw = Connection::open(dir.file()).unwrap();
    raw.execute("INSERT INTO schema_migration VALUES ('9999_later', x'00', 0)", []).unwrap();
    now(open(&dir.file()).expect("a newer version only expands").close());
    raw.execute("UPDATE schema_migration SET hash = x'00' WHERE name = '0001_spine'", []).unwrap();
    let refused = open(&dir.file()).unwrap_err();
    assert!(refused.to_string().contains("0001_spine was changed"), "{refused}");
}

#[test]
fn a_start_finds_what_was_written_and_close_empties_the_log() {
    let dir = Dir::new();
    let store = open(&dir.file()).unwrap();
    let installation = now(store.installation()).unwrap();
    now(store.commit(Commit::of(vec![webhook("kept")]))).unwrap();
    let log = dir.file().with_extension("db-wal");
    assert!(log.exists());
    now(store.close());
    assert!(!log.exists());
    let store = open(&dir.file()).unwrap();
    assert_eq!(now(store.journal_next(9)).unwrap()[0].body, "kept");
    assert_eq!(now(store.installation()).unwrap(), installation);
    now(store.close());
}

/// Its rows may have been sent since the copy was made.
#[test]
fn a_restored_installation_claims_nothing() {
    let dir = Dir::new();
    let store = open(&dir.file()).unwrap();
    let ambient = ambient(7).0;
    let tenant = TenantId::new("acme");
    let number = PhoneNumberId::new("100");
    let (person, lane) = (PersonId::new(&ambient), LaneId::new(&ambient));
    let ops = vec![
        Op::PutTenant(TenantRow { tenant: tenant.clone(), org: None, at: T0 }),
        Op::NewPerson(NewPerson {
            tenant: tenant.clone(),
            id: person,
            at: T0,
            profile: Profile::default(),
        }),
        Op::NewLane(NewLane { tenant: tenant.clone(), id: lane, number: number.clone(), person }),
        Op::Accept(Box::new(NewOutbox {
            tenant,
            id: model::ids::OutboxId::new(&ambient),
            lane,
            number,
            person,
            message: model::ids::MessageId::new(&ambient),
            class: Class::Live,
            request_key: [1; 32],
            request_digest: [1; 32],
            free_form: false,
            purpose: model::Purpose::Service,
            template: None,
            reference: None,
            agent: None,
            due_at: T0,
            created_at: T0,
            body: b"{}".to_vec(),
            effects: vec![],
        })),
    ];
    now(store.commit(Commit::of(ops))).unwrap();
    let raw = Connection::open(dir.file()).unwrap();
    let claim = || {
        let claim = ClaimLanes { lease_ms: -1, lanes_max: 9, live_only: 0, numbers: None, now: T0 };
        match now(store.commit(Commit::of(vec![Op::ClaimLanes(claim)]))).unwrap().remove(0) {
            Did::Claimed(lanes) => lanes.len(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(claim(), 1);
    raw.execute("UPDATE installation SET restored_at = 1", []).unwrap();
    assert_eq!(claim(), 0);
    raw.execute("UPDATE installation SET restored_at = NULL", []).unwrap();
    assert_eq!(claim(), 1);
    now(store.close());
}
