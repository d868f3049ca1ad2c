//! A mapping as it is evaluated.

use std::collections::BTreeSet;

use rules::mapping::{Complaint, DEFAULT, Mapping, Target};
use store::Document;

use super::ALERT;
use crate::versions::{Versions, Written};

#[derive(Debug)]
pub struct Active {
    /// 0: the program's own.
    pub version: i64,
    pub mapping: Mapping,
    /// Objects with an entry that speaks of more than the person.
    threads: BTreeSet<Target>,
}

/// Compiled versions in use, by tenant.
pub type Mappings = Versions<Active>;

impl Active {
    pub fn new(version: i64, mapping: Mapping) -> Self {
        let threads = mapping.entries.iter().filter(|e| e.speaks_of_a_thread());
        let threads = threads.map(|entry| entry.to.0).collect();
        Self { version, mapping, threads }
    }

    pub fn fills(&self, target: Target) -> bool {
        self.mapping.entries.iter().any(|entry| entry.to.0 == target)
    }

    pub fn updates(&self, target: Target) -> bool {
        self.mapping.updates(target)
    }

    /// Conversation and message must be read for it.
    pub fn needs_thread(&self, target: Target) -> bool {
        self.threads.contains(&target)
    }
}

impl Written for Active {
    const DOCUMENT: Document = Document::Mapping;
    const DEFAULT: &'static str = DEFAULT;
    const ALERT: &'static str = ALERT;

    fn read(version: i64, text: &str) -> Result<Self, Vec<Complaint>> {
        Ok(Self::new(version, Mapping::read(text)?))
    }

    fn own() -> Self {
        // read by a test of `rules`: what the program brings can be read
        Self::new(0, Mapping::read(DEFAULT).unwrap_or_default())
    }
}
