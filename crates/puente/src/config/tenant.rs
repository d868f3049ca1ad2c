//! A tenant: one Salesforce org and one or more numbers.

use std::collections::BTreeSet;

use anyhow::bail;
use rules::metrics::Zone;
use serde::Deserialize;

use super::{Consent, Secret};

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tenant {
    /// `[a-z0-9_-]`, at most 64.
    pub id: String,
    pub salesforce: Salesforce,
    #[serde(default, rename = "number")]
    pub numbers: Vec<Number>,
    /// How long a tick may wait for company on its way to Salesforce.
    #[serde(default = "status_delay")]
    pub status_delay_seconds: u32,
    /// IANA name of the zone whose days are counted: `America/Bogota`.
    #[serde(default = "time_zone")]
    pub time_zone: String,
    /// What is done about sends whose answer was lost; the first that fits.
    #[serde(default)]
    pub uncertain: Vec<Uncertain>,
    /// What is asked for before somebody is written to first.
    #[serde(default)]
    pub consent: Consent,
}

/// One rule about sends of a template whose answer was lost and which no status
/// settled within two minutes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uncertain {
    /// A template's name; with `*` at its end, all that begin so.
    pub template: String,
    pub then: Then,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// Put to a person.
    Ask,
    /// Sent once more; the customer may get it twice.
    Resend,
    /// Given up.
    Drop,
}

fn time_zone() -> String {
    "UTC".into()
}

fn status_delay() -> u32 {
    60
}

#[derive(Clone, Debug, Deserialize)]
pub struct Salesforce {
    #[serde(flatten)]
    pub flow: Flow,
    #[serde(default = "api_version")]
    pub api_version: String,
    /// `''` or the package's namespace with two underscores: `ns__`.
    #[serde(default)]
    pub namespace: String,
    /// 15 or 18 characters. Pinned at the first sign-in when left out.
    pub org_id: Option<String>,
    #[serde(default = "company")]
    pub lead_company: String,
    #[serde(default = "whatsapp")]
    pub lead_source: Option<String>,
    #[serde(default = "whatsapp")]
    pub case_origin: Option<String>,
    /// Of the API calls that the org allows in 24 hours, 1 to 100: above it
    /// puente waits, whoever used them.
    #[serde(default = "calls_percent")]
    pub daily_calls_percent: u32,
    /// The same as a number of calls; the lower of both holds.
    pub daily_calls_max: Option<u32>,
    /// So many rows that wait for longer than half a minute go by Bulk jobs;
    /// 0: never.
    #[serde(default = "bulk_from_rows")]
    pub bulk_from_rows: u32,
    /// Bulk jobs under way at once.
    #[serde(default = "bulk_jobs")]
    pub bulk_jobs: u32,
}

fn calls_percent() -> u32 {
    80
}

fn bulk_from_rows() -> u32 {
    10_000
}

fn bulk_jobs() -> u32 {
    8
}

fn api_version() -> String {
    "v66.0".into()
}

fn company() -> String {
    "WhatsApp".into()
}

fn whatsapp() -> Option<String> {
    Some("WhatsApp".into())
}

#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "flow", rename_all = "snake_case")]
pub enum Flow {
    /// Preferred: a certificate instead of a shared secret.
    JwtBearer {
        /// `https://login.salesforce.com`, or `https://test.salesforce.com` for a sandbox.
        login_url: String,
        client_id: String,
        username: String,
        private_key: Secret,
        audience: Option<String>,
    },
    ClientCredentials {
        /// `https://<domain>.my.salesforce.com`; the login host refuses this flow.
        my_domain_url: String,
        client_id: String,
        client_secret: Secret,
    },
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Number {
    pub phone_number_id: String,
    pub waba_id: String,
    /// The [[app]] whose webhook tells of it.
    pub app: String,
    /// As people know it: `+52...`.
    pub display: String,
    /// Business portfolio id: the scope of its user ids.
    #[serde(default)]
    pub portfolio: String,
    /// System-user token.
    pub token: Secret,
    #[serde(default = "graph_url")]
    pub graph_url: String,
    #[serde(default = "graph_version")]
    pub graph_version: String,
    /// What Meta grants the number: 80, 1000, or 20 for coexistence.
    #[serde(default = "per_second")]
    pub messages_per_second: u32,
}

fn graph_url() -> String {
    whatsapp::client::BASE_URL.into()
}

fn graph_version() -> String {
    whatsapp::client::VERSION.into()
}

fn per_second() -> u32 {
    80
}

impl Tenant {
    pub fn validate(&self, apps: &BTreeSet<&str>) -> anyhow::Result<()> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
        if self.id.is_empty() || self.id.len() > 64 || !self.id.chars().all(plain) {
            bail!("tenant.id: '{}' must be 1 to 64 of a-z, 0-9, - and _", self.id);
        }
        if !(1..=100).contains(&self.salesforce.daily_calls_percent) {
            bail!("tenant.salesforce.daily_calls_percent: between 1 and 100; 80 is usual");
        }
        if self.salesforce.daily_calls_max == Some(0) {
            bail!("tenant.salesforce.daily_calls_max: at least 1; leave it out for no such limit");
        }
        if !(1..=50).contains(&self.salesforce.bulk_jobs) {
            bail!(
                "tenant.salesforce.bulk_jobs: between 1 and 50; bulk_from_rows = 0 turns them off"
            );
        }
        self.consent.validate()?;
        if Zone::named(&self.time_zone).is_none() {
            bail!(
                "tenant.time_zone: '{}' is no time zone; write its IANA name, as America/Bogota or UTC",
                self.time_zone
            );
        }
        for rule in &self.uncertain {
            let name = rule.template.strip_suffix('*').unwrap_or(&rule.template);
            if rule.template.is_empty() || name.contains('*') {
                bail!(
                    "tenant.uncertain.template: '{}' is no template's name; a `*` may stand at its \
                     end, for all that begin so",
                    rule.template
                );
            }
        }
        for number in &self.numbers {
            let id = &number.phone_number_id;
            if id.is_empty() || !id.bytes().all(|b| b.is_ascii_digit()) {
                bail!(
                    "tenant.number.phone_number_id: '{id}' is not Meta's decimal id (it is not the \
                     phone number; WhatsApp Manager shows it under API Setup)"
                );
            }
            if !apps.contains(number.app.as_str()) {
                bail!("tenant.number.app: no [[app]] has the id '{}'", number.app);
            }
            if !(1..=1_000).contains(&number.messages_per_second) {
                bail!(
                    "tenant.number.messages_per_second: between 1 and 1000; Meta grants 80 at first"
                );
            }
        }
        Ok(())
    }
}
