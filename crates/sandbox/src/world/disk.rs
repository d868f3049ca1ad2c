//! The store on this thread's simulated disk.

use std::cell::RefCell;
use std::sync::Arc;

use model::Ambient;
use model::planted::{Planted, planted};
use sim_disk::Disk;
use sim_kit::{Seed, SimClock};
use store::{MasterKey, SqliteOptions, Store, StoreError};

use crate::time::{SeededChance, SimTime};

const PATH: &str = "/puente.db";

thread_local! {
    /// A disk with an empty, migrated, synced database: the same for all seeds.
    static FRESH: RefCell<Option<Disk>> = const { RefCell::new(None) };
}

/// Puts a disk with an empty database into this thread.
pub async fn fresh() -> Result<(), StoreError> {
    sim_disk::register();
    let known = FRESH.with(|fresh| fresh.borrow().clone());
    let disk = match known {
        Some(disk) => disk,
        None => {
            let disk = made().await?;
            FRESH.with(|fresh| *fresh.borrow_mut() = Some(disk.clone()));
            disk
        }
    };
    sim_disk::with(|now| *now = disk);
    Ok(())
}

async fn made() -> Result<Disk, StoreError> {
    sim_disk::with(|disk| *disk = Disk::default());
    let clock = Arc::new(SimTime(SimClock::starting_at(super::BEGAN_MS)));
    let chance = Arc::new(SeededChance::new(&Seed::new(0)));
    let store = connect(&Ambient { clock, chance }, false)?;
    store.close().await;
    Ok(sim_disk::with(|disk| disk.clone()))
}

/// Opens what is on the disk, as a start of the process does.
pub fn open(ambient: &Ambient) -> Result<Store, StoreError> {
    connect(ambient, planted(Planted::NoSync))
}

fn connect(ambient: &Ambient, no_sync: bool) -> Result<Store, StoreError> {
    let vfs = Some(sim_disk::NAME.to_owned());
    let options = SqliteOptions { vfs, no_sync, ..SqliteOptions::default() };
    Store::open_sqlite_inline(PATH, options, MasterKey::from_bytes([7; 32]), ambient.clone())
}

/// The end of a process: nothing more reaches the disk, and of what was not
/// synced any part is lost.
pub async fn cut(store: Store, seed: &mut Seed) {
    sim_disk::with(Disk::power_off);
    store.close().await;
    // those who still hold the store let go of it
    for _ in 0..4 {
        tokio::task::yield_now().await;
    }
    sim_disk::with(|disk| disk.cut(|n| seed.below(n)));
}
