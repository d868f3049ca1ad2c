//! Which parts of the remotes are left alone now, all tenants together.

use engine::breakers::{Standing, State};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Label {
    remote: &'static str,
    scope: &'static str,
}

/// Every pair there is: a gauge that comes and goes is hard to alert on.
const PAIRS: [(&str, &str); 6] = [
    ("whatsapp", "lane"),
    ("whatsapp", "number"),
    ("whatsapp", "account"),
    ("whatsapp", "org"),
    ("salesforce", "lane"),
    ("salesforce", "org"),
];

pub struct Gauges(Family<Label, Gauge>);

impl Gauges {
    pub fn register(registry: &mut Registry) -> Self {
        let states = Family::default();
        let help = "Worst breaker of this remote and scope: 0 closed, 1 half-open, 2 open";
        registry.register("breaker_state", help, Family::clone(&states));
        Self(states)
    }

    pub fn set(&self, standing: &[Standing]) {
        for (remote, scope) in PAIRS {
            let of = standing
                .iter()
                .filter(|one| (one.key.remote.as_str(), one.key.scope_word()) == (remote, scope));
            let worst = of.map(|one| match one.state {
                State::Closed => 0,
                State::HalfOpen { .. } => 1,
                State::Open { .. } => 2,
            });
            self.0.get_or_create(&Label { remote, scope }).set(worst.max().unwrap_or(0));
        }
    }
}
