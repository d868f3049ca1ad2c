//! `puente serve`.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use server::listen::{Options, Tls};
use server::{AppState, Metrics};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::app::{App, Doors};
use crate::config::{self, Config};
use crate::lifecycle::{self, Served};

#[derive(clap::Args)]
pub struct Args {
    /// Print the configuration file with all defaults and comments, and end.
    #[arg(long)]
    print_config: bool,
    /// Check the configuration and its secrets, and end.
    #[arg(long)]
    check: bool,
}

pub async fn run(args: Args, path: &Path) -> anyhow::Result<ExitCode> {
    if args.print_config {
        anstream::print!("{}", config::DEFAULT);
        return Ok(ExitCode::SUCCESS);
    }
    super::log();
    let config = Config::read(path)?;
    let app = App::build(&config, crate::ambient::system(), &Doors::real()?).await?;
    if args.check {
        anstream::println!(
            "{} is complete: {} number(s)",
            path.display(),
            app.directory.numbers().count()
        );
        return Ok(ExitCode::SUCCESS);
    }
    let listener = TcpListener::bind(config.server.listen)
        .await
        .with_context(|| format!("server.listen: cannot listen on {}", config.server.listen))?;
    let stopping = CancellationToken::new();
    let tls = config.server.tls.as_ref().map(|tls| Tls::open(&tls.certificate, &tls.key));
    let options = Options {
        drain: Duration::from_secs(config.server.shutdown_seconds),
        tls: tls.transpose().context("server.tls")?,
        ..Options::default()
    };
    tracing::info!(listen = %config.server.listen, installation = %app.store.installation().await?.id, "puente serves");
    let router = server::router(state(&app, &stopping));
    let running = app.engine.start();
    let served = Served { router, listener, options, stopping };
    lifecycle::run(served, running, app.store).await?;
    Ok(ExitCode::SUCCESS)
}

fn state(app: &App, stopping: &CancellationToken) -> AppState {
    AppState {
        inbox: app.engine.inbox.clone(),
        desk: app.engine.desk.clone(),
        keeper: app.engine.keeper.clone(),
        board: app.engine.board.clone(),
        breakers: app.engine.breakers.clone(),
        mapping: app.engine.mapping.clone(),
        routing: app.engine.routing.clone(),
        hours: app.engine.hours.clone(),
        surveys: app.engine.surveys.clone(),
        figures: app.engine.figures.clone(),
        campaigns: app.engine.campaigns.clone(),
        templates: app.engine.templates.clone(),
        store: app.store.clone(),
        directory: app.directory.clone(),
        apps: app.apps.clone(),
        metrics: Metrics::default(),
        ambient: app.ambient.clone(),
        stopping: stopping.clone(),
        options: server::Options::default(),
    }
}
