//! Members of campaigns, and the words for how they stand.

use serde_json::{Value, json};

use super::derive::{set, text};
use crate::error::ApiError;
use crate::org::{Org, Row, Txn};
use crate::schema::Object;

const STATUSES: &str = "CampaignMemberStatus";

/// A member is a Lead or a Contact.
pub fn someone(object: &Object, row: &Row) -> Result<(), ApiError> {
    let nobody = !row.contains_key("LeadId") && !row.contains_key("ContactId");
    if &*object.name == "CampaignMember" && nobody {
        let text = "Required fields are missing: [LeadId, ContactId]";
        return Err(ApiError::bad("REQUIRED_FIELD_MISSING", text).on("LeadId"));
    }
    Ok(())
}

/// A person is a member of a campaign once.
pub fn once(org: &Org, object: &Object, own_id: &str, row: &Row) -> Result<(), ApiError> {
    let same = |other: &Row| {
        ["CampaignId", "LeadId", "ContactId"].iter().all(|name| other.get(*name) == row.get(*name))
    };
    let campaign = row.get("CampaignId").and_then(|v| v.as_str()).unwrap_or_default();
    let Some(field) = object.field("CampaignId") else {
        return Ok(());
    };
    let rivals = org.table(object).find(field, campaign).unwrap_or_default();
    let taken =
        rivals.iter().any(|id| id != own_id && org.table(object).live(id).is_some_and(same));
    if taken {
        return Err(ApiError::bad("DUPLICATE_VALUE", "Already a campaign member."));
    }
    Ok(())
}

/// A new campaign has two statuses.
pub fn statuses(txn: &mut Txn<'_>, object: &Object, id: &str) {
    let statuses = txn.org.schema.object(STATUSES).filter(|_| &*object.name == "Campaign");
    let Some(statuses) = statuses.cloned() else { return };
    for (order, label) in ["Sent", "Responded"].into_iter().enumerate() {
        let mut row = Row::new();
        for (name, value) in [
            ("CampaignId", json!(id)),
            ("Label", json!(label)),
            ("HasResponded", json!(label == "Responded")),
            ("IsDefault", json!(label == "Sent")),
            ("SortOrder", json!(order + 1)),
        ] {
            set(&statuses, &mut row, name, value);
        }
        let id = txn.org.mint(&statuses.prefix);
        txn.put(&statuses, &id, row);
    }
}

/// A member without a status, or with a word that the campaign does not have,
/// gets the default one.
pub fn status(org: &Org, object: &Object, row: &mut Row) {
    if &*object.name != "CampaignMember" {
        return;
    }
    let of = of_campaign(org, row);
    let known = of.iter().any(|one| text(one, "Label") == text(row, "Status"));
    let default = of.iter().find(|one| one.get("IsDefault") == Some(&Value::Bool(true)));
    if let Some(word) = default.and_then(|one| text(one, "Label")).filter(|_| !known) {
        set(object, row, "Status", json!(word));
    }
}

/// Its status counts as a response.
pub fn responds(org: &Org, row: &Row) -> bool {
    let same = |one: &&Row| text(one, "Label") == text(row, "Status");
    let found = of_campaign(org, row).into_iter().find(same);
    found.is_some_and(|one| one.get("HasResponded") == Some(&Value::Bool(true)))
}

fn of_campaign<'a>(org: &'a Org, row: &Row) -> Vec<&'a Row> {
    let Some(statuses) = org.schema.object(STATUSES) else { return Vec::new() };
    let campaign = text(row, "CampaignId");
    let table = org.table(statuses);
    let live = table.iter().filter_map(|(id, _)| table.live(id));
    live.filter(|one| text(one, "CampaignId") == campaign).collect()
}
