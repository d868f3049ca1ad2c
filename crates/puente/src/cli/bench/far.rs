//! The far sides on sockets: Meta's with a number of throughput level HIGH and
//! its phones; Salesforce's with an org as slow as a busy one.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::anyhow;
use salesforce_sim::SalesforceSim;
use sim_kit::{Outlet, Seed, SimClock};
use tokio::net::TcpListener;
use whatsapp_sim::state::{Direction, Throughput};
use whatsapp_sim::{Config, NewCustomer, WhatsappSim};

use super::{NUMBER, SECRET, TENANT};
use crate::cli::outlet::RealOutlet;

/// Messages of any second, in and out (Cloud API, Throughput: upgraded level).
pub const LIMIT: u64 = 1_000;

pub struct Far {
    pub clock: SimClock,
    phones: whatsapp_sim::Handle,
}

/// What the number did between two moments.
pub struct Traffic {
    pub sent: u64,
    pub received: u64,
}

impl Far {
    /// Listens on `at`; webhooks go to `callback`.
    pub async fn start(at: SocketAddr, callback: SocketAddr) -> anyhow::Result<Self> {
        let callback = format!("http://{callback}/messages");
        let mut config = Config::one_number(&format!("http://{at}"), Some(&callback));
        config.rules.strangers_exist = true;
        for app in &mut config.apps {
            app.secret = SECRET.into();
        }
        for token in &mut config.tokens {
            token.value = SECRET.into();
        }
        for number in &mut config.numbers {
            number.throughput = Throughput::High;
        }
        let clock = SimClock::real();
        let outlet: Arc<dyn Outlet> = Arc::new(RealOutlet(crate::http::toward_meta()?));
        let seed = Seed::new(crate::ambient::system().chance.u64());
        let sim = WhatsappSim::new(config, clock.clone(), &seed, outlet);
        let listener = TcpListener::bind(at).await?;
        tokio::spawn(sim_kit::serve(listener, sim.router(), std::future::pending()));
        Ok(Self { clock, phones: sim.handle() })
    }

    /// Makes a person who has written just now; the phone.
    pub fn person(&self, n: u64) -> anyhow::Result<Person> {
        let new = NewCustomer::named("Ana", &format!("+1555{n:07}"));
        let made = self.phones.customer(new).map_err(|e| anyhow!(e))?;
        let person = Person { id: made.id, phone: format!("+{}", made.wa_id) };
        self.writes(&person)?;
        Ok(person)
    }

    pub fn writes(&self, person: &Person) -> anyhow::Result<()> {
        self.phones.texts(&person.id, NUMBER, "Buenos días").map_err(|e| anyhow!(e))?;
        Ok(())
    }

    /// Sends that Meta refused because the number was over its limit, and the
    /// most it ever counted in one second.
    pub fn throttled_and_peak(&self) -> (u64, u64) {
        self.phones.read(|world| {
            let traffic = &world.numbers[NUMBER].traffic;
            (traffic.throttled, traffic.peak as u64)
        })
    }

    pub fn traffic(&self, from_ms: i64, until_ms: i64) -> Traffic {
        self.phones.read(|world| {
            let within = world.messages.iter().filter(|m| (from_ms..until_ms).contains(&m.at_ms));
            let (sent, received): (Vec<_>, Vec<_>) =
                within.partition(|m| m.direction == Direction::Out);
            Traffic { sent: sent.len() as u64, received: received.len() as u64 }
        })
    }

    /// When each text that begins with `prefix` and a number was called for, by
    /// that number.
    pub fn arrivals(&self, prefix: &str) -> Vec<(usize, i64)> {
        self.phones.read(|world| {
            let texts = world.messages.iter().filter(|m| m.direction == Direction::Out);
            texts
                .filter_map(|m| {
                    let n = m.content["body"].as_str()?.strip_prefix(prefix)?.parse().ok()?;
                    Some((n, m.at_ms))
                })
                .collect()
        })
    }
}

pub struct Org;

impl Org {
    /// Listens on `at`, until the process ends.
    pub async fn start(at: SocketAddr) -> anyhow::Result<()> {
        let mut config = salesforce_sim::Config {
            my_domain: format!("http://{at}"),
            daily_api_requests: 1_000_000,
            latency: salesforce_sim::Latency::USUAL,
            ..salesforce_sim::Config::default()
        };
        for app in &mut config.apps {
            app.consumer_key = TENANT.into();
            app.consumer_secret = SECRET.into();
        }
        let seed = Seed::new(crate::ambient::system().chance.u64());
        let org = SalesforceSim::new(config, SimClock::real(), &seed).map_err(|e| anyhow!(e))?;
        let listener = TcpListener::bind(at).await?;
        tokio::spawn(sim_kit::serve(listener, org.router(), std::future::pending()));
        Ok(())
    }
}

pub struct Person {
    pub id: String,
    pub phone: String,
}
