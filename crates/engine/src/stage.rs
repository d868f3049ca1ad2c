//! Where the rooms' own tests stand: one clock, one chance, a store in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use model::ids::{AppId, InstallationId, PhoneNumberId, TenantId, WabaId};
use model::{Ambient, Chance, Clock, UnixMs};
use store::{MasterKey, Store};

use crate::directory::{Directory, Number};
use crate::hours::HoursInUse;
use crate::intake::Intake;
use crate::lease::Lease;
use crate::mark::Gate;
use crate::nudge::Nudges;
use crate::outbound::Pace;

pub const NUMBER: &str = "106540000000001";
pub const NOW: UnixMs = UnixMs(1_767_225_600_000);

struct Still(AtomicI64);

impl Clock for Still {
    fn wall(&self) -> UnixMs {
        UnixMs(self.0.load(Ordering::Relaxed))
    }

    fn mono(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

struct Counted(AtomicU64);

impl Chance for Counted {
    fn fill(&self, out: &mut [u8]) {
        for chunk in out.chunks_mut(8) {
            let n = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed).to_be_bytes();
            chunk.copy_from_slice(&n[..chunk.len()]);
        }
    }
}

pub fn ambient() -> Ambient {
    Ambient {
        clock: Arc::new(Still(AtomicI64::new(NOW.0))),
        chance: Arc::new(Counted(AtomicU64::new(1))),
    }
}

pub fn store(ambient: &Ambient) -> Store {
    Store::open_memory(MasterKey::from_bytes([3; 32]), ambient.clone()).unwrap()
}

pub fn tenant() -> TenantId {
    TenantId::new("acme")
}

pub fn number() -> Number {
    Number {
        id: PhoneNumberId::new(NUMBER),
        tenant: tenant(),
        waba: WabaId::new("102290000000001"),
        app: AppId::new("main"),
        display: "+15550009999".into(),
        portfolio: "506900000000001".into(),
    }
}

pub fn intake(ambient: &Ambient, store: &Store, installation: InstallationId) -> Intake {
    Intake {
        store: store.clone(),
        ambient: ambient.clone(),
        directory: Directory::new([number()]),
        hours: HoursInUse::new(store.clone(), ambient.clone()),
        nudges: Nudges::default(),
        pace: Pace::default(),
        status_delay_ms: 1_000,
        installation,
        gate: Gate::default(),
        lease: Lease {
            store: store.clone(),
            ambient: ambient.clone(),
            name: "intake".into(),
            holder: "test".into(),
            taken: Arc::default(),
        },
        counted: Arc::default(),
    }
}

/// A recorded webhook of `fixtures/whatsapp/inbound`.
pub fn fixture(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/whatsapp/inbound");
    let path = format!("{folder}/{name}.json");
    std::fs::read(&path).unwrap_or_else(|why| panic!("{path}: {why}"))
}
