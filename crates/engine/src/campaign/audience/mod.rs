//! An audience: people become members of a draft, each once.

mod file;
mod org;
mod records;
mod source;

use std::collections::BTreeMap;

use model::UnixMs;
use model::ids::{CampaignId, PersonId, RecordId};
use rules::mapping::Complaint;
use store::op::{NewMember, NewMembers, PersonLink, RecordStep, Want};
use store::{
    Campaign, CampaignState, Commit, Did, Object, Op, RecordKind, RecordState, StoreError,
};

pub use source::Source;

use super::desk::CampaignDesk;
use super::plan::not_now;
use crate::directory::Number;
use crate::outbound::{Caller, Recipient, Refusal, newcomer, resolve};

/// Members that one commit stores.
const IN_ONE_COMMIT: usize = 200;
/// Mistakes that are told; the others are counted.
const TOLD_MAX: usize = 100;
const CONFLICTS_MAX: u32 = 8;

/// What became of a file, or of a page of a source.
#[derive(Debug, Default)]
pub struct Taken {
    /// Members that were not in the campaign before.
    pub new: u64,
    /// Lines of people who were.
    pub known: u64,
    pub refused: u64,
    /// The first hundred of the lines that were refused.
    pub complaints: Vec<Complaint>,
    /// Columns that nothing was taken from.
    pub unused: Vec<String>,
    /// The source has more.
    pub more: bool,
}

impl Taken {
    fn refuse(&mut self, complaint: Complaint) {
        self.refused += 1;
        if self.complaints.len() < TOLD_MAX {
            self.complaints.push(complaint);
        }
    }
}

/// One who is to be a member.
pub struct Wish {
    /// As [`resolve`] takes it.
    to: String,
    /// Somebody known, whom `to` need not name.
    person: Option<PersonId>,
    /// The record that the person is, read from the org just now.
    record: Option<(RecordKind, RecordId)>,
    /// The CampaignMember in Salesforce.
    member: Option<RecordId>,
    values: Vec<String>,
}

impl CampaignDesk {
    pub(super) async fn draft(&self, caller: &Caller, id: CampaignId) -> Result<Campaign, Refusal> {
        let campaign = self.campaign(&caller.tenant, id).await?;
        if campaign.state != CampaignState::Draft {
            let word = campaign.state.as_str();
            return Err(not_now(format!("a campaign that is {word} takes no more people")));
        }
        Ok(campaign)
    }

    /// Adds them to the draft. Who is in it already stays as they are.
    async fn join(
        &self,
        campaign: &Campaign,
        number: &Number,
        wanted: &[String],
        wishes: &[Wish],
        taken: &mut Taken,
    ) -> Result<(), Refusal> {
        for wishes in wishes.chunks(IN_ONE_COMMIT) {
            let new = self.store_members(campaign, number, wanted, wishes).await?;
            taken.new += new;
            taken.known += wishes.len() as u64 - new;
        }
        Ok(())
    }

    /// How many of them were new.
    async fn store_members(
        &self,
        campaign: &Campaign,
        number: &Number,
        wanted: &[String],
        wishes: &[Wish],
    ) -> Result<u64, Refusal> {
        let mut tries = 0;
        loop {
            let (tenant, at) = (number.tenant.clone(), self.desk.ambient.now());
            let (mut ops, mut members) = (Vec::new(), Vec::new());
            let mut met: BTreeMap<[u8; 32], PersonId> = BTreeMap::new();
            for wish in wishes {
                let person = self.person(number, wish, &mut met, &mut ops).await?;
                let values: BTreeMap<_, _> = wanted.iter().zip(&wish.values).collect();
                let bound = serde_json::to_vec(&values).unwrap_or_default();
                members.push(NewMember { person, member: wish.member.clone(), bound });
            }
            let place = ops.len();
            ops.push(Op::NewMembers(NewMembers { tenant, campaign: campaign.id, at, members }));
            match self.desk.store.commit(Commit::of(ops)).await {
                Ok(did) => match did.get(place) {
                    Some(Did::Count(new)) => return Ok(*new),
                    other => return Err(StoreError::Broken(format!("{other:?}")).into()),
                },
                // one of them wrote at this moment
                Err(StoreError::Conflict(_)) if tries < CONFLICTS_MAX => tries += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Who is meant: known here, met above, or new.
    async fn person(
        &self,
        number: &Number,
        wish: &Wish,
        met: &mut BTreeMap<[u8; 32], PersonId>,
        ops: &mut Vec<Op>,
    ) -> Result<PersonId, Refusal> {
        if let Some(person) = wish.person {
            return Ok(person);
        }
        let (profile, handles) = match resolve(&self.desk.store, number, &wish.to).await?.0 {
            Recipient::Known(person) => return Ok(person.id),
            Recipient::New { profile, handles } => (profile, handles),
        };
        if let Some(known) = handles.iter().find_map(|(_, hash)| met.get(hash)) {
            return Ok(*known);
        }
        let id = PersonId::new(&self.desk.ambient);
        met.extend(handles.iter().map(|(_, hash)| (*hash, id)));
        let at = self.desk.ambient.now();
        newcomer(ops, &number.tenant, id, profile, handles, at);
        if let Some((kind, record)) = &wish.record {
            at_home(ops, number, id, *kind, record, at);
        }
        Ok(id)
    }
}

/// The org named their record: nothing is looked for, and nothing made.
fn at_home(
    ops: &mut Vec<Op>,
    number: &Number,
    person: PersonId,
    kind: RecordKind,
    record: &RecordId,
    at: UnixMs,
) {
    let tenant = &number.tenant;
    let is_lead = kind == RecordKind::Lead;
    ops.push(Op::LinkPerson(PersonLink {
        tenant: tenant.clone(),
        id: person,
        lead: is_lead.then(|| record.clone()),
        contact: (!is_lead).then(|| record.clone()),
        account: None,
    }));
    ops.push(Op::RecordStep(RecordStep {
        tenant: tenant.clone(),
        person,
        kind: RecordKind::Lead,
        slot: *person.as_bytes(),
        state: RecordState::Linked,
        record: Some(record.clone()),
        due_at: at,
        charge: false,
        code: None,
        detail: None,
        plan: None,
        at,
    }));
    let (tenant, object, id) = (tenant.clone(), Object::Person, *person.as_bytes());
    ops.push(Op::Want(Want { tenant, object, id, root: person, due_at: at }));
}
