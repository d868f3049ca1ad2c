//! A secret is named, never written: `{ file = "..." }` or `{ env = "..." }`.

use std::path::PathBuf;

use anyhow::{Context, bail};
use secrecy::SecretString;
use serde::Deserialize;

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Secret {
    /// Trailing line breaks are not part of it.
    File(PathBuf),
    Env(String),
}

impl Secret {
    pub fn read(&self, field: &str) -> anyhow::Result<SecretString> {
        let text = match self {
            Self::File(path) => std::fs::read_to_string(path)
                .with_context(|| format!("{field}: cannot read {}", path.display()))?,
            Self::Env(name) => std::env::var(name)
                .with_context(|| format!("{field}: the environment variable {name} is not set"))?,
        };
        let text = text.trim_end_matches(['\r', '\n']);
        if text.is_empty() {
            bail!("{field}: the secret is empty; put it into the file or variable it names");
        }
        Ok(SecretString::from(text.to_owned()))
    }
}
