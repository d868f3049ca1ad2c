//! Where an audience stands in Salesforce, and which records it names.

use std::collections::BTreeSet;

use model::Fault;
use model::ids::RecordId;
use rules::mapping::Complaint;
use salesforce::{Row, soql};
use serde::{Deserialize, Serialize};

use crate::campaign::plan::{CAMPAIGN, is_of};
use crate::org::Org;
use crate::outbound::Refusal;

const LIST_VIEW: &str = "00B";
const REPORT: &str = "00O";
const CONTACT: &str = "003";
const LEAD: &str = "00Q";
/// Members of a campaign that are read at once.
const PAGE: usize = 1_000;
/// What the first page of a query has at most.
const ROWS_MAX: usize = 2_000;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Its members.
    Campaign(String),
    /// Of Contacts or Leads.
    ListView(String),
    /// With a column that leads to Contacts or Leads.
    Report(String),
}

/// A record that is a person.
pub struct Named {
    pub record: RecordId,
    /// The CampaignMember that names it.
    pub member: Option<RecordId>,
}

#[derive(Default)]
pub struct Page {
    pub named: Vec<Named>,
    pub odd: Vec<Complaint>,
    /// Where the source goes on.
    pub next: Option<String>,
}

impl Source {
    /// `field` is how a caller named it: `campaign`, `list_view`, `report`.
    pub fn read(field: &str, id: &str) -> Result<Self, Refusal> {
        let (prefix, make): (_, fn(String) -> Self) = match field {
            "campaign" => (CAMPAIGN, Self::Campaign),
            "list_view" => (LIST_VIEW, Self::ListView),
            _ => (REPORT, Self::Report),
        };
        match salesforce::ids::to_18(id).filter(|_| is_of(id, prefix)) {
            Some(id) => Ok(make(id)),
            None => {
                let cause = format!("'{id}' is not the id of one");
                let cure = format!(
                    "write the 15 or 18 characters that begin with {prefix}, as its address in \
                     Salesforce shows them"
                );
                Err(Refusal::invalid("puente.field", field, cause, cure))
            }
        }
    }

    /// The records from `from` on. The fault is the org's, the refusal about the
    /// source.
    pub async fn page(&self, org: &Org, from: Option<&str>) -> Read {
        match self {
            Self::Campaign(id) => members(org, id, from).await,
            Self::ListView(id) => list(org, id, from).await,
            Self::Report(id) => report(org, id).await,
        }
    }
}

pub type Read = Result<Result<Page, Refusal>, Fault>;

/// By their ids, so that members who come meanwhile repeat nobody.
async fn members(org: &Org, campaign: &str, from: Option<&str>) -> Read {
    let campaign = soql::literal(campaign);
    if from.is_none() {
        let there = format!("SELECT Id FROM Campaign WHERE Id = {campaign}");
        if org.call(org.client.query(&there, 1)).await?.rows.is_empty() {
            return Ok(Err(unknown("campaign", "campaign")));
        }
    }
    let after = from.map(|id| format!(" AND Id > {}", soql::literal(id))).unwrap_or_default();
    let query = format!(
        "SELECT Id, ContactId, LeadId FROM CampaignMember WHERE CampaignId = {campaign}{after} \
         ORDER BY Id LIMIT {PAGE}"
    );
    let rows = org.call(org.client.query(&query, PAGE)).await?.rows;
    let full = rows.len() == PAGE;
    let next = rows.last().filter(|_| full).and_then(Row::id).map(|id| id.to_string());
    let named = rows.iter().filter_map(|row| {
        // a lead that became a contact is named by both
        let record = row.record_id("ContactId").or_else(|| row.record_id("LeadId"))?;
        Some(Named { record, member: row.id() })
    });
    Ok(Ok(Page { named: named.collect(), odd: Vec::new(), next }))
}

async fn list(org: &Org, id: &str, from: Option<&str>) -> Read {
    let client = &org.client;
    let page = match from {
        Some(next) => org.call(client.query_more(next)).await?,
        None => {
            let of = format!("SELECT SobjectType FROM ListView WHERE Id = {}", soql::literal(id));
            let found = org.call(client.query(&of, 1)).await?;
            let Some(object) = found.rows.first().and_then(|row| row.text("SobjectType")) else {
                return Ok(Err(unknown("list_view", "list view")));
            };
            if !["Contact", "Lead"].contains(&object) {
                let cause = format!("it lists records of {object}, which are no people");
                let cure = "take a list view of Contacts or of Leads";
                return Ok(Err(Refusal::invalid("puente.field", "list_view", cause, cure)));
            }
            let view = org.call(client.list_view(object, &RecordId::new(id))).await?;
            org.call(client.query(&view.query, 1)).await?
        }
    };
    let named = page.rows.iter().filter_map(Row::id);
    let named = named.map(|record| Named { record, member: None }).collect();
    Ok(Ok(Page { named, odd: Vec::new(), next: page.next }))
}

/// All at once: a run gives no second page.
async fn report(org: &Org, id: &str) -> Read {
    let run = match org.call(org.client.report(&RecordId::new(id))).await {
        Err(fault) if fault.code.as_str() == "sf.NOT_FOUND" => {
            return Ok(Err(unknown("report", "report")));
        }
        run => run?,
    };
    if !run.complete {
        let cause = format!("it has more than {ROWS_MAX} rows, and a run gives no more");
        let cure = "narrow it and take it in parts, or add the people to a campaign in Salesforce";
        return Ok(Err(Refusal::invalid("puente.field", "report", cause, cure)));
    }
    let mut seen = BTreeSet::new();
    let mut page = Page::default();
    for (n, row) in run.rows.iter().enumerate() {
        match row.iter().filter_map(salesforce::Cell::record).find(is_person) {
            Some(record) if seen.insert(record.clone()) => {
                page.named.push(Named { record, member: None });
            }
            Some(_) => {}
            None => {
                let cure = "add the column Contact ID or Lead ID to the report";
                page.odd.push(Complaint::at(n + 1, "report", "no cell leads to a person", cure));
            }
        }
    }
    Ok(Ok(page))
}

fn unknown(field: &str, what: &str) -> Refusal {
    let cause = format!("there is no such {what}, or puente's user may not see it");
    let cure = "share it with the integration user, or take another";
    Refusal::invalid("puente.field", field, cause, cure)
}

pub fn is_contact(id: &RecordId) -> bool {
    id.as_str().starts_with(CONTACT)
}

pub fn is_person(id: &RecordId) -> bool {
    is_contact(id) || id.as_str().starts_with(LEAD)
}
