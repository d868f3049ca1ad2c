//! What the org has of what a file names.

use std::collections::BTreeSet;

use model::Fault;
use rules::routing::{Account, Newcomer, Org, Owner, Placement, Queue, Routing};
use salesforce::{Client, Row, soql};

/// Of one answer: more queues, types or users than a file can name.
const ROWS_MAX: usize = 10_000;

/// One query for each kind of thing that the file names, two for queues.
pub async fn about(client: &Client, routing: &Routing) -> Result<Org, Fault> {
    let named = Named::of(routing);
    let mut org = Org {
        users: ids(client, "User", " AND IsActive = true", &named.users).await?,
        accounts: ids(client, "Account", "", &named.accounts).await?,
        ..Org::default()
    };
    if named.queues {
        queues(client, &mut org).await?;
    }
    if named.record_types {
        let soql = "SELECT DeveloperName, SobjectType FROM RecordType WHERE IsActive = true";
        for row in rows(client, soql).await? {
            if let (Some(name), Some(object)) = (row.text("DeveloperName"), object(&row)) {
                org.record_types.entry(object).or_default().insert(name.to_owned());
            }
        }
    }
    if named.assignment_rules {
        for row in rows(client, "SELECT Id, SobjectType FROM AssignmentRule").await? {
            if let (Some(id), Some(object)) = (row.id(), object(&row)) {
                org.assignment_rules.entry(object).or_default().insert(id.to_string());
            }
        }
    }
    if named.statuses {
        let found = rows(client, "SELECT ApiName, IsClosed FROM CaseStatus").await?;
        let status = |row: &Row| Some((row.text("ApiName")?.to_owned(), row.flag("IsClosed")?));
        org.statuses = found.iter().filter_map(status).collect();
    }
    if !routing.opportunities.is_empty() {
        let soql = "SELECT ApiName FROM OpportunityStage WHERE IsActive = true";
        let found = rows(client, soql).await?;
        org.stages = found.iter().filter_map(|row| Some(row.text("ApiName")?.to_owned())).collect();
    }
    if named.person_accounts {
        // the field is there only where they are switched on
        org.has_person_accounts =
            client.describe("Account").await?.field("IsPersonAccount").is_some();
    }
    Ok(org)
}

#[derive(Default)]
struct Named {
    users: BTreeSet<String>,
    accounts: BTreeSet<String>,
    queues: bool,
    record_types: bool,
    assignment_rules: bool,
    statuses: bool,
    person_accounts: bool,
}

impl Named {
    fn of(routing: &Routing) -> Self {
        let mut named = Self {
            statuses: !routing.moves.is_empty()
                || !routing.closes.is_empty()
                || routing.cases.iter().any(|rule| rule.act.reopen.is_some()),
            ..Self::default()
        };
        for rule in &routing.newcomers {
            match &rule.act {
                Newcomer::Lead(placement) => named.placement(placement),
                Newcomer::Contact(account, placement) => {
                    named.account(account);
                    named.placement(placement);
                }
                Newcomer::Nothing => {}
            }
        }
        routing.cases.iter().for_each(|rule| named.placement(&rule.act.placement));
        routing.opportunities.iter().for_each(|rule| named.placement(&rule.act.placement));
        named
    }

    fn placement(&mut self, placement: &Placement) {
        self.record_types |= placement.record_type.is_some();
        match &placement.owner {
            Owner::Assigned | Owner::Maker => {}
            Owner::AssignedBy(_) => self.assignment_rules = true,
            Owner::User(id) => {
                self.users.insert(id.clone());
            }
            Owner::Queue(_) => self.queues = true,
        }
    }

    fn account(&mut self, account: &Account) {
        match account {
            Account::Own => {}
            Account::Shared(id) => {
                self.accounts.insert(id.clone());
            }
            Account::Person => self.person_accounts = true,
        }
    }
}

async fn rows(client: &Client, soql: &str) -> Result<Vec<Row>, Fault> {
    Ok(client.query(soql, ROWS_MAX).await?.rows)
}

fn object(row: &Row) -> Option<String> {
    row.text("SobjectType").map(str::to_owned)
}

/// Those of the ids that are there.
async fn ids(
    client: &Client,
    object: &str,
    also: &str,
    named: &BTreeSet<String>,
) -> Result<BTreeSet<String>, Fault> {
    let named: Vec<_> = named.iter().collect();
    let mut there = BTreeSet::new();
    for list in soql::lists(&named, soql::LIST_BYTES_MAX) {
        let soql = format!("SELECT Id FROM {object} WHERE Id IN {list}{also}");
        let found = rows(client, &soql).await?;
        there.extend(found.iter().filter_map(Row::id).map(|id| id.to_string()));
    }
    Ok(there)
}

/// A queue that takes no object yet is there all the same.
async fn queues(client: &Client, org: &mut Org) -> Result<(), Fault> {
    let found = rows(client, "SELECT Id, DeveloperName FROM Group WHERE Type = 'Queue'").await?;
    let takes = rows(client, "SELECT QueueId, SobjectType FROM QueueSobject").await?;
    for row in found {
        let (Some(id), Some(name)) = (row.id(), row.text("DeveloperName")) else { continue };
        let its = |row: &&Row| row.record_id("QueueId").is_some_and(|queue| queue.same(&id));
        let objects = takes.iter().filter(its).filter_map(object).collect();
        org.queues.insert(name.to_owned(), Queue { id: id.to_string(), objects });
    }
    Ok(())
}
