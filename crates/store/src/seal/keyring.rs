//! Keys this process has opened.
//!
//! A transaction keeps what it made or read to itself ([`Fresh`]) and hands it
//! over after its commit, so that no key of a commit that failed is ever used.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use aws_lc_rs::hmac;
use model::Ambient;
use model::ids::{PersonId, TenantId};
use parking_lot::Mutex;

use super::Key;
use super::key::KeyId;

/// How long an opened key is trusted to exist still: another node may have
/// destroyed it.
const TRUSTED_MS: i64 = 5 * 60 * 1000;
const KEYS_MAX: usize = 20_000;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Owner {
    Installation,
    Tenant(TenantId),
    Person(TenantId, PersonId),
}

impl Owner {
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Installation => "installation",
            Self::Tenant(_) => "tenant",
            Self::Person(..) => "person",
        }
    }

    pub fn tenant(&self) -> &str {
        match self {
            Self::Installation => "",
            Self::Tenant(tenant) | Self::Person(tenant, _) => tenant.as_str(),
        }
    }

    pub fn row(&self) -> &[u8] {
        match self {
            Self::Person(_, person) => person.as_bytes(),
            Self::Installation | Self::Tenant(_) => &[],
        }
    }

    pub fn parse(kind: &str, tenant: &str, row: &[u8]) -> Option<Self> {
        Some(match kind {
            "installation" => Self::Installation,
            "tenant" => Self::Tenant(TenantId::new(tenant)),
            "person" => Self::Person(TenantId::new(tenant), PersonId::from_slice(row)?),
            _ => return None,
        })
    }
}

#[derive(Default)]
pub(crate) struct Fresh {
    opened: BTreeMap<Owner, Arc<Key>>,
    gone: Vec<Owner>,
}

impl Fresh {
    pub fn clear(&mut self) {
        self.opened.clear();
        self.gone.clear();
    }

    pub fn add(&mut self, owner: Owner, key: Arc<Key>) {
        self.opened.insert(owner, key);
    }

    pub fn remove(&mut self, owner: Owner) {
        self.opened.remove(&owner);
        self.gone.push(owner);
    }
}

pub(crate) struct Keyring {
    pub master: Key,
    search: OnceLock<hmac::Key>,
    ambient: Ambient,
    opened: Mutex<Opened>,
}

#[derive(Default)]
struct Opened {
    by_owner: BTreeMap<Owner, (Arc<Key>, i64)>,
    owners: BTreeMap<KeyId, Owner>,
}

impl Keyring {
    pub fn new(master: Key, ambient: Ambient) -> Self {
        Self { master, search: OnceLock::new(), ambient, opened: Mutex::default() }
    }

    pub fn now(&self) -> model::UnixMs {
        self.ambient.now()
    }

    pub fn get(&self, fresh: &Fresh, owner: &Owner) -> Option<Arc<Key>> {
        if let Some(key) = fresh.opened.get(owner) {
            return Some(key.clone());
        }
        if fresh.gone.contains(owner) {
            return None;
        }
        let opened = self.opened.lock();
        let (key, at) = opened.by_owner.get(owner)?;
        (self.ambient.clock.mono() - at < TRUSTED_MS).then(|| key.clone())
    }

    pub fn owner_of(&self, fresh: &Fresh, id: KeyId) -> Option<Owner> {
        let made_here = fresh.opened.iter().find(|(_, key)| key.id == id).map(|(o, _)| o.clone());
        made_here.or_else(|| self.opened.lock().owners.get(&id).cloned())
    }

    /// After the commit.
    pub fn publish(&self, fresh: &mut Fresh) {
        if fresh.opened.is_empty() && fresh.gone.is_empty() {
            return;
        }
        let at = self.ambient.clock.mono();
        let mut opened = self.opened.lock();
        if opened.by_owner.len() + fresh.opened.len() > KEYS_MAX {
            *opened = Opened::default();
        }
        for owner in fresh.gone.drain(..) {
            if let Some((key, _)) = opened.by_owner.remove(&owner) {
                opened.owners.remove(&key.id);
            }
        }
        for (owner, key) in std::mem::take(&mut fresh.opened) {
            opened.owners.insert(key.id, owner.clone());
            opened.by_owner.insert(owner, (key, at));
        }
    }

    pub fn set_search(&self, bytes: &[u8; 32]) {
        // A second opening reads the same row, so the first value stays right.
        let _ = self.search.set(hmac::Key::new(hmac::HMAC_SHA256, bytes));
    }

    /// Keyed hash under a key of the tenant's own, derived from the
    /// installation's search key: it needs no look-up, so it never waits and
    /// is there for a tenant that another node has just added.
    pub fn hmac(&self, tenant: &str, data: &[u8]) -> [u8; 32] {
        let search = self.search.get().expect("the search key is opened before a store is");
        let derived = hmac::sign(search, &[b"tenant\0", tenant.as_bytes()].concat());
        sign(&hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref()), data)
    }

    pub fn hmac_installation(&self, data: &[u8]) -> [u8; 32] {
        let search = self.search.get().expect("the search key is opened before a store is");
        let derived = hmac::sign(search, b"installation\0");
        sign(&hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref()), data)
    }
}

impl Keyring {
    /// 32 secret bytes for one purpose. They never leave the process, and no
    /// hash of [`Self::hmac`] or [`Self::hmac_installation`] equals them.
    pub fn derive(&self, purpose: &'static str) -> [u8; 32] {
        let search = self.search.get().expect("the search key is opened before a store is");
        sign(search, &[b"derive\0", purpose.as_bytes()].concat())
    }
}

fn sign(key: &hmac::Key, data: &[u8]) -> [u8; 32] {
    let tag = hmac::sign(key, data);
    std::array::from_fn(|i| tag.as_ref()[i])
}
