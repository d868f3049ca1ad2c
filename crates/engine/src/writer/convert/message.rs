//! `Puente_Message__c`.

use rules::text::{fit, preview};
use salesforce::{Names, Record};
use serde_json::Value;
use store::{Direction, MediaState, Message, MessageMedia, MessageState, OutboxState};

use super::KEY;
use crate::body::Body;
use crate::word::{picklist, word};

/// Types the package's restricted picklist knows; others are shown as `unknown`.
const KINDS: [&str; 19] = [
    "text",
    "image",
    "video",
    "audio",
    "document",
    "sticker",
    "location",
    "contacts",
    "reaction",
    "button",
    "interactive",
    "order",
    "system",
    "unsupported",
    "edit",
    "revoke",
    "request_welcome",
    "template",
    "unknown",
];

const INFECTED: &str = "puente.media_infected";

/// What the outbox says of a message of ours, where it has one.
pub struct Sending<'a> {
    pub state: OutboxState,
    pub code: Option<&'a str>,
    pub detail: Option<&'a str>,
}

/// `mapping`: version of the mapping that writes the row.
pub fn message(
    names: &Names,
    row: &Message,
    conversation_key: &str,
    version: i64,
    mapping: i64,
    sending: Option<&Sending<'_>>,
) -> Record {
    let body = Body::open(&row.body);
    let kind = if KINDS.contains(&row.kind.as_str()) { row.kind.as_str() } else { "unknown" };
    let direction = match row.direction {
        Direction::In => "Inbound",
        Direction::Out => "Outbound",
        Direction::Echo => "Echo",
    };
    let text = |value: &Option<String>, max| value.as_deref().map(|v| fit(v, max));
    let wamid = row.state.as_ref().and_then(|s| s.wamid.clone()).or_else(|| body.wamid.clone());
    let record = Record::new(names, "Puente_Message__c")
        .set(KEY, row.record_key.clone())
        .set("Version__c", version)
        .set("Mapping_Version__c", mapping)
        .link("Conversation__r", KEY, conversation_key)
        .set("Direction__c", direction)
        .set("Type__c", kind)
        .set("Late__c", row.late)
        .set_time("Sent_At__c", row.sent_at)
        .set_time("Received_At__c", row.received_at)
        .set_some("Text__c", text(&body.text, 32_768))
        .set_some("Preview__c", body.text.as_deref().map(preview))
        .set_some("Wamid__c", wamid.map(|w| fit(&w, 255)))
        .set_some("Reply_To__c", text(&body.reply_to, 255))
        .set_some("Media_Id__c", text(&body.media_id, 64))
        .set_some("Mime_Type__c", text(&body.mime_type, 100))
        .set_some("File_Name__c", text(&body.file_name, 255))
        .set_some("Latitude__c", body.latitude.map(degrees))
        .set_some("Longitude__c", body.longitude.map(degrees))
        .set_some("Reply_Id__c", text(&body.reply_id, 255))
        .set_some("Template__c", text(&body.template, 255))
        .set_some("Referral_Source_Id__c", text(&body.referral_source_id, 64))
        .set_some("Referral_Click_Id__c", text(&body.referral_click_id, 255))
        .set_some("Payload__c", payload(&row.kind, &body));
    let record = media(structured(record, kind, &body), row);
    standing(record, row, &body, sending)
}

/// What plain fields hold of a place or of contact cards.
fn structured(record: Record, kind: &str, body: &Body) -> Record {
    let part = body.source.as_ref().and_then(|source| source.get(kind));
    let Some(part) = part else {
        return record;
    };
    let text = |path: &str, max| {
        let found = part.pointer(path).and_then(Value::as_str).filter(|text| !text.is_empty());
        found.map(|text| fit(text, max))
    };
    match kind {
        "location" => record
            .set_some("Location_Name__c", text("/name", 255))
            .set_some("Location_Address__c", text("/address", 255)),
        "contacts" => record
            .set_some("Contact_Name__c", text("/0/name/formatted_name", 255))
            .set_some("Contact_Phone__c", text("/0/phones/0/phone", 40))
            .set_some("Contact_Count__c", part.as_array().map(Vec::len)),
        _ => record,
    }
}

/// What became of the file that a customer sent. Of ours the send itself tells.
fn media(record: Record, row: &Message) -> Record {
    let Some(media) = row.media.as_ref().filter(|_| row.direction != Direction::Out) else {
        return record;
    };
    let infected = media.code.as_deref() == Some(INFECTED);
    let status = match media.state {
        MediaState::Requested | MediaState::Downloaded => "Waiting",
        MediaState::Uploaded | MediaState::Linked => "Stored",
        MediaState::Aside if infected => "Infected",
        MediaState::Aside => "Failed",
    };
    let document = media.document.as_ref().map(|id| id.as_str().to_owned());
    record.set("Media_Status__c", status).set_some("Content_Document_Id__c", document)
}

fn standing(record: Record, row: &Message, body: &Body, sending: Option<&Sending<'_>>) -> Record {
    let stated = row.state.as_ref().map(|s| s.status);
    let word = picklist(word(row.direction, stated, sending.map(|s| s.state)));
    let mut record = record.set("Status__c", word);
    let state = row.state.as_ref();
    for (field, at) in [
        ("Accepted_At__c", state.and_then(|s| s.accepted_at)),
        // read implies delivered: Meta leaves `delivered` out when both happen at once
        ("Delivered_At__c", state.and_then(|s| s.delivered_at.or(s.read_at).or(s.played_at))),
        ("Read_At__c", state.and_then(|s| s.read_at.or(s.played_at))),
        ("Failed_At__c", state.and_then(|s| s.failed_at)),
    ] {
        if let Some(at) = at {
            record = record.set_time(field, at);
        }
    }
    let (code, detail) = why(state, body, sending, row.media.as_ref());
    if let Some(pricing) = state.and_then(|s| s.pricing.as_ref()) {
        record = record
            .set("Pricing_Category__c", fit(&pricing.category, 40))
            .set("Pricing_Type__c", fit(&pricing.kind, 40));
    }
    record
        .set_some("Error_Code__c", code.map(|c| fit(&c, 40)))
        .set_some("Error_Text__c", detail.map(|d| fit(&d, 255)))
}

/// Why a file that a customer sent is not there.
fn missing(media: &MessageMedia) -> Option<(Option<String>, Option<String>)> {
    let code = media.code.clone().filter(|_| media.state == MediaState::Aside)?;
    let text = match code.as_str() {
        INFECTED => "The file was found to be malware and was not passed on.",
        "puente.media_gone" => "WhatsApp no longer has the file.",
        "puente.media_too_large" => "The file is larger than is taken here.",
        _ => "The file could not be stored.",
    };
    Some((Some(code), Some(text.into())))
}

fn why(
    state: Option<&MessageState>,
    body: &Body,
    sending: Option<&Sending<'_>>,
    media: Option<&MessageMedia>,
) -> (Option<String>, Option<String>) {
    let of_media = media.and_then(missing);
    let of_state = state.map(|s| (s.code.clone(), s.detail.clone()));
    let of_sending = sending.map(|s| (s.code.map(str::to_owned), s.detail.map(str::to_owned)));
    let of_body = (body.error_code.clone(), body.error_text.clone());
    [of_state, of_sending, Some(of_body), of_media]
        .into_iter()
        .flatten()
        .find(|(code, _)| code.is_some())
        .unwrap_or((None, None))
}

/// Structured content that plain fields do not hold, as JSON.
fn payload(kind: &str, body: &Body) -> Option<String> {
    if matches!(kind, "text" | "image" | "video" | "audio" | "document" | "sticker" | "reaction") {
        return None;
    }
    let source = body.source.as_ref()?;
    let part = source.get(kind).filter(|part| !part.is_null()).unwrap_or(source);
    (*part != Value::Null).then(|| fit(&part.to_string(), 131_072))
}

/// The package keeps eight decimals.
fn degrees(value: f64) -> f64 {
    (value * 1e8).round() / 1e8
}
