//! The world outside: Meta and its phones, and an org of Salesforce.

use std::sync::Arc;

use salesforce_sim::{Latency, SalesforceSim};
use sim_kit::{Outlet, Seed, SimClock};
use whatsapp_sim::WhatsappSim;

/// Where each side is reached.
#[derive(Clone, Debug)]
pub struct Sites {
    pub graph_url: String,
    pub salesforce_url: String,
    /// Meta's callback: our `/messages`.
    pub webhook_url: String,
}

impl Sites {
    /// Names for wires within one process; nothing is ever looked up.
    pub fn within() -> Self {
        Self {
            graph_url: "http://graph.sim".into(),
            salesforce_url: "https://acme.my.salesforce.com".into(),
            webhook_url: "http://puente.sim/messages".into(),
        }
    }
}

#[derive(Clone)]
pub struct Sims {
    pub whatsapp: WhatsappSim,
    pub salesforce: SalesforceSim,
    pub sites: Sites,
    pub clock: SimClock,
}

impl Sims {
    pub const CONSUMER_KEY: &str = "sim-consumer-key";
    pub const CONSUMER_SECRET: &str = "sim-consumer-secret";

    /// Fails with a sentence when the package's files cannot be read.
    pub fn new(
        sites: Sites,
        clock: SimClock,
        seed: &Seed,
        outlet: Arc<dyn Outlet>,
        latency: Latency,
    ) -> Result<Self, String> {
        let config = whatsapp_sim::Config::one_number(&sites.graph_url, Some(&sites.webhook_url));
        let whatsapp = WhatsappSim::new(config, clock.clone(), seed, outlet);
        let config = salesforce_sim::Config {
            my_domain: sites.salesforce_url.clone(),
            daily_api_requests: 1_000_000,
            latency,
            // what an admin adds to keep answers of customers
            custom_fields: vec![
                "Case Satisfaction__c double(2,0)".to_owned(),
                "Case Satisfaction_Comment__c string(255)".to_owned(),
            ],
            ..salesforce_sim::Config::default()
        };
        let salesforce = SalesforceSim::new(config, clock.clone(), seed)?;
        Ok(Self { whatsapp, salesforce, sites, clock })
    }
}
