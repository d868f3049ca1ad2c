//! All workers of one process: started together, stopped together.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::ids::{InstallationId, PhoneNumberId, TenantId};
use model::{Ambient, Exchange};
use parking_lot::Mutex;
use rules::budget::Policy;
use rules::metrics::Zone;
use store::op::{NumberRow, TenantRow, WRITER};
use store::{Commit, Op, Spool, Store, StoreError};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::board::{Board, Trends};
use crate::breakers::Breakers;
use crate::budget::Governor;
use crate::bulk::{self, Bulk};
use crate::campaign::{CampaignDesk, Campaigns};
use crate::directory::Directory;
use crate::inbox::Inbox;
use crate::intake::{self, Intake};
use crate::lease::Lease;
use crate::mapping::MappingDesk;
use crate::mark::{Gate, Marker};
use crate::media::{self, Keeper};
use crate::metrics::{Counter, Figures};
use crate::nudge::Nudges;
use crate::outbound::{Desk, Limits, Outbound, Pace};
use crate::pressure::Pressure;
use crate::reconcile::{Reconcile, Reconciler};
use crate::templates::{Lists, TemplateDesk};
use crate::upkeep::Upkeep;
use crate::writer::{Defaults, Writer};

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

/// The handles through which others reach the engine.
#[derive(Clone)]
pub struct Engine {
    pub inbox: Inbox,
    pub desk: Desk,
    pub keeper: Keeper,
    pub board: Board,
    pub nudges: Nudges,
    pub pace: Pace,
    pub breakers: Breakers,
    /// The API calls of each tenant's org: who calls it counts them here.
    pub governors: Arc<BTreeMap<TenantId, Governor>>,
    pub mapping: Arc<MappingDesk>,
    pub figures: Arc<Figures>,
    pub templates: Arc<TemplateDesk>,
    pub campaigns: CampaignDesk,
    pub installation: InstallationId,
    /// Sends wait until the mark outside was looked at.
    pub gate: Gate,
    session: String,
    place: String,
    parts: Arc<Parts>,
}

/// Workers under way.
pub struct Running {
    stop: CancellationToken,
    workers: JoinSet<Result<(), StoreError>>,
}

impl Engine {
    /// Makes known the tenants and numbers of the configuration.
    pub async fn new(parts: Parts) -> Result<Self, StoreError> {
        register(&parts).await?;
        let installation = parts.store.installation().await?.id;
        let nudges = Nudges::default();
        let (store, ambient) = (parts.store.clone(), parts.ambient.clone());
        let directory = parts.directory.clone();
        let (pace, breakers) = (Pace::default(), Breakers::new(ambient.clone()));
        let inbox = Inbox {
            store: store.clone(),
            ambient: ambient.clone(),
            nudges: nudges.clone(),
            pressure: Pressure::default(),
        };
        let keeper = Keeper {
            store: store.clone(),
            ambient: ambient.clone(),
            spool: parts.spool.clone(),
            keep_ms: parts.options.media.keep_ms,
        };
        let mapping = Arc::new(MappingDesk::new(&parts, nudges.clone()));
        let figures = Arc::new(Figures::new(&parts, nudges.clone()));
        let templates = Arc::new(TemplateDesk::new(&parts, nudges.clone()));
        let desk = Desk { store: store.clone(), ambient, directory, nudges: nudges.clone() };
        let campaigns = CampaignDesk { desk: desk.clone(), pace: pace.clone() };
        let board = Board { store, trends: Trends::default() };
        let governors = Arc::new(governors(&parts));
        let gate = Gate::closed_for(parts.remotes.salesforce.keys().cloned());
        let session = session(&parts.ambient);
        let place = parts.store.place().await?;
        let parts = Arc::new(parts);
        Ok(Self {
            inbox,
            desk,
            keeper,
            board,
            nudges,
            pace,
            breakers,
            governors,
            mapping,
            figures,
            templates,
            campaigns,
            installation,
            gate,
            session,
            place,
            parts,
        })
    }

    pub fn start(&self) -> Running {
        let stop = CancellationToken::new();
        let mut workers = JoinSet::new();
        workers.spawn(self.intake().run(self.inbox.pressure.clone(), stop.clone()));
        workers.spawn(self.outbound().run(stop.clone()));
        workers.spawn(self.upkeep().run(stop.clone()));
        workers.spawn(self.media().run(stop.clone()));
        workers.spawn(self.template_lists().run(stop.clone()));
        workers.spawn(self.campaigns().run(stop.clone()));
        for writer in self.writers() {
            workers.spawn(self.bulk(writer.clone()).run(stop.clone()));
            workers.spawn(writer.run(stop.clone()));
        }
        for marker in self.markers() {
            workers.spawn(marker.run(stop.clone()));
        }
        for reconciler in self.reconcilers() {
            workers.spawn(reconciler.run(stop.clone()));
        }
        for counter in self.counters() {
            workers.spawn(counter.run(stop.clone()));
        }
        Running { stop, workers }
    }

    pub fn intake(&self) -> Intake {
        Intake {
            store: self.parts.store.clone(),
            ambient: self.parts.ambient.clone(),
            directory: self.parts.directory.clone(),
            nudges: self.nudges.clone(),
            pace: self.pace.clone(),
            status_delay_ms: self.parts.options.status_delay_ms,
            installation: self.installation,
            gate: self.gate.clone(),
            lease: self.lease(intake::LEASE.into()),
            counted: Arc::default(),
        }
    }

    fn lease(&self, name: String) -> Lease {
        Lease {
            store: self.parts.store.clone(),
            ambient: self.parts.ambient.clone(),
            name,
            holder: self.parts.options.holder.clone(),
            taken: Arc::default(),
        }
    }

    pub fn outbound(&self) -> Outbound {
        Outbound {
            store: self.parts.store.clone(),
            ambient: self.parts.ambient.clone(),
            clients: Arc::new(self.parts.remotes.whatsapp.clone()),
            directory: self.parts.directory.clone(),
            pace: self.pace.clone(),
            breakers: self.breakers.clone(),
            nudges: self.nudges.clone(),
            limits: self.parts.options.limits,
            installation: self.installation,
            gate: self.gate.clone(),
            working: Arc::default(),
            broken: Arc::new(Mutex::new(None)),
        }
    }

    pub fn media(&self) -> media::Worker {
        media::Worker {
            store: self.parts.store.clone(),
            ambient: self.parts.ambient.clone(),
            spool: self.parts.spool.clone(),
            whatsapp: Arc::new(self.parts.remotes.whatsapp.clone()),
            salesforce: Arc::new(self.parts.remotes.salesforce.clone()),
            web: self.parts.remotes.web.clone(),
            scanner: self.parts.remotes.scanner.clone(),
            directory: self.parts.directory.clone(),
            breakers: self.breakers.clone(),
            governors: self.governors.clone(),
            holder: self.parts.options.holder.clone(),
            nudges: self.nudges.clone(),
            limits: self.parts.options.media,
            told: media::Told::default(),
            broken: Arc::default(),
        }
    }

    pub fn template_lists(&self) -> Lists {
        Lists {
            store: self.parts.store.clone(),
            ambient: self.parts.ambient.clone(),
            directory: self.parts.directory.clone(),
            clients: self.parts.remotes.whatsapp.clone(),
            breakers: self.breakers.clone(),
            nudges: self.nudges.clone(),
            lease: self.lease("templates".into()),
        }
    }

    pub fn campaigns(&self) -> Campaigns {
        let lease = self.lease("campaigns".into());
        Campaigns::new(self.desk.clone(), self.pace.clone(), lease)
    }

    pub fn upkeep(&self) -> Upkeep {
        let alone = self.parts.options.alone;
        Upkeep {
            store: self.parts.store.clone(),
            ambient: self.parts.ambient.clone(),
            nudges: self.nudges.clone(),
            uncertain: self.parts.options.uncertain.clone(),
            abandoned_before: alone.then(|| self.parts.ambient.now()),
            trends: self.board.trends.clone(),
            seen: Arc::default(),
            charges_at: Arc::default(),
        }
    }

    pub fn writers(&self) -> impl Iterator<Item = Writer> + '_ {
        self.parts.remotes.salesforce.iter().map(|(tenant, client)| Writer {
            tenant: tenant.clone(),
            store: self.parts.store.clone(),
            ambient: self.parts.ambient.clone(),
            client: client.clone(),
            directory: self.parts.directory.clone(),
            nudges: self.nudges.clone(),
            defaults: self.parts.options.defaults.get(tenant).cloned().unwrap_or_default(),
            mappings: self.mapping.mappings.clone(),
            lease: self.lease(format!("{WRITER}{tenant}")),
            governor: self.governors[tenant].clone(),
            breakers: self.breakers.clone(),
            tempo: Arc::default(),
            way: bulk::Way::default(),
        })
    }

    /// Keeps the mark outside, for each tenant that has a Salesforce.
    pub fn markers(&self) -> impl Iterator<Item = Marker> + '_ {
        self.parts.remotes.salesforce.iter().map(|(tenant, client)| Marker {
            tenant: tenant.clone(),
            numbers: self.parts.directory.numbers_of(tenant).map(|n| n.id.clone()).collect(),
            store: self.parts.store.clone(),
            ambient: self.parts.ambient.clone(),
            client: client.clone(),
            nudges: self.nudges.clone(),
            gate: self.gate.clone(),
            session: self.session.clone(),
            place: self.place.clone(),
            seen: Arc::default(),
            asking: Arc::default(),
            failures: Arc::default(),
        })
    }

    /// Compares both sides, for each tenant that has a Salesforce.
    pub fn reconcilers(&self) -> impl Iterator<Item = Reconciler> + '_ {
        self.parts.remotes.salesforce.iter().map(|(tenant, client)| Reconciler {
            run: Reconcile {
                tenant: tenant.clone(),
                store: self.parts.store.clone(),
                ambient: self.parts.ambient.clone(),
                client: client.clone(),
                nudges: self.nudges.clone(),
            },
            holder: self.parts.options.holder.clone(),
            not_before: Arc::new(Mutex::new(model::UnixMs(0))),
        })
    }

    /// Counts the days of each tenant.
    pub fn counters(&self) -> impl Iterator<Item = Counter> + '_ {
        self.parts.directory.tenants().into_iter().map(|tenant| Counter {
            lease: self.lease(format!("metrics.{tenant}")),
            tenant,
            figures: self.figures.clone(),
            compared: Arc::default(),
        })
    }

    /// The jobs of the org that this writer writes to.
    pub fn bulk(&self, writer: Writer) -> Bulk {
        let options = self.parts.options.bulk.get(&writer.tenant).copied().unwrap_or_default();
        Bulk::new(writer, options)
    }
}

impl Running {
    /// Waits for the first worker that ends, which none does by itself: its
    /// error ends the process.
    pub async fn failed(&mut self) -> StoreError {
        match self.workers.join_next().await {
            Some(Ok(Err(error))) => error,
            Some(Ok(Ok(()))) | None => StoreError::Broken("a worker ended without a word".into()),
            Some(Err(panic)) => StoreError::Broken(format!("a worker panicked: {panic}")),
        }
    }

    /// Stops taking work and waits for what is under way.
    pub async fn stop(mut self) {
        self.stop.cancel();
        while self.workers.join_next().await.is_some() {}
    }

    /// As a power cut would: nothing is finished.
    pub async fn kill(mut self) {
        self.workers.shutdown().await;
    }
}

/// A name that no other process has.
fn session(ambient: &Ambient) -> String {
    let mut bytes = [0; 16];
    ambient.chance.fill(&mut bytes);
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn governors(parts: &Parts) -> BTreeMap<TenantId, Governor> {
    let policy = |tenant| parts.options.policies.get(tenant).copied().unwrap_or_default();
    let tenants = parts.remotes.salesforce.keys();
    tenants.map(|t| (t.clone(), Governor::new(t.clone(), policy(t)))).collect()
}

async fn register(parts: &Parts) -> Result<(), StoreError> {
    let at = parts.ambient.now();
    let tenants =
        parts.directory.tenants().into_iter().chain(parts.remotes.salesforce.keys().cloned());
    let tenants: std::collections::BTreeSet<_> = tenants.collect();
    let mut ops = Vec::new();
    if parts.options.alone {
        ops.push(Op::TakeOver { at });
    }
    ops.extend(
        tenants.into_iter().map(|tenant| Op::PutTenant(TenantRow { tenant, org: None, at })),
    );
    ops.extend(parts.directory.numbers().map(|n| {
        Op::PutNumber(NumberRow {
            tenant: n.tenant.clone(),
            number: n.id.clone(),
            waba: n.waba.clone(),
            app: n.app.clone(),
        })
    }));
    parts.store.commit(Commit::of(ops)).await.map(drop)
}
