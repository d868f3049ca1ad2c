//! Both far sides, on sockets of their own.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use salesforce_sim::{Latency, SalesforceSim};
use sim_kit::{Cut, Outlet, Seed, SimClock};
use tokio::net::TcpListener;
use tokio::sync::watch;
use whatsapp_sim::state::Throughput;
use whatsapp_sim::{Config, NewCustomer, WhatsappSim};

/// How long a call to Meta is on its way, and its answer on the way back, in
/// milliseconds: a kill meets calls on both sides of the deed, and more often
/// behind it, where sending again would be a second message.
const THERE_MS: (i64, i64) = (10, 150);
const BACK_MS: (i64, i64) = (20, 700);

pub struct World {
    pub phones: whatsapp_sim::Handle,
    pub org: salesforce_sim::Handle,
    pub graph_url: String,
    pub org_url: String,
}

impl World {
    /// `killed` changes when the bridge is killed.
    pub async fn start(
        seed: &Seed,
        outlet: Arc<dyn Outlet>,
        killed: watch::Receiver<()>,
    ) -> Result<Self, String> {
        let (meta, graph_url) = port().await?;
        let (salesforce, org_url) = port().await?;

        // The outlet takes each POST into its own hands, whatever the address.
        let mut config = Config::one_number(&graph_url, Some("http://puente.test/messages"));
        config.rules.pair_limit = false;
        config.pace.sent_ms = (50, 800);
        config.pace.delivered_ms = (50, 400);
        for number in &mut config.numbers {
            number.throughput = Throughput::High;
        }
        let whatsapp = WhatsappSim::new(config, SimClock::real(), seed, outlet);
        let phones = whatsapp.handle();
        let graph = whatsapp.router().layer(from_fn_with_state(Line::new(killed, seed), way));

        let config = salesforce_sim::Config {
            my_domain: org_url.clone(),
            daily_api_requests: 1_000_000,
            latency: Latency { base_ms: 60, per_row_ms: 1, tail_max_ms: 0 },
            ..salesforce_sim::Config::default()
        };
        let org = SalesforceSim::new(config, SimClock::real(), seed)?;
        let never = std::future::pending;
        tokio::spawn(sim_kit::serve(meta, graph, never()));
        tokio::spawn(sim_kit::serve(salesforce, org.router(), never()));
        Ok(Self { phones, org: org.handle(), graph_url, org_url })
    }

    /// Moves `count` people in: their ids and phones.
    pub fn people(&self, count: usize) -> Result<Vec<(String, String)>, String> {
        let person = |n| {
            let new = NewCustomer::named("Ana", &format!("+1555{n:07}"));
            let made = self.phones.customer(new)?;
            Ok((made.id, format!("+{}", made.wa_id)))
        };
        (1_000_000..1_000_000 + count).map(person).collect()
    }

    /// `id` writes; the wamid.
    pub fn writes(&self, id: &str, text: &str) -> Result<String, String> {
        self.phones.texts(id, Config::NUMBER, text)
    }
}

/// The way to Meta and back. What is under way to it when the bridge dies never
/// arrives; what it did before stays done.
#[derive(Clone)]
struct Line {
    killed: watch::Receiver<()>,
    seed: Arc<Mutex<Seed>>,
}

impl Line {
    fn new(killed: watch::Receiver<()>, seed: &Seed) -> Self {
        let seed = Arc::new(Mutex::new(seed.fork("line")));
        Self { killed, seed }
    }

    fn ways(&self) -> (Duration, Duration) {
        let mut seed = self.seed.lock().unwrap_or_else(PoisonError::into_inner);
        let mut way = |(least, most)| Duration::from_millis(seed.between(least, most) as u64);
        (way(THERE_MS), way(BACK_MS))
    }
}

async fn way(State(mut line): State<Line>, call: Request, next: Next) -> Response {
    let (there, back) = line.ways();
    // an earlier kill is none of this call's business
    line.killed.mark_unchanged();
    tokio::select! {
        biased;
        _ = line.killed.changed() => return Cut::Before.response(),
        () = tokio::time::sleep(there) => {}
    }
    let answer = next.run(call).await;
    tokio::time::sleep(back).await;
    answer
}

async fn port() -> Result<(TcpListener, String), String> {
    let listener = TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.map_err(|e| e.to_string())?;
    let address = listener.local_addr().map_err(|e| e.to_string())?;
    Ok((listener, format!("http://{address}")))
}
