//! What a mapping may take values from. `puente mapping paths` prints it.

use serde::Serialize;

#[derive(Clone, Copy, Debug, Serialize)]
pub struct Path {
    pub path: &'static str,
    /// `text`, `number`, `boolean`, `datetime`, or `any`: Meta's own JSON.
    pub kind: &'static str,
    /// Never absent, whoever the customer is and whatever they sent.
    pub always: bool,
    pub about: &'static str,
}

const fn path(path: &'static str, kind: &'static str, always: bool, about: &'static str) -> Path {
    Path { path, kind, always, about }
}

/// Sorted by group. Of a message: the customer's first of the conversation when
/// a record is made, their newest when one is updated, itself for
/// `Puente_Message__c`.
pub const PATHS: &[Path] = &[
    path("person.id", "text", true, "puente's id of the person: per_..."),
    path("person.name", "text", false, "the name of the WhatsApp profile, as its owner typed it"),
    path("person.first_name", "text", false, "all of the name but its last word"),
    path(
        "person.last_name",
        "text",
        true,
        "the last word of the name, else the phone, else the user name, else WhatsApp",
    ),
    path("person.phone", "text", false, "the phone number with + and country code"),
    path("person.wa_id", "text", false, "the WhatsApp id, digits"),
    path("person.bsuid", "text", false, "the business-scoped user id"),
    path("person.username", "text", false, "the WhatsApp user name"),
    path("person.country", "text", false, "the country, two letters (ISO 3166)"),
    path("person.first_seen_at", "datetime", true, "when puente met the person"),
    path("person.last_seen_at", "datetime", true, "when the person was last heard of"),
    path("conversation.id", "text", false, "puente's id of the conversation: con_..."),
    path("conversation.opened_at", "datetime", false, "when it was opened"),
    path("conversation.last_inbound_at", "datetime", false, "when the customer last wrote in it"),
    path("number.id", "text", false, "Meta's id of the business number"),
    path("number.phone", "text", false, "the business number as people know it"),
    path("message.id", "text", false, "puente's id of the message: msg_..."),
    path("message.wamid", "text", false, "Meta's id of the message"),
    path("message.type", "text", false, "text, image, button, interactive, order ..."),
    path("message.direction", "text", false, "in, out or echo"),
    path(
        "message.text",
        "text",
        false,
        "what people read: text, caption, title of a button, name of a place",
    ),
    path("message.sent_at", "datetime", false, "Meta's time of the message"),
    path(
        "message.reply_id",
        "text",
        false,
        "the id of the button, list row or form that was answered",
    ),
    path("message.file_name", "text", false, "the name of a document"),
    path("message.mime_type", "text", false, "the type of a file"),
    path("message.latitude", "number", false, "of a place"),
    path("message.longitude", "number", false, "of a place"),
    path(
        "message.source",
        "any",
        false,
        "Meta's own object, for instance message.source.order.catalog_id",
    ),
    path("referral.source_id", "text", false, "the ad or post that the customer came by"),
    path("referral.source_type", "text", false, "ad or post"),
    path("referral.source_url", "text", false, "its address"),
    path("referral.headline", "text", false, "its headline"),
    path("referral.body", "text", false, "its text"),
    path("referral.click_id", "text", false, "Meta's id of the click: ctwa_clid"),
    path(
        "settings.lead_company",
        "text",
        false,
        "tenant.salesforce.lead_company of the configuration",
    ),
    path("settings.lead_source", "text", false, "tenant.salesforce.lead_source"),
    path("settings.case_origin", "text", false, "tenant.salesforce.case_origin"),
    path("mapping.version", "number", true, "the version of the mapping that writes the value"),
];

/// A documented path, or one within Meta's own object.
pub fn is_path(name: &str) -> bool {
    PATHS.iter().any(|p| p.path == name || (p.kind == "any" && is_below(name, p.path)))
}

pub(super) fn is_always(name: &str) -> bool {
    PATHS.iter().any(|p| p.path == name && p.always)
}

fn is_below(name: &str, group: &str) -> bool {
    name.strip_prefix(group).is_some_and(|rest| rest.starts_with('.'))
}

/// The documented path that is spelt most alike, for a cure.
pub(super) fn nearest(name: &str) -> &'static str {
    let shared = |p: &&Path| {
        let ends = |a: &str, b: &str| a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
        let back = |s: &str| s.bytes().rev().map(char::from).collect::<String>();
        ends(p.path, name) + ends(&back(p.path), &back(name))
    };
    PATHS.iter().max_by_key(shared).map_or("person.phone", |p| p.path)
}
