//! Commits until the power goes, and what must be true after it is back.

use std::cell::RefCell;
use std::sync::Arc;

use futures_util::FutureExt;
use model::ids::{AppId, TenantId};
use model::{Ambient, Chance};
use rusqlite::{Connection, OpenFlags};
use sim_disk::Disk;
use store::op::*;
use store::{Commit, Did, MasterKey, Op, SqliteOptions, Store, StoreError};

use crate::ambient::{T0, TestClock, ambient};

#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    Whole,
    Lost(String),
}

pub struct Run {
    store: Option<Store>,
    ambient: Ambient,
    clock: Arc<TestClock>,
    chance: Arc<dyn Chance>,
    no_sync: bool,
    /// Bodies by sequence number that were acknowledged.
    kept: Vec<(i64, Vec<u8>)>,
    done: Vec<i64>,
    /// Bodies of the one commit that was not answered.
    in_doubt: Vec<Vec<u8>>,
    next: u64,
}

pub struct DiskOf;

impl DiskOf {
    pub fn room(&self, bytes: u64) {
        sim_disk::with(|disk| disk.room(bytes));
    }

    pub fn fail_next_sync(&self) {
        sim_disk::with(Disk::fail_next_sync);
    }
}

fn tenant() -> TenantId {
    TenantId::new("acme")
}

fn open(ambient: &Ambient, no_sync: bool) -> Result<Store, StoreError> {
    let vfs = Some(sim_disk::NAME.to_owned());
    let options = SqliteOptions { vfs, no_sync, ..SqliteOptions::default() };
    let master = MasterKey::from_bytes([9; 32]);
    Store::open_sqlite_inline("/puente.db", options, master, ambient.clone())
}

/// In this mode the store never waits.
fn now<F: Future>(future: F) -> F::Output {
    future.now_or_never().expect("an inline store answers at once")
}

thread_local! {
    /// A disk with an empty, migrated, synced database.
    static FRESH: RefCell<Option<Disk>> = const { RefCell::new(None) };
}

fn fresh(ambient: &Ambient) -> Disk {
    FRESH.with(|fresh| {
        let mut fresh = fresh.borrow_mut();
        if fresh.is_none() {
            sim_disk::with(|disk| *disk = Disk::default());
            let store = open(ambient, false).expect("an empty disk takes a database");
            let row = TenantRow { tenant: tenant(), org: None, at: T0 };
            now(store.commit(Commit::of(vec![Op::PutTenant(row)]))).expect("a tenant is put");
            now(store.close());
            *fresh = Some(sim_disk::with(|disk| disk.clone()));
        }
        fresh.clone().expect("just made")
    })
}

impl Run {
    pub fn new(seed: u64, no_sync: bool) -> Self {
        sim_disk::register();
        let fresh = fresh(&ambient(u64::MAX >> 33).0);
        sim_disk::with(|disk| *disk = fresh);
        let (ambient, clock) = ambient(seed + 1);
        let chance = crate::ambient::ambient(seed + 1_000_000).0.chance;
        let store = Some(open(&ambient, no_sync).expect("the fresh disk opens"));
        let (kept, done, in_doubt) = (vec![], vec![], vec![]);
        Self { store, ambient, clock, chance, no_sync, kept, done, in_doubt, next: 0 }
    }

    pub fn disk(&self) -> DiskOf {
        DiskOf
    }

    pub fn acknowledged(&self) -> usize {
        self.kept.len()
    }

    /// Whether the cut fell into a checkpoint.
    pub fn until_the_power_goes(&mut self) -> bool {
        let changes = 1 + self.chance.below(400);
        sim_disk::with(|disk| disk.power_for(changes));
        while self.commit().is_ok() {}
        sim_disk::with(|disk| disk.last_in_database)
    }

    pub fn until_refused(&mut self) -> StoreError {
        loop {
            if let Err(error) = self.commit() {
                return error;
            }
        }
    }

    /// One to four webhooks of any length; sometimes an item or an end too.
    pub fn commit(&mut self) -> Result<(), StoreError> {
        let bodies: Vec<Vec<u8>> = (0..1 + self.chance.below(4))
            .map(|_| {
                self.next += 1;
                let mut body = vec![0; 8 + self.chance.below(6_000) as usize];
                self.chance.fill(&mut body);
                body[..8].copy_from_slice(&self.next.to_be_bytes());
                body
            })
            .collect();
        let mut ops: Vec<Op> = bodies.iter().map(|body| webhook(body.clone())).collect();
        if self.chance.below(2) == 0 {
            ops.push(cursor(self.next));
        }
        let ended = self.kept.get(self.chance.below(1 + self.kept.len() as u64) as usize);
        let ended = ended.map(|(seq, _)| *seq);
        ops.extend(ended.map(|seq| Op::JournalDone { seq, at: T0 }));
        let store = self.store.as_ref().expect("the store is open");
        match now(store.commit(Commit::of(ops))) {
            Ok(did) => {
                self.clock.forward(10);
                self.in_doubt.clear();
                self.done.extend(ended);
                let seqs = did.iter().filter_map(|did| match did {
                    Did::Seq(seq) => Some(*seq),
                    _ => None,
                });
                self.kept.extend(seqs.zip(bodies));
                Ok(())
            }
            Err(error) => {
                if matches!(error, StoreError::Broken(_)) && self.in_doubt.is_empty() {
                    self.in_doubt = bodies;
                }
                Err(error)
            }
        }
    }

    pub fn cut(&mut self) {
        sim_disk::with(|disk| disk.power_for(1));
        let _ = self.commit();
    }

    /// Cuts, opens the store the ordinary way, and looks.
    pub fn after_the_power_is_back(&mut self) -> Verdict {
        self.store = None;
        let chance = self.chance.clone();
        sim_disk::with(|disk| disk.cut(|n| chance.below(n)));
        if let Err(why) = intact() {
            return Verdict::Lost(why);
        }
        self.store = match open(&self.ambient, self.no_sync) {
            Ok(store) => Some(store),
            Err(error) => return Verdict::Lost(error.to_string()),
        };
        match self.look() {
            Ok(()) => Verdict::Whole,
            Err(why) => Verdict::Lost(why),
        }
    }

    pub fn whole(&mut self) -> bool {
        self.look().is_ok()
    }

    fn look(&mut self) -> Result<(), String> {
        let store = self.store.as_ref().expect("the store is open");
        for (seq, body) in &self.kept {
            match now(store.journal_body(*seq)) {
                Ok(Some(found)) if found == body => {}
                other => return Err(format!("row {seq} was acknowledged and is {other:?}")),
            }
        }
        let open = now(store.journal_next(100_000)).map_err(|error| error.to_string())?;
        let mut strangers = vec![];
        for row in open {
            if self.done.contains(&row.seq) {
                return Err(format!("row {} was ended and is open again", row.seq));
            }
            if !self.kept.iter().any(|(seq, _)| *seq == row.seq) {
                strangers.push((row.seq, row.body.to_vec()));
            }
        }
        let bodies: Vec<_> = strangers.iter().map(|(_, body)| body.clone()).collect();
        if !bodies.is_empty() && bodies != self.in_doubt {
            return Err(format!("{} rows are there that no whole commit wrote", bodies.len()));
        }
        // The commit in doubt took effect: from here on it counts as kept.
        self.kept.extend(strangers);
        self.in_doubt.clear();
        Ok(())
    }
}

/// SQLite's own check, on a copy: closing it would finish what a start must.
fn intact() -> Result<(), String> {
    let disk = sim_disk::with(|disk| disk.clone());
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let checked = Connection::open_with_flags_and_vfs("/puente.db", flags, sim_disk::NAME)
        .and_then(|conn| {
            conn.execute_batch("PRAGMA locking_mode = EXCLUSIVE")?;
            conn.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0))
        });
    sim_disk::with(|now| *now = disk);
    match checked {
        Ok(said) if said == "ok" => Ok(()),
        Ok(said) => Err(said),
        Err(error) => Err(error.to_string()),
    }
}

fn webhook(body: Vec<u8>) -> Op {
    Op::AppendWebhook(NewWebhook { app: AppId::new("main"), received_at: T0, body: body.into() })
}

fn cursor(value: u64) -> Op {
    let value = value.to_be_bytes().to_vec();
    Op::PutCursor(CursorRow { tenant: tenant(), name: "replay".into(), value })
}
