//! What agents do: close, convert, merge, delete.

use salesforce_sim::ConvertLead;
use serde_json::json;

use crate::client::Client;

#[tokio::test(start_paused = true)]
async fn a_case_is_closed_and_opened_again() {
    let c = Client::new().await;
    let account = c.sim.create("Account", json!({ "Name": "Acme" })).unwrap();
    let contact = c
        .sim
        .create("Contact", json!({ "LastName": "Ana", "AccountId": account, "Phone": "+15550100" }))
        .unwrap();
    let id = c
        .call("POST", "/sobjects/Case", json!({ "ContactId": contact, "Origin": "WhatsApp" }))
        .await
        .id();
    let row = c.sim.row(&id).unwrap();
    assert_eq!(
        (&row["Status"], &row["Priority"], &row["IsClosed"]),
        (&json!("New"), &json!("Medium"), &json!(false))
    );
    assert_eq!(
        (&row["AccountId"], &row["ContactPhone"], &row["CaseNumber"]),
        (&json!(account), &json!("+15550100"), &json!("00000001"))
    );
    c.sim.close_case(&id).unwrap();
    let row = c.sim.row(&id).unwrap();
    assert_eq!(
        (&row["IsClosed"], &row["ClosedDate"]),
        (&json!(true), &json!("2026-01-01T00:00:00.000+0000"))
    );
    c.call("PATCH", &format!("/sobjects/Case/{id}"), json!({ "Status": "Working" })).await;
    let row = c.sim.row(&id).unwrap();
    assert_eq!((&row["IsClosed"], row.get("ClosedDate")), (&json!(false), None));
    assert_eq!(
        c.call("PATCH", &format!("/sobjects/Case/{id}"), json!({ "IsClosed": true }))
            .await
            .code()
            .1,
        "INVALID_FIELD_FOR_INSERT_UPDATE"
    );
}

#[tokio::test(start_paused = true)]
async fn a_converted_lead_is_read_only_and_our_lookups_stay() {
    let c = Client::new().await;
    let lead = c
        .sim
        .create("Lead", json!({ "LastName": "Ana", "Company": "Acme", "MobilePhone": "+15550100" }))
        .unwrap();
    let person =
        c.sim.create("Puente_Person__c", json!({ "Key__c": "p", "Lead__c": lead })).unwrap();
    let how = ConvertLead { opportunity_name: Some("Deal".into()), ..ConvertLead::default() };
    let made = c.sim.convert_lead(&lead, &how).unwrap();
    let contact = c.sim.row(&made.contact_id).unwrap();
    assert_eq!(
        (&contact["AccountId"], &contact["MobilePhone"]),
        (&json!(made.account_id), &json!("+15550100"))
    );
    let row = c.query("SELECT IsConverted, ConvertedContactId, ConvertedContact.LastName, ConvertedOpportunityId FROM Lead").await.body["records"][0].clone();
    assert_eq!(
        (&row["IsConverted"], &row["ConvertedContactId"]),
        (&json!(true), &json!(made.contact_id))
    );
    assert_eq!(row["ConvertedContact"]["LastName"], "Ana");
    assert_eq!(row["ConvertedOpportunityId"], json!(made.opportunity_id));
    assert_eq!(c.sim.row(&person).unwrap()["Lead__c"], json!(lead));
    assert_eq!(
        c.call("PATCH", &format!("/sobjects/Lead/{lead}"), json!({ "Title": "x" })).await.code(),
        (400, "CANNOT_UPDATE_CONVERTED_LEAD")
    );
    assert_eq!(c.sim.convert_lead(&lead, &how).unwrap_err().code, "CANNOT_UPDATE_CONVERTED_LEAD");
}

#[tokio::test(start_paused = true)]
async fn a_merge_moves_lookups_and_leaves_a_trace() {
    let c = Client::new().await;
    let contact = || c.sim.create("Contact", json!({ "LastName": "Ana" })).unwrap();
    let (winner, loser) = (contact(), contact());
    let person =
        c.sim.create("Puente_Person__c", json!({ "Key__c": "p", "Contact__c": loser })).unwrap();
    c.sim.merge(&winner, &loser).unwrap();
    assert_eq!(c.sim.row(&person).unwrap()["Contact__c"], json!(winner));
    assert_eq!(
        c.call("PATCH", &format!("/sobjects/Contact/{loser}"), json!({ "Title": "x" }))
            .await
            .code(),
        (404, "ENTITY_IS_DELETED")
    );
    let trace = c
        .get(&format!("/queryAll?q=SELECT+MasterRecordId+FROM+Contact+WHERE+Id='{loser}'"))
        .await
        .body;
    assert_eq!(trace["records"][0]["MasterRecordId"], json!(winner));
    assert!(c.sim.merge(&winner, &winner).is_err());
    assert!(c.sim.merge(&winner, &person).is_err());
}

#[tokio::test(start_paused = true)]
async fn deleting_clears_lookups_and_takes_details_along() {
    let c = Client::new().await;
    let lead = c.sim.create("Lead", json!({ "LastName": "Ana", "Company": "a" })).unwrap();
    let person =
        c.sim.create("Puente_Person__c", json!({ "Key__c": "p", "Lead__c": lead })).unwrap();
    let conversation = c
        .sim
        .create("Puente_Conversation__c", json!({ "Key__c": "c", "Person__c": person }))
        .unwrap();
    let message = c
        .sim
        .create("Puente_Message__c", json!({ "Key__c": "m", "Conversation__c": conversation }))
        .unwrap();
    c.sim.delete(&lead).unwrap();
    assert!(c.sim.row(&person).unwrap().get("Lead__c").is_none());
    c.sim.delete(&person).unwrap();
    assert!(c.sim.row(&conversation).unwrap().get("Person__c").is_none());
    c.sim.delete(&conversation).unwrap();
    assert_eq!(c.sim.row(&message).unwrap()["IsDeleted"], true);
    assert_eq!(c.sim.count("Puente_Message__c"), 0);
}

#[tokio::test(start_paused = true)]
async fn a_person_joins_a_campaign_once() {
    let c = Client::new().await;
    let campaign = c.sim.create("Campaign", json!({ "Name": "Spring" })).unwrap();
    let lead = c.sim.create("Lead", json!({ "LastName": "Ana", "Company": "a" })).unwrap();
    let member = json!({ "CampaignId": campaign, "LeadId": lead });
    let first = c.call("POST", "/sobjects/CampaignMember", member.clone()).await.id();
    assert_eq!(c.sim.row(&first).unwrap()["Status"], "Sent");
    assert_eq!(
        c.call("POST", "/sobjects/CampaignMember", member).await.code(),
        (400, "DUPLICATE_VALUE")
    );
    assert_eq!(
        c.call("POST", "/sobjects/CampaignMember", json!({ "CampaignId": campaign })).await.code(),
        (400, "REQUIRED_FIELD_MISSING")
    );
    c.call("PATCH", &format!("/sobjects/CampaignMember/{first}"), json!({ "Status": "Responded" }))
        .await;
    assert_eq!(c.sim.row(&first).unwrap()["HasResponded"], true);
}
