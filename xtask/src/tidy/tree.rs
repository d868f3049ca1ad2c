//! The files the rules look at: all text of the workspace but what is built or
//! installed.

use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::Violation;

const SKIPPED: [&str; 5] = [".git", "target", "node_modules", "dist", ".demo"];

pub struct File {
    /// From the root, with `/`.
    pub path: String,
    pub text: String,
}

impl File {
    pub fn is(&self, endings: &[&str]) -> bool {
        endings.iter().any(|ending| self.path.ends_with(ending))
    }

    /// Line numbers from 1 with their lines.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(at, line)| (at + 1, line))
    }

    pub fn violation(&self, rule: &'static str, line: usize, what: impl Into<String>) -> Violation {
        Violation { rule, path: self.path.clone(), line, what: what.into() }
    }
}

pub struct Tree {
    /// Sorted by path.
    pub files: Vec<File>,
}

impl Tree {
    pub fn read(root: &Path) -> Result<Self> {
        let mut files = Vec::new();
        let mut open = vec![root.to_path_buf()];
        while let Some(dir) = open.pop() {
            let entries = std::fs::read_dir(&dir)
                .with_context(|| format!("cannot read {}", dir.display()))?;
            for entry in entries {
                let entry = entry?;
                let path = entry.path();
                let kind = entry.file_type()?;
                if kind.is_dir() && !SKIPPED.iter().any(|skip| entry.file_name() == *skip) {
                    open.push(path);
                } else if kind.is_file() {
                    // What is not UTF-8 is a picture or the like; what vanished
                    // between listing and reading was a temporary file.
                    let Ok(text) = std::fs::read_to_string(&path) else {
                        continue;
                    };
                    let path = path.strip_prefix(root).unwrap_or(&path);
                    files.push(File { path: path.to_string_lossy().replace('\\', "/"), text });
                }
            }
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Self { files })
    }

    pub fn get(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// One file parsed as TOML; `None` where there is no such file.
    pub fn toml<T: for<'de> Deserialize<'de>>(&self, path: &str) -> Result<Option<T>> {
        let Some(file) = self.get(path) else {
            return Ok(None);
        };
        toml::from_str(&file.text).with_context(|| format!("cannot parse {path}")).map(Some)
    }
}

/// A workspace in a temporary folder, for planting violations.
#[cfg(test)]
pub fn planted(files: &[(&str, &str)]) -> Tree {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    Tree::read(dir.path()).unwrap()
}
