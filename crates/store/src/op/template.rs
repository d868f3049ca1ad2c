//! Message templates: what Meta lists and tells, and what people agree to.

use model::UnixMs;
use model::ids::{TenantId, WabaId};

use crate::row::TemplateList;

/// The kind of the alert about a category that nobody agreed to.
pub const TEMPLATE_CATEGORY: &str = "template.category";

/// A template as a list that Meta was asked for at `at` holds it. What a webhook
/// told since then stays. The category it is first seen in counts as agreed to;
/// another one raises the alert [`TEMPLATE_CATEGORY`], the agreed one clears it.
#[derive(Clone, Debug)]
pub struct TemplateListed {
    pub tenant: TenantId,
    pub waba: WabaId,
    pub name: String,
    pub language: String,
    pub meta_id: String,
    pub state: String,
    pub category: String,
    pub named: bool,
    pub parts: String,
    pub reason: Option<String>,
    pub quality: Option<String>,
    pub at: UnixMs,
}

/// What a webhook told about a template; made when it was not known. Nothing
/// happens when a later event was told before, or a list was asked for a
/// minute or more after the event. Wants a reading of the list. Alerts as
/// [`TemplateListed`] does.
#[derive(Clone, Debug)]
pub struct TemplateTold {
    pub tenant: TenantId,
    pub waba: WabaId,
    pub name: String,
    pub language: String,
    pub meta_id: Option<String>,
    /// When it happened.
    pub event_at: UnixMs,
    pub received_at: UnixMs,
    pub news: TemplateNews,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplateNews {
    State {
        state: String,
        reason: Option<String>,
        category: Option<String>,
    },
    Quality(String),
    /// It is in this category now.
    Category {
        previous: Option<String>,
        category: String,
    },
    /// It will be.
    Announced(String),
    /// It was edited: the list says how.
    Parts,
}

/// Where the reading of a list stands: all but `wanted_at`, which stays.
#[derive(Clone, Debug)]
pub struct TemplateListStep {
    pub list: TemplateList,
    /// The reading ended: what it did not hold, and no webhook told of since it
    /// began, is `DELETED`.
    pub ended: bool,
}

/// Asks for a reading of an account's list; makes the list known.
#[derive(Clone, Debug)]
pub struct TemplateListWanted {
    pub tenant: TenantId,
    pub waba: WabaId,
    pub at: UnixMs,
}

/// A person agrees to the category that a template has now. Fails with
/// `Conflict` when it has another one by now, or is not known.
#[derive(Clone, Debug)]
pub struct TemplateAgreed {
    pub tenant: TenantId,
    pub waba: WabaId,
    pub name: String,
    pub language: String,
    pub category: String,
    pub at: UnixMs,
}

/// The template that a send uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateUse {
    pub name: String,
    /// As Meta's API writes it: `en_US`.
    pub language: String,
}
