//! Listing, making, editing and deleting templates (Cloud API, Message templates).

use http::Method;
use model::Fault;
use model::ids::WabaId;
use serde_json::Value;

use super::call::success;
use super::{Client, Page};
use crate::wire::template::{TemplateInfo, TemplateMade};

const FIELDS: &str = "id,name,language,status,category,sub_category,previous_category,\
correct_category,parameter_format,components,rejected_reason,quality_score,\
library_template_name,message_send_ttl_seconds";

impl Client {
    /// One page of an account's templates, in every state. A cursor that Meta no
    /// longer takes is `wa.131059`: begin again without one.
    pub async fn templates(
        &self,
        waba: &WabaId,
        after: Option<&str>,
    ) -> Result<Page<TemplateInfo>, Fault> {
        let mut query = vec![("fields", FIELDS), ("limit", "100")];
        query.extend(after.map(|cursor| ("after", cursor)));
        Ok(Page::read(&self.get(&[waba.as_str(), "message_templates"], &query).await?))
    }

    /// Templates whose name contains this one, in every language.
    pub async fn templates_like(
        &self,
        waba: &WabaId,
        name: &str,
    ) -> Result<Vec<TemplateInfo>, Fault> {
        let query = [("fields", FIELDS), ("limit", "100"), ("name", name)];
        Ok(Page::read(&self.get(&[waba.as_str(), "message_templates"], &query).await?).data)
    }

    /// Submits a definition for review. The same name and language twice is
    /// refused by Meta, so that a repeat makes no second one.
    pub async fn create_template(
        &self,
        waba: &WabaId,
        definition: &Value,
    ) -> Result<TemplateMade, Fault> {
        super::call::read(self.post(&[waba.as_str(), "message_templates"], definition).await?)
    }

    /// Replaces what the body names; the template goes back into review.
    pub async fn edit_template(&self, id: &str, body: &Value) -> Result<(), Fault> {
        success(&self.post(&[id], body).await?)
    }

    /// Deletes one language. The name of an approved one is blocked for 30 days.
    pub async fn delete_template(&self, waba: &WabaId, name: &str, id: &str) -> Result<(), Fault> {
        let query = [("name", name), ("hsm_id", id)];
        let url = self.url(&[waba.as_str(), "message_templates"], &query);
        let answer = self.exchange(&self.token, Method::DELETE, &url, None).await?;
        success(&self.json(&answer, &self.token)?)
    }
}
