//! A business number (Cloud API, Business phone numbers).

use model::Fault;
use model::ids::{PhoneNumberId, WabaId};

use super::{Client, Page};
use crate::wire::node::NumberInfo;

const FIELDS: &str = "id,display_phone_number,verified_name,quality_rating,status,name_status,\
code_verification_status,platform_type,throughput,account_mode,is_official_business_account,\
is_pin_enabled,is_on_biz_app,webhook_configuration,whatsapp_business_manager_messaging_limit,\
health_status";

impl Client {
    pub async fn number(&self, number: &PhoneNumberId) -> Result<NumberInfo, Fault> {
        self.node(&[number.as_str()], &[("fields", FIELDS)]).await
    }

    /// One page of an account's numbers.
    pub async fn numbers(
        &self,
        waba: &WabaId,
        after: Option<&str>,
    ) -> Result<Page<NumberInfo>, Fault> {
        let mut query = vec![("fields", FIELDS), ("limit", "100")];
        query.extend(after.map(|cursor| ("after", cursor)));
        Ok(Page::read(&self.get(&[waba.as_str(), "phone_numbers"], &query).await?))
    }
}
