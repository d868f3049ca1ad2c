//! `puente sandbox`: the bridge and both simulators over real sockets.

mod check;
mod people;

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, anyhow};
use axum::Router;
use salesforce_sim::Latency;
use sandbox::{Sims, Sites, Town, TownOptions, Wires};
use sim_kit::{Outlet, Seed, SimClock};
use store::{MasterKey, Store};
use tokio::net::TcpListener;

use super::outlet::RealOutlet;
use crate::app::Doors;

#[derive(clap::Args)]
pub struct Args {
    /// Where the page and the bridge listen; both simulators take free ports.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Keep the store in this file; a file of its own each time otherwise.
    #[arg(long)]
    store: Option<std::path::PathBuf>,
    /// Play the recorded fixtures through, check that each message is in
    /// Salesforce and each reply on the phone, and end.
    #[arg(long)]
    check: bool,
    /// With --check: lose this many messages on purpose, to see the check fail.
    #[arg(long, default_value_t = 0, hide = true)]
    lose: usize,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    super::log();
    let listener = TcpListener::bind(args.listen).await.with_context(|| {
        format!(
            "--listen {}: the address is taken; choose another, such as 127.0.0.1:8090",
            args.listen
        )
    })?;
    let scratch = Scratch::new(args.store.clone())?;
    let (mut town, sites) = build(&listener, &scratch.path).await?;
    let router = town.router.clone().merge(sandbox::demo_router(&town));
    let address = listener.local_addr()?;
    let stopping = town.stopping.clone();
    let options = server::listen::Options::default();
    let serving = tokio::spawn(server::listen::serve(options, listener, router, stopping.clone()));
    let code = if args.check {
        check::run(&town, args.lose).await?
    } else {
        people::move_in(&town)?;
        tell(&town, address, &sites);
        tokio::select! {
            biased;
            done = tokio::signal::ctrl_c() => done.context("Ctrl-C")?,
            error = town.failed() => return Err(anyhow!("a worker could not go on: {error}")),
        }
        ExitCode::SUCCESS
    };
    stopping.cancel();
    let _ = serving.await;
    town.stop().await;
    Ok(code)
}

/// The simulators listen first, then the bridge is built toward them.
async fn build(listener: &TcpListener, path: &std::path::Path) -> anyhow::Result<(Town, Sites)> {
    let (meta, org) = (any_port().await?, any_port().await?);
    let sites = Sites {
        graph_url: format!("http://{}", meta.local_addr()?),
        salesforce_url: format!("http://{}", org.local_addr()?),
        webhook_url: format!("http://{}/messages", listener.local_addr()?),
    };
    let ambient = crate::ambient::system();
    let seed = Seed::new(ambient.chance.u64());
    let doors = Doors::real()?;
    let outlet: Arc<dyn Outlet> = Arc::new(RealOutlet(crate::http::toward_meta()?));
    let sims = Sims::new(sites.clone(), SimClock::real(), &seed, outlet, Latency::NONE)
        .map_err(|e| anyhow!(e))?;
    serve_sim(meta, sims.whatsapp.router());
    serve_sim(org, sims.salesforce.router());
    let mut key = [0; 32];
    ambient.chance.fill(&mut key);
    let store = Store::open_sqlite(path, MasterKey::from_bytes(key), ambient.clone())?;
    let wires = Wires { meta: doors.meta, salesforce: doors.salesforce };
    let options = TownOptions { seed: 0, status_delay_ms: 1_000, ..TownOptions::default() };
    let town = Town::build(sims, wires, store, ambient, options).await.map_err(|e| anyhow!(e))?;
    Ok((town, sites))
}

async fn any_port() -> anyhow::Result<TcpListener> {
    TcpListener::bind("127.0.0.1:0").await.context("a free port for a simulator")
}

fn serve_sim(listener: TcpListener, router: Router) {
    tokio::spawn(sim_kit::serve(listener, router, std::future::pending()));
}

fn tell(town: &Town, address: SocketAddr, sites: &Sites) {
    anstream::println!(
        "puente runs against simulators of both sides; nothing leaves this machine."
    );
    anstream::println!();
    anstream::println!("  page        http://{address}/demo");
    anstream::println!("  API         http://{address}/docs");
    anstream::println!("  API key     {}", town.api_key);
    anstream::println!(
        "  WhatsApp    {}   (token {})",
        sites.graph_url,
        whatsapp_sim::Config::TOKEN
    );
    anstream::println!(
        "  Salesforce  {}   (client credentials {} / {})",
        sites.salesforce_url,
        Sims::CONSUMER_KEY,
        Sims::CONSUMER_SECRET
    );
    anstream::println!();
    anstream::println!(
        "Open the page, write on the phone, answer from Salesforce. Ctrl-C ends it."
    );
}

/// A database of its own that goes with the process, unless a file is named.
struct Scratch {
    path: std::path::PathBuf,
    own: Option<std::path::PathBuf>,
}

impl Scratch {
    fn new(named: Option<std::path::PathBuf>) -> anyhow::Result<Self> {
        if let Some(path) = named {
            return Ok(Self { path, own: None });
        }
        let folder = std::env::temp_dir().join(format!("puente-sandbox-{}", std::process::id()));
        std::fs::create_dir_all(&folder).context("a folder for the sandbox's store")?;
        Ok(Self { path: folder.join("puente.db"), own: Some(folder) })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Some(folder) = &self.own {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}
