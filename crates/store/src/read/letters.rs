//! What ended aside, over all the tables in which it may lie.

mod row;

use std::collections::BTreeMap;

use model::UnixMs;
use model::ids::TenantId;

use super::boxed;
use crate::apply::item::{ENVELOPE, RAW, place};
use crate::apply::journal::opened;
use crate::cx::Cx;
use crate::letter::{Intaken, Letter, LetterFilter, LetterId, LetterKind, Reach};
use crate::op::DayKey;
use crate::sql::{V, args};
use crate::{Store, StoreError};
use row::{
    Found, file, files, item, items, record, records, send, sends, webhook, webhooks, write, writes,
};

impl Store {
    /// Longest aside first; `filter.after` goes on from there.
    pub async fn letters(
        &self,
        reach: &Reach,
        filter: &LetterFilter,
        max: u32,
    ) -> Result<Vec<Letter>, StoreError> {
        let (reach, filter) = (reach.clone(), filter.clone());
        self.read(move |cx| {
            boxed(async move {
                let mut letters = vec![];
                for kind in LetterKind::ALL {
                    if filter.kind.is_none_or(|wanted| wanted == kind) {
                        let page = Page::of(kind, &filter, max);
                        letters.extend(page_of(cx, &reach, kind, &page).await?);
                    }
                }
                // kinds stand in their order already, and each in its own
                letters.sort_by_key(|letter| letter.at);
                letters.truncate(max as usize);
                Ok(letters)
            })
        })
        .await
    }

    /// One letter that waits.
    pub async fn letter(&self, reach: &Reach, id: LetterId) -> Result<Option<Letter>, StoreError> {
        let reach = reach.clone();
        self.read(move |cx| boxed(async move { letter(cx, &reach, id).await })).await
    }

    /// What a replay of a body or an item takes in; `None` for other letters.
    pub async fn letter_intake(
        &self,
        reach: &Reach,
        id: LetterId,
    ) -> Result<Option<Intaken>, StoreError> {
        let reach = reach.clone();
        self.read(move |cx| {
            boxed(async move {
                if letter(cx, &reach, id).await?.is_none() {
                    return Ok(None);
                }
                match id {
                    LetterId::Webhook(seq) => intake_of_webhook(cx, seq).await,
                    LetterId::Item(id) => intake_of_item(cx, id).await,
                    LetterId::Send(_)
                    | LetterId::Write(..)
                    | LetterId::Record(..)
                    | LetterId::File(_) => Ok(None),
                }
            })
        })
        .await
    }
}

/// The bounds of one kind's part of a page.
struct Page {
    from: UnixMs,
    until: UnixMs,
    /// Letters of this time go on after `after`.
    tie: UnixMs,
    after: Option<LetterId>,
    code: Option<String>,
    max: u32,
}

impl Page {
    fn of(kind: LetterKind, filter: &LetterFilter, max: u32) -> Self {
        let mut page = Self {
            from: filter.from.unwrap_or(UnixMs(i64::MIN)),
            until: filter.until.unwrap_or(UnixMs(i64::MAX)),
            tie: UnixMs(i64::MIN),
            after: None,
            code: filter.code.clone(),
            max,
        };
        if let Some((at, id)) = filter.after {
            let same = id.kind() == kind;
            let begins = if kind < id.kind() { at.plus(1) } else { at };
            page.from = page.from.max(begins);
            page.tie = if same { at } else { page.tie };
            page.after = same.then_some(id);
        }
        page
    }

    /// Owner, from, until, tie, then where the tie ends, then code and limit.
    fn args(&self, owner: &str, after: Vec<V>) -> Vec<V> {
        let mut args = args![owner, self.from, self.until, self.tie];
        args.extend(after);
        args.extend(args![self.code.as_ref(), self.max]);
        args
    }

    fn after_number(&self) -> Vec<V> {
        match self.after {
            Some(LetterId::Webhook(n) | LetterId::Item(n)) => args![n],
            _ => args![0],
        }
    }
}

async fn page_of(
    cx: &mut Cx,
    reach: &Reach,
    kind: LetterKind,
    page: &Page,
) -> Result<Vec<Letter>, StoreError> {
    const WEBHOOKS: &str = webhooks!(
        "WHERE app = $1 AND state = 'aside' AND ended_at >= $2 AND ended_at < $3 \
           AND (ended_at > $4 OR seq > $5) AND (CAST($6 AS TEXT) IS NULL OR code = $6) \
         ORDER BY ended_at, seq LIMIT $7"
    );
    const SENDS: &str = sends!(
        "AND failed_at >= $2 AND failed_at < $3 AND (failed_at > $4 OR id > $5) \
           AND (CAST($6 AS TEXT) IS NULL OR code = $6) ORDER BY failed_at, id LIMIT $7"
    );
    const WRITES: &str = writes!(
        "AND COALESCE(aside_at, due_at) >= $2 AND COALESCE(aside_at, due_at) < $3 \
           AND (COALESCE(aside_at, due_at) > $4 OR (object, id) > ($5, $6)) \
           AND (CAST($7 AS TEXT) IS NULL OR code = $7) \
         ORDER BY COALESCE(aside_at, due_at), object, id LIMIT $8"
    );
    const RECORDS: &str = records!(
        "AND at >= $2 AND at < $3 AND (at > $4 OR (kind, slot) > ($5, $6)) \
           AND (CAST($7 AS TEXT) IS NULL OR code = $7) ORDER BY at, kind, slot LIMIT $8"
    );
    const FILES: &str = files!(
        "AND COALESCE(aside_at, requested_at) >= $2 AND COALESCE(aside_at, requested_at) < $3 \
           AND (COALESCE(aside_at, requested_at) > $4 OR id > $5) \
           AND (CAST($6 AS TEXT) IS NULL OR code = $6) \
         ORDER BY COALESCE(aside_at, requested_at), id LIMIT $7"
    );
    let tenant = reach.tenant.as_str();
    match kind {
        LetterKind::Webhook => {
            let lists = reach.apps.iter().map(|app| page.args(app.as_str(), page.after_number()));
            let rows = cx.tx.each(WEBHOOKS, lists.collect()).await?;
            let mut letters = rows
                .into_iter()
                .map(|row| Ok(webhook(row)?.letter))
                .collect::<Result<Vec<_>, _>>()?;
            letters.sort_by_key(|letter: &Letter| (letter.at, letter.id));
            Ok(letters)
        }
        LetterKind::Item => items_of(cx, reach, page).await,
        LetterKind::Send => {
            let after = match page.after {
                Some(LetterId::Send(id)) => args![id],
                _ => args![[0u8; 0]],
            };
            let rows = cx.tx.rows(SENDS, page.args(tenant, after)).await?;
            let mut letters = vec![];
            for row in rows {
                letters.push(send(cx, &reach.tenant, row).await?);
            }
            Ok(letters)
        }
        LetterKind::Write => {
            let after = match page.after {
                Some(LetterId::Write(object, id)) => args![object, id],
                _ => args![-1i64, [0u8; 0]],
            };
            let rows = cx.tx.rows(WRITES, page.args(tenant, after)).await?;
            let mut letters = vec![];
            for row in rows {
                letters.push(write(cx, &reach.tenant, row).await?);
            }
            Ok(letters)
        }
        LetterKind::Record => {
            let after = match page.after {
                Some(LetterId::Record(kind, slot)) => args![kind, slot],
                _ => args!["", [0u8; 0]],
            };
            let rows = cx.tx.rows(RECORDS, page.args(tenant, after)).await?;
            let mut letters = vec![];
            for row in rows {
                letters.push(record(cx, &reach.tenant, row).await?);
            }
            Ok(letters)
        }
        LetterKind::File => {
            let after = match page.after {
                Some(LetterId::File(id)) => args![id],
                _ => args![[0u8; 0]],
            };
            let rows = cx.tx.rows(FILES, page.args(tenant, after)).await?;
            let mut letters = vec![];
            for row in rows {
                letters.push(file(cx, &reach.tenant, row).await?);
            }
            Ok(letters)
        }
    }
}

/// One's own, and what nobody had that is within reach, each once.
async fn items_of(cx: &mut Cx, reach: &Reach, page: &Page) -> Result<Vec<Letter>, StoreError> {
    const OWN: &str = items!(
        "WHERE tenant = $1 AND state = 'aside' AND at >= $2 AND at < $3 AND (at > $4 OR id > $5) \
           AND (CAST($6 AS TEXT) IS NULL OR code = $6) ORDER BY at, id LIMIT $7"
    );
    const OF_APP: &str = items!(
        "WHERE app = $1 AND state = 'unclaimed' AND at >= $2 AND at < $3 \
           AND (at > $4 OR id > $5) AND (CAST($6 AS TEXT) IS NULL OR 'unclaimed' = $6) \
         ORDER BY at, id LIMIT $7"
    );
    const OF_NUMBER: &str = items!(
        "WHERE number = $1 AND state = 'unclaimed' AND at >= $2 AND at < $3 \
           AND (at > $4 OR id > $5) AND (CAST($6 AS TEXT) IS NULL OR 'unclaimed' = $6) \
         ORDER BY at, id LIMIT $7"
    );
    let after = || page.after_number();
    let mut rows = cx.tx.rows(OWN, page.args(reach.tenant.as_str(), after())).await?;
    let apps = reach.apps.iter().map(|app| page.args(app.as_str(), after())).collect();
    rows.extend(cx.tx.each(OF_APP, apps).await?);
    let numbers = reach.numbers.iter().map(|number| page.args(number.as_str(), after())).collect();
    rows.extend(cx.tx.each(OF_NUMBER, numbers).await?);
    let mut found = BTreeMap::new();
    for row in rows {
        let letter = item(cx, row).await?.letter;
        found.insert((letter.at, letter.id), letter);
    }
    Ok(found.into_values().collect())
}

async fn letter(cx: &mut Cx, reach: &Reach, id: LetterId) -> Result<Option<Letter>, StoreError> {
    const WEBHOOK: &str = webhooks!("WHERE seq = $1 AND state = 'aside'");
    const ITEM: &str = items!("WHERE id = $1 AND state IN ('aside', 'unclaimed')");
    const SEND: &str = sends!("AND id = $2");
    const WRITE: &str = writes!("AND object = $2 AND id = $3");
    const RECORD: &str = records!("AND slot = $2 AND kind = $3");
    const FILE: &str = files!("AND id = $2");
    let tenant = &reach.tenant;
    Ok(match id {
        LetterId::Webhook(seq) => {
            let found = cx.tx.row(WEBHOOK, args![seq]).await?.map(webhook).transpose()?;
            found.filter(|found| reach.holds(found)).map(|found| found.letter)
        }
        LetterId::Item(id) => match cx.tx.row(ITEM, args![id]).await? {
            Some(row) => {
                Some(item(cx, row).await?).filter(|f| reach.holds(f)).map(|found| found.letter)
            }
            None => None,
        },
        LetterId::Send(id) => match cx.tx.row(SEND, args![tenant, id]).await? {
            Some(row) => Some(send(cx, tenant, row).await?),
            None => None,
        },
        LetterId::Write(object, id) => match cx.tx.row(WRITE, args![tenant, object, id]).await? {
            Some(row) => Some(write(cx, tenant, row).await?),
            None => None,
        },
        LetterId::Record(kind, slot) => match cx.tx.row(RECORD, args![tenant, slot, kind]).await? {
            Some(row) => Some(record(cx, tenant, row).await?),
            None => None,
        },
        LetterId::File(id) => match cx.tx.row(FILE, args![tenant, id]).await? {
            Some(row) => Some(file(cx, tenant, row).await?),
            None => None,
        },
    })
}

impl Reach {
    fn holds(&self, found: &Found) -> bool {
        match &found.tenant {
            Some(tenant) => *tenant == self.tenant,
            None => {
                self.apps.contains(&found.app)
                    || found.letter.number.as_ref().is_some_and(|n| self.numbers.contains(n))
            }
        }
    }
}

async fn intake_of_webhook(cx: &mut Cx, seq: i64) -> Result<Option<Intaken>, StoreError> {
    const SQL: &str = "SELECT j.app, b.body FROM journal j JOIN journal_body b ON b.seq = j.seq \
                       WHERE j.seq = $1";
    let Some(mut row) = cx.tx.row(SQL, args![seq]).await? else { return Ok(None) };
    let app = row.get()?;
    let body = opened(cx, seq, row.get()?).await?;
    Ok(Some(Intaken { app, body: Some(body.into()), raw: None, key: None }))
}

async fn intake_of_item(cx: &mut Cx, id: i64) -> Result<Option<Intaken>, StoreError> {
    const SQL: &str = "SELECT app, tenant, journal, ordinal, envelope, raw, key_day, key_hash \
                       FROM item WHERE id = $1";
    let Some(mut row) = cx.tx.row(SQL, args![id]).await? else { return Ok(None) };
    let app = row.get()?;
    let tenant = row.get::<Option<TenantId>>()?.unwrap_or_else(|| TenantId::new(""));
    let place = place(row.get()?, row.get()?);
    let (envelope, raw): (Option<Vec<u8>>, Option<Vec<u8>>) = (row.get()?, row.get()?);
    let (day, hash): (Option<i64>, Option<[u8; 16]>) = (row.get()?, row.get()?);
    let body = match envelope {
        Some(sealed) => Some(cx.open(tenant.as_str(), ENVELOPE, &place, sealed).await?.into()),
        None => None,
    };
    let raw = match raw {
        Some(sealed) => Some(cx.open(tenant.as_str(), RAW, &place, sealed).await?.into()),
        None => None,
    };
    let key = day.zip(hash).map(|(day, hash)| DayKey { day: day as i32, hash });
    Ok(Some(Intaken { app, body, raw, key }))
}
