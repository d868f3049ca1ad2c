//! What a test asks of its town.

use std::path::PathBuf;
use std::sync::Arc;

use salesforce_sim::Latency;
use sandbox::TownOptions;
use store::Probe;

/// What differs from a quiet town of one number.
pub struct Setting {
    pub seed: u64,
    pub status_delay_ms: i64,
    pub namespace: &'static str,
    pub latency: Latency,
    pub meta: fn(&mut whatsapp_sim::Config),
    pub org: fn(&mut salesforce_sim::Config),
    pub bulk: engine::bulk::Options,
    pub probe: Option<Arc<dyn Probe>>,
    /// Keep the store in this file instead of in memory.
    pub file: Option<PathBuf>,
    pub uncertain: Vec<rules::uncertain::Rule>,
    pub town: TownOptions,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            seed: 1,
            status_delay_ms: 200,
            namespace: "",
            latency: Latency::NONE,
            meta: |_| {},
            org: |_| {},
            bulk: engine::bulk::Options::default(),
            probe: None,
            file: None,
            uncertain: Vec::new(),
            town: TownOptions::default(),
        }
    }
}
