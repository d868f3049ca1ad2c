//! Listing templates (Cloud API, Message templates).

use model::Fault;
use model::ids::WabaId;

use super::{Client, Page};
use crate::wire::template::TemplateInfo;

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
}
