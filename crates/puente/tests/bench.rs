//! A measurement can be made at all; what comes out is the machine's.

use std::process::Command;

use serde_json::Value;

#[test]
fn a_start_after_a_kill_is_measured_beside_one_on_an_empty_database() {
    let dir = tempfile::tempdir().unwrap();
    let done = Command::new(env!("CARGO_BIN_EXE_puente"))
        .args(["bench", "start", "--backlog", "200", "--log-mb", "1", "--json", "--dir"])
        .arg(dir.path())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "{told}");
    let told: Value = serde_json::from_slice(&done.stdout).unwrap();
    let line = &told["lines"][0];
    assert_eq!(line["aim"], "<= 1 s");
    assert!(line["measured"].as_str().is_some_and(|text| text.ends_with(" s")), "{told}");
    assert!(
        line["beside"].as_str().is_some_and(|text| text.starts_with("empty database")),
        "{told}"
    );
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "nothing is left behind");
}
