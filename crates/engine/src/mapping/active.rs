//! The version in use, compiled once and looked at again each time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::Ambient;
use model::ids::TenantId;
use parking_lot::Mutex;
use rules::mapping::{DEFAULT, Mapping, Target};
use store::op::AlertRaised;
use store::{Commit, Document, Op, Store, StoreError};

use super::ALERT;

#[derive(Debug)]
pub struct Active {
    /// 0: the program's own.
    pub version: i64,
    pub mapping: Mapping,
    /// Objects with an entry that speaks of more than the person.
    threads: BTreeSet<Target>,
}

impl Active {
    pub fn new(version: i64, mapping: Mapping) -> Self {
        let threads = mapping.entries.iter().filter(|e| e.speaks_of_a_thread());
        let threads = threads.map(|entry| entry.to.0).collect();
        Self { version, mapping, threads }
    }

    /// The program's own.
    pub fn default_one() -> Self {
        // read by a test of `rules`: what the program brings can be read
        Self::new(0, Mapping::read(DEFAULT).unwrap_or_default())
    }

    pub fn fills(&self, target: Target) -> bool {
        self.mapping.entries.iter().any(|entry| entry.to.0 == target)
    }

    pub fn updates(&self, target: Target) -> bool {
        self.mapping.updates(target)
    }

    /// Conversation and message must be read for it.
    pub fn needs_thread(&self, target: Target) -> bool {
        self.threads.contains(&target)
    }
}

type Known = (i64, Arc<Active>);

/// Compiled versions in use, by tenant.
#[derive(Clone)]
pub struct Mappings {
    pub store: Store,
    pub ambient: Ambient,
    /// With the version that is in use, which may be one that cannot be read.
    known: Arc<Mutex<BTreeMap<TenantId, Known>>>,
}

impl Mappings {
    pub fn new(store: Store, ambient: Ambient) -> Self {
        Self { store, ambient, known: Arc::default() }
    }

    pub async fn active(&self, tenant: &TenantId) -> Result<Arc<Active>, StoreError> {
        let version = self
            .store
            .active_version(tenant, Document::Mapping)
            .await?
            .map_or(0, |active| active.version);
        let known = self.known.lock().get(tenant).cloned();
        if let Some((_, active)) = known.filter(|(known, _)| *known == version) {
            return Ok(active);
        }
        let active = Arc::new(self.load(tenant, version).await?);
        self.known.lock().insert(tenant.clone(), (version, active.clone()));
        Ok(active)
    }

    /// A version that a newer program made may say what this one cannot read:
    /// then the program's own is used, and an alert says so.
    async fn load(&self, tenant: &TenantId, version: i64) -> Result<Active, StoreError> {
        if version == 0 {
            return Ok(Active::default_one());
        }
        let text =
            self.store.version_text(tenant, Document::Mapping, version).await?.unwrap_or_default();
        match Mapping::read(&text) {
            Ok(mapping) => Ok(Active::new(version, mapping)),
            Err(complaints) => {
                let first = complaints.first().map(ToString::to_string).unwrap_or_default();
                tracing::error!(%tenant, version, "the mapping in use cannot be read");
                let alert = AlertRaised {
                    tenant: tenant.clone(),
                    kind: ALERT.into(),
                    subject: format!("version {version}"),
                    text: format!(
                        "version {version} of the mapping cannot be read by this version of \
                         puente, which writes by its own instead: {first}"
                    ),
                    at: self.ambient.now(),
                };
                self.store.commit(Commit::of(vec![Op::RaiseAlert(alert)])).await?;
                Ok(Active::default_one())
            }
        }
    }
}
