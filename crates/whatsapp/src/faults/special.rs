//! Faults without a code of Meta's.

use std::borrow::Cow;

use model::{Act, Code, Fault, Scope, Stage};

/// A fault of ours about an exchange with Meta.
#[derive(Clone, Copy, Debug)]
pub struct Special {
    pub name: &'static str,
    pub act: Act,
    pub scope: Scope,
    pub stage: Stage,
    pub cause: &'static str,
    pub cure: &'static str,
}

const RETRY: Act = Act::Retry { after: None };

pub(super) const NO_CONNECTION: Special = Special {
    name: "wa.no_connection",
    act: RETRY,
    scope: Scope::Account,
    stage: Stage::NotSent,
    cause: "Meta could not be reached; nothing was sent.",
    cure: "It is tried again by itself. If it lasts, check the network and DNS of this machine.",
};
pub(super) const NO_ANSWER: Special = Special {
    name: "wa.no_answer",
    act: RETRY,
    scope: Scope::Item,
    stage: Stage::Unknown,
    cause: "The request went out and no answer came; Meta may have acted.",
    cure: "Wait for a status of this message before sending it again.",
};
pub(super) const UNREADABLE: Special = Special {
    name: "wa.unreadable",
    act: RETRY,
    scope: Scope::Item,
    stage: Stage::Unknown,
    cause: "Meta's answer was not in its own form; Meta may have acted.",
    cure: "Wait for a status of this message before sending it again.",
};
pub(super) const UNLISTED: Special = Special {
    name: "wa.unlisted",
    act: Act::Reject,
    scope: Scope::Item,
    stage: Stage::Answered,
    cause: "Meta refused with a code that puente does not know yet.",
    cure: "Look the code up in Meta's list of error codes and act by it.",
};
const BAD_URL: Special = Special {
    name: "wa.bad_url",
    act: Act::Reject,
    scope: Scope::Account,
    stage: Stage::NotSent,
    cause: "The address of the request is not a URL.",
    cure: "Check the base URL of the Graph API in the configuration.",
};
const NO_TOKEN: Special = Special {
    name: "wa.no_token",
    act: Act::Renew,
    scope: Scope::Account,
    stage: Stage::NotSent,
    cause: "There is no access token, or it holds characters that no token has.",
    cure: "Give the account a system user's token with both WhatsApp permissions.",
};
const FOREIGN_MEDIA: Special = Special {
    name: "wa.foreign_media",
    act: Act::Reject,
    scope: Scope::Item,
    stage: Stage::NotSent,
    cause: "The file's URL is not on a host of Meta's, so the token was not sent there.",
    cure: "Ask for a fresh URL by the media id.",
};
const MEDIA_EXPIRED: Special = Special {
    name: "wa.media_expired",
    act: RETRY,
    scope: Scope::Item,
    stage: Stage::Answered,
    cause: "The file's URL has expired, or the file is gone.",
    cure: "Ask for a fresh URL by the media id; ids from webhooks live seven days.",
};

/// Every fault of this crate that is not a row of the table.
pub fn specials() -> &'static [Special] {
    &[
        NO_CONNECTION,
        NO_ANSWER,
        UNREADABLE,
        UNLISTED,
        BAD_URL,
        NO_TOKEN,
        FOREIGN_MEDIA,
        MEDIA_EXPIRED,
    ]
}

impl Special {
    pub(super) fn fault(self, more: &str) -> Fault {
        let detail = if more.is_empty() {
            self.cause.to_owned()
        } else {
            format!("{} Meta said: {more}", self.cause)
        };
        Fault {
            act: self.act,
            scope: self.scope,
            stage: self.stage,
            code: Code::new(self.name),
            detail,
            cure: Cow::Borrowed(self.cure),
        }
    }
}

pub(crate) fn bad_url() -> Fault {
    BAD_URL.fault("")
}

pub(crate) fn no_token() -> Fault {
    NO_TOKEN.fault("")
}

pub(crate) fn foreign_media() -> Fault {
    FOREIGN_MEDIA.fault("")
}

pub(crate) fn media_expired() -> Fault {
    MEDIA_EXPIRED.fault("")
}

/// An answer without Meta's error object, or a success without what it promises.
pub(crate) fn unreadable(status: u16) -> Fault {
    UNREADABLE.fault(&format!("HTTP {status}"))
}
