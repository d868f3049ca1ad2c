//! Leases, tenants, keys, the audit trail, alerts, cursors.

use model::UnixMs;
use model::ids::{AppId, KeyId, OrgId, PhoneNumberId, TenantId, WabaId};

/// What the lease of an org's writer is called, before the tenant.
pub const WRITER: &str = "writer.";

/// Takes or renews a named lease. The epoch rises when the holder changes.
#[derive(Clone, Debug)]
pub struct TakeLease {
    pub name: String,
    pub holder: String,
    pub lease_ms: i64,
}

/// Known tenants and the org each one is pinned to. Fails with `Conflict` when
/// another org is pinned already.
#[derive(Clone, Debug)]
pub struct TenantRow {
    pub tenant: TenantId,
    pub org: Option<OrgId>,
    pub at: UnixMs,
}

/// Fails with `Conflict` when another tenant owns the number.
#[derive(Clone, Debug)]
pub struct NumberRow {
    pub tenant: TenantId,
    pub number: PhoneNumberId,
    pub waba: WabaId,
    pub app: AppId,
}

/// The secret itself is never stored.
#[derive(Clone, Debug)]
pub struct NewApiKey {
    pub tenant: TenantId,
    pub id: KeyId,
    pub hash: [u8; 32],
    /// Subset of `send`, `read`, `admin`.
    pub scopes: Vec<String>,
    pub label: String,
    pub at: UnixMs,
    pub expires_at: Option<UnixMs>,
}

#[derive(Clone, Debug)]
pub struct ApiKeyRevoked {
    pub tenant: TenantId,
    pub id: KeyId,
    pub at: UnixMs,
}

/// One line of the trail. The store chains each line to the one before it
/// (SHA-256), per tenant.
#[derive(Clone, Debug)]
pub struct AuditEntry {
    pub tenant: TenantId,
    pub at: UnixMs,
    /// API key, person or part of the program.
    pub actor: String,
    /// `send.accepted`, `key.created`, ...
    pub action: String,
    /// Id of what it was done to.
    pub subject: String,
    /// No personal data.
    pub detail: String,
}

/// One open alert per (tenant, kind, subject); raising it again refreshes it.
#[derive(Clone, Debug)]
pub struct AlertRaised {
    pub tenant: TenantId,
    pub kind: String,
    pub subject: String,
    pub text: String,
    pub at: UnixMs,
}

#[derive(Clone, Debug)]
pub struct AlertCleared {
    pub tenant: TenantId,
    pub kind: String,
    pub subject: String,
    pub at: UnixMs,
}

#[derive(Clone, Debug)]
pub struct CursorRow {
    pub tenant: TenantId,
    pub name: String,
    pub value: Vec<u8>,
}
