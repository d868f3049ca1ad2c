//! `puente reconcile` as people type it, against an org on a socket.

use std::path::Path;
use std::process::Output;

use salesforce_sim::{Config, SalesforceSim};
use sandbox::Sims;
use serde_json::{Value, json};
use sim_kit::{Seed, SimClock};
use tokio::net::TcpListener;
use tokio::process::Command;

const PERSON: &str = "Puente_Person__c";

async fn puente(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_puente"))
        .args(args)
        .current_dir(dir)
        .env("PUENTE_CONFIG", dir.join("puente.toml"))
        .env("PUENTE_MASTER_KEY", "42".repeat(32))
        .env("ORG_SECRET", Sims::CONSUMER_SECRET)
        .output()
        .await
        .unwrap()
}

fn configuration(dir: &Path, org_url: &str) -> String {
    format!(
        "[store]\nurl = \"sqlite:{}\"\n[[tenant]]\nid = \"acme\"\n[tenant.salesforce]\n\
         flow = \"client_credentials\"\nmy_domain_url = \"{org_url}\"\nclient_id = \"{}\"\n\
         client_secret = {{ env = \"ORG_SECRET\" }}\n",
        dir.join("puente.db").display(),
        Sims::CONSUMER_KEY
    )
}

#[tokio::test]
async fn what_differs_is_printed_signed_and_told_by_the_exit_code() {
    let dir = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let org_url = format!("http://{}", listener.local_addr().unwrap());
    let config = Config { my_domain: org_url.clone(), ..Config::default() };
    let org = SalesforceSim::new(config, SimClock::real(), &Seed::new(1)).unwrap();
    tokio::spawn(sim_kit::serve(listener, org.router(), std::future::pending()));
    let org = org.handle();
    std::fs::write(dir.path().join("puente.toml"), configuration(dir.path(), &org_url)).unwrap();

    let clean = puente(dir.path(), &["reconcile"]).await;
    let told = String::from_utf8_lossy(&clean.stdout).into_owned();
    assert_eq!(clean.status.code(), Some(0), "{}", String::from_utf8_lossy(&clean.stderr));
    assert!(told.starts_with("received 0, sent 0, in Salesforce 0, waiting 0"), "{told}");

    let strange = [
        org.create(PERSON, json!({ "Key__c": "IMPORT-17", "Name": "Ana" })).unwrap(),
        org.create(PERSON, json!({ "Name": "Eva" })).unwrap(),
    ];
    let found = puente(dir.path(), &["reconcile", "--out", "report.json"]).await;
    let told = String::from_utf8_lossy(&found.stdout).into_owned();
    assert_eq!(found.status.code(), Some(2), "{told}");
    assert!(told.contains("extra 2"), "{told}");
    for record in &strange {
        assert!(told.contains(record.as_str()), "{told}");
    }
    assert!(!told.contains("Ana"), "a name in a report: {told}");

    let verified = puente(dir.path(), &["reconcile", "verify", "report.json"]).await;
    assert_eq!(verified.status.code(), Some(0));
    let path = dir.path().join("report.json");
    let mut report: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    report["report"]["persons"]["extra"] = json!(0);
    std::fs::write(&path, report.to_string()).unwrap();
    let altered = puente(dir.path(), &["reconcile", "verify", "report.json"]).await;
    assert_eq!(altered.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&altered.stderr).contains("altered"));
}
