//! All workers of one process: started together, stopped together.

mod parts;
mod workers;

use std::collections::BTreeMap;
use std::sync::Arc;

use model::Ambient;
use model::ids::{InstallationId, TenantId};
use store::op::{NumberRow, TenantRow};
use store::{Commit, Op, StoreError};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub use self::parts::{Options, Parts, Remotes};
use crate::board::{Board, Trends};
use crate::breakers::Breakers;
use crate::budget::Governor;
use crate::campaign::CampaignDesk;
use crate::hours::{HoursDesk, HoursInUse};
use crate::inbox::Inbox;
use crate::mapping::MappingDesk;
use crate::mark::Gate;
use crate::media::Keeper;
use crate::metrics::Figures;
use crate::nudge::Nudges;
use crate::org::Orgs;
use crate::outbound::{Desk, Pace};
use crate::pressure::Pressure;
use crate::routing::RoutingDesk;
use crate::survey::SurveyDesk;
use crate::templates::TemplateDesk;

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
    pub routing: Arc<RoutingDesk>,
    pub hours: Arc<HoursDesk>,
    pub surveys: Arc<SurveyDesk>,
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
        let routing = Arc::new(RoutingDesk::new(&parts, nudges.clone()));
        let hours = HoursInUse::new(store.clone(), ambient.clone());
        let hours = Arc::new(HoursDesk { hours });
        let surveys = Arc::new(SurveyDesk::new(&parts, nudges.clone()));
        let figures = Arc::new(Figures::new(&parts, nudges.clone()));
        let templates = Arc::new(TemplateDesk::new(&parts, nudges.clone()));
        let desk = Desk { store: store.clone(), ambient, directory, nudges: nudges.clone() };
        let board = Board { store, trends: Trends::default() };
        let governors = Arc::new(governors(&parts));
        let orgs = Orgs { clients: parts.remotes.salesforce.clone(), governors: governors.clone() };
        let campaigns = CampaignDesk { desk: desk.clone(), pace: pace.clone(), orgs };
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
            routing,
            hours,
            surveys,
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
        for results in self.campaign_results() {
            workers.spawn(results.run(stop.clone()));
        }
        for moves in self.case_moves() {
            workers.spawn(moves.run(stop.clone()));
        }
        for opportunities in self.opportunities() {
            workers.spawn(opportunities.run(stop.clone()));
        }
        for endings in self.endings() {
            workers.spawn(endings.run(stop.clone()));
        }
        for surveys in self.surveyors() {
            workers.spawn(surveys.run(stop.clone()));
        }
        for counter in self.counters() {
            workers.spawn(counter.run(stop.clone()));
        }
        Running { stop, workers }
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
