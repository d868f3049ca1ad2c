//! Documents that a tenant's admin writes: the version in use, compiled once and
//! looked at again each time, and putting versions to use.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::Ambient;
use model::ids::TenantId;
use parking_lot::Mutex;
use rules::mapping::Complaint;
use store::op::{AlertCleared, AlertRaised, AuditEntry, NewVersion, VersionUse};
use store::{Commit, Did, Document, Op, Store, StoreError};

/// A document as it is decided by.
pub trait Written: Sized + Send + Sync + 'static {
    const DOCUMENT: Document;
    /// The text of version 0, the program's own.
    const DEFAULT: &'static str;
    /// Alerts about what its version cannot do.
    const ALERT: &'static str;

    fn read(version: i64, text: &str) -> Result<Self, Vec<Complaint>>;
    /// Version 0.
    fn own() -> Self;
}

type Known<T> = (i64, Arc<T>);

/// Compiled versions in use, by tenant.
pub struct Versions<T> {
    pub store: Store,
    pub ambient: Ambient,
    /// With the version that is in use, which may be one that cannot be read.
    known: Arc<Mutex<BTreeMap<TenantId, Known<T>>>>,
}

impl<T> Clone for Versions<T> {
    fn clone(&self) -> Self {
        let (store, ambient) = (self.store.clone(), self.ambient.clone());
        Self { store, ambient, known: self.known.clone() }
    }
}

impl<T: Written> Versions<T> {
    pub fn new(store: Store, ambient: Ambient) -> Self {
        Self { store, ambient, known: Arc::default() }
    }

    pub async fn active(&self, tenant: &TenantId) -> Result<Arc<T>, StoreError> {
        let version = self.number(tenant).await?;
        let known = self.known.lock().get(tenant).cloned();
        if let Some((_, active)) = known.filter(|(known, _)| *known == version) {
            return Ok(active);
        }
        let active = Arc::new(self.load(tenant, version).await?);
        self.known.lock().insert(tenant.clone(), (version, active.clone()));
        Ok(active)
    }

    /// Of each of these tenants.
    pub async fn of_all(
        &self,
        tenants: BTreeSet<TenantId>,
    ) -> Result<BTreeMap<TenantId, Arc<T>>, StoreError> {
        let mut all = BTreeMap::new();
        for tenant in tenants {
            let active = self.active(&tenant).await?;
            all.insert(tenant, active);
        }
        Ok(all)
    }

    /// The version in use; 0 is the program's own.
    pub async fn number(&self, tenant: &TenantId) -> Result<i64, StoreError> {
        let active = self.store.active_version(tenant, T::DOCUMENT).await?;
        Ok(active.map_or(0, |active| active.version))
    }

    /// The text of a version.
    pub async fn text(
        &self,
        tenant: &TenantId,
        version: i64,
    ) -> Result<Option<String>, StoreError> {
        if version == 0 {
            return Ok(Some(T::DEFAULT.to_owned()));
        }
        self.store.version_text(tenant, T::DOCUMENT, version).await
    }

    /// Keeps it as a version, which is in use from now on; its number.
    pub async fn keep(&self, tenant: &TenantId, text: &str, by: &str) -> Result<i64, StoreError> {
        let op = Op::NewVersion(NewVersion {
            tenant: tenant.clone(),
            document: T::DOCUMENT,
            text: text.to_owned(),
            at: self.ambient.now(),
            actor: by.to_owned(),
        });
        self.put(tenant, op, "applied", by).await
    }

    /// Puts an earlier one to use.
    pub async fn go_back(
        &self,
        tenant: &TenantId,
        version: i64,
        by: &str,
    ) -> Result<i64, StoreError> {
        let op = Op::UseVersion(VersionUse {
            tenant: tenant.clone(),
            document: T::DOCUMENT,
            version,
            at: self.ambient.now(),
            actor: by.to_owned(),
        });
        self.put(tenant, op, "rolled_back", by).await
    }

    /// Alerts were about the version before.
    async fn put(
        &self,
        tenant: &TenantId,
        op: Op,
        action: &str,
        by: &str,
    ) -> Result<i64, StoreError> {
        let at = self.ambient.now();
        let mut ops = vec![op];
        for alert in self.store.alerts_open(tenant).await? {
            if alert.kind == T::ALERT {
                let (tenant, kind, subject) = (tenant.clone(), alert.kind, alert.subject);
                ops.push(Op::ClearAlert(AlertCleared { tenant, kind, subject, at }));
            }
        }
        let (before, name) = (self.number(tenant).await?, T::DOCUMENT.as_str());
        ops.push(Op::Audit(AuditEntry {
            tenant: tenant.clone(),
            at,
            actor: by.to_owned(),
            action: format!("{name}.{action}"),
            subject: name.into(),
            detail: format!("before: version {before}"),
        }));
        match self.store.commit(Commit::of(ops)).await?.first() {
            Some(Did::Version(version)) => Ok(*version),
            other => Err(StoreError::Broken(format!("a version answered {other:?}"))),
        }
    }

    /// A version that a newer program made may say what this one cannot read:
    /// then the program's own is used, and an alert says so.
    async fn load(&self, tenant: &TenantId, version: i64) -> Result<T, StoreError> {
        if version == 0 {
            return Ok(T::own());
        }
        let text = self.text(tenant, version).await?.unwrap_or_default();
        match T::read(version, &text) {
            Ok(active) => Ok(active),
            Err(complaints) => {
                let first = complaints.first().map(ToString::to_string).unwrap_or_default();
                let name = T::DOCUMENT.as_str();
                tracing::error!(%tenant, name, version, "the version in use cannot be read");
                let alert = AlertRaised {
                    tenant: tenant.clone(),
                    kind: T::ALERT.into(),
                    subject: format!("version {version}"),
                    text: format!(
                        "version {version} of the {name} cannot be read by this version of \
                         puente, which goes by its own instead: {first}"
                    ),
                    at: self.ambient.now(),
                };
                self.store.commit(Commit::of(vec![Op::RaiseAlert(alert)])).await?;
                Ok(T::own())
            }
        }
    }
}
