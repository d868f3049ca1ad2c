//! A tenant's org, for those who read it now and then: each call is counted.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::ids::TenantId;
use model::{Ambient, Fault};

use crate::budget::Governor;
use crate::outbound::Refusal;

/// Calls for campaigns: audiences read, results shown.
pub const CAMPAIGN: &str = "campaign";
/// Calls for routing: which cases were closed, opportunities made.
pub const ROUTING: &str = "routing";
/// Calls for surveys: whether a case is closed still, answers written to it.
pub const SURVEY: &str = "survey";

#[derive(Clone, Default)]
pub struct Orgs {
    pub clients: BTreeMap<TenantId, Arc<salesforce::Client>>,
    pub governors: Arc<BTreeMap<TenantId, Governor>>,
}

/// One tenant's. Each call is counted; the count is written down by the next
/// step of whoever writes to the org.
#[derive(Clone)]
pub struct Org {
    pub client: Arc<salesforce::Client>,
    pub governor: Governor,
    pub ambient: Ambient,
    /// What its calls are counted as.
    pub kind: &'static str,
}

impl Orgs {
    pub fn of(&self, tenant: &TenantId, ambient: &Ambient, kind: &'static str) -> Option<Org> {
        let client = self.clients.get(tenant)?.clone();
        let governor = self.governors.get(tenant)?.clone();
        Some(Org { client, governor, ambient: ambient.clone(), kind })
    }

    pub fn needed(
        &self,
        tenant: &TenantId,
        ambient: &Ambient,
        kind: &'static str,
    ) -> Result<Org, Refusal> {
        self.of(tenant, ambient, kind).ok_or_else(|| {
            let cure = "connect the org first: docs/guides/connect-salesforce.md";
            Refusal::invalid("puente.no_credentials", "", "the tenant has no org", cure)
        })
    }
}

impl Org {
    /// One call to the org.
    pub async fn call<T>(&self, call: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
        self.governor.spend(self.kind, self.ambient.now());
        let answer = call.await;
        self.governor.read(self.client.budget(), self.ambient.now());
        answer
    }
}
