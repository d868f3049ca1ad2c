//! Webhook bodies as they came.

use model::UnixMs;

use super::{Applied, met};
use crate::StoreError;
use crate::cx::Cx;
use crate::op::{Did, NewWebhook};
use crate::seal::Owner;
use crate::sql::{Tx, args};
use crate::{postgres, sqlite};

const BODY: &str = "journal_body.body";
const REASON: &str = "journal.reason";

pub(super) async fn append_one(cx: &mut Cx, op: NewWebhook) -> Applied {
    let seqs = append(cx, vec![op]).await?;
    let unnumbered = || StoreError::Broken("an inserted row has no number".into());
    seqs.first().copied().map(Did::Seq).ok_or_else(unnumbered)
}

/// Their places in the journal, in order. In few statements, however many they
/// are: both engines have words of their own for that.
pub(crate) async fn append(cx: &mut Cx, webhooks: Vec<NewWebhook>) -> Result<Vec<i64>, StoreError> {
    let seqs = match &mut cx.tx {
        Tx::Sqlite(tx) => sqlite::append::numbers(tx, webhooks.len())?,
        Tx::Postgres(tx) => postgres::append::numbers(tx, webhooks.len()).await?,
    };
    let mut bodies = Vec::with_capacity(webhooks.len());
    for (seq, webhook) in seqs.iter().zip(&webhooks) {
        bodies.push(sealed(cx, *seq, &webhook.body).await?);
    }
    match &mut cx.tx {
        Tx::Sqlite(tx) => sqlite::append::rows(tx, &seqs, &webhooks, bodies)?,
        Tx::Postgres(tx) => postgres::append::rows(tx, &seqs, &webhooks, &bodies).await?,
    }
    Ok(seqs)
}

pub(super) async fn sealed(cx: &mut Cx, seq: i64, body: &[u8]) -> Result<Vec<u8>, StoreError> {
    cx.seal(&Owner::Installation, BODY, &seq.to_be_bytes(), body).await
}

/// Why a person discarded the body.
pub(super) async fn sealed_reason(
    cx: &mut Cx,
    seq: i64,
    reason: &str,
) -> Result<Vec<u8>, StoreError> {
    cx.seal(&Owner::Installation, REASON, &seq.to_be_bytes(), reason.as_bytes()).await
}

pub(crate) async fn opened(cx: &mut Cx, seq: i64, body: Vec<u8>) -> Result<Vec<u8>, StoreError> {
    cx.open("", BODY, &seq.to_be_bytes(), body).await
}

pub(super) async fn attempt(cx: &mut Cx, mut seqs: Vec<i64>) -> Applied {
    const SQL: &str = "UPDATE journal SET attempts = attempts + 1 WHERE seq = $1";
    seqs.sort_unstable();
    cx.tx.each(SQL, seqs.into_iter().map(|seq| args![seq]).collect()).await?;
    Ok(Did::Done)
}

/// Only an open row ends; the first end stays.
pub(super) async fn done(cx: &mut Cx, seq: i64, at: UnixMs) -> Applied {
    const SQL: &str = "UPDATE journal SET state = 'done', ended_at = $1 \
                       WHERE seq = $2 AND state <> 'done'";
    cx.tx.exec(SQL, args![at, seq]).await?;
    Ok(Did::Done)
}

pub(super) async fn aside(cx: &mut Cx, seq: i64, at: UnixMs, code: String) -> Applied {
    const SQL: &str = "UPDATE journal SET state = 'aside', ended_at = $1, code = $2 \
                       WHERE seq = $3 AND state = 'open'";
    let rows = cx.tx.exec(SQL, args![at, code, seq]).await?;
    met(rows, "journal")
}
