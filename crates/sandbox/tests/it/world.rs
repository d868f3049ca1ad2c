//! A town that can be cut off, killed and started again.

mod setting;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use bytes::Bytes;
use engine::consent::Settings;
use futures_util::future::BoxFuture;
use http::{Request, Response};
use model::{Ambient, Body, Carried, ConsentPolicy, Exchange, Lost, UnixMs};
use parking_lot::Mutex;
use salesforce_sim::{Latency, SalesforceSim};
use sandbox::scenarios::Eye;
use sandbox::{RouterExchange, SeededChance, SimTime, Sims, Sites, Town, TownOptions, Wires};
use serde_json::{Value, json};
use sim_kit::{Outlet, OutletLost, RouterOutlet, Seed, SimClock};
use store::{Depths, MasterKey, Probe, SqliteOptions, Store};
use whatsapp_sim::{Customer, Direction, WhatsappSim};

pub use crate::wire::{body, message, status, words};
pub use setting::Setting;

pub const BEGAN: i64 = 1_767_225_600_000;
const LOOK_EVERY: Duration = Duration::from_millis(50);

pub struct World {
    pub town: Town,
    pub line: Arc<Line>,
    hook: Arc<Hook>,
    pub options: TownOptions,
}

/// Where webhooks go: to whichever process runs, or to nobody.
#[derive(Default)]
pub struct Hook(Mutex<Option<Router>>);

impl Outlet for Hook {
    fn call(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, OutletLost>> {
        let router = self.0.lock().clone();
        Box::pin(async move {
            match router {
                Some(router) => RouterOutlet(router).call(request).await,
                None => Err(OutletLost),
            }
        })
    }
}

/// The way to a remote. What is under way there goes on when its caller dies,
/// as it would in another machine.
pub struct Line {
    to: Arc<RouterExchange>,
    /// So many connections fail before a byte is written.
    unreachable: Mutex<u32>,
}

impl Line {
    fn to(router: Router) -> Arc<Self> {
        let to = Arc::new(RouterExchange(router));
        Arc::new(Self { to, unreachable: Mutex::new(0) })
    }

    pub fn unreachable(&self, times: u32) {
        *self.unreachable.lock() = times;
    }
}

impl Exchange for Line {
    fn carry(&self, request: Request<Body>) -> BoxFuture<'_, Carried> {
        let mut left = self.unreachable.lock();
        if *left > 0 {
            *left -= 1;
            return Box::pin(std::future::ready(Err(Lost::BeforeWrite)));
        }
        drop(left);
        let to = self.to.clone();
        let call = tokio::spawn(async move { to.carry(request).await });
        Box::pin(async move { call.await.unwrap_or(Err(Lost::AfterWrite)) })
    }
}

pub fn ambient(clock: &SimClock, seed: &Seed) -> Ambient {
    Ambient { clock: Arc::new(SimTime(clock.clone())), chance: Arc::new(SeededChance::new(seed)) }
}

pub fn salesforce_config(
    namespace: &str,
    latency: Latency,
    sites: &Sites,
) -> salesforce_sim::Config {
    salesforce_sim::Config {
        my_domain: sites.salesforce_url.clone(),
        namespace: namespace.into(),
        daily_api_requests: 1_000_000,
        latency,
        ..salesforce_sim::Config::default()
    }
}

impl World {
    pub async fn quick() -> Self {
        Self::new(Setting::default()).await
    }

    /// Where this is asked for before somebody is written to first.
    pub async fn asking(policy: ConsentPolicy) -> Self {
        let consent = Settings { policy, ..Settings::default() };
        let town = TownOptions { consent, ..TownOptions::default() };
        Self::new(Setting { town, ..Setting::default() }).await
    }

    pub async fn new(setting: Setting) -> Self {
        let seed = Seed::new(setting.seed);
        let clock = SimClock::starting_at(BEGAN);
        let hook = Arc::new(Hook::default());
        let sites = Sites::within();
        let mut config =
            whatsapp_sim::Config::one_number(&sites.graph_url, Some(&sites.webhook_url));
        (setting.meta)(&mut config);
        let whatsapp = WhatsappSim::new(config, clock.clone(), &seed, hook.clone());
        let mut config = salesforce_config(setting.namespace, setting.latency, &sites);
        (setting.org)(&mut config);
        let salesforce = SalesforceSim::new(config, clock.clone(), &seed).unwrap();
        let sims = Sims { whatsapp, salesforce, sites, clock };
        let ambient = ambient(&sims.clock, &seed);
        let store = match &setting.file {
            Some(path) => open_file(path, &ambient),
            None => Store::open_memory(master(), ambient.clone()).unwrap(),
        };
        let options = TownOptions {
            seed: setting.seed,
            status_delay_ms: setting.status_delay_ms,
            namespace: setting.namespace.into(),
            uncertain: setting.uncertain,
            bulk: setting.bulk,
            ..setting.town
        };
        let line = Line::to(sims.whatsapp.router());
        let store = match setting.probe {
            Some(probe) => store.with_probe(probe),
            None => store,
        };
        let town = Self::open(sims, line.clone(), store, ambient, &options).await.unwrap();
        hook.0.lock().replace(town.router.clone());
        // the mark is looked at before a test may take Salesforce away
        for _ in 0..500 {
            if town.engine.gate.is_open() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Self { town, line, hook, options }
    }

    async fn open(
        sims: Sims,
        line: Arc<Line>,
        store: Store,
        ambient: Ambient,
        options: &TownOptions,
    ) -> Result<Town, String> {
        let salesforce = Line::to(sims.salesforce.router());
        let wires = Wires { meta: line, salesforce };
        Box::pin(Town::build(sims, wires, store, ambient, options.clone())).await
    }

    /// As after `kill -9`: all that ran is gone, the rows and the remotes stay.
    pub async fn restarted(self, probe: Option<Arc<dyn Probe>>) -> Self {
        let store = self.town.store.restarted();
        let store = match probe {
            Some(probe) => store.with_probe(probe),
            None => store,
        };
        self.over(store).await
    }

    /// The same remotes, and puente over another store.
    pub async fn over(self, store: Store) -> Self {
        let Self { town, line, hook, options } = self;
        hook.0.lock().take();
        let ambient = town.ambient.clone();
        let Town { sims, .. } = town;
        let town = Self::open(sims, line.clone(), store, ambient, &options).await.unwrap();
        hook.0.lock().replace(town.router.clone());
        Self { town, line, hook, options }
    }

    /// Stopped in good order, its file moved to another place, and started there.
    pub async fn moved(self, from: &Path, to: &Path) -> Self {
        let Self { town, line, hook, options } = self;
        hook.0.lock().take();
        let (sims, ambient) = (town.sims.clone(), town.ambient.clone());
        town.stop().await;
        std::fs::copy(from, to).unwrap();
        std::fs::remove_file(from).unwrap();
        let store = open_file(to, &ambient);
        let town = Self::open(sims, line.clone(), store, ambient, &options).await.unwrap();
        hook.0.lock().replace(town.router.clone());
        Self { town, line, hook, options }
    }

    /// Another puente on the same remotes, with a line of its own. Webhooks go
    /// on to the first one.
    pub async fn beside(&self, store: Store) -> Town {
        let (sims, line) = (self.town.sims.clone(), Line::to(self.town.sims.whatsapp.router()));
        let ambient = self.town.ambient.clone();
        Self::open(sims, line, store, ambient, &self.options).await.unwrap()
    }

    pub fn eye(&self) -> Eye<'_> {
        Eye::new(&self.town)
    }

    pub fn phones(&self) -> whatsapp_sim::Handle {
        self.town.sims.whatsapp.handle()
    }

    pub fn org(&self) -> salesforce_sim::Handle {
        self.town.sims.salesforce.handle()
    }

    pub fn now(&self) -> UnixMs {
        self.town.ambient.now()
    }

    pub fn customer(&self, name: &str) -> Customer {
        self.eye().customer(name).unwrap()
    }

    /// A customer whom the org knows as a Contact; with the Contact's id.
    pub fn contact(&self, name: &str) -> (Customer, String) {
        let customer = self.customer(name);
        let phone = format!("+{}", customer.wa_id);
        let contact = json!({ "LastName": name, "MobilePhone": phone });
        (customer, self.org().create("Contact", contact).unwrap())
    }

    pub fn texts(&self, customer: &Customer, text: &str) -> String {
        self.phones().texts(&customer.id, self.town.number.as_str(), text).unwrap()
    }

    /// Someone who wrote, so that the window is open; nothing is under way.
    pub async fn writer(&self, name: &str) -> Customer {
        let customer = self.customer(name);
        self.texts(&customer, "hola");
        self.quiet(60_000).await;
        customer
    }

    /// `POST /send` of a text; the id of the outbox.
    pub async fn sends(&self, customer: &Customer, key: &str, text: &str) -> String {
        self.eye().send(&phone(customer), key, &words(text)).await.unwrap()
    }

    pub async fn standing(&self, outbox: &str) -> Value {
        let path = format!("/status/{outbox}");
        self.eye().call(http::Method::GET, &path, None, &Value::Null).await.unwrap().1
    }

    /// Waits until Meta has answered a send.
    pub async fn until_sent(&self, outbox: &str) {
        self.eye().wamid_of(outbox).await.unwrap();
    }

    /// What the customer's phone shows of us, in order.
    pub fn heard(&self, customer: &Customer) -> Vec<String> {
        self.phones().read(|world| {
            let ours = world.thread(&customer.id).filter(|m| m.direction == Direction::Out);
            ours.map(|m| m.content["body"].as_str().unwrap_or_default().to_owned()).collect()
        })
    }

    pub fn copies(&self, customer: &Customer, text: &str) -> usize {
        self.heard(customer).iter().filter(|heard| *heard == text).count()
    }

    pub fn rows(&self, object: &str, field: &str, value: &str) -> Vec<Value> {
        self.eye().rows(object, field, value)
    }

    /// A fault rule of the phones' side, as JSON.
    pub fn meta_fault(&self, rule: Value) {
        self.phones().gate().faults.add(serde_json::from_value(rule).unwrap());
    }

    pub fn org_fault(&self, rule: Value) {
        self.org().gate().faults.add(serde_json::from_value(rule).unwrap());
    }

    pub async fn depths(&self) -> Depths {
        self.town.store.depths(None).await.unwrap()
    }

    /// Waits until nobody has anything to do but wait for a person.
    pub async fn quiet(&self, patience_ms: i64) {
        let began = self.now();
        let end = began.plus(patience_ms);
        loop {
            let Some(why) = self.unrest().await else {
                return;
            };
            assert!(self.now() < end, "after {patience_ms} ms there is still {why}");
            // who waits long is looked at less often
            let looks = 1 + self.now().since(began) / 5_000;
            tokio::time::sleep(LOOK_EVERY * looks.min(20) as u32).await;
        }
    }

    async fn unrest(&self) -> Option<String> {
        let store = &self.town.store;
        let far = self.now().plus(1_000_000_000_000);
        let depths = self.depths().await;
        let work = depths.journal
            + depths.outbox_queued
            + depths.sends_open
            + depths.sends_uncertain
            + depths.sync_due
            + depths.media_due
            + depths.bulk_jobs;
        let tenant = &self.town.tenant;
        let mut links = store.record_links_due(tenant, far, 10).await.unwrap();
        links.extend(store.opportunity_links_due(tenant, far, 10).await.unwrap());
        let busy = self.phones().busy();
        (work > 0 || !links.is_empty() || busy > 0)
            .then(|| format!("{depths:?}, links {links:?}, {busy} on the way to phones"))
    }

    /// Waits until `look` sees something.
    pub async fn until<T>(
        &self,
        what: &str,
        patience_ms: i64,
        mut look: impl FnMut() -> Option<T>,
    ) -> T {
        let end = self.now().plus(patience_ms);
        loop {
            if let Some(seen) = look() {
                return seen;
            }
            assert!(self.now() < end, "waited {patience_ms} ms for {what}");
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Calls to the org without those that sign in, keep the mark or ask what
    /// is left of the allocation.
    pub fn org_calls(&self) -> u64 {
        const OTHERS: [&str; 4] = ["token", "query", "collections.upsert", "limits"];
        let counts = self.org().gate().log.counts();
        counts.iter().filter(|(op, _)| !OTHERS.contains(&op.as_str())).map(|(_, n)| n).sum()
    }
}

/// The store of a file, on the calling thread.
pub fn open_file(path: &Path, ambient: &Ambient) -> Store {
    let options = SqliteOptions::default();
    Store::open_sqlite_inline(path, options, master(), ambient.clone()).unwrap()
}

fn master() -> MasterKey {
    MasterKey::from_bytes([7; 32])
}

pub fn phone(customer: &Customer) -> String {
    format!("+{}", customer.wa_id)
}
