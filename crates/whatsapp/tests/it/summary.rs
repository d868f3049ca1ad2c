//! One line that shows what was understood of an item.

use whatsapp::wire::webhook::{
    Contact, Content, Context, Item, ItemBody, Message, Party, Referral, StatusItem, WireError,
};

pub fn of(item: &Item) -> String {
    let mut line = match &item.body {
        ItemBody::Message(m) => format!("message {}", message(m)),
        ItemBody::Echo(m) => format!("echo {}", message(m)),
        ItemBody::Status(s) => format!("status {}", status(s)),
        ItemBody::Preference(p) => format!(
            "preference {} {} by {} at {}",
            p.value.as_deref().unwrap_or("?"),
            p.category.as_deref().unwrap_or("?"),
            party(&p.user),
            time(p.at)
        ),
        ItemBody::UserIdUpdate(u) => format!(
            "user_id_update {} to {} at {}",
            u.previous_bsuid.as_deref().unwrap_or("?"),
            party(&u.user()),
            time(u.at)
        ),
        ItemBody::Error(e) => format!("error {}", error(e)),
        ItemBody::History(h) => format!(
            "history {} thread={} {} phase={} chunk={} {}%",
            message(&h.message),
            h.thread.as_deref().unwrap_or("?"),
            h.status.as_deref().unwrap_or("?"),
            h.phase.unwrap_or(-1),
            h.chunk_order.unwrap_or(-1),
            h.progress.unwrap_or(-1)
        ),
        ItemBody::Other => {
            let number = item.phone_number_id.as_ref().map_or("-", |n| n.as_str());
            let at = time(item.entry_time);
            let notice = short(format!("{:?}", item.notice()));
            format!("other {}/{} {number} {at} {notice}", item.field, item.part)
        }
        ItemBody::Broken(reason) => format!("broken {reason}"),
    };
    if let Some(contact) = &item.contact {
        line.push_str(&format!(" contact={}", person(contact)));
    }
    line
}

fn message(m: &Message) -> String {
    let mut line =
        format!("{} {} from {} at {}", m.kind, content(&m.content), party(&m.from), time(m.at));
    if let Some(to) = &m.to {
        line.push_str(&format!(" to {}", party(to)));
    }
    if let Some(group) = &m.group_id {
        line.push_str(&format!(" group={group}"));
    }
    line.push_str(&m.context.as_ref().map(context).unwrap_or_default());
    line.push_str(&m.referral.as_ref().map(referral).unwrap_or_default());
    m.errors.iter().for_each(|e| line.push_str(&format!(" error={}", error(e))));
    line
}

fn content(content: &Content) -> String {
    match content {
        Content::Text(body) => format!("{body:?}"),
        Content::Media(m) => {
            let parts = [
                ("id", m.id.clone()),
                ("mime", m.mime_type.clone()),
                ("caption", m.caption.clone()),
                ("file", m.filename.clone()),
                ("voice", m.voice.map(|v| v.to_string())),
                ("animated", m.animated.map(|v| v.to_string())),
                ("url", m.url.as_ref().map(|u| u.len().to_string())),
            ];
            let held = parts.into_iter().filter_map(|(key, part)| Some(format!("{key}={}", part?)));
            held.collect::<Vec<_>>().join(" ")
        }
        Content::Location(l) => {
            format!(
                "{:?},{:?} {:?} {:?}",
                l.latitude.unwrap(),
                l.longitude.unwrap(),
                l.name,
                l.address
            )
        }
        Content::Contacts(cards) => {
            let card = |c: &whatsapp::wire::webhook::Card| {
                let name = c.parts.name.as_ref().and_then(|n| n.formatted_name.clone());
                let phones = c.parts.phones.iter().filter_map(|p| p.phone.clone());
                let phones = phones.collect::<Vec<_>>().join("+");
                format!("{name:?} {phones} {:?}", c.origin)
            };
            cards.iter().map(card).collect::<Vec<_>>().join("; ")
        }
        Content::Reaction(r) => format!("{:?} on {}", r.emoji, r.target.as_str().len()),
        Content::Button(b) => format!("{:?} {:?}", b.payload, b.text),
        Content::Reply(r) => {
            let form = r.response_json.as_deref().unwrap_or("-");
            format!("{:?} {:?} {:?} {:?} {form}", r.kind, r.id, r.title, r.description)
        }
        Content::Order(o) => {
            let line = |l: &whatsapp::wire::webhook::OrderLine| {
                format!("{:?} x{:?} {:?}", l.product_retailer_id, l.quantity, l.item_price)
            };
            format!("{:?} {}", o.text, o.lines.iter().map(line).collect::<Vec<_>>().join("; "))
        }
        Content::System(s) => format!(
            "{} wa={:?} bsuid={:?} parent={:?} hash={:?}",
            s.kind, s.wa_id, s.bsuid, s.parent_bsuid, s.identity_hash
        ),
        Content::Edit(e) => format!("({} {})", e.kind, self::content(&e.content)),
        Content::Revoke { original } => format!("of {}", original.as_str().len()),
        Content::Unsupported { kind } => format!("{kind:?}"),
        Content::RequestWelcome => "-".into(),
        Content::Other(value) => format!("raw {value}"),
    }
}

fn status(s: &StatusItem) -> String {
    let known = if s.status.is_some() { "" } else { "(no rank)" };
    let mut line = format!("{}{known} to {} at {}", s.word, party(&s.recipient), time(s.at));
    if let Some(group) = &s.group_id {
        line.push_str(&format!(" group={group}"));
    }
    if let Some(participant) = &s.participant {
        line.push_str(&format!(" member={}", party(participant)));
    }
    match (&s.tracker, &s.tracker_text) {
        (Some(_), _) => line.push_str(" tracker=ours"),
        (None, Some(text)) => line.push_str(&format!(" tracker={text}")),
        (None, None) => {}
    }
    if let Some(p) = &s.pricing {
        let key = p.category_key().unwrap_or_default();
        line.push_str(&format!(" {key} billed={:?}", p.is_billed()));
    }
    if let Some(c) = &s.conversation {
        line.push_str(&format!(" conversation={:?} to {}", c.id, time(c.expires_at)));
    }
    if let Some(template) = &s.template_id {
        line.push_str(&format!(" template={template}"));
    }
    s.errors.iter().for_each(|e| line.push_str(&format!(" error={}", error(e))));
    line
}

fn party(p: &Party) -> String {
    [&p.wa_id, &p.bsuid, &p.parent_bsuid].map(|h| h.as_deref().unwrap_or("-")).join("/")
}

fn person(c: &Contact) -> String {
    format!(
        "{:?}{}",
        c.name.as_deref().unwrap_or("-"),
        c.username.as_ref().map(|u| format!("@{u}")).unwrap_or_default()
    )
}

fn context(c: &Context) -> String {
    let mut line = String::new();
    if c.id.is_some() {
        line.push_str(&format!(" quotes={}", c.from.as_deref().unwrap_or("?")));
    }
    if c.frequently_forwarded {
        line.push_str(" forwarded_often");
    } else if c.forwarded {
        line.push_str(" forwarded");
    }
    if let Some(p) = &c.product {
        line.push_str(&format!(" product={:?}", p.product_retailer_id));
    }
    line
}

fn referral(r: &Referral) -> String {
    let greeting = r.welcome_message.as_ref().and_then(|w| w.text.as_deref());
    format!(
        " ad={:?} {:?} {:?} {greeting:?}",
        r.source_id,
        r.headline,
        r.ctwa_clid.as_ref().map(|c| c.len())
    )
}

fn error(e: &WireError) -> String {
    format!("{} {:?}", e.code.map(|c| c.to_string()).unwrap_or_default(), e.words())
}

fn time(at: Option<model::UnixMs>) -> String {
    at.map_or_else(|| "?".into(), |at| at.0.to_string())
}

/// A debug form without what is absent.
fn short(mut debug: String) -> String {
    for absent in [": None", ": []"] {
        while let Some(at) = debug.find(absent) {
            let start = debug[..at].rfind([' ', '{']).map_or(0, |i| i + 1);
            let end = at + absent.len();
            let end = if debug[end..].starts_with(", ") { end + 2 } else { end };
            debug.replace_range(start..end, "");
        }
    }
    debug
        .replace(",  }", " }")
        .replace(", }", " }")
        .replace("{  }", "{}")
        .replace("Some(", "(")
        .replace('"', "'")
}
