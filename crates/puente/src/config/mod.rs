//! The configuration file, a section a file. Each check names the field and
//! the cure; secrets come from files or the environment and never stand in it.

mod app;
mod consent;
mod media;
mod secret;
mod server;
mod store;
mod tenant;

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, bail};
use serde::Deserialize;

pub use app::App;
pub use consent::Consent;
pub use media::{Clamav, Media};
pub use secret::Secret;
pub use server::Server;
pub use store::Store;
pub use tenant::{Flow, Number, Salesforce, Tenant, Then, Uncertain};

/// The file that `puente serve --print-config` shows: every key, commented.
pub const DEFAULT: &str = include_str!("default.toml");

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    #[serde(default)]
    pub server: Server,
    #[serde(default)]
    pub store: Store,
    #[serde(default)]
    pub media: Media,
    #[serde(default, rename = "app")]
    pub apps: Vec<App>,
    #[serde(default, rename = "tenant")]
    pub tenants: Vec<Tenant>,
}

impl Config {
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| {
            format!(
                "cannot read {}; `puente serve --print-config > {0}` writes one to start from",
                path.display()
            )
        })?;
        Self::parse(&text).with_context(|| format!("in {}", path.display()))
    }

    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let config: Self = toml::from_str(text)?;
        config.validate()?;
        Ok(config)
    }

    fn validate(&self) -> anyhow::Result<()> {
        self.server.validate()?;
        self.store.validate()?;
        self.media.validate()?;
        let apps: BTreeSet<_> = self.apps.iter().map(|app| app.id.as_str()).collect();
        if apps.len() < self.apps.len() {
            bail!("app.id: used twice; give each [[app]] a name of its own");
        }
        let mut tenants = BTreeSet::new();
        let mut numbers = BTreeSet::new();
        for tenant in &self.tenants {
            tenant.validate(&apps)?;
            if !tenants.insert(tenant.id.as_str()) {
                bail!("tenant.id: '{}' is used twice; give each [[tenant]] its own", tenant.id);
            }
            for number in &tenant.numbers {
                if !numbers.insert(number.phone_number_id.as_str()) {
                    bail!(
                        "tenant.number.phone_number_id: {} belongs to two tenants; a number has one",
                        number.phone_number_id
                    );
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
