//! People of the org delete, make and change rows: the report names each.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use futures_util::FutureExt;
use serde_json::{Value, json};
use whatsapp_sim::Tick;

use super::Scenario;
use super::eye::{Eye, check, text};

pub const SCENARIOS: &[Scenario] = &[Scenario::new(
    "reconcile: 3 rows deleted, 1 made and 1 changed in the org are named, and 4 come back",
    |eye| five(eye).boxed(),
)];

const REPORTS: &str = "/api/v1/reports/reconcile";
const MESSAGE: &str = "Puente_Message__c";

/// What and where, of each difference that is not under way.
type Differences = BTreeSet<(String, String)>;

async fn report(eye: &Eye<'_>, repair: bool) -> Result<Differences, String> {
    let wish = json!({ "repair": repair });
    let (status, asked) = eye.call(Method::POST, REPORTS, None, &wish).await?;
    check(status == StatusCode::ACCEPTED, format!("{status}: {asked}"))?;
    let path = format!("{REPORTS}/{}", asked["id"].as_str().unwrap_or_default());
    for _ in 0..1_000 {
        let (_, made) = eye.call(Method::GET, &path, None, &Value::Null).await?;
        match made["state"].as_str() {
            Some("done") => return Ok(differences(&made["signed"]["report"])),
            Some("wanted") => tokio::time::sleep(Duration::from_millis(20)).await,
            _ => return Err(format!("no report: {made}")),
        }
    }
    Err("the report was not made".into())
}

fn differences(report: &Value) -> Differences {
    let entries = report["differences"].as_array().into_iter().flatten();
    let word = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
    let all = entries.map(|entry| (word(entry, "what"), word(entry, "record")));
    all.filter(|(what, _)| what != "waiting" && what != "aside").collect()
}

async fn five(eye: &Eye<'_>) -> Result<(), String> {
    let paz = eye.customer("Paz")?;
    let mut ids = Vec::new();
    for n in 0..3 {
        let wamid = eye.phones().texts(&paz.id, eye.number(), &format!("borrar {n}"))?;
        ids.push(eye.row_of(&wamid).await?["Id"].as_str().unwrap_or_default().to_owned());
    }
    let outbox = eye.send(&format!("+{}", paz.wa_id), "reconcile", &text("cambiar")).await?;
    let wamid = eye.wamid_of(&outbox).await?;
    eye.ticks(&wamid, Tick::Delivered).await?;
    let changed = eye
        .until("`delivered` in Salesforce", || {
            let rows = eye.rows(MESSAGE, "Wamid__c", &wamid);
            rows.into_iter().next().filter(|row| row["Status__c"] == "delivered")
        })
        .await?;
    let before = report(eye, false).await?;

    let mut want = BTreeSet::new();
    for id in ids {
        eye.org().delete(&id).map_err(|e| format!("{e:?}"))?;
        want.insert(("missing".to_owned(), id));
    }
    let lowered = changed["Id"].as_str().unwrap_or_default().to_owned();
    let lower = json!({ "Status__c": "sent" });
    eye.org().update(&lowered, lower).map_err(|e| format!("{e:?}"))?;
    want.insert(("lower".to_owned(), lowered.clone()));
    let row = json!({ "Key__c": "7".repeat(64), "Conversation__c": changed["Conversation__c"] });
    let extra = eye.org().create(MESSAGE, row).map_err(|e| format!("{e:?}"))?;
    want.insert(("extra".to_owned(), extra.clone()));

    let found: Differences = report(eye, true).await?.difference(&before).cloned().collect();
    check(found == want, format!("named {found:?}, and it was {want:?}"))?;
    eye.until("the rows to come back", || {
        let back = (0..3).all(|n| eye.rows(MESSAGE, "Text__c", &format!("borrar {n}")).len() == 1);
        let risen = eye.org().row(&lowered)?["Status__c"] == "delivered";
        (back && risen).then_some(())
    })
    .await?;
    let left: Differences = report(eye, false).await?.difference(&before).cloned().collect();
    let want = BTreeSet::from([("extra".to_owned(), extra.clone())]);
    check(left == want, format!("left {left:?}"))?;
    eye.org().delete(&extra).map_err(|e| format!("{e:?}"))
}
