//! Feed and audit rows: numbered without gaps, in the order of their commits.
//!
//! Their counter is one row for each tenant, locked until the commit, so a
//! number never becomes visible after a higher one.

use std::collections::BTreeMap;

use aws_lc_rs::digest;
use model::ids::TenantId;

use crate::StoreError;
use crate::cx::{Cx, FeedDraft};
use crate::op::AuditEntry;
use crate::sql::args;

pub(crate) async fn write(cx: &mut Cx) -> Result<(), StoreError> {
    if cx.feed.is_empty() && cx.audit.is_empty() {
        return Ok(());
    }
    let mut tenants: BTreeMap<TenantId, (Vec<FeedDraft>, Vec<AuditEntry>)> = BTreeMap::new();
    for draft in std::mem::take(&mut cx.feed) {
        tenants.entry(draft.tenant.clone()).or_default().0.push(draft);
    }
    for entry in std::mem::take(&mut cx.audit) {
        tenants.entry(entry.tenant.clone()).or_default().1.push(entry);
    }
    for (tenant, (feed, audit)) in tenants {
        numbered(cx, &tenant, feed, audit).await?;
    }
    Ok(())
}

async fn numbered(
    cx: &mut Cx,
    tenant: &TenantId,
    feed: Vec<FeedDraft>,
    audit: Vec<AuditEntry>,
) -> Result<(), StoreError> {
    const NEXT: &str = "INSERT INTO tenant_seq (tenant, feed, audit, audit_hash) \
        VALUES ($1, $2, $3, $4) \
        ON CONFLICT (tenant) DO UPDATE SET feed = tenant_seq.feed + excluded.feed, \
            audit = tenant_seq.audit + excluded.audit \
        RETURNING feed, audit, audit_hash";
    let (feeds, audits) = (feed.len() as i64, audit.len() as i64);
    let row = cx.tx.row(NEXT, args![tenant, feeds, audits, [0u8; 32]]).await?;
    let mut row = row.ok_or_else(|| StoreError::Broken("no number was given".into()))?;
    let (feed_last, audit_last, hash): (i64, i64, [u8; 32]) = (row.get()?, row.get()?, row.get()?);
    feed_rows(cx, feed, feed_last - feeds).await?;
    audit_rows(cx, tenant, audit, audit_last - audits, hash).await
}

async fn feed_rows(cx: &mut Cx, feed: Vec<FeedDraft>, before: i64) -> Result<(), StoreError> {
    const ROW: &str = "INSERT INTO feed (tenant, seq, at, kind, message, outbox, rank) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7)";
    for (row, seq) in feed.into_iter().zip(before + 1..) {
        let rank = row.status.map(|status| status.rank());
        let args = args![&row.tenant, seq, row.at, row.kind, row.message, row.outbox, rank];
        cx.tx.exec(ROW, args).await?;
    }
    Ok(())
}

async fn audit_rows(
    cx: &mut Cx,
    tenant: &TenantId,
    audit: Vec<AuditEntry>,
    before: i64,
    mut hash: [u8; 32],
) -> Result<(), StoreError> {
    const ROW: &str = "INSERT INTO audit (tenant, seq, at, actor, action, subject, detail, hash) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    const HEAD: &str = "UPDATE tenant_seq SET audit_hash = $1 WHERE tenant = $2";
    if audit.is_empty() {
        return Ok(());
    }
    for (row, seq) in audit.into_iter().zip(before + 1..) {
        // What is hashed is what is stored, and PostgreSQL stores no NUL.
        let [actor, action, subject, detail] = [row.actor, row.action, row.subject, row.detail]
            .map(|text| text.replace('\0', "\u{fffd}"));
        hash = audit_hash(&hash, seq, row.at.0, [&actor, &action, &subject, &detail]);
        let args = args![tenant, seq, row.at, actor, action, subject, detail, hash];
        cx.tx.exec(ROW, args).await?;
    }
    cx.tx.exec(HEAD, args![hash, tenant]).await?;
    Ok(())
}

/// SHA-256 over the hash before (32 zero bytes for the first line), the
/// line's number and time, and each text after its length.
pub(crate) fn audit_hash(before: &[u8; 32], seq: i64, at: i64, texts: [&str; 4]) -> [u8; 32] {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(before);
    context.update(&seq.to_be_bytes());
    context.update(&at.to_be_bytes());
    for text in texts {
        context.update(&(text.len() as u64).to_be_bytes());
        context.update(text.as_bytes());
    }
    let hash = context.finish();
    std::array::from_fn(|i| hash.as_ref()[i])
}
