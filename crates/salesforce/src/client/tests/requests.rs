//! What goes out, and what is too much to go out.

use super::*;

#[tokio::test]
async fn an_upsert_goes_out_as_the_api_wants_it() {
    for names in both() {
        let p = names.prefix().to_owned();
        let fake = Fake::signed_in(|_| {
            answer(
                200,
                &json!([{"id": "a015500001QdQWaAAN", "success": true, "errors": [], "created": true}]),
            )
        });
        let client = client(&fake, &names);
        let record = Record::new(&names, "Puente_Message__c").set("Key__c", "k1").link(
            "Conversation__r",
            "Key__c",
            "con_1",
        );
        let sent =
            client.send(&Subrequest::upsert("m", "Key__c", &[record]).unwrap()).await.unwrap();
        assert_eq!(all_shown(&sent.outcomes()), "created a015500001QdQWaAAN");
        let seen = fake.last();
        assert_eq!(seen.method, "PATCH");
        assert_eq!(
            seen.url,
            format!(
                "https://acme.my.salesforce.com/services/data/v66.0/composite/sobjects/{p}Puente_Message__c/{p}Key__c"
            )
        );
        assert_eq!(seen.header("authorization"), Some("Bearer token-1"));
        assert_eq!(seen.header("sforce-call-options"), Some("client=puente"));
        assert_eq!(seen.header("content-type"), Some("application/json"));
        assert_eq!(seen.header("sforce-auto-assign"), None);
        assert_eq!(
            seen.json(),
            json!({"allOrNone": false, "records": [{
                "attributes": {"type": format!("{p}Puente_Message__c")},
                (format!("{p}Key__c")): "k1",
                (format!("{p}Conversation__r")): {(format!("{p}Key__c")): "con_1"},
            }]})
        );
    }
}

#[tokio::test]
async fn a_wave_goes_out_as_one_composite_call() {
    for names in both() {
        let p = names.prefix().to_owned();
        let fake = Fake::signed_in(|_| answer(200, &json!({"compositeResponse": []})));
        let client = client(&fake, &names);
        let lead = Record::new(&names, "Lead").set("OwnerId", "0055500001QdQWaAAN");
        let id = RecordId::new("00Q5500001QdQWaEAN");
        let parts = [
            Subrequest::upsert("m", "Key__c", &messages(&names, 1)).unwrap(),
            Subrequest::update("l", &id, &lead).unwrap(),
            Subrequest::create("n", &lead, DuplicateRule::AllowSave).unwrap(),
            Subrequest::query(
                "q",
                "SELECT Id FROM Lead WHERE CreatedDate > 2026-11-02T10:00:00.000+0000",
            )
            .unwrap(),
        ];
        client.composite(&parts).await.unwrap();
        let seen = fake.last();
        assert_eq!(seen.url, "https://acme.my.salesforce.com/services/data/v66.0/composite");
        assert_eq!(seen.header("sforce-call-options"), Some("client=puente"));
        assert_eq!(
            seen.json(),
            json!({"allOrNone": false, "compositeRequest": [
                {
                    "method": "PATCH", "referenceId": "m",
                    "url": format!("/services/data/v66.0/composite/sobjects/{p}Puente_Message__c/{p}Key__c"),
                    "httpHeaders": {"Sforce-Call-Options": "client=puente"},
                    "body": {"allOrNone": false, "records": [
                        {"attributes": {"type": format!("{p}Puente_Message__c")}, (format!("{p}Key__c")): "k0"}
                    ]},
                },
                {
                    "method": "PATCH", "referenceId": "l",
                    "url": "/services/data/v66.0/sobjects/Lead/00Q5500001QdQWaEAN",
                    "httpHeaders": {"Sforce-Auto-Assign": "FALSE", "Sforce-Call-Options": "client=puente"},
                    "body": {"OwnerId": "0055500001QdQWaAAN"},
                },
                {
                    "method": "POST", "referenceId": "n",
                    "url": "/services/data/v66.0/sobjects/Lead",
                    "httpHeaders": {
                        "Sforce-Auto-Assign": "FALSE", "Sforce-Call-Options": "client=puente",
                        "Sforce-Duplicate-Rule-Header": "allowSave=true; includeRecordDetails=true",
                    },
                    "body": {"OwnerId": "0055500001QdQWaAAN"},
                },
                {
                    "method": "GET", "referenceId": "q",
                    "url": "/services/data/v66.0/query?q=SELECT%20Id%20FROM%20Lead%20WHERE%20CreatedDate%20%3E%202026-11-02T10%3A00%3A00.000%2B0000",
                },
            ]})
        );
    }
}

#[tokio::test]
async fn rows_are_created_updated_read_and_deleted() {
    let fake = Fake::signed_in(|seen| match seen.method.as_str() {
        "POST" => answer(201, &json!({"id": "00Q5500001QdQWa", "success": true, "errors": []})),
        "GET" => answer(
            200,
            &json!({"attributes": {"type": "Lead"}, "Id": "00Q5500001QdQWaEAN", "ns__Puente_Create_Key__c": "per_1"}),
        ),
        _ => answer(204, &Value::Null),
    });
    let names = Names::new("ns__").unwrap();
    let client = client(&fake, &names);
    let lead = Record::new(&names, "Lead").set("LastName", "Ana");
    let made = client.create(&lead, DuplicateRule::Obey).await.unwrap();
    assert_eq!(shown(&made), "created 00Q5500001QdQWaEAN");
    let header = fake.last().header("sforce-duplicate-rule-header").map(str::to_owned);
    assert_eq!(header.as_deref(), Some("allowSave=false; includeRecordDetails=true"));
    assert_eq!(fake.last().json(), json!({"LastName": "Ana"}));
    let id = made.id().unwrap();
    let updated = client.update(id, &lead).await.unwrap();
    assert_eq!(shown(&updated), "updated 00Q5500001QdQWaEAN");
    let fields = [names.field_of("Lead", "Puente_Create_Key__c")];
    let row = client.get("Lead", id, &fields).await.unwrap().unwrap();
    assert_eq!(row.text("Puente_Create_Key__c"), Some("per_1"));
    assert!(
        fake.last()
            .url
            .ends_with("/sobjects/Lead/00Q5500001QdQWaEAN?fields=ns__Puente_Create_Key__c")
    );
    assert_eq!(fake.last().header("sforce-call-options"), None, "a read is no write");
    let deleted = client.delete("Lead", id).await.unwrap();
    assert_eq!(shown(&deleted), "updated 00Q5500001QdQWaEAN");
    assert_eq!(fake.last().method, "DELETE");
}

#[test]
fn requests_beyond_the_limits_are_not_built() {
    let names = Names::none();
    let fault = |result: Result<Subrequest, model::Fault>| result.unwrap_err().to_string();
    let many = messages(&names, 201);
    assert!(
        fault(Subrequest::upsert("m", "Key__c", &many)).contains("201, at least 1 and at most 200")
    );
    assert!(fault(Subrequest::upsert("m", "Key__c", &[])).contains("records: 0"));
    let mut twice = messages(&names, 2);
    twice.push(twice[0].clone());
    assert!(fault(Subrequest::upsert("m", "Key__c", &twice)).contains("Key__c: twice"));
    assert!(fault(Subrequest::upsert("m", "Other__c", &many[..1])).contains("Other__c: missing"));
    let mixed = [many[0].clone(), Record::new(&names, "Puente_Person__c").set("Key__c", "p")];
    assert!(fault(Subrequest::upsert("m", "Key__c", &mixed)).contains("Puente_Person__c"));
    assert!(fault(Subrequest::update_all("m", &many[..1])).contains("id: missing"));
    let runs: Vec<_> = (0..12).map(|i| mixed[i % 2].clone()).collect();
    assert!(
        fault(Subrequest::create_all("m", &runs, DuplicateRule::Obey)).contains("12, at most 10")
    );
    assert!(fault(Subrequest::query("m!", "x")).contains("referenceId"));
    assert!(fault(Subrequest::query("", "x")).contains("referenceId"));
    assert!(fault(Subrequest::query("q", &"x".repeat(15_000))).contains("at most 14,000"));
}

#[tokio::test]
async fn calls_beyond_the_limits_are_not_made() {
    let fake = Fake::signed_in(|_| unreachable!());
    let client = client(&fake, &Names::none());
    let query = |i: usize| Subrequest::query(&format!("q{i}"), "x").unwrap();
    let id = RecordId::new("00Q5500001QdQWaEAN");
    let get = |i: usize| Subrequest::get(&format!("g{i}"), "Lead", &id, &["Id"]).unwrap();
    for (parts, says) in [
        ((0..6).map(query).collect::<Vec<_>>(), "6, at most 5"),
        ((0..26).map(get).collect(), "26, at least 1 and at most 25"),
        (vec![], "parts: 0"),
        (vec![get(1), get(1)], "used twice"),
    ] {
        let fault = client.composite(&parts).await.unwrap_err();
        assert!(fault.detail.contains(says), "{fault}");
    }
    assert!(fake.seen().is_empty());
}

#[test]
fn options_that_cannot_work_are_named() {
    let fake = Fake::signed_in(|_| unreachable!());
    let tokens = fake::tokens(&fake, &Arc::default());
    for (api_version, client_name) in [
        ("66.0", "puente"),
        ("v66", "puente"),
        ("v40.0", "puente"),
        ("v66.0", ""),
        ("v66.0", "a, b"),
    ] {
        let options = ClientOptions {
            api_version: api_version.to_owned(),
            client_name: client_name.to_owned(),
            names: Names::none(),
        };
        let fault = Client::new(fake.clone(), tokens.clone(), options).unwrap_err();
        assert_eq!(fault.code.as_str(), local::CONFIG, "{api_version} {client_name}");
    }
}
