//! Members of campaigns.

use std::collections::BTreeMap;

use model::UnixMs;
use model::ids::{CampaignId, OutboxId, PersonId, TenantId};

use super::{boxed, every, plain};
use crate::apply::member::BOUND;
use crate::cx::Cx;
use crate::row::{Member, MemberSend, MemberState, Unshown};
use crate::sql::{Cols, V, args};
use crate::{Store, StoreError};

macro_rules! members {
    ($rest:literal) => {
        concat!(
            "SELECT tenant, campaign, seq, person, state, due_at, rounds, outbox, code, sent_at, \
             replied_at, member, bound FROM campaign_member ",
            $rest
        )
    };
}

async fn member(cx: &mut Cx, mut row: Cols) -> Result<Member, StoreError> {
    let (tenant, campaign): (TenantId, CampaignId) = (row.get()?, row.get()?);
    Ok(Member {
        seq: row.get()?,
        person: row.get()?,
        state: row.get()?,
        due_at: row.get()?,
        rounds: row.get()?,
        outbox: row.get()?,
        code: row.get()?,
        sent_at: row.get()?,
        replied_at: row.get()?,
        member: row.get()?,
        bound: cx.open(tenant.as_str(), BOUND, campaign.as_bytes(), row.get()?).await?,
    })
}

impl Store {
    /// In the order they came in, after `seq`.
    pub async fn members_after(
        &self,
        tenant: &TenantId,
        campaign: CampaignId,
        seq: i64,
        max: u32,
    ) -> Result<Vec<Member>, StoreError> {
        const SQL: &str =
            members!("WHERE tenant = $1 AND campaign = $2 AND seq > $3 ORDER BY seq LIMIT $4");
        self.members(SQL, args![tenant, campaign, seq, max]).await
    }

    /// The same of one state.
    pub async fn members_in(
        &self,
        tenant: &TenantId,
        campaign: CampaignId,
        state: MemberState,
        seq: i64,
        max: u32,
    ) -> Result<Vec<Member>, StoreError> {
        const SQL: &str = members!(
            "WHERE tenant = $1 AND campaign = $2 AND state = $3 AND seq > $4 ORDER BY seq LIMIT $5"
        );
        self.members(SQL, args![tenant, campaign, state, seq, max]).await
    }

    /// Those to be written to whose time has come, longest due first.
    pub async fn members_due(
        &self,
        tenant: &TenantId,
        campaign: CampaignId,
        now: UnixMs,
        max: u32,
    ) -> Result<Vec<Member>, StoreError> {
        const SQL: &str = members!(
            "WHERE tenant = $1 AND campaign = $2 AND state IN ('waiting', 'held_back') \
             AND due_at <= $3 \
             ORDER BY due_at, seq LIMIT $4"
        );
        self.members(SQL, args![tenant, campaign, now, max]).await
    }

    async fn members(&self, sql: &'static str, args: Vec<V>) -> Result<Vec<Member>, StoreError> {
        self.read(move |cx| {
            boxed(async move {
                let rows = cx.tx.rows(sql, args).await?;
                every(cx, rows, |cx, row| boxed(member(cx, row))).await
            })
        })
        .await
    }

    /// When the first of those to be written to is due.
    pub async fn member_next(
        &self,
        tenant: &TenantId,
        campaign: CampaignId,
    ) -> Result<Option<UnixMs>, StoreError> {
        const SQL: &str = "SELECT MIN(due_at) FROM campaign_member \
                           WHERE tenant = $1 AND campaign = $2 \
                             AND state IN ('waiting', 'held_back')";
        let args = args![tenant, campaign];
        self.read(move |cx| {
            boxed(async move {
                match cx.tx.row(SQL, args).await? {
                    Some(mut row) => row.get(),
                    None => Ok(None),
                }
            })
        })
        .await
    }

    /// How many are in the outbox.
    pub async fn members_queued(
        &self,
        tenant: &TenantId,
        campaign: CampaignId,
    ) -> Result<u64, StoreError> {
        const SQL: &str = "SELECT COUNT(*) FROM campaign_member \
                           WHERE tenant = $1 AND campaign = $2 AND state = 'queued'";
        let args = args![tenant, campaign];
        self.read(move |cx| {
            boxed(async move { cx.tx.row(SQL, args).await?.map_or(Ok(0), |mut row| row.get()) })
        })
        .await
    }

    /// The members whose last sends these are, with what became of the sends.
    pub async fn member_sends(
        &self,
        tenant: &TenantId,
        sends: &[OutboxId],
    ) -> Result<Vec<MemberSend>, StoreError> {
        const SQL: &str = "SELECT c.campaign, c.person, o.id, c.state, c.rounds, o.state, o.code, \
                o.accepted_at, o.failed_at, s.failed_at, s.rank, s.code \
            FROM campaign_member c \
            JOIN outbox o ON o.tenant = c.tenant AND o.id = c.outbox \
            JOIN message m ON m.tenant = o.tenant AND m.id = o.message \
            LEFT JOIN message_state s ON s.tenant = m.tenant AND s.number = m.number \
              AND s.state_key = m.state_key \
            WHERE c.tenant = $1 AND c.outbox = $2";
        let lists = sends.iter().map(|id| args![tenant, *id]).collect();
        self.read(move |cx| {
            boxed(async move {
                plain(cx.tx.each(SQL, lists).await?, |row| {
                    let (campaign, person, outbox) = (row.get()?, row.get()?, row.get()?);
                    let (state, rounds, send, code) =
                        (row.get()?, row.get()?, row.get()?, row.get()?);
                    let (accepted_at, refused_at): (_, Option<UnixMs>) = (row.get()?, row.get()?);
                    Ok(MemberSend {
                        campaign,
                        person,
                        outbox,
                        state,
                        rounds,
                        send,
                        code,
                        accepted_at,
                        failed_at: row.get::<Option<UnixMs>>()?.or(refused_at),
                        status: row.get()?,
                        status_code: row.get()?,
                    })
                })
            })
        })
        .await
    }

    /// When messages of other campaigns were sent to each of these people since
    /// then; `None` for one that is on its way. Who was sent none is not named.
    pub async fn members_written(
        &self,
        tenant: &TenantId,
        people: &[PersonId],
        since: UnixMs,
        besides: CampaignId,
    ) -> Result<BTreeMap<PersonId, Vec<Option<UnixMs>>>, StoreError> {
        const SQL: &str = "SELECT person, sent_at FROM campaign_member \
            WHERE tenant = $1 AND person = $2 AND campaign <> $3 \
              AND (sent_at > $4 OR state IN ('queued', 'uncertain'))";
        let lists = people.iter().map(|person| args![tenant, *person, besides, since]).collect();
        self.read(move |cx| {
            boxed(async move {
                let mut written: BTreeMap<_, Vec<_>> = BTreeMap::new();
                for (person, at) in
                    plain(cx.tx.each(SQL, lists).await?, |row| Ok((row.get()?, row.get()?)))?
                {
                    written.entry(person).or_default().push(at);
                }
                Ok(written)
            })
        })
        .await
    }

    /// Members whose CampaignMember shows less than it should, and who may be
    /// shown now.
    pub async fn members_unshown(
        &self,
        tenant: &TenantId,
        campaign: CampaignId,
        now: UnixMs,
        max: u32,
    ) -> Result<Vec<Unshown>, StoreError> {
        const SQL: &str = "SELECT c.person, c.member, p.lead, p.contact, c.wants \
            FROM campaign_member c JOIN person p ON p.tenant = c.tenant AND p.id = c.person \
            WHERE c.tenant = $1 AND c.campaign = $2 AND c.wants > c.shows AND c.show_at <= $3 \
            ORDER BY c.show_at, c.seq LIMIT $4";
        let args = args![tenant, campaign, now, max];
        self.read(move |cx| {
            boxed(async move {
                plain(cx.tx.rows(SQL, args).await?, |row| {
                    let (person, member, lead) = (row.get()?, row.get()?, row.get()?);
                    Ok(Unshown { person, member, lead, contact: row.get()?, wants: row.get()? })
                })
            })
        })
        .await
    }
}
