//! The table of the REST API (REST API Developer Guide, status codes and error
//! responses; Object Reference, status codes of data calls).

use model::{Act, Scope, Stage};

use super::row::{Hint, Row, retry};

/// `CODE if variant ["words"] => act, Scope, Stage, Hint "cause" "cure";`
macro_rules! table {
    ($($code:ident $(if $variant:ident [$($word:literal),+])? => $act:expr, $scope:ident, $stage:ident,
       $hint:ident $cause:literal $cure:literal;)*) => {
        /// Every code that is told apart; what is not here falls back on its HTTP status.
        pub const ROWS: &[Row] = &[$(Row {
            code: stringify!($code),
            variant: concat!($(stringify!($variant))?),
            words: &[$($($word),+)?],
            act: $act,
            scope: Scope::$scope,
            stage: Stage::$stage,
            hint: Hint::$hint,
            cause: $cause,
            cure: $cure,
        }),*];
    };
}

const RETRY: Act = retry(0);
const RENEW: Act = Act::Renew;
const REJECT: Act = Act::Reject;
const ASK: Act = Act::Ask;

table! {
    // Who is calling
    INVALID_SESSION_ID if policy ["not valid for use with the REST API", "not attached to Agent"] => ASK, Org, NotSent, None
        "The org's policy does not let this kind of session use the API."
        "needs an administrator: give the integration user API access and check the app's session policies (high assurance, IP ranges)";
    INVALID_SESSION_ID => RENEW, Org, NotSent, None
        "The session has ended." "the sign-in is renewed";
    Bad_OAuth_Token => RENEW, Org, NotSent, None
        "The session has ended." "the sign-in is renewed";
    HTTP_401 => RENEW, Org, NotSent, None
        "The request was not accepted as signed in." "the sign-in is renewed";
    INVALID_AUTH_HEADER => ASK, Org, NotSent, None
        "Salesforce could not read the Authorization header."
        "look for a proxy on the way that changes headers";
    API_DISABLED_FOR_ORG => ASK, Org, NotSent, None
        "The org's edition or the user's profile has no API."
        "needs an administrator: use an edition with the API and give the integration user 'API Enabled'";
    API_CURRENTLY_DISABLED => ASK, Org, NotSent, None
        "The API is switched off for this org." "needs an administrator: ask Salesforce Support why the API is off";
    FUNCTIONALITY_NOT_ENABLED => ASK, Item, NotSent, None
        "A feature that this request needs is off in the org." "needs an administrator: switch the feature on, then replay";
    TXN_SECURITY_NO_ACCESS => ASK, Item, Answered, None
        "A transaction security policy of the org blocked the request."
        "needs an administrator: exempt the integration user from the policy, then replay";
    TXN_SECURITY_METERING_ERROR => ASK, Item, Answered, None
        "A transaction security policy of the org ran into its limit."
        "needs an administrator: exempt the integration user from the policy, then replay";
    UNSUPPORTED_API_VERSION => ASK, Org, NotSent, None
        "Salesforce has retired the API version in use." "set salesforce.api_version to a version that the org lists";

    // How much
    REQUEST_LIMIT_EXCEEDED if daily ["TotalRequests"] => retry(300), Org, NotSent, None
        "The org has used up its API calls of the last 24 hours."
        "calls go on as the quota frees up; buy more calls, or send less until then";
    REQUEST_LIMIT_EXCEEDED => retry(5), Org, NotSent, None
        "Too many long calls run in the org at once." "calls go on with fewer at once";
    TOO_MANY_APEX_REQUESTS => retry(10), Org, Unknown, None
        "Too many long Apex transactions run in the org." "calls go on with fewer at once; look for slow triggers";
    LIMIT_EXCEEDED => RETRY, Lane, Answered, SmallerBatch
        "A limit of the org was reached." "tried again in smaller batches";
    OPERATION_TOO_LARGE => RETRY, Lane, Answered, SmallerBatch
        "The request touches too many records." "tried again in smaller batches";
    EXCEEDED_ID_LIMIT => RETRY, Lane, NotSent, SmallerBatch
        "The request names too many records." "tried again in smaller batches";
    STORAGE_LIMIT_EXCEEDED => ASK, Org, Answered, None
        "The org's data storage is full."
        "needs an administrator: free or buy storage, or keep transcripts instead of rows; nothing is dropped meanwhile";
    QUERY_TIMEOUT => RETRY, Lane, Unknown, SmallerBatch
        "The query ran too long." "tried again on fewer records; an index on the field helps";
    REQUEST_RUNNING_TOO_LONG => RETRY, Lane, Unknown, SmallerBatch
        "The request ran too long." "tried again on fewer records";

    // Not now
    UNABLE_TO_LOCK_ROW => RETRY, Lane, Answered, None
        "Another transaction holds the record or its parent." "tried again with fewer writes per parent at once";
    SERVER_UNAVAILABLE => RETRY, Org, Unknown, None
        "Salesforce is overloaded or in maintenance." "calls go on when it is back; see status.salesforce.com";
    INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE => retry(60), Org, Answered, None
        "The org is read-only during maintenance." "writes go on when it is over; see status.salesforce.com";
    UNKNOWN_EXCEPTION => RETRY, Item, Unknown, SmallerBatch
        "Salesforce failed inside and gave an error id." "tried again; if it stays, give the error id to Salesforce Support";
    UNKNOWN_ERROR => RETRY, Item, Unknown, SmallerBatch
        "Salesforce failed inside." "tried again; if it stays, give the answer to Salesforce Support";
    PLATFORM_EVENT_PUBLISHING_UNAVAILABLE => RETRY, Org, Answered, None
        "Publishing events is not possible right now." "tried again";
    ENTITY_IS_LOCKED => retry(3600), Item, Answered, None
        "An approval process holds the record." "tried again each hour; finish or recall the approval";

    // Already there, or no longer
    DUPLICATE_VALUE if same_call ["Duplicate external id specified"] => REJECT, Item, Answered, None
        "One request held the same external id twice." "a defect of puente: report it with the fault's detail";
    DUPLICATE_VALUE => RETRY, Item, Answered, Exists
        "Another record already has this value in a unique field." "tried again as an update of that record";
    DUPLICATE_EXTERNAL_ID => ASK, Item, Answered, None
        "Several records have the external id." "remove the value from all but one of them, then replay";
    DUPLICATES_DETECTED => REJECT, Item, Answered, Duplicates
        "A duplicate rule of the org found similar records." "choose one of them, or allow saving in the duplicate rule, then replay";
    NOT_FOUND => REJECT, Item, Answered, Gone
        "The record or resource does not exist, or sharing hides it." "check the record and the integration user's access";
    ENTITY_IS_DELETED => REJECT, Item, Answered, Gone
        "The record was deleted or merged." "looked up again; restore it or choose another, then replay";
    CANNOT_UPDATE_CONVERTED_LEAD => REJECT, Item, Answered, Converted
        "The lead was converted." "the contact it became is used instead";
    HTTP_409 => RETRY, Item, Answered, None
        "The record was changed at the same time." "tried again";
    HTTP_412 => RETRY, Item, Answered, None
        "The record was changed since it was read." "read and tried again";
    HTTP_428 => REJECT, Item, NotSent, None
        "Salesforce wants a conditional request." "a defect of puente: report it with the fault's detail";

    // What was asked
    REQUIRED_FIELD_MISSING => ASK, Item, Answered, None
        "A field that this org requires has no value." "give the field a default in the mapping or make it optional, then replay";
    FIELD_CUSTOM_VALIDATION_EXCEPTION => ASK, Item, Answered, None
        "A validation rule of the org refused the record." "exempt the integration user from the rule or change the mapping, then replay";
    FIELD_INTEGRITY_EXCEPTION => ASK, Item, Answered, None
        "Values of the record do not fit together (owner, record type, country)." "correct the mapping, then replay";
    STRING_TOO_LONG => REJECT, Item, Answered, None
        "A text is longer than its field." "lengthen the field or map a shorter one, then replay";
    INVALID_FIELD if parent ["Foreign key external ID"] => RETRY, Item, Answered, ParentMissing
        "A parent named by its external id does not exist yet." "the parent is written first, or the record without it";
    INVALID_FIELD => ASK, Item, Answered, None
        "A field does not exist or field-level security hides it." "assign the permission set Puente_Integration, or correct the mapping, then replay";
    INVALID_FIELD_FOR_INSERT_UPDATE => ASK, Item, Answered, None
        "A field may not be written by the integration user." "assign the permission set Puente_Integration, or correct the mapping, then replay";
    INVALID_TYPE if package ["Puente_"] => ASK, Org, Answered, None
        "An object of the package is missing or hidden." "deploy the package and assign the permission set Puente_Integration";
    INVALID_TYPE => ASK, Item, Answered, None
        "An object does not exist or is hidden." "correct the mapping or give access, then replay";
    INVALID_TYPE_ON_FIELD_IN_RECORD => REJECT, Item, Answered, None
        "A value has the wrong type for its field." "map a field of the right type, then replay";
    JSON_PARSER_ERROR => REJECT, Item, NotSent, SmallerBatch
        "Salesforce could not read a value." "map a field of the right type, then replay";
    INVALID_EMAIL_ADDRESS => REJECT, Item, Answered, None
        "An address is no e-mail address." "correct the address, then replay";
    NUMBER_OUTSIDE_VALID_RANGE => REJECT, Item, Answered, None
        "A number is too large or too small." "map a wider field, then replay";
    INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST => ASK, Item, Answered, None
        "The picklist does not have this value." "add the value to the picklist and its record types, then replay";
    MALFORMED_ID => REJECT, Item, Answered, None
        "A record id is wrong." "correct the id, then replay";
    MALFORMED_QUERY => REJECT, Item, NotSent, None
        "Salesforce could not read the query." "correct the query; if it is not yours, report it";
    MALFORMED_SEARCH => REJECT, Item, NotSent, None
        "Salesforce could not read the search." "a defect of puente: report it with the fault's detail";
    INVALID_QUERY_LOCATOR => RETRY, Item, NotSent, None
        "The rest of the query's answer has expired." "the query starts again";
    INVALID_CROSS_REFERENCE_KEY => REJECT, Item, Answered, Gone
        "A record that this one points to does not exist or is hidden." "check the record it points to and the integration user's access, then replay";
    INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY => ASK, Item, Answered, None
        "The integration user may not use a record that this one points to." "share that record with the integration user, then replay";
    INSUFFICIENT_ACCESS_OR_READONLY => ASK, Item, Answered, None
        "The integration user may not change the record." "share it or give the object permission, then replay";
    INSUFFICIENT_ACCESS => ASK, Item, Answered, None
        "The integration user may not do this." "give the permission, then replay";
    FORBIDDEN => ASK, Item, NotSent, None
        "The integration user may not do this." "give the permission, then replay";

    // Automation of the org
    CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY if locked ["UNABLE_TO_LOCK_ROW"] => RETRY, Lane, Answered, None
        "A trigger of the org waited too long for a record." "tried again with fewer writes per parent at once";
    CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY if limit ["LimitException", "Too many", "limit exceeded", "CPU time"] => RETRY, Lane, Answered, SmallerBatch
        "A trigger of the org ran into a limit." "tried again in smaller batches; the detail names the trigger";
    CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY => ASK, Item, Answered, SmallerBatch
        "A trigger of the org failed." "the detail names the trigger: have it corrected, then replay";
    CANNOT_EXECUTE_FLOW_TRIGGER if locked ["UNABLE_TO_LOCK_ROW"] => RETRY, Lane, Answered, None
        "A flow of the org waited too long for a record." "tried again with fewer writes per parent at once";
    CANNOT_EXECUTE_FLOW_TRIGGER if limit ["LimitException", "Too many", "limit exceeded", "CPU time"] => RETRY, Lane, Answered, SmallerBatch
        "A flow of the org ran into a limit." "tried again in smaller batches; the detail names the flow";
    CANNOT_EXECUTE_FLOW_TRIGGER => ASK, Item, Answered, SmallerBatch
        "A flow of the org failed." "the detail names the flow: have it corrected, then replay";
    APEX_ERROR => RETRY, Item, Unknown, SmallerBatch
        "Apex code of the org failed without an answer." "tried again; if it stays, have the code in the detail corrected";

    // Not tried
    ALL_OR_NONE_OPERATION_ROLLED_BACK => RETRY, Item, NotSent, Halted
        "Another record of the same request failed." "tried again without it";
    PROCESSING_HALTED => RETRY, Item, NotSent, Halted
        "Another part of the same request failed." "tried again";

    // Jobs of Bulk API 2.0: an answer's code, or the first word of a job's own error
    INVALIDJOB => REJECT, Item, Answered, Gone
        "The Bulk job does not exist, or no longer." "its rows go into a new job";
    INVALIDJOBSTATE => RETRY, Item, Answered, None
        "The Bulk job is not in a state that allows this step." "its state is read, and the work goes on from there";
    INVALIDBATCH => ASK, Item, Answered, None
        "Salesforce could not take the rows of a Bulk job: a column is missing or hidden."
        "assign the permission set Puente_Integration; the rows are written by calls meanwhile";
    CLIENTINPUTERROR => REJECT, Item, Answered, None
        "Salesforce could not read the file of a Bulk job." "its rows are written by calls; report it with the fault's detail";
    EXCEEDEDQUOTA => retry(300), Lane, NotSent, None
        "The org has used up its Bulk batches or records of the last 24 hours." "rows are written by calls until the quota frees up";
    FEATURENOTENABLED => ASK, Lane, NotSent, None
        "The org or the integration user may not use Bulk API." "enable Bulk API for the integration user; rows are written by calls meanwhile";
    TOOMANYLOCKFAILURE => RETRY, Item, Answered, None
        "A Bulk job gave up after waiting for locked records too often." "its rows are written by calls, with fewer writes per parent at once";
    TIMEOUT => RETRY, Item, Unknown, None
        "A Bulk job ran longer than Salesforce lets it." "what was not reached is written again, in a way that writes nothing twice";

    // Answers without a code
    METHOD_NOT_ALLOWED => REJECT, Item, NotSent, None
        "The resource does not take this method." "a defect of puente: report it with the fault's detail";
    UNSUPPORTED_MEDIA_TYPE => REJECT, Item, NotSent, None
        "Salesforce does not take this kind of body." "a defect of puente: report it with the fault's detail";
    HTTP_414 => REJECT, Item, NotSent, SmallerBatch
        "The address of the request is too long." "tried again in smaller batches";
    HTTP_431 => REJECT, Item, NotSent, SmallerBatch
        "The headers of the request are too long." "tried again in smaller batches";
    HTTP_420 => retry(30), Org, Unknown, None
        "The org is being moved or cannot be reached through Salesforce's edge." "tried again";
    HTTP_5XX => RETRY, Org, Unknown, None
        "A gateway of Salesforce answered in its place." "tried again; see status.salesforce.com";
    LOST_BEFORE_WRITE => RETRY, Org, NotSent, None
        "Salesforce could not be reached." "tried again; check the network and the org's address";
    LOST_AFTER_WRITE => RETRY, Lane, Unknown, None
        "The answer was lost." "tried again, in a way that writes nothing twice";
    // The last row is what everything else is.
    NOT_UNDERSTOOD => RETRY, Item, Unknown, None
        "The answer does not have the shape that Salesforce documents." "tried again; if it stays, look for a proxy on the way";
}
