//! Alerts and the audit trail.

use model::ids::TenantId;

use super::{boxed, plain};
use crate::apply::alert::{TEXT, place};
use crate::row::{Alert, Audit};
use crate::sql::args;
use crate::{Store, StoreError};

impl Store {
    /// Oldest first.
    pub async fn alerts_open(&self, tenant: &TenantId) -> Result<Vec<Alert>, StoreError> {
        const SQL: &str = "SELECT kind, subject, text, raised_at, seen_at, cleared_at FROM alert \
                           WHERE tenant = $1 AND cleared_at IS NULL ORDER BY raised_at, id";
        let tenant = tenant.clone();
        self.read(move |cx| {
            boxed(async move {
                let mut out = vec![];
                for mut row in cx.tx.rows(SQL, args![&tenant]).await? {
                    let (kind, subject): (String, String) = (row.get()?, row.get()?);
                    let place = place(&kind, &subject);
                    let text = cx.open_text(&tenant, TEXT, &place, row.get()?).await?;
                    out.push(Alert {
                        kind,
                        subject,
                        text: text.unwrap_or_default(),
                        raised_at: row.get()?,
                        seen_at: row.get()?,
                        cleared_at: row.get()?,
                    });
                }
                Ok(out)
            })
        })
        .await
    }

    /// Lines after `seq`, in order.
    pub async fn audit_after(
        &self,
        tenant: &TenantId,
        seq: i64,
        max: u32,
    ) -> Result<Vec<Audit>, StoreError> {
        const SQL: &str = "SELECT seq, at, actor, action, subject, detail, hash FROM audit \
                           WHERE tenant = $1 AND seq > $2 ORDER BY seq LIMIT $3";
        let args = args![tenant, seq, max];
        self.read(move |cx| {
            boxed(async move {
                plain(cx.tx.rows(SQL, args).await?, |row| {
                    Ok(Audit {
                        seq: row.get()?,
                        at: row.get()?,
                        actor: row.get()?,
                        action: row.get()?,
                        subject: row.get()?,
                        detail: row.get()?,
                        hash: row.get()?,
                    })
                })
            })
        })
        .await
    }
}

impl Audit {
    /// Whether this line follows a line with that hash (32 zero bytes for the
    /// first line) and is unaltered.
    pub fn follows(&self, before: &[u8; 32]) -> bool {
        let texts = [&self.actor, &self.action, &self.subject, &self.detail].map(String::as_str);
        crate::apply::numbered::audit_hash(before, self.seq, self.at.0, texts) == self.hash
    }
}
