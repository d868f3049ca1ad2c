//! Refusals in the words of the remotes (Cloud API, Error codes; REST API,
//! Status codes and error responses; OAuth 2.0, error codes).

use serde_json::{Value, json};
use sim_kit::Act;

fn graph_error(code: u32) -> String {
    let details = json!({ "messaging_product": "whatsapp", "details": "as told" });
    let error = json!({ "message": format!("(#{code}) as told"), "type": "OAuthException",
        "code": code, "error_data": details, "fbtrace_id": "A1" });
    json!({ "error": error }).to_string()
}

/// Meta refuses and does nothing.
pub fn meta(status: u16, code: u32) -> Act {
    Act::answer(status, graph_error(code))
}

/// Meta says that it failed, and did it.
pub fn meta_after(status: u16, code: u32) -> Act {
    Act::answer_after(status, graph_error(code))
}

const PAGE: &str = "<html><body>down for maintenance</body></html>";

/// A proxy's page, and nothing was done.
pub fn page(status: u16) -> Act {
    Act::answer(status, PAGE)
}

/// A proxy's page, and it was done.
pub fn page_after(status: u16) -> Act {
    Act::answer_after(status, PAGE)
}

/// Salesforce says that it failed, and did it.
pub fn org_after(status: u16) -> Act {
    let error: Value = json!([{ "errorCode": "UNKNOWN_EXCEPTION", "message": "ErrorId: 1" }]);
    Act::answer_after(status, error.to_string())
}

/// The sign-in host is overloaded.
pub fn no_token() -> Act {
    let error = json!({ "error": "unknown_error", "error_description": "retry your request" });
    Act::answer(400, error.to_string())
}
