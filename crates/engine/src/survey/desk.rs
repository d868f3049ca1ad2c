//! What an admin does about surveys.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::ids::TenantId;
use rules::mapping::{Complaint, Target};
use rules::survey::{Survey, check, diff, read_any};

use super::active::SurveysInUse;
use crate::directory::Directory;
use crate::mapping::{Checked, Refused, shape};
use crate::nudge::Nudges;
use crate::run::Parts;

/// One for a process.
pub struct SurveyDesk {
    pub surveys: SurveysInUse,
    pub clients: BTreeMap<TenantId, Arc<salesforce::Client>>,
    pub directory: Directory,
    pub nudges: Nudges,
}

impl SurveyDesk {
    pub fn new(parts: &Parts, nudges: Nudges) -> Self {
        Self {
            surveys: SurveysInUse::new(parts.store.clone(), parts.ambient.clone()),
            clients: parts.remotes.salesforce.clone(),
            directory: parts.directory.clone(),
            nudges,
        }
    }

    /// Changes nothing. A file with mistakes of its own is not held against the
    /// org, and compared with nothing.
    pub async fn check(&self, tenant: &TenantId, text: &str) -> Result<Checked, Refused> {
        let active = self.surveys.active(tenant).await?;
        let (complaints, changes) = match read_any(text) {
            Ok(survey) => {
                let changes = diff(active.survey.as_ref(), survey.as_ref());
                (self.beyond(tenant, survey.as_ref()).await?, changes)
            }
            Err(complaints) => (complaints, Vec::new()),
        };
        Ok(Checked { complaints, changes, active: active.version })
    }

    /// Keeps it as a version and puts it to use; the version's number. What the
    /// org could not take, or Meta would refuse, is refused here.
    pub async fn apply(&self, tenant: &TenantId, text: &str, by: &str) -> Result<i64, Refused> {
        let survey = read_any(text).map_err(Refused::Broken)?;
        let complaints = self.beyond(tenant, survey.as_ref()).await?;
        if !complaints.is_empty() {
            return Err(Refused::Broken(complaints));
        }
        let version = self.surveys.keep(tenant, text, by).await?;
        self.nudges.endings.wake();
        Ok(version)
    }

    /// As [`crate::mapping::MappingDesk::roll_back`].
    pub async fn roll_back(
        &self,
        tenant: &TenantId,
        to: Option<i64>,
        by: &str,
    ) -> Result<i64, Refused> {
        let version = match to {
            Some(version) => version,
            None => self.surveys.number(tenant).await? - 1,
        };
        let text = self.surveys.text(tenant, version).await?.ok_or(Refused::Unknown)?;
        let survey = read_any(&text).map_err(Refused::Broken)?;
        match self.beyond(tenant, survey.as_ref()).await {
            Ok(complaints) if !complaints.is_empty() => return Err(Refused::Broken(complaints)),
            Ok(_) | Err(Refused::Salesforce(_)) => {}
            Err(other) => return Err(other),
        }
        let version = self.surveys.go_back(tenant, version, by).await?;
        self.nudges.endings.wake();
        Ok(version)
    }

    /// Against the org's Case and the templates of the tenant's accounts.
    async fn beyond(
        &self,
        tenant: &TenantId,
        survey: Option<&Survey>,
    ) -> Result<Vec<Complaint>, Refused> {
        let Some(survey) = survey else { return Ok(Vec::new()) };
        let mut complaints = self.templates(tenant, survey).await?;
        let fields = &survey.fields;
        if fields.score.is_some() || fields.comment.is_some() {
            let client = self.clients.get(tenant).ok_or(Refused::Unknown)?;
            let found = client.describe("Case").await.map_err(Refused::Salesforce)?;
            complaints.extend(check(survey, &shape(client.names(), Target::Case, &found)));
        }
        Ok(complaints)
    }

    /// What is known of each template says that a question can be sent by it. Of
    /// one that no list held nothing is said.
    async fn templates(
        &self,
        tenant: &TenantId,
        survey: &Survey,
    ) -> Result<Vec<Complaint>, Refused> {
        let accounts: BTreeSet<_> =
            self.directory.numbers_of(tenant).map(|number| &number.waba).collect();
        let mut complaints = Vec::new();
        for (_, template) in &survey.templates {
            for waba in &accounts {
                let store = &self.surveys.store;
                let known = store.template(tenant, waba, &template.name).await?;
                let Some(known) = known.iter().find(|one| one.language == template.code) else {
                    continue;
                };
                let mut no = |why: String, cure: &str| {
                    let field = format!("template.{}", template.name);
                    complaints.push(Complaint::at(template.line, field, why, cure));
                };
                if known.category == "MARKETING" {
                    let why = "its category is MARKETING: who did not agree to marketing is not \
                               asked by it";
                    no(why.into(), "use a template of the category UTILITY");
                }
                if let Some(buttons) = quick_replies(&known.parts)
                    && buttons != survey.answers.len()
                {
                    let answers = survey.answers.len();
                    let why =
                        format!("it has {buttons} quick replies, and there are {answers} answers");
                    no(why, "give it one quick reply for each answer, in their order");
                }
            }
        }
        Ok(complaints)
    }
}

/// `None`: the parts are not known.
fn quick_replies(parts: &str) -> Option<usize> {
    let parts: Vec<serde_json::Value> = serde_json::from_str(parts).ok()?;
    let of = |part: &serde_json::Value| {
        let buttons = part["buttons"].as_array().into_iter().flatten();
        buttons.filter(|button| button["type"] == "QUICK_REPLY").count()
    };
    (!parts.is_empty()).then(|| parts.iter().map(of).sum())
}
