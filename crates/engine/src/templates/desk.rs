//! What people do about templates: submit, edit, delete, agree.

use std::collections::BTreeMap;

use model::ids::{PhoneNumberId, TenantId, WabaId};
use model::{Ambient, Fault, Stage};
use rules::template::{Complaint, check};
use serde_json::Value;
use store::op::{
    AuditEntry, TemplateAgreed, TemplateListWanted, TemplateListed, TemplateNews, TemplateTold,
};
use store::{Commit, Op, Store, StoreError, Template};
use whatsapp::wire::template::TemplateInfo;

use super::convert;
use crate::directory::Directory;
use crate::nudge::Nudges;
use crate::run::Parts;

/// States in which Meta takes an edit.
const EDITABLE: [&str; 3] = ["APPROVED", "REJECTED", "PAUSED"];

/// One for a process.
pub struct TemplateDesk {
    pub store: Store,
    pub ambient: Ambient,
    pub directory: Directory,
    pub clients: BTreeMap<PhoneNumberId, whatsapp::Client>,
    pub nudges: Nudges,
}

/// Which template is meant.
#[derive(Clone, Debug)]
pub struct Pick {
    pub name: String,
    /// May be left out while there is one only.
    pub language: Option<String>,
    /// May be left out while one account has it.
    pub waba: Option<WabaId>,
}

#[derive(Debug)]
pub enum Refused {
    /// Each with its cure.
    Broken(Vec<Complaint>),
    /// Meta's own answer, or none.
    Meta(Fault),
    /// There is none of that name.
    Unknown,
    /// No number of the configuration belongs to the account.
    NoAccount,
    /// More than one is meant; they are named.
    Several(Vec<Template>),
    Store(StoreError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl TemplateDesk {
    pub fn new(parts: &Parts, nudges: Nudges) -> Self {
        Self {
            store: parts.store.clone(),
            ambient: parts.ambient.clone(),
            directory: parts.directory.clone(),
            clients: parts.remotes.whatsapp.clone(),
            nudges,
        }
    }

    pub async fn find(&self, tenant: &TenantId, pick: &Pick) -> Result<Template, Refused> {
        let all = self.store.templates(tenant).await?;
        let mut meant: Vec<_> = all
            .into_iter()
            .filter(|t| t.name == pick.name)
            .filter(|t| pick.language.as_ref().is_none_or(|language| *language == t.language))
            .filter(|t| pick.waba.as_ref().is_none_or(|waba| *waba == t.waba))
            .collect();
        match meant.len() {
            0 => Err(Refused::Unknown),
            1 => Ok(meant.remove(0)),
            _ => Err(Refused::Several(meant)),
        }
    }

    /// Submits a definition that keeps Meta's rules. A lost answer is settled by
    /// looking: what is there counts as submitted, and nothing is sent twice.
    pub async fn create(
        &self,
        tenant: &TenantId,
        waba: Option<&WabaId>,
        definition: &Value,
        by: &str,
    ) -> Result<Template, Refused> {
        let found = check(definition);
        if !found.is_empty() {
            return Err(Refused::Broken(found));
        }
        let (waba, client) = self.account(tenant, waba)?;
        let text = |key: &str| definition[key].as_str().unwrap_or_default().to_owned();
        let (name, language, asked) = (text("name"), text("language"), text("category"));
        let at = self.ambient.now();
        let mut info = match client.create_template(&waba, definition).await {
            Ok(made) => TemplateInfo {
                id: made.id,
                status: made.status.or(Some("PENDING".into())),
                category: made.category,
                parameter_format: definition["parameter_format"].as_str().map(str::to_owned),
                components: definition["components"].as_array().cloned().unwrap_or_default(),
                ..TemplateInfo::default()
            },
            Err(fault) if fault.stage == Stage::Unknown => {
                let there = client.templates_like(&waba, &name).await.map_err(Refused::Meta)?;
                let same = |t: &TemplateInfo| {
                    t.name.as_ref() == Some(&name) && t.language.as_ref() == Some(&language)
                };
                there.into_iter().find(same).ok_or(Refused::Meta(fault))?
            }
            Err(fault) => return Err(Refused::Meta(fault)),
        };
        (info.name, info.language) = (Some(name.clone()), Some(language.clone()));
        let asked = asked.to_uppercase();
        let given = info.category.replace(asked.clone()).unwrap_or_else(|| asked.clone());
        let meta_id = info.id.clone();
        let mut ops = Vec::new();
        // agreed to is the category that was asked for
        ops.extend(
            convert::listed(tenant, &waba, info, at)
                .map(|row: TemplateListed| Op::TemplateListed(row)),
        );
        if given != asked {
            let news = TemplateNews::Category { previous: Some(asked), category: given };
            ops.push(self.told(tenant, &waba, &name, &language, meta_id, news));
        }
        ops.push(Op::WantTemplates(TemplateListWanted {
            tenant: tenant.clone(),
            waba: waba.clone(),
            at: self.ambient.now(),
        }));
        ops.push(self.audit(tenant, "template.created", &waba, &name, &language, by));
        self.store.commit(Commit::of(ops)).await?;
        self.nudges.templates.wake();
        let pick = Pick { name, language: Some(language), waba: Some(waba) };
        self.find(tenant, &pick).await
    }

    /// Replaces the components; the template goes back into review.
    pub async fn edit(
        &self,
        tenant: &TenantId,
        pick: &Pick,
        components: &Value,
        by: &str,
    ) -> Result<Template, Refused> {
        let row = self.find(tenant, pick).await?;
        if !EDITABLE.contains(&row.state.as_str()) {
            let why = format!("it is {}; Meta takes edits in {}", row.state, EDITABLE.join(", "));
            let cure = "wait for the review, or submit another one";
            let field = "name".to_owned();
            return Err(Refused::Broken(vec![Complaint { field, why, cure: cure.into() }]));
        }
        let format = if row.named { "NAMED" } else { "POSITIONAL" };
        let whole = serde_json::json!({ "name": row.name, "language": row.language,
            "category": row.category, "parameter_format": format, "components": components });
        let found = check(&whole);
        if !found.is_empty() {
            return Err(Refused::Broken(found));
        }
        let (waba, client) = self.account(tenant, Some(&row.waba))?;
        let body = serde_json::json!({ "components": components, "parameter_format": format });
        let done = client.edit_template(&row.meta_id, &body).await;
        self.asked(tenant, &waba, &row, "template.edited", by, None, done).await?;
        self.find(tenant, pick).await
    }

    /// Deletes one language at Meta.
    pub async fn delete(&self, tenant: &TenantId, pick: &Pick, by: &str) -> Result<(), Refused> {
        let row = self.find(tenant, pick).await?;
        let (waba, client) = self.account(tenant, Some(&row.waba))?;
        let done = client.delete_template(&waba, &row.name, &row.meta_id).await;
        let news = TemplateNews::State { state: "DELETED".into(), reason: None, category: None };
        self.asked(tenant, &waba, &row, "template.deleted", by, Some(news), done).await
    }

    /// A person agrees to the category that it has now.
    pub async fn agree(
        &self,
        tenant: &TenantId,
        pick: &Pick,
        by: &str,
    ) -> Result<Template, Refused> {
        let row = self.find(tenant, pick).await?;
        let agreed = TemplateAgreed {
            tenant: tenant.clone(),
            waba: row.waba.clone(),
            name: row.name.clone(),
            language: row.language.clone(),
            category: row.category.clone(),
            at: self.ambient.now(),
        };
        let audit = self.audit(tenant, "template.agreed", &row.waba, &row.name, &row.language, by);
        self.store.commit(Commit::of(vec![Op::AgreeTemplate(agreed), audit])).await?;
        self.find(tenant, pick).await
    }

    /// After a lost answer too the list is read anew: it says what was done.
    #[allow(clippy::too_many_arguments, reason = "one call's whole outcome")]
    async fn asked(
        &self,
        tenant: &TenantId,
        waba: &WabaId,
        row: &Template,
        action: &str,
        by: &str,
        news: Option<TemplateNews>,
        done: Result<(), Fault>,
    ) -> Result<(), Refused> {
        let (tenant_id, at) = (tenant.clone(), self.ambient.now());
        let mut ops = vec![Op::WantTemplates(TemplateListWanted {
            tenant: tenant_id,
            waba: waba.clone(),
            at,
        })];
        if done.is_ok() {
            ops.push(self.audit(tenant, action, waba, &row.name, &row.language, by));
            ops.extend(
                news.map(|news| self.told(tenant, waba, &row.name, &row.language, None, news)),
            );
        }
        self.store.commit(Commit::of(ops)).await?;
        self.nudges.templates.wake();
        done.map_err(Refused::Meta)
    }

    fn told(
        &self,
        tenant: &TenantId,
        waba: &WabaId,
        name: &str,
        language: &str,
        meta_id: Option<String>,
        news: TemplateNews,
    ) -> Op {
        let now = self.ambient.now();
        Op::TemplateTold(TemplateTold {
            tenant: tenant.clone(),
            waba: waba.clone(),
            name: name.to_owned(),
            language: language.to_owned(),
            meta_id,
            event_at: now,
            received_at: now,
            news,
        })
    }

    fn audit(
        &self,
        tenant: &TenantId,
        action: &str,
        waba: &WabaId,
        name: &str,
        language: &str,
        by: &str,
    ) -> Op {
        Op::Audit(AuditEntry {
            tenant: tenant.clone(),
            at: self.ambient.now(),
            actor: by.to_owned(),
            action: action.to_owned(),
            subject: format!("{waba}/{name}/{language}"),
            detail: String::new(),
        })
    }

    /// The account and a way to it; the first one when none is named.
    fn account(
        &self,
        tenant: &TenantId,
        waba: Option<&WabaId>,
    ) -> Result<(WabaId, &whatsapp::Client), Refused> {
        let mut numbers = self.directory.numbers_of(tenant);
        numbers
            .find(|n| waba.is_none_or(|waba| n.waba == *waba) && self.clients.contains_key(&n.id))
            .map(|n| (n.waba.clone(), &self.clients[&n.id]))
            .ok_or(Refused::NoAccount)
    }
}
