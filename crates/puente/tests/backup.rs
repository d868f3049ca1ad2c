//! The commands that copy a database and put it back, as people type them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

struct Bench {
    dir: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let bench = Self { dir: tempfile::tempdir().unwrap() };
        let store = format!("[store]\nurl = \"sqlite:{}\"\n", bench.path("puente.db").display());
        std::fs::write(bench.path("puente.toml"), store).unwrap();
        bench.fine(&["migrate"]);
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn run(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_puente"))
            .args(args)
            .current_dir(self.dir.path())
            .env("PUENTE_CONFIG", self.path("puente.toml"))
            .env("PUENTE_MASTER_KEY", "42".repeat(32))
            .output()
            .unwrap()
    }

    fn fine(&self, args: &[&str]) -> String {
        let done = self.run(args);
        let told = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.success(), "{args:?}: {told}");
        String::from_utf8(done.stdout).unwrap()
    }

    fn refused(&self, args: &[&str]) -> String {
        let done = self.run(args);
        assert!(!done.status.success(), "{args:?} was not refused");
        String::from_utf8(done.stderr).unwrap()
    }

    fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.dir.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn a_backup_is_put_back_whole_and_sends_nothing_at_first() {
    let bench = Bench::new();
    let key = bench.fine(&["reconcile", "key"]);
    assert_eq!(key.trim().len(), 64);
    bench.fine(&["backup", "one.db"]);
    let manifest = json(&bench.path("one.db.manifest.json"));
    let about = &manifest["report"];
    assert_eq!((&about["kind"], &about["generation"]), (&"puente backup".into(), &1.into()));
    assert_eq!(about["sha256"].as_str().unwrap().len(), 64);
    assert!(bench.refused(&["backup", "one.db"]).contains("it is there already"));
    // the manifest is a signed document like any other
    assert!(bench.fine(&["reconcile", "verify", "one.db.manifest.json"]).contains(key.trim()));
    assert!(bench.fine(&["restore", "status"]).contains("nothing is held"));

    assert!(bench.refused(&["restore", "one.db"]).contains("--force"));
    let told = bench.fine(&["restore", "one.db", "--force"]);
    assert!(told.contains("0 unfinished send(s) are held"), "{told}");
    assert!(bench.fine(&["restore", "status"]).contains("nothing is sent since"));
    assert_eq!(bench.fine(&["reconcile", "key"]), key, "the same installation");
    let kept: Vec<_> =
        bench.files().into_iter().filter(|name| name.contains("before-restore")).collect();
    assert_eq!(kept.len(), 1, "{:?}", bench.files());
    assert!(!bench.files().iter().any(|name| name.contains("restoring")));

    bench.fine(&["backup", "two.db"]);
    let again = json(&bench.path("two.db.manifest.json"));
    assert_eq!(again["report"]["generation"], 2);
    assert_eq!(again["report"]["installation"], about["installation"]);
}

#[test]
fn a_backup_that_was_altered_or_belongs_to_others_is_refused() {
    let bench = Bench::new();
    bench.fine(&["backup", "one.db"]);
    let whole = std::fs::read(bench.path("one.db")).unwrap();
    let mut torn = whole.clone();
    torn.truncate(whole.len() - 4096);
    std::fs::write(bench.path("one.db"), &torn).unwrap();
    let told = bench.refused(&["restore", "one.db", "--force"]);
    assert!(told.contains("take another backup"), "{told}");
    std::fs::write(bench.path("one.db"), &whole).unwrap();

    // another installation's rows with a manifest that fits their bytes
    let other = Bench::new();
    other.fine(&["backup", "one.db"]);
    let theirs = other.path("one.db.manifest.json");
    std::fs::copy(other.path("one.db"), bench.path("two.db")).unwrap();
    let mut manifest = json(&bench.path("one.db.manifest.json"));
    manifest["report"]["sha256"] = json(&theirs)["report"]["sha256"].clone();
    std::fs::write(bench.path("two.db.manifest.json"), manifest.to_string()).unwrap();
    let told = bench.refused(&["restore", "two.db", "--force"]);
    assert!(told.contains("does not belong to these rows"), "{told}");

    std::fs::remove_file(bench.path("one.db.manifest.json")).unwrap();
    std::fs::remove_file(bench.path("puente.db")).unwrap();
    assert!(bench.refused(&["restore", "one.db"]).contains("manifest"));
    bench.fine(&["restore", "one.db", "--force"]);
    assert!(bench.fine(&["restore", "status", "--json"]).contains("\"restored\""));
}
