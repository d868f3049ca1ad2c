//! Why a send was not accepted: plain cause, and the cure.

use model::{Code, Denied, Fault, Purpose};
use store::StoreError;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub kind: RefusalKind,
    pub code: Code,
    /// Path in the request, such as `text.body`.
    pub field: Option<String>,
    pub cause: String,
    pub cure: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    Invalid,
    /// The request key was used for another body.
    Conflict,
    WindowClosed,
    /// The person does not want it, or never said so.
    Denied(Denied),
    NotFound,
    /// Possible later.
    TooEarly,
    /// What it is asked of is in a state that has no such step.
    NoSuchStep,
    /// Salesforce must be asked for it, and does not answer.
    OrgAway,
    /// No room now: come back.
    Full,
    Broken,
}

impl Refusal {
    pub fn invalid(
        code: &'static str,
        field: &str,
        cause: impl Into<String>,
        cure: impl Into<String>,
    ) -> Self {
        Self {
            kind: RefusalKind::Invalid,
            code: Code::new(code),
            field: Some(field.to_owned()),
            cause: cause.into(),
            cure: cure.into(),
        }
    }

    pub fn not_found(field: &str, cause: impl Into<String>, cure: impl Into<String>) -> Self {
        let kind = RefusalKind::NotFound;
        Self { kind, ..Self::invalid("puente.no_such_recipient", field, cause, cure) }
    }

    pub fn no_such(field: &str, what: &str) -> Self {
        let kind = RefusalKind::NotFound;
        let (cause, cure) =
            (format!("there is no {what} with this id"), "use the id that the list shows");
        Self { kind, ..Self::invalid("puente.not_found", field, cause, cure) }
    }

    pub fn too_early(cause: impl Into<String>, cure: impl Into<String>) -> Self {
        let kind = RefusalKind::TooEarly;
        Self { kind, field: None, ..Self::invalid("puente.too_early", "", cause, cure) }
    }

    pub fn org_away(fault: &Fault) -> Self {
        Self {
            kind: RefusalKind::OrgAway,
            code: Code::new("puente.org_away"),
            field: None,
            cause: format!("Salesforce could not be asked: {fault}"),
            cure: "try again when Salesforce answers; `puente doctor` tells what is wrong".into(),
        }
    }

    /// It says something about this one request, and nothing about the store.
    pub fn is_about_one(&self) -> bool {
        !matches!(self.kind, RefusalKind::Full | RefusalKind::Broken | RefusalKind::OrgAway)
    }

    pub fn key_reused() -> Self {
        Self {
            kind: RefusalKind::Conflict,
            ..Self::invalid(
                "puente.key_reused",
                "Idempotency-Key",
                "this Idempotency-Key was used for another request",
                "use a new key for a new message; repeat a request unchanged to get its first answer",
            )
        }
    }

    pub fn denied(denied: Denied, purpose: Purpose) -> Self {
        let purpose = purpose.as_str();
        let (cause, cure) = match denied {
            Denied::OptedOut => (
                format!("this person asked for no more {purpose} messages"),
                "do not write; `puente consent show` tells when and how they said so",
            ),
            Denied::NoConsent => (
                format!("no opt-in of this person for {purpose} messages is recorded"),
                "record their opt-in with `puente consent record`, with its proof",
            ),
        };
        let kind = RefusalKind::Denied(denied);
        Self { kind, ..Self::invalid(denied.as_str(), "to", cause, cure) }
    }

    pub fn window_closed(last_inbound: bool) -> Self {
        let cause = if last_inbound {
            "the 24-hour customer service window is closed: the customer last wrote more than 24 hours ago"
        } else {
            "the 24-hour customer service window was never opened: this customer has not written to this number"
        };
        Self {
            kind: RefusalKind::WindowClosed,
            ..Self::invalid(
                "puente.window_closed",
                "type",
                cause,
                "send an approved template now, or wait until the customer writes",
            )
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        let full = matches!(error, StoreError::Full(_));
        if !full {
            tracing::error!(%error, "a send could not be stored");
        }
        Self {
            kind: if full { RefusalKind::Full } else { RefusalKind::Broken },
            code: Code::new(if full { "puente.full" } else { "puente.broken" }),
            field: None,
            cause: if full {
                "there is no room to store the message; it was not accepted".into()
            } else {
                "the message could not be stored; it was not accepted".into()
            },
            cure: "repeat the request with the same Idempotency-Key".into(),
        }
    }
}
