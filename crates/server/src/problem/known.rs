//! The problems this surface itself can find, in one table. Those of the
//! engine and of both remotes bring their own code, cause and cure.

use http::StatusCode;

/// One kind of problem.
#[derive(Debug)]
pub struct Known {
    pub code: &'static str,
    pub status: StatusCode,
    pub title: &'static str,
    pub cure: &'static str,
}

macro_rules! known {
    ($($name:ident $status:ident $code:literal $title:literal, $cure:literal;)*) => {
        $(pub(crate) const $name: Known = Known {
            code: $code, status: StatusCode::$status, title: $title, cure: $cure,
        };)*

        impl Known {
            pub const ALL: &'static [&'static Known] = &[$(&$name),*];
        }
    };
}

known! {
    BAD_JSON BAD_REQUEST "puente.json" "The body is not the JSON object it must be",
        "Send one JSON object in UTF-8.";
    IDEMPOTENCY_KEY BAD_REQUEST "puente.idempotency_key" "The Idempotency-Key is missing or malformed",
        "Make one key for each message, for instance a UUID, and send the same one when you try again.";
    KEY_MISSING UNAUTHORIZED "puente.key_missing" "No API key was sent",
        "Send `Authorization: Bearer pk_...`. A key is made with `puente key create`.";
    KEY_UNKNOWN UNAUTHORIZED "puente.key_unknown" "The API key is not known here",
        "Check that the whole key was copied and that it belongs to this installation.";
    KEY_EXPIRED UNAUTHORIZED "puente.key_expired" "The API key has expired",
        "Make a new key and replace the old one where it is used.";
    KEY_REVOKED UNAUTHORIZED "puente.key_revoked" "The API key was revoked",
        "Make a new key, if its holder still needs one.";
    SCOPE_MISSING FORBIDDEN "puente.scope_missing" "The API key lacks a scope",
        "Use a key that has the scope.";
    NOT_FOUND NOT_FOUND "puente.not_found" "There is nothing of that name",
        "Check the address and the id; each key sees its own tenant only.";
    METHOD METHOD_NOT_ALLOWED "puente.method" "The address does not know this method",
        "See /docs for what each address takes.";
    TOO_LARGE PAYLOAD_TOO_LARGE "puente.too_large" "The body is too large",
        "Send less at one time.";
    FIELD UNPROCESSABLE_ENTITY "puente.field" "A value cannot be accepted",
        "Correct the field and send the request again.";
    INVALID UNPROCESSABLE_ENTITY "puente.invalid" "The message cannot be sent as it is",
        "Correct what the answer names and send it again.";
    KEY_REUSED UNPROCESSABLE_ENTITY "puente.key_reused"
        "The Idempotency-Key was used for another message",
        "Make a new key for each message; repeat one only with the very same body.";
    WINDOW_CLOSED UNPROCESSABLE_ENTITY "puente.window_closed" "The customer service window is closed",
        "Send a template, or wait until the customer writes.";
    OPTED_OUT UNPROCESSABLE_ENTITY "puente.opted_out" "The person wants no such messages",
        "Do not write; they can opt in again themselves.";
    NO_CONSENT UNPROCESSABLE_ENTITY "puente.no_consent" "No opt-in of the person is recorded",
        "Record their opt-in, with its proof, before you write.";
    MAPPING_BROKEN UNPROCESSABLE_ENTITY "puente.mapping_broken" "The mapping cannot be used",
        "Correct what the answer names; `puente mapping check` shows all at once.";
    ROUTING_BROKEN UNPROCESSABLE_ENTITY "puente.routing_broken" "The routing cannot be used",
        "Correct what the answer names; `puente routing check` shows all at once.";
    HOURS_BROKEN UNPROCESSABLE_ENTITY "puente.hours_broken" "The business hours cannot be used",
        "Correct what the answer names; `puente hours check` shows all at once.";
    SURVEY_BROKEN UNPROCESSABLE_ENTITY "puente.survey_broken" "The survey cannot be used",
        "Correct what the answer names; `puente survey check` shows all at once.";
    TEMPLATE_BROKEN UNPROCESSABLE_ENTITY "puente.template_broken" "The template cannot be submitted",
        "Correct what the answer names; `puente templates check` shows all at once.";
    TEMPLATE_REFUSED UNPROCESSABLE_ENTITY "puente.template_refused" "Meta refused it",
        "Do what Meta's answer asks for, and send it again.";
    META_AWAY SERVICE_UNAVAILABLE "puente.meta_away" "Meta could not be asked",
        "Look at the list of templates, then try again.";
    ORG_AWAY SERVICE_UNAVAILABLE "puente.org_away" "Salesforce could not be asked",
        "Try again when Salesforce answers; `puente doctor` tells what is wrong.";
    TOO_EARLY CONFLICT "puente.too_early" "It cannot be decided yet",
        "Wait until the answer says that it can be decided, then ask again.";
    CAMPAIGN_STATE CONFLICT "puente.campaign_state" "The campaign has no such step now",
        "Look where it stands: `puente campaign show`.";
    STORE_BUSY SERVICE_UNAVAILABLE "puente.busy" "Two requests met on the same rows",
        "Send the request again.";
    STORE_FULL SERVICE_UNAVAILABLE "puente.full" "There is no room to store it",
        "Nothing was accepted. Send it again; an administrator must make room when it persists.";
    STORE_AWAY SERVICE_UNAVAILABLE "puente.store_away" "The database cannot be reached",
        "Send it again with the same Idempotency-Key.";
    STORE_FAILED INTERNAL_SERVER_ERROR "puente.broken" "The store failed",
        "Send it again with the same Idempotency-Key: what was accepted is answered as accepted.";
    CROWDED SERVICE_UNAVAILABLE "puente.crowded" "Too much is open at one time",
        "Send the request again after a moment.";
    TIMEOUT SERVICE_UNAVAILABLE "puente.timeout" "The answer took too long",
        "Send it again with the same Idempotency-Key: what was accepted is answered as accepted.";
    INTERNAL INTERNAL_SERVER_ERROR "puente.internal" "The request met a defect of ours",
        "Report the request's id. It is safe to send it again with the same Idempotency-Key.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_say_something() {
        let codes: std::collections::BTreeSet<_> = Known::ALL.iter().map(|k| k.code).collect();
        assert_eq!(codes.len(), Known::ALL.len());
        for known in Known::ALL {
            assert!(known.code.starts_with("puente.") && !known.title.is_empty());
            assert!(known.cure.ends_with('.'), "{}", known.code);
            assert!(known.status.is_client_error() || known.status.is_server_error());
        }
    }
}
