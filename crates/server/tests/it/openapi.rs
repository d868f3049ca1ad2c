use serde_json::Value;

use crate::world::World;

fn document() -> Value {
    serde_json::to_value(server::document()).unwrap()
}

#[test]
fn it_lists_the_public_surface() {
    let document = document();
    let mut listed = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            listed.push(format!("{} {path}", method.to_uppercase()));
        }
    }
    listed.sort();
    let want = [
        "DELETE /api/v1/keys/{id}",
        "DELETE /api/v1/templates/{name}",
        "GET /a/{app}/messages",
        "GET /api/v1/alerts",
        "GET /api/v1/audit",
        "GET /api/v1/breakers",
        "GET /api/v1/budget",
        "GET /api/v1/campaigns",
        "GET /api/v1/campaigns/{id}",
        "GET /api/v1/consent",
        "GET /api/v1/conversations",
        "GET /api/v1/cost",
        "GET /api/v1/dead-letters",
        "GET /api/v1/dead-letters/{id}",
        "GET /api/v1/hours",
        "GET /api/v1/hours/versions/{version}",
        "GET /api/v1/keys",
        "GET /api/v1/mapping",
        "GET /api/v1/mapping/paths",
        "GET /api/v1/mapping/versions/{version}",
        "GET /api/v1/metrics",
        "GET /api/v1/metrics/definitions",
        "GET /api/v1/metrics/{name}/records",
        "GET /api/v1/numbers",
        "GET /api/v1/queues",
        "GET /api/v1/reports/reconcile",
        "GET /api/v1/reports/reconcile/key",
        "GET /api/v1/reports/reconcile/{id}",
        "GET /api/v1/restore",
        "GET /api/v1/routing",
        "GET /api/v1/routing/versions/{version}",
        "GET /api/v1/survey",
        "GET /api/v1/survey/cases",
        "GET /api/v1/survey/versions/{version}",
        "GET /api/v1/templates",
        "GET /api/v1/templates/{name}",
        "GET /api/v1/trace",
        "GET /api/v1/uncertain-sends",
        "GET /healthz",
        "GET /messages",
        "GET /metrics",
        "GET /readyz",
        "GET /status",
        "GET /status/stream",
        "GET /status/{id}",
        "GET /t/{tenant}/messages",
        "GET /webhook/verify",
        "POST /a/{app}/messages",
        "POST /api/v1/campaigns",
        "POST /api/v1/campaigns/{id}/audience",
        "POST /api/v1/campaigns/{id}/audience/salesforce",
        "POST /api/v1/campaigns/{id}/check",
        "POST /api/v1/campaigns/{id}/pause",
        "POST /api/v1/campaigns/{id}/resume",
        "POST /api/v1/campaigns/{id}/start",
        "POST /api/v1/campaigns/{id}/stop",
        "POST /api/v1/consent",
        "POST /api/v1/dead-letters/discard",
        "POST /api/v1/dead-letters/replay",
        "POST /api/v1/dead-letters/{id}/discard",
        "POST /api/v1/dead-letters/{id}/replay",
        "POST /api/v1/hours",
        "POST /api/v1/hours/check",
        "POST /api/v1/hours/rollback",
        "POST /api/v1/keys",
        "POST /api/v1/mapping",
        "POST /api/v1/mapping/check",
        "POST /api/v1/mapping/dry-run",
        "POST /api/v1/mapping/rollback",
        "POST /api/v1/metrics/recompute",
        "POST /api/v1/reports/reconcile",
        "POST /api/v1/restore/decide",
        "POST /api/v1/routing",
        "POST /api/v1/routing/check",
        "POST /api/v1/routing/rollback",
        "POST /api/v1/survey",
        "POST /api/v1/survey/check",
        "POST /api/v1/survey/rollback",
        "POST /api/v1/templates",
        "POST /api/v1/templates/check",
        "POST /api/v1/templates/{name}/agree",
        "POST /api/v1/templates/{name}/preview",
        "POST /api/v1/uncertain-sends/{id}/drop",
        "POST /api/v1/uncertain-sends/{id}/resend",
        "POST /media",
        "POST /messages",
        "POST /send",
        "POST /send/batch",
        "POST /t/{tenant}/messages",
        "PUT /api/v1/dead-letters/{id}",
        "PUT /api/v1/templates/{name}",
    ];
    assert_eq!(listed, want);
}

#[test]
fn every_reference_leads_somewhere_and_every_operation_is_told() {
    let document = document();
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(!references.is_empty());
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    let mut ids = std::collections::BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let at = format!("{method} {path}");
            assert!(operation["summary"].as_str().is_some_and(|s| !s.is_empty()), "{at}");
            assert!(operation["tags"].as_array().is_some_and(|t| t.len() == 1), "{at}");
            assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{at}");
        }
    }
}

fn collect(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get("$ref") {
                out.push(reference.clone());
            }
            map.values().for_each(|v| collect(v, out));
        }
        Value::Array(list) => list.iter().for_each(|v| collect(v, out)),
        _ => {}
    }
}

#[tokio::test]
async fn it_is_served_as_it_is() {
    let answer = World::new().await.get("/openapi.json", "").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json(), document());
}
