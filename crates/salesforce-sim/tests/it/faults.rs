//! Answers that are lost, and answers that lie.

use serde_json::json;
use sim_kit::{Act, OutletLost, Rule, When};

use crate::client::Client;

#[tokio::test(start_paused = true)]
async fn what_is_lost_may_have_been_saved() {
    let c = Client::new().await;
    let html = "<html><body>Service Unavailable</body></html>";
    let body = || json!({ "compositeRequest": [{ "method": "POST", "url": "/services/data/v66.0/sobjects/Case", "referenceId": "a", "body": {} }] });
    let mut rows = 0;
    for (act, lost, status, saved) in [
        (Act::CutBefore, true, 0, false),
        (Act::CutAfter, true, 0, true),
        (Act::answer(503, html), false, 503, false),
        (Act::answer_after(503, html), false, 503, true),
    ] {
        c.sim.gate().faults.add(Rule::new("composite", When::Nth(1), act.clone()));
        let answer = c.try_call("POST", "/composite", Some(body())).await;
        assert_eq!(answer.as_ref().err() == Some(&OutletLost), lost, "{act:?}");
        if let Ok(answer) = answer {
            assert_eq!((answer.status, &answer.body), (status, &json!(html)));
        }
        rows += usize::from(saved);
        assert_eq!(c.sim.count("Case"), rows, "{act:?}");
        c.sim.gate().faults.clear();
    }
    assert_eq!(c.sim.gate().log.count("composite"), 4);
    assert_eq!(c.sim.api_calls(), 2, "what never arrived is not counted");
}

#[tokio::test(start_paused = true)]
async fn a_late_commit_does_not_lower_a_version() {
    let c = std::sync::Arc::new(Client::new().await);
    c.upsert("Puente_Person__c", vec![json!({ "Key__c": "p", "Version__c": 1 })]).await;
    c.sim.gate().faults.add(Rule::new("collections.upsert", When::Nth(1), Act::Delay(60_000)));
    let slow = c.clone();
    let late = tokio::spawn(async move {
        slow.upsert(
            "Puente_Person__c",
            vec![json!({ "Key__c": "p", "Version__c": 2, "Name": "old" })],
        )
        .await
    });
    tokio::task::yield_now().await;
    c.upsert("Puente_Person__c", vec![json!({ "Key__c": "p", "Version__c": 3, "Name": "new" })])
        .await;
    let answer = late.await.unwrap();
    assert_eq!(answer.body[0]["success"], true);
    let row = &c.sim.rows("Puente_Person__c")[0];
    assert_eq!((&row["Version__c"], &row["Name"]), (&json!(3.0), &json!("new")));
}
