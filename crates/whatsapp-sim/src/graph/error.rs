//! Refusals, in the shape and with the codes that Meta documents.

use http::StatusCode;
use serde_json::{Value, json};

/// One refusal. Made from its code; [`TABLE`] holds the status and the title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    pub code: u32,
    pub http: u16,
    pub subcode: Option<u32>,
    /// The text in front of which `(#code)` stands.
    pub title: String,
    pub details: Option<String>,
    /// Graph and template errors: `error_user_title` and `error_user_msg`.
    pub user: Option<(String, String)>,
}

/// Code, HTTP status, title (Cloud API, Error codes).
const TABLE: &[(u32, u16, &str)] = &[
    (0, 401, "AuthException"),
    (1, 400, "API Unknown"),
    (2, 503, "API Service"),
    (3, 500, "API Method"),
    (4, 400, "Application request limit reached"),
    (10, 403, "Application does not have permission for this action"),
    (33, 400, "Parameter value is not valid"),
    (100, 400, "Invalid parameter"),
    (104, 401, "An access token is required to request this resource."),
    (190, 401, "Access token has expired"),
    (
        200,
        403,
        "You do not have the necessary permissions required to send messages on behalf of this WhatsApp Business Account",
    ),
    (368, 403, "Temporarily blocked for policies violations"),
    (803, 404, "Some of the aliases you requested do not exist"),
    (2200, 400, "Callback verification failed"),
    (80007, 400, "Rate limit issues"),
    (
        80008,
        400,
        "There have been too many calls to this WhatsApp Business account. Wait a bit and try again.",
    ),
    (130403, 400, "User has blocked this business"),
    (130429, 400, "Rate limit hit"),
    (130472, 400, "User's number is part of an experiment"),
    (130497, 403, "Business account is restricted from messaging users in this country"),
    (131000, 500, "Something went wrong"),
    (131005, 403, "Access denied"),
    (131008, 400, "Required parameter is missing"),
    (131009, 400, "Parameter value is not valid"),
    (131014, 400, "Request for media failed"),
    (131016, 500, "Service unavailable"),
    (131021, 400, "Recipient cannot be sender"),
    (131026, 400, "Message undeliverable"),
    (131030, 400, "Recipient phone number not in allowed list"),
    (131031, 403, "Business Account locked"),
    (
        131037,
        400,
        "WhatsApp provided number needs display name approval before message can be sent",
    ),
    (131042, 400, "Business eligibility payment issue"),
    (131043, 400, "Message expired"),
    (131045, 500, "Incorrect certificate"),
    (131047, 400, "Re-engagement message"),
    (131048, 400, "Spam rate limit hit"),
    (131049, 400, "This message was not delivered to maintain healthy ecosystem engagement."),
    (131050, 400, "User has stopped marketing messages from your business"),
    (131051, 400, "Unsupported message type"),
    (131052, 400, "Media download error"),
    (131053, 400, "Media upload error"),
    (131055, 400, "Method not allowed"),
    (131056, 400, "(Business Account, Consumer Account) pair rate limit hit"),
    (131057, 500, "Account in maintenance mode"),
    (131059, 400, "Invalid cursor"),
    (131062, 400, "Business-scoped user ID recipients are not supported for this message"),
    (131063, 400, "Marketing templates are disabled on Cloud API for this account"),
    (131215, 400, "Groups are not available to this number"),
    (132000, 400, "Number of parameters does not match the expected number of params"),
    (132001, 404, "Template name does not exist in the translation"),
    (132005, 400, "Template hydrated text too long"),
    (132007, 400, "Template format character policy violated"),
    (132008, 400, "Template parameter value invalid"),
    (132012, 400, "Template parameter format does not match"),
    (132015, 400, "Template is paused"),
    (132016, 400, "Template is disabled"),
    (132018, 400, "Template parameters are invalid"),
    (132068, 400, "Flow is blocked"),
    (132069, 400, "Flow is throttled"),
    (133004, 503, "Server temporarily unavailable"),
    (133005, 400, "Two step verification PIN mismatch"),
    (133006, 400, "Phone number re-verification needed"),
    (133010, 400, "Account not registered"),
    (133016, 400, "Account register deregister rate limit exceeded"),
    (134100, 400, "Only marketing messages are supported"),
    (135000, 400, "Generic user error"),
    (137000, 400, "Recipient identity key mismatch"),
];

fn line(code: u32) -> (u16, &'static str) {
    let found = TABLE.iter().find(|(known, ..)| *known == code);
    found.map_or((400, "Something went wrong"), |(_, http, title)| (*http, title))
}

/// The title of a code, as statuses carry it.
pub fn title(code: u32) -> &'static str {
    line(code).1
}

impl Wrong {
    pub fn new(code: u32) -> Self {
        let (http, title) = line(code);
        Self { code, http, subcode: None, title: title.into(), details: None, user: None }
    }

    pub fn with(code: u32, details: impl Into<String>) -> Self {
        Self { details: Some(details.into()), ..Self::new(code) }
    }

    /// A Graph error whose message says it all.
    pub fn graph(code: u32, subcode: Option<u32>, message: impl Into<String>) -> Self {
        Self { subcode, title: message.into(), ..Self::new(code) }
    }

    /// An object that is not there, or not for this token: code 100, subcode 33.
    pub fn no_object(verb: &str, id: &str) -> Self {
        let message = format!(
            "Unsupported {} request. Object with ID '{id}' does not exist, cannot be loaded due \
             to missing permissions, or does not support this operation",
            verb.to_lowercase()
        );
        Self::graph(100, Some(33), message)
    }

    /// A refused template: code 100 with the reason in the subcode.
    pub fn template(subcode: u32, title: &str, text: impl Into<String>) -> Self {
        let mut wrong = Self::new(100);
        wrong.subcode = Some(subcode);
        wrong.user = Some((title.into(), text.into()));
        wrong
    }

    /// The answer's body.
    pub fn body(&self, trace: &str) -> Value {
        let auth = matches!(self.code, 104 | 190) || self.subcode == Some(33);
        let message = match auth {
            true => self.title.clone(),
            false => format!("(#{}) {}", self.code, self.title),
        };
        let kind = if self.subcode == Some(33) { "GraphMethodException" } else { "OAuthException" };
        let mut error = json!({
            "message": message, "type": kind, "code": self.code, "fbtrace_id": trace,
        });
        if let Some(details) = &self.details {
            error["error_data"] = json!({ "messaging_product": "whatsapp", "details": details });
        }
        if let Some(subcode) = self.subcode {
            error["error_subcode"] = json!(subcode);
        }
        if let Some((title, text)) = &self.user {
            error["is_transient"] = json!(false);
            error["error_user_title"] = json!(title);
            error["error_user_msg"] = json!(text);
        }
        json!({ "error": error })
    }

    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.http).unwrap_or(StatusCode::BAD_REQUEST)
    }
}

/// One item of `errors[]` in webhooks.
pub fn webhook_error(code: u32) -> Value {
    let title = title(code);
    json!({
        "code": code, "title": title, "message": title,
        "error_data": { "details": details(code) },
        "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
    })
}

fn details(code: u32) -> &'static str {
    match code {
        131026 => "Message Undeliverable.",
        131047 => {
            "Message failed to send because more than 24 hours have passed since the customer \
             last replied to this number."
        }
        131049 => {
            "In order to maintain a healthy ecosystem engagement, the message failed to be \
             delivered."
        }
        131053 => "Media file could not be fetched from the link.",
        131009 => "The message reacted to is too old, or is itself a reaction.",
        131051 => "Message type is currently not supported.",
        code => title(code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_has_each_code_once() {
        assert!(TABLE.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn bodies_have_the_documented_shape() {
        let body = Wrong::with(130429, "Slow down.").body("Az8");
        assert_eq!(body["error"]["message"], "(#130429) Rate limit hit");
        assert_eq!(body["error"]["type"], "OAuthException");
        assert_eq!(body["error"]["error_data"]["messaging_product"], "whatsapp");
        assert_eq!(body["error"]["error_data"]["details"], "Slow down.");
        assert_eq!(body["error"]["fbtrace_id"], "Az8");
        assert!(body["error"].get("error_subcode").is_none());
        let missing = Wrong::no_object("GET", "1").body("t");
        assert_eq!(missing["error"]["error_subcode"], 33);
        assert_eq!(missing["error"]["type"], "GraphMethodException");
    }
}
