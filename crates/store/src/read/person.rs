//! People and how they are recognised.

use std::collections::BTreeMap;

use model::ids::{PersonId, RecordId, TenantId};

use super::{boxed, every, first, plain};
use crate::apply::person::PROFILE;
use crate::cx::Cx;
use crate::op::HandleKind;
use crate::row::{Handle, Person, Profile};
use crate::sql::{Cols, args};
use crate::{Store, StoreError};

macro_rules! persons {
    ($rest:literal) => {
        concat!(
            "SELECT tenant, id, created_at, seen_at, profile, lead, contact, account FROM person ",
            $rest
        )
    };
}

async fn person(cx: &mut Cx, mut row: Cols) -> Result<Person, StoreError> {
    let (tenant, id): (TenantId, PersonId) = (row.get()?, row.get()?);
    Ok(Person {
        id,
        created_at: row.get()?,
        seen_at: row.get()?,
        profile: profile(cx, &tenant, id, row.get()?).await?,
        lead: row.get()?,
        contact: row.get()?,
        account: row.get()?,
    })
}

async fn profile(
    cx: &mut Cx,
    tenant: &TenantId,
    id: PersonId,
    sealed: Vec<u8>,
) -> Result<Profile, StoreError> {
    let plain = cx.open(tenant.as_str(), PROFILE, id.as_bytes(), sealed).await?;
    serde_json::from_slice(&plain).map_err(|error| StoreError::Broken(error.to_string()))
}

impl Store {
    /// The Account of each of these people that has one.
    pub async fn accounts(
        &self,
        tenant: &TenantId,
        people: &[PersonId],
    ) -> Result<BTreeMap<PersonId, RecordId>, StoreError> {
        const SQL: &str = "SELECT id, account FROM person \
                           WHERE tenant = $1 AND id = $2 AND account IS NOT NULL";
        let lists = people.iter().map(|id| args![tenant, *id]).collect();
        self.read(move |cx| {
            boxed(async move {
                let rows = cx.tx.each(SQL, lists).await?;
                Ok(plain(rows, |row| Ok((row.get()?, row.get()?)))?.into_iter().collect())
            })
        })
        .await
    }

    /// Those that are known, in the order they were asked for.
    pub async fn handles(
        &self,
        tenant: &TenantId,
        wanted: &[(HandleKind, [u8; 32])],
    ) -> Result<Vec<Handle>, StoreError> {
        const SQL: &str = "SELECT kind, hash, person FROM handle \
                           WHERE tenant = $1 AND kind = $2 AND hash = $3";
        let lists = wanted.iter().map(|(kind, hash)| args![tenant, *kind, hash]).collect();
        self.read(move |cx| {
            boxed(async move {
                plain(cx.tx.each(SQL, lists).await?, |row| {
                    Ok(Handle { kind: row.get()?, hash: row.get()?, person: row.get()? })
                })
            })
        })
        .await
    }

    /// Those that exist, in the order they were asked for.
    pub async fn persons(
        &self,
        tenant: &TenantId,
        ids: &[PersonId],
    ) -> Result<Vec<Person>, StoreError> {
        const SQL: &str = persons!("WHERE tenant = $1 AND id = $2");
        let lists = ids.iter().map(|id| args![tenant, *id]).collect();
        self.read(move |cx| {
            boxed(async move {
                let rows = cx.tx.each(SQL, lists).await?;
                every(cx, rows, |cx, row| boxed(person(cx, row))).await
            })
        })
        .await
    }

    /// By Lead, Contact or Account; the one seen last when several share it.
    pub async fn person_by_record(
        &self,
        tenant: &TenantId,
        record: &RecordId,
    ) -> Result<Option<Person>, StoreError> {
        const SQL: [&str; 3] = [
            persons!(
                "WHERE tenant = $1 AND substr(lead, 1, 15) = $2 ORDER BY seen_at DESC LIMIT 1"
            ),
            persons!(
                "WHERE tenant = $1 AND substr(contact, 1, 15) = $2 ORDER BY seen_at DESC LIMIT 1"
            ),
            persons!(
                "WHERE tenant = $1 AND substr(account, 1, 15) = $2 ORDER BY seen_at DESC LIMIT 1"
            ),
        ];
        let (tenant, record) = (tenant.clone(), short(record));
        self.read(move |cx| {
            boxed(async move {
                for sql in SQL {
                    let rows = cx.tx.rows(sql, args![&tenant, &record]).await?;
                    let found = every(cx, rows, |cx, row| boxed(person(cx, row))).await?;
                    if let Some(person) = first(found) {
                        return Ok(Some(person));
                    }
                }
                Ok(None)
            })
        })
        .await
    }
}

/// Salesforce ids are equal when their first 15 characters are.
pub(super) fn short(record: &RecordId) -> String {
    record.as_str().chars().take(15).collect()
}
