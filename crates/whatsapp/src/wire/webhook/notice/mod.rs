//! Typed readings of the fields that are not messages (Cloud API, Webhooks
//! reference). Read when wanted: the item itself is registered regardless.

mod account;
mod calls;
mod clicks;
mod coexistence;
mod flows;
mod groups;
mod number;
mod routing;
mod template;

use serde::de::DeserializeOwned;

use super::Item;
use crate::wire::lenient;

pub use account::*;
pub use calls::*;
pub use clicks::*;
pub use coexistence::*;
pub use flows::*;
pub use groups::*;
pub use number::*;
pub use routing::*;
pub use template::*;

/// What one item of field `field` says. Each shape tolerates what is missing.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    TemplateStatus(Box<TemplateStatus>),
    TemplateQuality(TemplateQuality),
    TemplateComponents(Box<TemplateComponents>),
    TemplateCategory(TemplateCategory),
    CategoryMisuse(CategoryMisuse),
    NumberQuality(NumberQuality),
    NumberName(NumberName),
    Username(UsernameNotice),
    Security(SecurityNotice),
    AccountUpdate(Box<AccountUpdate>),
    AccountAlert(AccountAlert),
    AccountReview(AccountReview),
    AccountSettings(AccountSettings),
    BusinessCapability(BusinessCapability),
    PartnerSolution(PartnerSolution),
    PaymentConfiguration(PaymentConfiguration),
    AutomaticEvent(AutomaticEvent),
    StateSync(StateSync),
    Flow(Box<FlowNotice>),
    Group(Box<GroupNotice>),
    Call(Box<Call>),
    CallStatus(CallStatus),
    Handover(Box<Handover>),
    UserAction(UserAction),
    /// A field without a typed reading, or of another shape than known.
    Unknown,
}

impl Item {
    /// The typed reading of this item's raw text, by its field.
    pub fn notice(&self) -> Notice {
        self.read_notice().unwrap_or(Notice::Unknown)
    }

    fn read_notice(&self) -> Option<Notice> {
        Some(match (self.field.as_str(), self.part.as_str()) {
            ("message_template_status_update", "") => Notice::TemplateStatus(self.read()?),
            ("message_template_quality_update", "") => Notice::TemplateQuality(self.read()?),
            ("message_template_components_update", "") => Notice::TemplateComponents(self.read()?),
            ("template_category_update", "") => Notice::TemplateCategory(self.read()?),
            ("template_correct_category_detection", "") => Notice::CategoryMisuse(self.read()?),
            ("phone_number_quality_update", "") => Notice::NumberQuality(self.read()?),
            ("phone_number_name_update", "") => Notice::NumberName(self.read()?),
            ("business_username_updates" | "business_username_update", "") => {
                Notice::Username(self.read()?)
            }
            ("security", "") => Notice::Security(self.read()?),
            ("account_update", "") => Notice::AccountUpdate(self.read()?),
            ("account_alerts", "") => Notice::AccountAlert(self.read()?),
            ("account_review_update", "") => Notice::AccountReview(self.read()?),
            ("account_settings_update", "") => Notice::AccountSettings(self.read()?),
            ("business_capability_update", "") => Notice::BusinessCapability(self.read()?),
            ("partner_solutions", "") => Notice::PartnerSolution(self.read()?),
            ("payment_configuration_update", "") => Notice::PaymentConfiguration(self.read()?),
            ("automatic_events", "automatic_events") => Notice::AutomaticEvent(self.read()?),
            ("smb_app_state_sync", "state_sync") => Notice::StateSync(self.read()?),
            ("flows", "") => Notice::Flow(self.read()?),
            (group, "groups") if group.starts_with("group_") => Notice::Group(self.read()?),
            ("calls", "calls") => Notice::Call(self.read()?),
            ("calls", "statuses") => Notice::CallStatus(self.read()?),
            ("messages", "user_actions") => Notice::UserAction(self.read()?),
            ("messaging_handovers", "") => Notice::Handover(self.read()?),
            _ => return None,
        })
    }

    fn read<T: DeserializeOwned>(&self) -> Option<T> {
        let value = lenient::value_of(self.raw.get()).ok().filter(|v| v.is_object())?;
        serde_json::from_value(value).ok()
    }
}
