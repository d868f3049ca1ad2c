//! An audience from a file: its lines become members of a draft.

use std::collections::BTreeMap;

use model::UnixMs;
use model::ids::{CampaignId, PersonId};
use rules::campaign::audience::{Reader, Row, To};
use rules::mapping::Complaint;
use store::op::{HandleKind, NewHandle, NewMember, NewMembers, NewPerson, NewRecordLink};
use store::{Campaign, CampaignState, Commit, Did, Op, Profile, RecordKind, StoreError};

use super::desk::CampaignDesk;
use super::fill;
use super::plan::{Plan, not_now};
use crate::directory::Number;
use crate::outbound::{Caller, Recipient, Refusal, resolve};

/// Members that one commit stores.
const IN_ONE_COMMIT: usize = 200;
/// Mistakes that are told; the others are counted.
const TOLD_MAX: usize = 100;
const CONFLICTS_MAX: u32 = 8;

/// What became of a file.
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
}

impl CampaignDesk {
    /// Adds people to a draft; the same file again adds nobody. Lines with a
    /// mistake are named and the others taken.
    pub async fn add(
        &self,
        caller: &Caller,
        id: CampaignId,
        file: &[u8],
    ) -> Result<Taken, Refusal> {
        let campaign = self.campaign(&caller.tenant, id).await?;
        if campaign.state != CampaignState::Draft {
            let word = campaign.state.as_str();
            return Err(not_now(format!("a campaign that is {word} takes no more people")));
        }
        let number = self.number(&campaign)?;
        let (plan, _) = Plan::kept(&campaign.plan)?;
        let wanted = fill::wanted(&plan.template);
        let mut reader = Reader::new(wanted.clone());
        let mut lines = reader.push(file);
        let unused = reader.unused().into_iter().map(str::to_owned).collect();
        lines.extend(reader.finish());
        let mut taken = Taken { unused, ..Taken::default() };
        let mut rows = Vec::new();
        for line in lines {
            match line {
                Ok(row) => rows.push(row),
                Err(complaint) => {
                    taken.refused += 1;
                    if taken.complaints.len() < TOLD_MAX {
                        taken.complaints.push(complaint);
                    }
                }
            }
        }
        for rows in rows.chunks(IN_ONE_COMMIT) {
            let new = self.store_rows(&campaign, number, &wanted, rows).await?;
            taken.new += new;
            taken.known += rows.len() as u64 - new;
        }
        let detail = format!("{} new, {} refused", taken.new, taken.refused);
        let at = self.desk.ambient.now();
        let audit = caller.audit("campaign.audience", id.to_string(), &detail, at);
        self.desk.store.commit(Commit::of(vec![Op::Audit(audit)])).await?;
        Ok(taken)
    }

    /// How many of them were new.
    async fn store_rows(
        &self,
        campaign: &Campaign,
        number: &Number,
        wanted: &[String],
        rows: &[Row],
    ) -> Result<u64, Refusal> {
        let mut tries = 0;
        loop {
            let (tenant, at) = (number.tenant.clone(), self.desk.ambient.now());
            let (mut ops, mut members) = (Vec::new(), Vec::new());
            let mut met: BTreeMap<[u8; 32], PersonId> = BTreeMap::new();
            for row in rows {
                let person = self.person(number, row, &mut met, &mut ops).await?;
                let values: BTreeMap<_, _> = wanted.iter().zip(&row.values).collect();
                let bound = serde_json::to_vec(&values).unwrap_or_default();
                members.push(NewMember { person, member: None, bound });
            }
            let place = ops.len();
            ops.push(Op::NewMembers(NewMembers { tenant, campaign: campaign.id, at, members }));
            match self.desk.store.commit(Commit::of(ops)).await {
                Ok(did) => match did.get(place) {
                    Some(Did::Count(new)) => return Ok(*new),
                    other => return Err(StoreError::Broken(format!("{other:?}")).into()),
                },
                // somebody of the file wrote at this moment
                Err(StoreError::Conflict(_)) if tries < CONFLICTS_MAX => tries += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Who the line means: known here, met above in the file, or new.
    async fn person(
        &self,
        number: &Number,
        row: &Row,
        met: &mut BTreeMap<[u8; 32], PersonId>,
        ops: &mut Vec<Op>,
    ) -> Result<PersonId, Refusal> {
        let to = match &row.to {
            To::Number(digits) => format!("+{digits}"),
            To::UserId(id) => id.clone(),
        };
        let (profile, handles) = match resolve(&self.desk.store, number, &to).await?.0 {
            Recipient::Known(person) => return Ok(person.id),
            Recipient::New { profile, handles } => (profile, handles),
        };
        if let Some(known) = handles.iter().find_map(|(_, hash)| met.get(hash)) {
            return Ok(*known);
        }
        let id = PersonId::new(&self.desk.ambient);
        met.extend(handles.iter().map(|(_, hash)| (*hash, id)));
        let at = self.desk.ambient.now();
        arrives(ops, number, id, profile, &handles, at);
        Ok(id)
    }
}

/// Somebody new is a Lead, whichever way they come.
fn arrives(
    ops: &mut Vec<Op>,
    number: &Number,
    person: PersonId,
    profile: Profile,
    handles: &[(HandleKind, [u8; 32])],
    at: UnixMs,
) {
    let tenant = &number.tenant;
    ops.push(Op::NewPerson(NewPerson { tenant: tenant.clone(), id: person, at, profile }));
    ops.extend(handles.iter().map(|(kind, hash)| {
        let (tenant, kind, hash) = (tenant.clone(), *kind, *hash);
        Op::AddHandle(NewHandle { tenant, person, kind, hash, at })
    }));
    ops.push(Op::WantRecord(NewRecordLink {
        tenant: tenant.clone(),
        person,
        kind: RecordKind::Lead,
        slot: *person.as_bytes(),
        at,
        due_at: at,
    }));
}
