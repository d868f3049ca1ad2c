//! What `puente e2e --sandbox` runs, in simulated time.

use sandbox::{Town, TownOptions, scenarios};

#[tokio::test(start_paused = true)]
async fn every_scenario_passes() {
    let _ = tracing_subscriber::fmt().with_env_filter("warn").with_test_writer().try_init();
    let town = Town::within(TownOptions::default()).await.unwrap();
    let outcomes = scenarios::run(&town, |outcome| {
        println!("{:>8} ms  {}  {:?}", outcome.took_ms, outcome.name, outcome.result);
    })
    .await;
    let failed: Vec<_> = outcomes.iter().filter(|o| o.result.is_err()).map(|o| o.name).collect();
    assert!(failed.is_empty(), "{failed:?}");
    assert!(outcomes.len() >= 16);
    town.stop().await;
}
