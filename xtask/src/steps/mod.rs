//! The steps of `cargo xtask test`, in the order they run. To add one, add a
//! row: a name, what it proves, what its time counts as, and a function.

pub mod binary;
mod clients;
mod console;
mod database;
pub mod kill;
mod promises;
mod rust;
pub mod world;

use anyhow::Result;

use crate::postgres::Cluster;
use crate::report::Outcome;

/// What the time of a step counts as. Only checks have a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Install,
    Build,
    Check,
}

impl Kind {
    pub fn word(self) -> &'static str {
        match self {
            Kind::Install => "install",
            Kind::Build => "build",
            Kind::Check => "check",
        }
    }
}

pub struct Step {
    pub name: &'static str,
    /// What it proves, shown when it starts.
    pub why: &'static str,
    pub kind: Kind,
    /// Whether `--fast` runs it too.
    pub fast: bool,
    pub run: fn(&mut Context) -> Result<Outcome>,
}

/// What one step leaves for the next.
pub struct Context {
    pub fast: bool,
    pub cluster: Option<Cluster>,
}

impl Context {
    pub fn new(fast: bool) -> Self {
        Self { fast, cluster: None }
    }

    /// What the tests are told through the environment.
    pub fn envs(&self) -> Vec<(String, String)> {
        let mut envs = Vec::new();
        if self.fast {
            envs.push(("PUENTE_TEST_FAST".to_owned(), "1".to_owned()));
            envs.push(("PROPTEST_CASES".to_owned(), "32".to_owned()));
        }
        if let Some(cluster) = &self.cluster {
            envs.extend(cluster.envs());
        }
        envs
    }
}

use Kind::{Build, Check, Install};

#[rustfmt::skip]
pub const STEPS: &[Step] = &[
    Step { name: "setup", kind: Install, fast: false, run: rust::setup,
           why: "Chromium, fonts, PostgreSQL and npm packages are there" },
    Step { name: "format", kind: Check, fast: true, run: rust::format,
           why: "every Rust file is laid out by cargo fmt" },
    Step { name: "tidy", kind: Check, fast: true, run: rust::tidy,
           why: "the house rules hold" },
    Step { name: "dependency policy", kind: Check, fast: true, run: rust::policy,
           why: "no banned crate, licence or source" },
    Step { name: "console build", kind: Build, fast: true, run: console::build,
           why: "the pages are made, so that the binary can carry them" },
    Step { name: "clippy", kind: Build, fast: true, run: rust::clippy,
           why: "no lint, in no target" },
    Step { name: "test build", kind: Build, fast: true, run: rust::test_build,
           why: "every test compiles" },
    Step { name: "PostgreSQL", kind: Install, fast: true, run: database::start,
           why: "a throw-away database for the tests of the cluster store" },
    Step { name: "tests", kind: Check, fast: true, run: rust::tests,
           why: "every promise, in simulation and against both stores" },
    Step { name: "doc tests", kind: Check, fast: false, run: rust::doc_tests,
           why: "examples in doc comments are true" },
    Step { name: "console lint", kind: Check, fast: true, run: console::lint,
           why: "no lint and no literal text in the pages" },
    Step { name: "console types", kind: Check, fast: true, run: console::types,
           why: "the pages agree with the types of the API" },
    Step { name: "console tests", kind: Check, fast: true, run: console::units,
           why: "the logic of the pages" },
    Step { name: "binary", kind: Build, fast: false, run: binary::step,
           why: "the real binary, as `cargo xtask demo` builds it" },
    Step { name: "console browser", kind: Check, fast: false, run: console::browser,
           why: "the pages of the real bridge in Chromium: three languages, two widths, axe, no outside request" },
    Step { name: "demo", kind: Check, fast: false, run: promises::demo,
           why: "the demo starts and carries one message each way" },
    Step { name: "kill", kind: Check, fast: false, run: kill::sqlite,
           why: "kill -9 of the real process at random points loses and repeats nothing" },
    Step { name: "kill on PostgreSQL", kind: Check, fast: false, run: kill::postgres,
           why: "the same on PostgreSQL, which is stopped in the midst as well" },
    Step { name: "full disk", kind: Check, fast: false, run: kill::full_disk,
           why: "the real process on a small disk that is full, and has room again" },
    Step { name: "world build", kind: Build, fast: false, run: world::built,
           why: "the simulated world, with faults that can be planted" },
    Step { name: "world", kind: Check, fast: false, run: world::seeds,
           why: "300 seeds of the whole bridge under every kind of fault, each twice with one trace" },
    Step { name: "planted faults", kind: Check, fast: false, run: world::planted,
           why: "the checkers of the world catch every fault that is planted" },
    Step { name: "end to end", kind: Check, fast: false, run: promises::end_to_end,
           why: "`puente e2e` against the sandbox" },
    Step { name: "independent clients", kind: Check, fast: false, run: clients::run,
           why: "public clients of both platforms work against the simulators" },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_step_has_a_name_of_its_own_and_a_reason() {
        let names: BTreeSet<_> = STEPS.iter().map(|step| step.name).collect();
        assert_eq!(names.len(), STEPS.len());
        assert!(STEPS.iter().all(|step| !step.why.is_empty()));
    }

    #[test]
    fn the_pages_and_the_database_stand_before_what_needs_them() {
        let at = |name: &str| STEPS.iter().position(|step| step.name == name).unwrap();
        assert!(at("console build") < at("clippy"));
        assert!(at("PostgreSQL") < at("tests"));
        assert!(at("binary") < at("kill") && at("binary") < at("console browser"));
    }
}
