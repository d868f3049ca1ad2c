//! An audience from a file: its lines become members.

use model::ids::CampaignId;
use rules::campaign::audience::{Reader, Row, To};
use store::{Commit, Op};

use super::{Taken, Wish};
use crate::campaign::desk::CampaignDesk;
use crate::campaign::fill;
use crate::campaign::plan::Plan;
use crate::outbound::{Caller, Refusal};

impl CampaignDesk {
    /// Adds people to a draft; the same file again adds nobody. Lines with a
    /// mistake are named and the others taken.
    pub async fn add(
        &self,
        caller: &Caller,
        id: CampaignId,
        file: &[u8],
    ) -> Result<Taken, Refusal> {
        let campaign = self.draft(caller, id).await?;
        let number = self.number(&campaign)?;
        let (plan, _) = Plan::kept(&campaign.plan)?;
        let wanted = fill::wanted(&plan.template);
        let mut reader = Reader::new(wanted.clone());
        let mut lines = reader.push(file);
        let unused = reader.unused().into_iter().map(str::to_owned).collect();
        lines.extend(reader.finish());
        let mut taken = Taken { unused, ..Taken::default() };
        let mut wishes = Vec::new();
        for line in lines {
            match line {
                Ok(row) => wishes.push(wish(row)),
                Err(complaint) => taken.refuse(complaint),
            }
        }
        self.join(&campaign, number, &wanted, &wishes, &mut taken).await?;
        let detail = format!("{} new, {} refused", taken.new, taken.refused);
        let at = self.desk.ambient.now();
        let audit = caller.audit("campaign.audience", id.to_string(), &detail, at);
        self.desk.store.commit(Commit::of(vec![Op::Audit(audit)])).await?;
        Ok(taken)
    }
}

fn wish(row: Row) -> Wish {
    let to = match row.to {
        To::Number(digits) => format!("+{digits}"),
        To::UserId(id) => id,
    };
    Wish { to, person: None, record: None, member: None, values: row.values }
}
