//! The whole way, wire to wire: what `puente e2e --sandbox` runs and prints.
//!
//! Each scenario goes in through the front door of one side, waits for a state
//! (never for a time), and reads the simulators' truth.

mod attachments;
mod campaigns;
mod consent;
mod cost;
mod eye;
mod inbound;
mod mapping;
mod metrics;
mod outbound;
mod reconcile;
mod routing;
mod statuses;
mod survey;
mod templates;
mod webhooks;

use futures_util::future::BoxFuture;

use crate::town::Town;

pub use eye::Eye;

type Run = for<'a> fn(&'a Eye<'a>) -> BoxFuture<'a, Result<(), String>>;

pub struct Scenario {
    pub name: &'static str,
    run: Run,
}

/// How one ended: the reason where it failed.
pub struct Outcome {
    pub name: &'static str,
    pub took_ms: i64,
    pub result: Result<(), String>,
}

impl Scenario {
    const fn new(name: &'static str, run: Run) -> Self {
        Self { name, run }
    }
}

/// In the order in which they are told.
pub fn all() -> Vec<Scenario> {
    [
        inbound::SCENARIOS,
        outbound::SCENARIOS,
        attachments::SCENARIOS,
        statuses::SCENARIOS,
        webhooks::SCENARIOS,
        reconcile::SCENARIOS,
        mapping::SCENARIOS,
        routing::SCENARIOS,
        survey::SCENARIOS,
        templates::SCENARIOS,
        consent::SCENARIOS,
        campaigns::SCENARIOS,
        cost::SCENARIOS,
        metrics::SCENARIOS,
    ]
    .into_iter()
    .flatten()
    .map(|s| Scenario::new(s.name, s.run))
    .collect()
}

/// Runs one after the other on the same town, calling `told` after each.
pub async fn run(town: &Town, mut told: impl FnMut(&Outcome)) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for scenario in all() {
        let began = town.ambient.clock.mono();
        let result = (scenario.run)(&Eye::new(town)).await;
        let took_ms = town.ambient.clock.mono() - began;
        let outcome = Outcome { name: scenario.name, took_ms, result };
        told(&outcome);
        outcomes.push(outcome);
    }
    outcomes
}
