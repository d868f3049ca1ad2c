//! One look at some members of a campaign: read, decide, write, note.

use std::collections::BTreeMap;

use model::ids::RecordId;
use model::{Act, Fault};
use rules::campaign::{Show, Shown, Standing, Words, show};
use salesforce::{Clue, DuplicateRule, Record, RecordOutcome, Row, Subrequest, soql};
use store::op::{AlertRaised, MemberShown, ShowEnd};
use store::{Campaign, Commit, Fence, Op, StoreError, Unshown};

use super::{IN_ONE_LOOK, Results};
use crate::campaign::plan::Plan;

const ALERT: &str = "campaign_results";
const OBJECT: &str = "CampaignMember";
/// A member whose Lead or Contact is not there yet.
const LATER_MS: i64 = 600_000;
/// What only an administrator can lift.
const ASKED_MS: i64 = 3_600_000;
const GONE: &str = "sf.ENTITY_IS_DELETED";
/// What one query finds at most.
const ROWS_MAX: usize = 2_000;

/// The members as Salesforce has them, by their own ids and by their people's.
#[derive(Default)]
struct There {
    rows: BTreeMap<String, Row>,
    by_person: BTreeMap<String, String>,
}

impl Results {
    /// The inner error is the org's: nothing was noted.
    pub(super) async fn look(
        &self,
        fence: &Fence,
        campaign: &Campaign,
    ) -> Result<Result<(), Fault>, StoreError> {
        let now = self.org.ambient.now();
        let members =
            self.store.members_unshown(&self.tenant, campaign.id, now, IN_ONE_LOOK).await?;
        let results = Plan::kept(&campaign.plan).ok().and_then(|(plan, _)| plan.results);
        let Some(results) = results else {
            // a plan that this program cannot read: there is no word to show
            let ends = members.iter().map(|member| (member, never("puente.field")));
            return self.note(fence, campaign, ends.collect()).await.map(Ok);
        };
        let there = match self.read(campaign, &members).await {
            Ok(there) => there,
            Err(fault) => return Ok(Err(fault)),
        };
        let (mut ends, mut update, mut create) = (Vec::new(), Vec::new(), Vec::new());
        for member in &members {
            match self.decide(campaign, member, &there, results.words()) {
                Todo::End(end) => ends.push((member, end)),
                Todo::Update(record) => update.push((member, record)),
                Todo::Create(record) => create.push((member, record)),
            }
        }
        self.note(fence, campaign, ends).await?;
        for (what, records) in [(Call::Update, update), (Call::Create, create)] {
            if records.is_empty() {
                continue;
            }
            let (members, records): (Vec<_>, Vec<_>) = records.into_iter().unzip();
            let outcomes = match self.write(what, &records).await {
                Ok(outcomes) => outcomes,
                Err(fault) => return Ok(Err(fault)),
            };
            let ends = members.into_iter().zip(outcomes);
            let ends = ends.map(|(member, outcome)| (member, self.end(member, outcome)));
            self.note(fence, campaign, ends.collect()).await?;
        }
        Ok(Ok(()))
    }

    async fn read(&self, campaign: &Campaign, members: &[Unshown]) -> Result<There, Fault> {
        const FIELDS: &str = "SELECT Id, ContactId, LeadId, Status, HasResponded";
        let ids = |of: &dyn Fn(&Unshown) -> Option<&RecordId>| -> Vec<String> {
            members.iter().filter_map(|member| of(member).map(ToString::to_string)).collect()
        };
        let known = ids(&|member| member.member.as_ref());
        let unknown = |member: &Unshown| member.member.is_none();
        let contacts = ids(&|m| m.contact.as_ref().filter(|_| unknown(m)));
        let leads = ids(&|m| m.lead.as_ref().filter(|_| unknown(m) && m.contact.is_none()));
        let own = campaign.shown_in.as_ref().map_or("", RecordId::as_str);
        let of_campaign = format!("CampaignId = {} AND ", soql::literal(own));
        let mut there = There::default();
        for (and, field, ids) in [
            ("", "Id", known),
            (of_campaign.as_str(), "ContactId", contacts),
            (of_campaign.as_str(), "LeadId", leads),
        ] {
            for list in soql::lists(&ids, soql::LIST_BYTES_MAX) {
                let query = format!("{FIELDS} FROM {OBJECT} WHERE {and}{field} IN {list}");
                let page = self.org.call(self.org.client.query(&query, ROWS_MAX)).await?;
                page.rows.into_iter().for_each(|row| there.add(row));
            }
        }
        Ok(there)
    }

    fn decide(
        &self,
        campaign: &Campaign,
        member: &Unshown,
        there: &There,
        words: Words<'_>,
    ) -> Todo {
        let person = member.contact.as_ref().or(member.lead.as_ref());
        let row = match (&member.member, person) {
            (Some(id), _) => match there.rows.get(id.as_str()) {
                // who took them out of the campaign is not overruled
                None => return Todo::End(never(GONE)),
                found => found,
            },
            (None, Some(person)) => there.of(person),
            (None, None) => {
                return Todo::End(ShowEnd::Again { at: self.org.ambient.now().plus(LATER_MS) });
            }
        };
        let standing = row.map(|row| Standing {
            status: row.text("Status").unwrap_or_default(),
            responded: row.flag("HasResponded") == Some(true),
        });
        let wanted = if member.wants > 1 { Shown::Answered } else { Shown::Sent };
        let record = Record::new(self.org.client.names(), OBJECT);
        let id = row.and_then(Row::id);
        match (show(standing.as_ref(), wanted, words), id) {
            (Show::Keep, Some(member_id)) => {
                Todo::End(ShowEnd::Shows { member: member_id, shows: member.wants })
            }
            (Show::Change(word), Some(id)) => Todo::Update(record.with_id(&id).set("Status", word)),
            (Show::Add(word) | Show::Change(word), _) => {
                let own = campaign.shown_in.as_ref().map_or("", RecordId::as_str);
                let record = record.set("CampaignId", own).set("Status", word);
                Todo::Create(match (&member.contact, &member.lead) {
                    (Some(contact), _) => record.set("ContactId", contact.as_str()),
                    (None, lead) => record.set_some("LeadId", lead.as_ref().map(RecordId::as_str)),
                })
            }
            (Show::Keep, None) => Todo::End(never(GONE)),
        }
    }

    async fn write(&self, what: Call, records: &[Record]) -> Result<Vec<RecordOutcome>, Fault> {
        let request = match what {
            Call::Update => Subrequest::update_all("members", records)?,
            Call::Create => Subrequest::create_all("members", records, DuplicateRule::Obey)?,
        };
        Ok(self.org.call(self.org.client.send(&request)).await?.outcomes())
    }

    /// What one write says of its member.
    fn end(&self, member: &Unshown, outcome: RecordOutcome) -> ShowEnd {
        let again = ShowEnd::Again { at: self.org.ambient.now().plus(LATER_MS) };
        match outcome {
            RecordOutcome::Written { id, .. } => ShowEnd::Shows { member: id, shows: member.wants },
            RecordOutcome::Halted => again,
            RecordOutcome::Refused(refusal) => match (&refusal.clue, refusal.fault.act) {
                (Clue::Gone, _) => never(GONE),
                // a lead that became a contact is known as one soon, and what was
                // made by somebody else at this moment is found by the next look
                (Clue::Converted | Clue::Exists(_), _) | (_, Act::Retry { .. } | Act::Renew) => {
                    again
                }
                _ if refusal.fault.code.as_str() == "sf.DUPLICATE_VALUE" => again,
                (_, Act::Ask) => {
                    self.ask(&refusal.fault);
                    ShowEnd::Again { at: self.org.ambient.now().plus(ASKED_MS) }
                }
                (_, Act::Reject) => never(refusal.fault.code.as_str()),
            },
        }
    }

    async fn note(
        &self,
        fence: &Fence,
        campaign: &Campaign,
        ends: Vec<(&Unshown, ShowEnd)>,
    ) -> Result<(), StoreError> {
        if ends.is_empty() {
            return Ok(());
        }
        let ops = ends.into_iter().map(|(member, end)| {
            let (tenant, person) = (self.tenant.clone(), member.person);
            Op::MemberShown(MemberShown { tenant, campaign: campaign.id, person, end })
        });
        let ops = ops.chain(self.alert(campaign)).collect();
        self.store.commit(Commit::fenced(fence.clone(), ops)).await.map(drop)
    }
}

impl Results {
    fn ask(&self, fault: &Fault) {
        self.away.lock().asked = Some(fault.to_string());
    }

    /// Raised once for what an administrator must lift.
    fn alert(&self, campaign: &Campaign) -> Option<Op> {
        let why = self.away.lock().asked.take()?;
        let text = format!(
            "the members of '{}' cannot be shown in Salesforce: {why}. It is tried again each \
             hour; the integration user needs Edit on Campaign and the box Marketing User",
            campaign.name
        );
        let (tenant, at) = (self.tenant.clone(), self.org.ambient.now());
        let (kind, subject) = (ALERT.to_owned(), campaign.id.to_string());
        Some(Op::RaiseAlert(AlertRaised { tenant, kind, subject, text, at }))
    }
}

impl There {
    fn add(&mut self, row: Row) {
        let Some(id) = row.id() else { return };
        for person in ["ContactId", "LeadId"].iter().filter_map(|field| row.record_id(field)) {
            self.by_person.insert(person.to_string(), id.to_string());
        }
        self.rows.insert(id.to_string(), row);
    }

    fn of(&self, person: &RecordId) -> Option<&Row> {
        self.rows.get(self.by_person.get(person.as_str())?)
    }
}

enum Todo {
    End(ShowEnd),
    Update(Record),
    Create(Record),
}

#[derive(Clone, Copy)]
enum Call {
    Update,
    Create,
}

fn never(code: &str) -> ShowEnd {
    ShowEnd::Never { code: code.to_owned() }
}
