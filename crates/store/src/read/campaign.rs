//! Campaigns, and how many people a portfolio wrote to.

use model::UnixMs;
use model::ids::{CampaignId, PhoneNumberId, TenantId};

use super::{boxed, first, plain};
use crate::row::{Campaign, MemberCount};
use crate::sql::{Cols, V, args};
use crate::{Store, StoreError};

macro_rules! campaigns {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, state, number, plan, made_at, made_by, acting_user, start_at, \
             started_at, ended_at, page, audience_in, shown_in, report, why, wait_until, wait_for, \
             base_ended, base_failed FROM campaign ",
            $rest
        )
    };
}

fn campaign(row: &mut Cols) -> Result<Campaign, StoreError> {
    Ok(Campaign {
        id: row.get()?,
        name: row.get()?,
        state: row.get()?,
        number: row.get()?,
        plan: row.get()?,
        made_at: row.get()?,
        made_by: row.get()?,
        acting_user: row.get()?,
        start_at: row.get()?,
        started_at: row.get()?,
        ended_at: row.get()?,
        page: row.get()?,
        audience_in: row.get()?,
        shown_in: row.get()?,
        report: row.get()?,
        why: row.get()?,
        wait_until: row.get()?,
        wait_for: row.get()?,
        base_ended: row.get()?,
        base_failed: row.get()?,
    })
}

impl Store {
    pub async fn campaign(
        &self,
        tenant: &TenantId,
        id: CampaignId,
    ) -> Result<Option<Campaign>, StoreError> {
        const SQL: &str = campaigns!("WHERE tenant = $1 AND id = $2");
        Ok(first(self.campaign_rows(SQL, args![tenant, id]).await?))
    }

    /// Newest first; `before` is the last one of the page before.
    pub async fn campaigns(
        &self,
        tenant: &TenantId,
        before: Option<CampaignId>,
        max: u32,
    ) -> Result<Vec<Campaign>, StoreError> {
        const SQL: &str = campaigns!("WHERE tenant = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
        let before = before.unwrap_or(CampaignId::from_bytes([0xff; 16]));
        self.campaign_rows(SQL, args![tenant, before, max]).await
    }

    /// Those to whose members something can still happen, oldest first.
    pub async fn campaigns_open(&self, tenant: &TenantId) -> Result<Vec<Campaign>, StoreError> {
        const SQL: &str = campaigns!(
            "WHERE tenant = $1 AND state IN ('scheduled', 'running', 'paused', 'stopping') \
             ORDER BY id"
        );
        self.campaign_rows(SQL, args![tenant]).await
    }

    /// Those with members whose CampaignMember shows less than it should, and who
    /// may be shown now; oldest first.
    pub async fn campaigns_unshown(
        &self,
        tenant: &TenantId,
        now: UnixMs,
    ) -> Result<Vec<Campaign>, StoreError> {
        const SQL: &str = campaigns!(
            "WHERE tenant = $1 AND shown_in IS NOT NULL AND EXISTS (SELECT 1 \
                FROM campaign_member m WHERE m.tenant = $1 AND m.campaign = campaign.id \
                  AND m.wants > m.shows AND m.show_at <= $2) \
             ORDER BY id"
        );
        self.campaign_rows(SQL, args![tenant, now]).await
    }

    async fn campaign_rows(
        &self,
        sql: &'static str,
        args: Vec<V>,
    ) -> Result<Vec<Campaign>, StoreError> {
        self.read(move |cx| boxed(async move { plain(cx.tx.rows(sql, args).await?, campaign) }))
            .await
    }

    /// Counted anew at each call: they cannot disagree with the members.
    pub async fn member_counts(
        &self,
        tenant: &TenantId,
        campaign: CampaignId,
    ) -> Result<Vec<MemberCount>, StoreError> {
        const SQL: &str = "SELECT state, code, COUNT(*), COUNT(replied_at), MAX(sent_at) \
            FROM campaign_member WHERE tenant = $1 AND campaign = $2 GROUP BY state, code ORDER BY state, code";
        let args = args![tenant, campaign];
        self.read(move |cx| {
            boxed(async move {
                plain(cx.tx.rows(SQL, args).await?, |row| {
                    let (state, code) = (row.get()?, row.get()?);
                    let (members, replied, sent_at) = (row.get()?, row.get()?, row.get()?);
                    Ok(MemberCount { state, code, members, replied, sent_at })
                })
            })
        })
        .await
    }

    /// How many different people Meta took a template for from these numbers
    /// since then, and when the first of those was.
    pub async fn people_opened(
        &self,
        tenant: &TenantId,
        numbers: &[PhoneNumberId],
        since: UnixMs,
    ) -> Result<(u64, Option<UnixMs>), StoreError> {
        const SQL: &str = "SELECT COUNT(DISTINCT person), MIN(accepted_at) FROM outbox \
            WHERE tenant = $1 AND number = $2 AND free_form = 0 AND accepted_at > $3";
        let lists = numbers.iter().map(|number| args![tenant, number, since]).collect();
        self.read(move |cx| {
            boxed(async move {
                let rows = plain(cx.tx.each(SQL, lists).await?, |row| {
                    Ok((row.get::<u64>()?, row.get::<Option<UnixMs>>()?))
                })?;
                let people = rows.iter().map(|(people, _)| people).sum();
                Ok((people, rows.into_iter().filter_map(|(_, first)| first).min()))
            })
        })
        .await
    }
}
