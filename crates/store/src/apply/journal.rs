//! Webhook bodies as they came.

use model::UnixMs;

use super::{Applied, met};
use crate::StoreError;
use crate::cx::Cx;
use crate::op::{Did, NewWebhook};
use crate::seal::Owner;
use crate::sql::args;

const BODY: &str = "journal_body.body";
const REASON: &str = "journal.reason";

pub(super) async fn append(cx: &mut Cx, op: NewWebhook) -> Applied {
    const ROW: &str = "INSERT INTO journal (app, received_at) VALUES ($1, $2) RETURNING seq";
    const INTO_BODY: &str = "INSERT INTO journal_body (seq, body) VALUES ($1, $2)";
    let row = cx.tx.row(ROW, args![&op.app, op.received_at]).await?;
    let seq: i64 = row.ok_or_else(unnumbered)?.get()?;
    let body = sealed(cx, seq, &op.body).await?;
    cx.tx.exec(INTO_BODY, args![seq, body]).await?;
    Ok(Did::Seq(seq))
}

fn unnumbered() -> StoreError {
    StoreError::Broken("an inserted row has no number".into())
}

pub(crate) async fn sealed(cx: &mut Cx, seq: i64, body: &[u8]) -> Result<Vec<u8>, StoreError> {
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
