//! What the engine is put together from.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::ids::{PhoneNumberId, TenantId};
use model::{Ambient, Exchange};
use rules::budget::Policy;
use rules::metrics::Zone;
use store::{Spool, Store};

use crate::bulk;
use crate::directory::Directory;
use crate::media;
use crate::outbound::Limits;
use crate::writer::Defaults;

/// Clients by what they speak for.
#[derive(Clone, Default)]
pub struct Remotes {
    pub whatsapp: BTreeMap<PhoneNumberId, whatsapp::Client>,
    pub salesforce: BTreeMap<TenantId, Arc<salesforce::Client>>,
    /// The way to addresses that callers wrote; it must refuse private ones.
    pub web: Option<Arc<dyn Exchange>>,
    /// Takes a file and answers as clamd does.
    pub scanner: Option<Arc<dyn Exchange>>,
}

#[derive(Clone, Debug)]
pub struct Options {
    /// How long a tick may wait for company on its way to Salesforce.
    pub status_delay_ms: i64,
    pub limits: Limits,
    pub media: media::Limits,
    /// By tenant; others get [`Defaults::default`].
    pub defaults: BTreeMap<TenantId, Defaults>,
    /// How many API calls a tenant's org lets be used; others get
    /// [`Policy::default`].
    pub policies: BTreeMap<TenantId, Policy>,
    /// By tenant: what is done about sends whose answer was lost. Without a
    /// rule a person is asked.
    pub uncertain: BTreeMap<TenantId, Vec<rules::uncertain::Rule>>,
    /// When a backlog goes by Bulk jobs. By tenant; others get the default.
    pub bulk: BTreeMap<TenantId, bulk::Options>,
    /// Whose days are counted. By tenant; others count the days of UTC.
    pub zones: BTreeMap<TenantId, Zone>,
    /// Name of this process among the holders of leases.
    pub holder: String,
    /// No other process works on this database: what a dead one held is ours
    /// at once, instead of when it runs out.
    pub alone: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            status_delay_ms: 60_000,
            limits: Limits::default(),
            media: media::Limits::default(),
            defaults: BTreeMap::new(),
            policies: BTreeMap::new(),
            uncertain: BTreeMap::new(),
            bulk: BTreeMap::new(),
            zones: BTreeMap::new(),
            holder: "puente".into(),
            alone: false,
        }
    }
}

pub struct Parts {
    pub store: Store,
    pub ambient: Ambient,
    pub directory: Directory,
    pub remotes: Remotes,
    /// Where files lie while they pass through.
    pub spool: Spool,
    pub options: Options,
}
