//! Faults of ours: what never goes out to Salesforce.

use std::borrow::Cow;

use model::{Act, Code, Fault, Scope, Stage};

/// A setting that cannot work.
pub const CONFIG: &str = "puente.salesforce_config";
/// A request beyond what the API takes.
pub const REQUEST: &str = "puente.salesforce_request";
/// A token for another org than the one that was connected.
pub const WRONG_ORG: &str = "puente.salesforce_wrong_org";
/// A new session that Salesforce refused at once.
pub const SESSION_REFUSED: &str = "puente.salesforce_session_refused";

pub(crate) fn config(detail: impl Into<String>, cure: impl Into<Cow<'static, str>>) -> Fault {
    fault(CONFIG, Act::Ask, Scope::Org, detail, cure)
}

pub(crate) fn request(detail: impl Into<String>, cure: impl Into<Cow<'static, str>>) -> Fault {
    fault(REQUEST, Act::Reject, Scope::Item, detail, cure)
}

pub(crate) fn fault(
    code: &'static str,
    act: Act,
    scope: Scope,
    detail: impl Into<String>,
    cure: impl Into<Cow<'static, str>>,
) -> Fault {
    Fault {
        act,
        scope,
        stage: Stage::NotSent,
        code: Code::new(code),
        detail: detail.into(),
        cure: cure.into(),
    }
}
