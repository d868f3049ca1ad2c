//! The simulated org on a port of its own, for clients in any language.
//!
//! Prints one line, `listening http://127.0.0.1:PORT`, and serves until its
//! standard input ends: a server never outlives the test that started it.

use salesforce_sim::{Config, SalesforceSim};
use sim_kit::{Seed, SimClock};
use tokio::net::TcpListener;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    let url = format!("http://127.0.0.1:{port}");
    // The shared sign-in host is the same socket under another name.
    let login_host = format!("http://localhost:{port}");
    let config = Config {
        my_domain: url.clone(),
        audiences: vec![url.clone(), login_host.clone()],
        login_host,
        ..Config::default()
    };
    let sim = SalesforceSim::new(config, SimClock::real(), &Seed::new(7))?;
    println!("listening {url}");
    let starter =
        tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink()));
    sim_kit::serve(listener, sim.router(), async { drop(starter.await) }).await;
    Ok(())
}
