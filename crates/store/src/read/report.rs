//! Reports that compare both sides.

use model::ids::{ReportId, TenantId};

use super::{boxed, first, plain};
use crate::apply::report::BODY;
use crate::row::AskedReport;
use crate::sql::{Cols, V, args};
use crate::{Store, StoreError};

macro_rules! reports {
    ($rest:literal) => {
        concat!(
            "SELECT id, state, asked_at, asked_by, since, repair, ended_at, summary \
             FROM reconcile_report ",
            $rest
        )
    };
}

fn report(row: &mut Cols) -> Result<AskedReport, StoreError> {
    Ok(AskedReport {
        id: row.get()?,
        state: row.get()?,
        asked_at: row.get()?,
        asked_by: row.get()?,
        since: row.get()?,
        repair: row.get()?,
        ended_at: row.get()?,
        summary: row.get()?,
    })
}

impl Store {
    /// Newest first.
    pub async fn reports(
        &self,
        tenant: &TenantId,
        max: u32,
    ) -> Result<Vec<AskedReport>, StoreError> {
        const SQL: &str = reports!("WHERE tenant = $1 ORDER BY asked_at DESC, id DESC LIMIT $2");
        self.asked(SQL, args![tenant, max]).await
    }

    /// The report that was asked for first and is not made yet.
    pub async fn report_wanted(
        &self,
        tenant: &TenantId,
    ) -> Result<Option<AskedReport>, StoreError> {
        const SQL: &str =
            reports!("WHERE tenant = $1 AND state = 'wanted' ORDER BY asked_at, id LIMIT 1");
        Ok(first(self.asked(SQL, args![tenant]).await?))
    }

    /// With the signed document, once it is made.
    pub async fn report(
        &self,
        tenant: &TenantId,
        id: ReportId,
    ) -> Result<Option<(AskedReport, Option<Vec<u8>>)>, StoreError> {
        const SQL: &str = reports!("WHERE tenant = $1 AND id = $2");
        const SEALED: &str = "SELECT body FROM reconcile_report WHERE tenant = $1 AND id = $2";
        let tenant = tenant.clone();
        self.read(move |cx| {
            boxed(async move {
                let rows = cx.tx.rows(SQL, args![&tenant, id]).await?;
                let Some(asked) = first(plain(rows, report)?) else { return Ok(None) };
                let sealed = match cx.tx.row(SEALED, args![&tenant, id]).await? {
                    Some(mut row) => row.get::<Option<Vec<u8>>>()?,
                    None => None,
                };
                let body = match sealed {
                    Some(sealed) => {
                        Some(cx.open(tenant.as_str(), BODY, id.as_bytes(), sealed).await?)
                    }
                    None => None,
                };
                Ok(Some((asked, body)))
            })
        })
        .await
    }

    async fn asked(&self, sql: &'static str, args: Vec<V>) -> Result<Vec<AskedReport>, StoreError> {
        self.read(move |cx| boxed(async move { plain(cx.tx.rows(sql, args).await?, report) })).await
    }
}
