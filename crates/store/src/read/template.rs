//! Message templates, and how far their lists were read.

use model::ids::{TenantId, WabaId};

use super::{boxed, plain};
use crate::row::{Template, TemplateList};
use crate::sql::{Cols, V, args};
use crate::{Store, StoreError};

macro_rules! templates {
    ($rest:literal) => {
        concat!(
            "SELECT tenant, waba, name, language, meta_id, state, category, agreed, announced, \
             named, parts, reason, quality, listed_at, told_at FROM template ",
            $rest
        )
    };
}

fn template(row: &mut Cols) -> Result<Template, StoreError> {
    Ok(Template {
        tenant: row.get()?,
        waba: row.get()?,
        name: row.get()?,
        language: row.get()?,
        meta_id: row.get()?,
        state: row.get()?,
        category: row.get()?,
        agreed: row.get()?,
        announced: row.get()?,
        named: row.get()?,
        parts: row.get()?,
        reason: row.get()?,
        quality: row.get()?,
        listed_at: row.get()?,
        told_at: row.get()?,
    })
}

impl Store {
    /// All languages of a name, by language; of one account.
    pub async fn template(
        &self,
        tenant: &TenantId,
        waba: &WabaId,
        name: &str,
    ) -> Result<Vec<Template>, StoreError> {
        const SQL: &str =
            templates!("WHERE tenant = $1 AND waba = $2 AND name = $3 ORDER BY language");
        self.templates_of(SQL, args![tenant, waba, name]).await
    }

    /// By account, name and language; what is gone too.
    pub async fn templates(&self, tenant: &TenantId) -> Result<Vec<Template>, StoreError> {
        const SQL: &str = templates!("WHERE tenant = $1 ORDER BY waba, name, language");
        self.templates_of(SQL, args![tenant]).await
    }

    async fn templates_of(
        &self,
        sql: &'static str,
        args: Vec<V>,
    ) -> Result<Vec<Template>, StoreError> {
        self.read(move |cx| boxed(async move { plain(cx.tx.rows(sql, args).await?, template) }))
            .await
    }

    /// How far each account's list was read, by account.
    pub async fn template_lists(&self) -> Result<Vec<TemplateList>, StoreError> {
        const SQL: &str = "SELECT tenant, waba, wanted_at, due_at, began_at, cursor, done_at \
                           FROM template_list ORDER BY tenant, waba";
        self.read(move |cx| {
            boxed(async move {
                plain(cx.tx.rows(SQL, vec![]).await?, |row| {
                    Ok(TemplateList {
                        tenant: row.get()?,
                        waba: row.get()?,
                        wanted_at: row.get()?,
                        due_at: row.get()?,
                        began_at: row.get()?,
                        cursor: row.get()?,
                        done_at: row.get()?,
                    })
                })
            })
        })
        .await
    }
}
