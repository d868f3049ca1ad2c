//! puente in front of the simulators, of the same parts as in production.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use engine::outbound::Limits;
use engine::{Directory, Engine, Number, Options, Parts, Remotes, Running};
use model::ids::{AppId, PhoneNumberId, TenantId, WabaId};
use model::{Ambient, Exchange};
use salesforce::{ClientOptions, Credentials, Names, Tokens, TokensOptions};
use salesforce_sim::Latency;
use server::webhooks::WebhookApp;
use server::{AppState, Metrics};
use sim_kit::{Outlet, Seed, SimClock};
use store::op::NewApiKey;
use store::{Commit, MasterKey, Op, Spool, Store, StoreError};
use tokio_util::sync::CancellationToken;
use whatsapp::client::Token;
use whatsapp_sim::Config as Meta;

use crate::door::{LateOutlet, RouterExchange};
use crate::sims::{Sims, Sites};
use crate::time::ambient;

/// How each side reaches the other.
pub struct Wires {
    pub meta: Arc<dyn Exchange>,
    pub salesforce: Arc<dyn Exchange>,
}

#[derive(Clone)]
pub struct TownOptions {
    pub seed: u64,
    /// How long a tick may wait for company on its way to Salesforce.
    pub status_delay_ms: i64,
    /// What the package's names carry in the org: `""` or `"ns__"`.
    pub namespace: String,
    /// What is done about sends whose answer was lost.
    pub uncertain: Vec<rules::uncertain::Rule>,
    /// Where files lie while they pass through; it outlives the process.
    pub spool: Spool,
    pub media: engine::media::Limits,
    /// The way to addresses that callers wrote.
    pub web: Option<Arc<dyn Exchange>>,
    pub scanner: Option<Arc<dyn Exchange>>,
    /// When a backlog goes by Bulk jobs.
    pub bulk: engine::bulk::Options,
    /// What is asked for before somebody is written to first.
    pub consent: engine::consent::Settings,
}

impl Default for TownOptions {
    fn default() -> Self {
        Self {
            seed: 1,
            status_delay_ms: 200,
            namespace: String::new(),
            uncertain: Vec::new(),
            spool: Spool::in_memory(256 << 20),
            media: engine::media::Limits::default(),
            web: None,
            scanner: None,
            bulk: engine::bulk::Options::default(),
            consent: engine::consent::Settings::default(),
        }
    }
}

pub struct Town {
    pub sims: Sims,
    pub engine: Engine,
    pub store: Store,
    pub ambient: Ambient,
    /// The whole public surface.
    pub router: Router,
    /// An API key with every scope.
    pub api_key: String,
    pub tenant: TenantId,
    pub number: PhoneNumberId,
    pub stopping: CancellationToken,
    running: Running,
}

impl Town {
    pub const TENANT: &str = "sandbox";

    /// Everything in one process, in memory, on the tokio clock from now on.
    pub async fn within(options: TownOptions) -> Result<Self, String> {
        let key = MasterKey::from_bytes([7; 32]);
        Self::within_on(options, async |ambient| Store::open_memory(key, ambient)).await
    }

    /// The same over the store that is opened.
    pub async fn within_on(
        options: TownOptions,
        open: impl AsyncFnOnce(Ambient) -> Result<Store, StoreError>,
    ) -> Result<Self, String> {
        let seed = Seed::new(options.seed);
        let clock = SimClock::starting_at(1_767_225_600_000);
        let outlet = Arc::new(LateOutlet::default());
        let hook: Arc<dyn Outlet> = outlet.clone();
        let sims = Sims::new(Sites::within(), clock.clone(), &seed, hook, Latency::NONE)?;
        let ambient = ambient(&clock, &seed);
        let store = open(ambient.clone()).await.map_err(|e| e.to_string())?;
        let wires = Wires {
            meta: Arc::new(RouterExchange(sims.whatsapp.router())),
            salesforce: Arc::new(RouterExchange(sims.salesforce.router())),
        };
        let town = Self::build(sims, wires, store, ambient, options).await?;
        outlet.connect(town.router.clone());
        Ok(town)
    }

    pub async fn build(
        sims: Sims,
        wires: Wires,
        store: Store,
        ambient: Ambient,
        options: TownOptions,
    ) -> Result<Self, String> {
        let (tenant, number) = (TenantId::new(Self::TENANT), PhoneNumberId::new(Meta::NUMBER));
        let settings = BTreeMap::from([(tenant.clone(), options.consent)]);
        let directory = directory(&tenant).with_consent(settings);
        let mut remotes = remotes(&sims, &wires, &ambient, &tenant, &number, &options.namespace)?;
        (remotes.web, remotes.scanner) = (options.web, options.scanner);
        let limits = Limits { status_delay_ms: options.status_delay_ms, ..Limits::default() };
        let engine = Engine::new(Parts {
            store: store.clone(),
            ambient: ambient.clone(),
            directory: directory.clone(),
            remotes,
            spool: options.spool,
            options: Options {
                status_delay_ms: options.status_delay_ms,
                limits,
                uncertain: BTreeMap::from([(tenant.clone(), options.uncertain)]),
                media: options.media,
                bulk: BTreeMap::from([(tenant.clone(), options.bulk)]),
                holder: "sandbox".into(),
                alone: true,
                ..Options::default()
            },
        })
        .await
        .map_err(|e| e.to_string())?;
        let api_key = mint_key(&store, &ambient, &tenant).await?;
        let stopping = CancellationToken::new();
        let state = AppState {
            inbox: engine.inbox.clone(),
            desk: engine.desk.clone(),
            keeper: engine.keeper.clone(),
            board: engine.board.clone(),
            breakers: engine.breakers.clone(),
            mapping: engine.mapping.clone(),
            routing: engine.routing.clone(),
            hours: engine.hours.clone(),
            surveys: engine.surveys.clone(),
            figures: engine.figures.clone(),
            campaigns: engine.campaigns.clone(),
            templates: engine.templates.clone(),
            store: store.clone(),
            directory,
            apps: vec![webhook_app(&tenant)],
            metrics: Metrics::default(),
            ambient: ambient.clone(),
            stopping: stopping.clone(),
            options: server::Options::default(),
        };
        let router = server::router(state);
        let running = engine.start();
        Ok(Self {
            sims,
            engine,
            store,
            ambient,
            router,
            api_key,
            tenant,
            number,
            stopping,
            running,
        })
    }

    /// Waits for the first worker that ends, which none does by itself.
    pub async fn failed(&mut self) -> StoreError {
        self.running.failed().await
    }

    pub async fn stop(self) {
        self.stopping.cancel();
        self.running.stop().await;
        self.store.close().await;
    }
}

fn directory(tenant: &TenantId) -> Directory {
    Directory::new([Number {
        id: PhoneNumberId::new(Meta::NUMBER),
        tenant: tenant.clone(),
        waba: WabaId::new(Meta::WABA),
        app: AppId::new("main"),
        display: "+15550009999".into(),
        portfolio: Meta::BUSINESS.into(),
    }])
}

fn remotes(
    sims: &Sims,
    wires: &Wires,
    ambient: &Ambient,
    tenant: &TenantId,
    number: &PhoneNumberId,
    namespace: &str,
) -> Result<Remotes, String> {
    let graph =
        whatsapp::Client::new(wires.meta.clone(), &sims.sites.graph_url, Token::new(Meta::TOKEN));
    let org = org_client(wires.salesforce.clone(), ambient, &sims.sites.salesforce_url, namespace)?;
    Ok(Remotes {
        whatsapp: BTreeMap::from([(number.clone(), graph)]),
        salesforce: BTreeMap::from([(tenant.clone(), org)]),
        ..Remotes::default()
    })
}

/// A client that signs in to a simulated org as the sandbox's app.
pub(crate) fn org_client(
    exchange: Arc<dyn Exchange>,
    ambient: &Ambient,
    my_domain_url: &str,
    namespace: &str,
) -> Result<Arc<salesforce::Client>, String> {
    let credentials = Credentials::ClientCredentials {
        my_domain_url: my_domain_url.to_owned(),
        client_id: Sims::CONSUMER_KEY.into(),
        client_secret: Sims::CONSUMER_SECRET.to_owned().into(),
    };
    let options = TokensOptions::default();
    let tokens = Tokens::new(exchange.clone(), ambient.clone(), credentials, options);
    let tokens = Arc::new(tokens.map_err(|f| f.to_string())?);
    let names = Names::new(namespace).map_err(|f| f.to_string())?;
    let options = ClientOptions { names, ..ClientOptions::default() };
    let org = salesforce::Client::new(exchange, tokens, options);
    Ok(Arc::new(org.map_err(|f| f.to_string())?))
}

fn webhook_app(tenant: &TenantId) -> WebhookApp {
    WebhookApp {
        id: AppId::new("main"),
        tenant: Some(tenant.clone()),
        secrets: whatsapp::signature::Secrets::new([Meta::APP_SECRET.as_bytes()]),
        verify_tokens: vec![Meta::VERIFY_TOKEN.to_owned()],
    }
}

/// An API key of this tenant with every scope.
pub(crate) async fn mint_key(
    store: &Store,
    ambient: &Ambient,
    tenant: &TenantId,
) -> Result<String, String> {
    let minted = server::auth::mint(ambient);
    let key = NewApiKey {
        tenant: tenant.clone(),
        id: minted.id,
        hash: minted.hash,
        scopes: ["send", "read", "admin"].map(String::from).into(),
        label: "sandbox".into(),
        at: ambient.now(),
        expires_at: None,
    };
    let commit = store.commit(Commit::of(vec![Op::NewApiKey(key)])).await;
    commit.map_err(|e| e.to_string())?;
    Ok(minted.text)
}
