//! Everything that is not ours: Meta with two business numbers, an org for
//! each tenant, the people who write. It holds the truth.

use std::sync::Arc;

use model::ids::TenantId;
use salesforce_sim::{Latency, SalesforceSim};
use serde_json::json;
use sim_kit::{Seed, SimClock};
use whatsapp_sim::state::{Business, Number, Waba};
use whatsapp_sim::{Config, Customer, NewCustomer, Outcome, Pace, Webhooks, WhatsappSim};

use super::front::Front;
use super::kind::Tally;
use super::line::Line;
use super::time::OurTime;
use crate::sims::Sites;

/// One of ours, and what is theirs at both remotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tenancy {
    pub name: &'static str,
    pub number: &'static str,
    pub waba: &'static str,
    pub business: &'static str,
    pub display: &'static str,
    pub org_id: &'static str,
    pub my_domain: &'static str,
}

pub const TENANTS: [Tenancy; 2] = [
    Tenancy {
        name: "norte",
        number: "106540000000011",
        waba: "102290000000011",
        business: "506900000000011",
        display: "+1 555-000-9991",
        org_id: "00DHo0000000011",
        my_domain: "https://norte.my.salesforce.com",
    },
    Tenancy {
        name: "sur",
        number: "106540000000022",
        waba: "102290000000022",
        business: "506900000000022",
        display: "+1 555-000-9992",
        org_id: "00DHo0000000022",
        my_domain: "https://sur.my.salesforce.com",
    },
];

impl Tenancy {
    pub fn id(&self) -> TenantId {
        TenantId::new(self.name)
    }
}

/// A customer who writes to a number: one person, one lane, one conversation.
#[derive(Clone, Debug)]
pub struct Pair {
    pub customer: Customer,
    pub tenant: usize,
    /// The tenant's org knows the customer: the Contact's id.
    pub contact: Option<String>,
}

impl Pair {
    /// How a caller names the customer: by number, else by user id.
    pub fn address(&self) -> String {
        match self.customer.hidden {
            true => self.customer.bsuids[TENANTS[self.tenant].business].clone(),
            false => format!("+{}", self.customer.wa_id),
        }
    }
}

pub struct Outside {
    pub clock: SimClock,
    pub ours: OurTime,
    pub sites: Sites,
    pub meta: WhatsappSim,
    pub orgs: Vec<SalesforceSim>,
    pub front: Arc<Front>,
    pub to_meta: Arc<Line>,
    pub to_orgs: Vec<Arc<Line>>,
    pub pairs: Vec<Pair>,
    pub tally: Tally,
}

impl Outside {
    /// Fails with a sentence when the package's files cannot be read.
    pub fn new(seed: &Seed) -> Result<Self, String> {
        let (clock, tally) = (SimClock::starting_at(super::BEGAN_MS), Tally::default());
        let ours = OurTime::new(clock.clone());
        let front = Front::new(seed, tally.clone());
        let sites = Sites::within();
        let meta = WhatsappSim::new(meta_config(&sites), clock.clone(), seed, front.clone());
        let mut orgs = Vec::new();
        for tenancy in &TENANTS {
            let config = salesforce_sim::Config {
                org_id: tenancy.org_id.into(),
                my_domain: tenancy.my_domain.into(),
                daily_api_requests: 1_000_000,
                latency: Latency::USUAL,
                ..salesforce_sim::Config::default()
            };
            orgs.push(SalesforceSim::new(config, clock.clone(), &seed.fork(tenancy.name))?);
        }
        let line = |org: &SalesforceSim| Line::to_org(org.router(), clock.clone(), tally.clone());
        let to_orgs = orgs.iter().map(line).collect();
        let to_meta = Line::to_meta(meta.router(), clock.clone(), tally.clone());
        let pairs = Vec::new();
        let mut outside =
            Self { clock, ours, sites, meta, orgs, front, to_meta, to_orgs, pairs, tally };
        outside.people(&mut seed.fork("people"))?;
        Ok(outside)
    }

    /// The first customer writes to both tenants, the second is known to their
    /// org; the others are as they come.
    fn people(&mut self, seed: &mut Seed) -> Result<(), String> {
        let shared = self.customer("Uno", false)?;
        for tenant in 0..TENANTS.len() {
            self.pairs.push(Pair { customer: shared.clone(), tenant, contact: None });
        }
        for n in 0..1 + seed.below(3) {
            let (tenant, hidden) = (seed.below(2) as usize, n > 0 && seed.chance(0.3));
            let customer = self.customer(&format!("Cliente {n}"), hidden)?;
            let known = n == 0 || seed.chance(0.2);
            let contact = (known && !hidden).then(|| self.known(&customer, tenant)).transpose()?;
            if seed.chance(0.3) {
                self.script(&customer, seed);
            }
            self.pairs.push(Pair { customer, tenant, contact });
        }
        Ok(())
    }

    fn customer(&self, name: &str, hidden: bool) -> Result<Customer, String> {
        let n = self.meta.handle().read(|world| world.customers.len());
        let new = NewCustomer::named(name, &format!("+1555010{:04}", n + 1));
        self.meta.handle().customer(NewCustomer { hidden, ..new })
    }

    fn known(&self, customer: &Customer, tenant: usize) -> Result<String, String> {
        let phone = format!("+{}", customer.wa_id);
        let contact = json!({ "LastName": customer.name, "MobilePhone": phone });
        self.orgs[tenant].handle().create("Contact", contact).map_err(|e| format!("{e:?}"))
    }

    /// Some phones are off, block us, or lose a message.
    fn script(&self, customer: &Customer, seed: &mut Seed) {
        let fates = [
            Outcome::Fail(131_026),
            Outcome::SentThenFail(131_026),
            Outcome::FailThenDeliver(131_026),
            Outcome::SentOnly,
        ];
        let script: Vec<_> =
            (0..1 + seed.below(2)).filter_map(|_| seed.pick(&fates).copied()).collect();
        self.meta.handle().change(|world| {
            if let Some(customer) = world.customers.get_mut(&customer.id) {
                customer.script.extend(script);
            }
        });
    }
}

fn meta_config(sites: &Sites) -> Config {
    let mut config = Config::one_number(&sites.graph_url, Some(&sites.webhook_url));
    let waba = config.wabas.remove(0);
    config.businesses.clear();
    config.numbers.clear();
    for tenancy in &TENANTS {
        config.businesses.push(Business {
            id: tenancy.business.into(),
            name: tenancy.name.into(),
            daily_limit: None,
            contacted: Default::default(),
        });
        let (id, business_id) = (tenancy.waba.into(), tenancy.business.into());
        config.wabas.push(Waba { id, business_id, ..waba.clone() });
        config.numbers.push(Number::new(
            tenancy.number,
            tenancy.waba,
            tenancy.display,
            tenancy.name,
        ));
    }
    config.pace = Pace { sent_ms: (80, 400), delivered_ms: (200, 1_200), ..Pace::default() };
    config.webhooks =
        Webhooks { retry_ms: vec![0, 500, 2_000, 5_000, 15_000, 30_000], ..Webhooks::default() };
    config
}
