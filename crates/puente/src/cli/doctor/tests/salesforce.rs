//! Sign-in, org, package, required fields.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};

use super::super::package::{CREATE_KEY, NEEDS};
use super::super::said::Verdict::{Fail, Skip, Warn};
use super::scene::Ward;

#[tokio::test]
async fn refusals_of_a_young_app_are_explained() {
    let ward = Ward::new().await;
    let org = ward.town.sims.salesforce.handle();
    for (error, said, cure) in [
        ("invalid_client_id", "client identifier invalid", "10 minutes"),
        ("invalid_grant", "user hasn't approved this consumer", "pre-authorized"),
        ("invalid_grant", "no client credentials user enabled", "Run As"),
        ("invalid_grant", "request not supported on this domain", "My Domain"),
        ("invalid_grant", "authentication failure", "Login History"),
        ("invalid_request", "missing required code challenge", "Proof Key"),
        ("invalid_client", "invalid client credentials", "Consumer Key and Secret"),
        ("unsupported_grant_type", "grant type not supported", "Client Credentials Flow"),
        ("invalid_app_access", "user is not admin approved to access this app", "permission set"),
    ] {
        let refusal = json!({ "error": error, "error_description": said });
        org.refuse_tokens(Some(serde_json::from_value(refusal).unwrap()));
        ward.expect("salesforce-sign-in", Fail, &[error, said, cure]).await;
    }
    for hidden in ["salesforce-org", "package", "required-fields"] {
        ward.expect(hidden, Skip, &["not signed in"]).await;
    }
    org.refuse_tokens(None);
    let said = ward.says("salesforce-sign-in").await;
    assert!(said.found.contains("an idle session ends in 120 min"), "{said:?}");
}

#[tokio::test]
async fn a_session_that_is_dead_or_narrow_is_told() {
    let mut ward = Ward::new().await;
    let answers = |body: Value| -> super::scene::Bend {
        Arc::new(move |path, answer| {
            if path.ends_with("/introspect") {
                *answer.body_mut() = body.to_string().into();
            }
        })
    };
    ward.bend = answers(json!({ "active": false }));
    ward.expect("salesforce-sign-in", Fail, &["dead at once", "Policies"]).await;
    ward.bend = answers(json!({ "active": true, "scope": "id openid" }));
    ward.expect("salesforce-sign-in", Fail, &["id openid", "(api)"]).await;
}

#[tokio::test]
async fn a_secret_that_is_missing_is_told_before_any_call() {
    let ward = Ward::new().await;
    std::fs::remove_file(ward.dir.path().join("client_secret")).unwrap();
    ward.expect("salesforce-sign-in", Fail, &["tenant.salesforce.client_secret"]).await;
    ward.expect("salesforce-org", Skip, &[]).await;
}

#[tokio::test]
async fn an_org_that_is_not_the_pinned_one_is_told() {
    let mut ward = Ward::new().await;
    ward.config.tenants[0].salesforce.org_id = Some("00D000000000009".into());
    ward.expect("salesforce-org", Fail, &["00D000000000009", "00DHo0000000001", "org_id"]).await;
    ward.config.tenants[0].salesforce.org_id = None;
    ward.expect(
        "salesforce-org",
        Warn,
        &["not named in the configuration", "org_id = \"00DHo0000000001"],
    )
    .await;
}

#[tokio::test]
async fn an_api_version_that_the_org_lacks_is_told() {
    let mut ward = Ward::new().await;
    let older =
        json!([{ "version": "64.0", "label": "Summer '25", "url": "/services/data/v64.0" }]);
    ward.bend = Arc::new(move |path, answer| {
        if path == "/services/data" {
            *answer.body_mut() = older.to_string().into();
        }
    });
    ward.expect("salesforce-org", Fail, &["v66.0", "newest: 64.0", "api_version = \"v64.0\""])
        .await;
}

#[tokio::test]
async fn calls_that_run_out_are_told() {
    let ward = Ward::new().await;
    let org = ward.town.sims.salesforce.handle();
    let said = ward.says("api-calls").await;
    assert!(said.found.contains("of 1000000 calls") && said.cure.is_empty(), "{said:?}");
    org.set_daily_calls(1_000);
    org.others_called(430, 3_600_000);
    ward.expect("api-calls", Warn, &["up to 800", "slowed: status", "API Usage"]).await;
    org.others_called(500, 3_600_000);
    ward.expect("api-calls", Warn, &["waiting: live, automatic, status"]).await;
}

#[tokio::test]
async fn each_field_without_permission_is_named() {
    let ward = Ward::new().await;
    let org = ward.town.sims.salesforce.handle();
    for need in &NEEDS {
        for field in need.kept.iter().chain(need.made).chain(need.read) {
            org.set_field_visible(need.object, field, false);
            let name = format!("{}.{field} is missing or hidden", need.object);
            ward.expect("package", Fail, &[&name, "Puente Integration"]).await;
            org.set_field_visible(need.object, field, true);
        }
    }
}

#[tokio::test]
async fn a_field_that_may_only_be_read_is_no_help() {
    let mut ward = Ward::new().await;
    ward.bend = describe("Puente_Message__c", |about| {
        field(about, "Text__c")["updateable"] = json!(false);
        field(about, "Key__c")["unique"] = json!(false);
    });
    ward.expect("package", Fail, &["Text__c may not be edited", "Key__c is not a unique"]).await;
    ward.bend = describe("Case", |about| about["createable"] = json!(false));
    ward.expect("package", Fail, &["Case may not be"]).await;
}

#[tokio::test]
async fn an_org_without_the_package_is_told_to_deploy_it() {
    let mut ward = Ward::new().await;
    ward.bend = Arc::new(|path, answer| {
        if path.contains("/Puente_") {
            *answer.status_mut() = http::StatusCode::NOT_FOUND;
            let body = json!([{ "errorCode": "NOT_FOUND", "message": "The requested resource does not exist" }]);
            *answer.body_mut() = body.to_string().into();
        }
    });
    let words = ["Puente_Person__c", "Puente_Message__c", "sf project deploy start"];
    ward.expect("package", Fail, &words).await;
}

#[tokio::test]
async fn a_namespace_stands_before_what_is_asked_for() {
    let mut ward = Ward::new().await;
    ward.config.tenants[0].salesforce.namespace = "ns__".into();
    ward.expect("package", Fail, &["Puente_Person__c", "Lead.ns__Puente_Create_Key__c"]).await;
}

#[tokio::test]
async fn what_the_org_requires_and_we_do_not_set_is_named() {
    let mut ward = Ward::new().await;
    ward.bend = describe("Lead", |about| {
        let mut extra = field(about, "Company").clone();
        extra["name"] = json!("Region__c");
        about["fields"].as_array_mut().unwrap().push(extra);
        field(about, "LeadSource")["restrictedPicklist"] = json!(true);
    });
    let words = ["Lead.Region__c", "Lead.LeadSource is restricted", "'WhatsApp'", "lead_source"];
    ward.expect("required-fields", Fail, &words).await;
    ward.config.tenants[0].salesforce.lead_source = Some(String::new());
    let said = ward.says("required-fields").await;
    assert!(!said.found.contains("LeadSource"), "{said:?}");
}

/// The list of fields is that of the package: a field added there is checked
/// here, or this test fails.
#[tokio::test]
async fn every_field_of_the_package_is_looked_at() {
    let ward = Ward::new().await;
    let client = crate::app::salesforce_client(
        &ward.config.tenants[0],
        &ward.town.ambient,
        &crate::app::Doors {
            meta: Arc::new(sandbox::RouterExchange(ward.town.sims.whatsapp.router())),
            salesforce: Arc::new(sandbox::RouterExchange(ward.town.sims.salesforce.router())),
            web: Arc::new(sandbox::RouterExchange(axum::Router::new())),
        },
        None,
    )
    .unwrap();
    for need in &NEEDS {
        let found = client.describe(need.object).await.unwrap();
        // the sandbox's admin keeps answers of customers in fields of their own
        let custom = |name: &&str| name.ends_with("__c") && !name.starts_with("Satisfaction");
        let there: BTreeSet<_> =
            found.fields.iter().map(|f| f.name.as_str()).filter(custom).collect();
        let all = need.kept.iter().chain(need.made).copied();
        let asked: BTreeSet<_> = all.filter(custom).collect();
        match need.object {
            "Contact" => assert!(there.contains(CREATE_KEY)),
            _ => assert_eq!(asked, there, "{}", need.object),
        }
    }
}

/// Changes the describe of one object on its way.
fn describe(
    object: &str,
    change: impl Fn(&mut Value) + Send + Sync + 'static,
) -> super::scene::Bend {
    let end = format!("/{object}/describe");
    Arc::new(move |path, answer| {
        if path.ends_with(&end) {
            let mut about = serde_json::from_slice(answer.body()).unwrap();
            change(&mut about);
            *answer.body_mut() = about.to_string().into();
        }
    })
}

fn field<'a>(about: &'a mut Value, name: &str) -> &'a mut Value {
    let fields = about["fields"].as_array_mut().unwrap();
    fields.iter_mut().find(|field| field["name"] == name).unwrap()
}
