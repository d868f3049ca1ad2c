//! The server to compare with: the same sockets, the same layers, the same
//! check of the signature, and no store.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::routing::post;
use engine::{Directory, Engine, Parts, Remotes};
use http::{HeaderMap, StatusCode};
use server::{AppState, Metrics};
use store::{MasterKey, Store};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use whatsapp::signature::Secrets;

pub const PATH: &str = "/bench/messages";

#[derive(clap::Args)]
pub struct Args {
    #[arg(long)]
    listen: SocketAddr,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let ambient = crate::ambient::system();
    let store = Store::open_memory(MasterKey::from_bytes([7; 32]), ambient.clone())?;
    let engine = Engine::new(Parts {
        store: store.clone(),
        ambient: ambient.clone(),
        directory: Directory::default(),
        remotes: Remotes::default(),
        spool: store::Spool::in_memory(0),
        options: engine::Options::default(),
    })
    .await?;
    let stopping = CancellationToken::new();
    let state = AppState {
        inbox: engine.inbox.clone(),
        desk: engine.desk.clone(),
        keeper: engine.keeper.clone(),
        board: engine.board.clone(),
        breakers: engine.breakers.clone(),
        mapping: engine.mapping.clone(),
        figures: engine.figures.clone(),
        routing: engine.routing.clone(),
        hours: engine.hours.clone(),
        surveys: engine.surveys.clone(),
        campaigns: engine.campaigns.clone(),
        templates: engine.templates.clone(),
        store,
        directory: Directory::default(),
        apps: Vec::new(),
        metrics: Metrics::default(),
        ambient,
        stopping: stopping.clone(),
        options: server::Options::default(),
    };
    let secrets = Arc::new(Secrets::new([super::SECRET]));
    let taken = Router::new()
        .route(PATH, post(take))
        .layer(DefaultBodyLimit::max(4 << 20))
        .with_state(secrets);
    let router = server::router_with(state, taken);
    let listener = TcpListener::bind(args.listen).await?;
    let options = server::listen::Options::default();
    server::listen::serve(options, listener, router, stopping).await;
    Ok(ExitCode::SUCCESS)
}

async fn take(State(secrets): State<Arc<Secrets>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    match secrets.verify(&headers, &body) {
        Ok(_) => StatusCode::OK,
        Err(_) => StatusCode::UNAUTHORIZED,
    }
}
