//! From a checked body to a message on its way.

use serde_json::{Value, json};

use super::Wrong;
use crate::check::{Frame, Kind, Recipient};
use crate::state::{
    AccountMode, Customer, Direction, Message, NewCustomer, Outcome, Pricing, Template, Tick,
    World, country_of, digits, mint_wamid,
};

const DAY_MS: i64 = 86_400_000;
/// 2026-10-01: since then messages inside the window are charged.
const CHARGED_FROM_MS: i64 = 1_790_812_800_000;

/// Who a message goes to.
pub struct To {
    pub input: String,
    /// Digits as dialled; empty for a BSUID.
    digits: String,
    customer: Option<Customer>,
    by_bsuid: bool,
    swallowed: bool,
}

impl To {
    fn key(&self) -> String {
        self.customer.as_ref().map_or_else(|| self.input.clone(), |c| c.id.clone())
    }
}

/// Finds the recipient. A BSUID of another portfolio, or of nobody, is 131009;
/// a phone number without WhatsApp is found out only later.
pub fn find(
    world: &mut World,
    number_id: &str,
    business_id: &str,
    recipient: &Recipient,
    now_ms: i64,
) -> Result<To, Wrong> {
    let number = &world.numbers[number_id];
    let (own, mode) = (number.digits(), number.account_mode);
    match recipient {
        Recipient::Misplaced(id) => Ok(To {
            input: id.clone(),
            digits: String::new(),
            customer: None,
            by_bsuid: true,
            swallowed: true,
        }),
        Recipient::Bsuid(id) => {
            let customer = world.customer_by_bsuid(business_id, id).cloned();
            let unknown =
                || Wrong::with(131009, "Param recipient is not a user of this portfolio.");
            let customer = Some(customer.ok_or_else(unknown)?);
            Ok(To {
                input: id.clone(),
                digits: String::new(),
                customer,
                by_bsuid: true,
                swallowed: false,
            })
        }
        Recipient::Phone(input) => {
            let bad = || Wrong::with(131009, "Param to is not a phone number.");
            let given = digits(input).ok_or_else(bad)?;
            let local = !input.trim_start().starts_with('+');
            let dialled = match world.customer_by_phone(&given) {
                Some(_) => given,
                // Without a plus the country code of the business number is put before
                // a number that is short enough to lack one.
                None if local && given.len() <= 10 => format!("{}{given}", country_code(&own)),
                None => given,
            };
            if dialled == own {
                return Err(Wrong::new(131021));
            }
            if mode == AccountMode::Sandbox
                && !world.numbers[number_id].allow_list.contains(&dialled)
            {
                return Err(Wrong::new(131030));
            }
            if world.customer_by_phone(&dialled).is_none() && world.rules.strangers_exist {
                let new = NewCustomer::named("", &dialled);
                // A number that cannot be added belongs to somebody by now.
                let _ = world.add_customer(new);
            }
            let customer = world.customer_by_phone(&dialled).cloned();
            if let Some(customer) = &customer
                && let Some(known) = world.customers.get_mut(&customer.id)
            {
                known.known_to.insert(business_id.into(), now_ms);
            }
            let customer = customer.and_then(|c| world.customers.get(&c.id).cloned());
            Ok(To {
                input: input.clone(),
                digits: dialled,
                customer,
                by_bsuid: false,
                swallowed: false,
            })
        }
    }
}

fn country_code(own: &str) -> &str {
    match country_of(own) {
        "US" => "1",
        "AE" | "IL" | "PT" | "IE" | "NG" | "KE" => &own[..3],
        _ => &own[..2],
    }
}

/// An uploaded medium that is named must be there: 131009 otherwise.
pub fn media_exists(
    world: &World,
    number_id: &str,
    frame: &Frame,
    now_ms: i64,
) -> Result<(), Wrong> {
    let mut ids = Vec::new();
    media_keys(&frame.content, "id", frame.kind, &mut ids);
    for id in ids {
        let known =
            world.media.get(id).is_some_and(|m| m.number_id == number_id && m.alive(now_ms));
        if !known {
            return Err(Wrong::with(
                131009,
                format!("Media ID {id} does not exist or has expired."),
            ));
        }
    }
    Ok(())
}

/// Values of `key` in the places where media stand.
fn media_keys<'a>(content: &'a Value, key: &str, kind: Kind, out: &mut Vec<&'a str>) {
    match kind {
        Kind::Image | Kind::Video | Kind::Audio | Kind::Document | Kind::Sticker => {
            out.extend(content[key].as_str());
        }
        Kind::Interactive | Kind::Template => walk(content, key, out),
        _ => {}
    }
}

fn walk<'a>(value: &'a Value, key: &str, out: &mut Vec<&'a str>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, key, out)),
        Value::Object(keys) => {
            for (name, inner) in keys {
                if ["image", "video", "document"].contains(&name.as_str()) {
                    out.extend(inner[key].as_str());
                } else {
                    walk(inner, key, out);
                }
            }
        }
        _ => {}
    }
}

/// The pair's bucket, then the number's second.
pub fn pace(world: &mut World, number_id: &str, to: &To, now_ms: i64) -> Result<(), Wrong> {
    let pairs = world.rules.pair_limit;
    let Some(number) = world.numbers.get_mut(number_id) else {
        return Ok(());
    };
    let limit = number.throughput.per_second();
    let pair = number.pairs.entry(to.key()).or_default();
    let mut after = *pair;
    if pairs && !after.take(now_ms) {
        return Err(Wrong::with(131056, "Too many messages to this user in a short time."));
    }
    if !number.traffic.take(now_ms, limit) {
        return Err(Wrong::with(130429, "Cloud API message throughput has been reached."));
    }
    number.pairs.insert(to.key(), after);
    Ok(())
}

pub type Departing = Option<(String, Outcome)>;

/// Takes the message: a wamid, an entry on the phone, a fate.
#[allow(clippy::too_many_arguments, reason = "one call site; each is a step's result")]
pub fn take(
    world: &mut World,
    number_id: &str,
    business_id: &str,
    frame: Frame,
    to: To,
    template: Option<Template>,
    filled: Option<Value>,
    now_ms: i64,
) -> Result<(Value, Departing), Wrong> {
    let mut seed = world.seed.clone();
    let user = match &to.customer {
        Some(c) if !to.by_bsuid => c.wa_id.clone(),
        _ if to.by_bsuid => to.input.clone(),
        _ => to.digits.clone(),
    };
    let wamid = mint_wamid(&user, Direction::Out, &mut seed);
    world.seed = seed;
    let mut contact = json!({ "input": to.input });
    if to.by_bsuid {
        contact["user_id"] = json!(to.input);
    } else {
        contact["wa_id"] = json!(user);
    }
    let mut message = json!({ "id": wamid });
    if template.is_some() {
        message["message_status"] = json!("accepted");
    }
    let body =
        json!({ "messaging_product": "whatsapp", "contacts": [contact], "messages": [message] });
    if to.swallowed {
        world.swallowed += 1;
        return Ok((body, None));
    }
    let category = template.as_ref().map(|t| t.category.as_str());
    let open = to.customer.as_ref().is_some_and(|c| c.window(number_id).open(now_ms));
    if world.rules.window_at_once && category.is_none() && !open {
        return Err(Wrong::new(131047));
    }
    let fate = fate(world, number_id, business_id, &frame, &to, category, now_ms);
    let pricing = price(&to, number_id, category, now_ms);
    if let Some(customer) = to.customer.as_ref().and_then(|c| world.customers.get_mut(&c.id)) {
        customer.windows.entry(number_id.into()).or_default().answered(now_ms);
        if let Some(number) = world.numbers.get_mut(number_id) {
            number.typing.remove(&customer.id);
        }
    }
    world.push_message(Message {
        wamid: wamid.clone(),
        number_id: number_id.into(),
        customer_id: to.customer.as_ref().map_or(to.digits.clone(), |c| c.id.clone()),
        direction: Direction::Out,
        at_ms: now_ms,
        kind: frame.kind.word().into(),
        content: filled.unwrap_or(frame.content),
        reply_to: frame.reply_to,
        by_bsuid: to.by_bsuid,
        tracker: frame.tracker,
        template: template.map(|t| t.name),
        pricing: (frame.kind != Kind::Reaction).then_some(pricing),
        tick: Tick::Accepted,
        steps: vec![(Tick::Accepted, now_ms)],
        error: None,
        deleted: false,
        revision: 0,
    });
    Ok((body, Some((wamid, fate))))
}

/// What will become of it, as far as Meta can know at acceptance.
fn fate(
    world: &mut World,
    number_id: &str,
    business_id: &str,
    frame: &Frame,
    to: &To,
    category: Option<&str>,
    now_ms: i64,
) -> Outcome {
    let Some(customer) = &to.customer else {
        return Outcome::Fail(131026);
    };
    let scripted = world.customers.get_mut(&customer.id).and_then(|c| {
        c.script.pop_front().or((c.usually != Outcome::Deliver).then_some(c.usually))
    });
    if let Some(outcome) = scripted {
        return outcome;
    }
    if !customer.on_whatsapp {
        return Outcome::Fail(131026);
    }
    let open = customer.window(number_id).open(now_ms);
    if category.is_none() && !open {
        return Outcome::Fail(131047);
    }
    if category == Some("MARKETING") {
        if customer.marketing_stopped {
            return Outcome::Fail(131050);
        }
        if world.rules.no_marketing_to_us && customer.in_the_us() {
            return Outcome::Fail(131049);
        }
    }
    let mut links = Vec::new();
    media_keys(&frame.content, "link", frame.kind, &mut links);
    let broken = &world.rules.broken_links;
    if links.iter().any(|link| broken.iter().any(|start| link.starts_with(start.as_str()))) {
        return Outcome::Fail(131053);
    }
    if frame.kind == Kind::Reaction && !may_react(world, frame, now_ms) {
        return Outcome::Fail(131009);
    }
    let contacts = world.businesses.get_mut(business_id);
    if !open && contacts.is_some_and(|b| !b.contact(&customer.id, now_ms)) {
        return Outcome::Fail(131048);
    }
    match customer.blocked.contains(number_id) {
        true => Outcome::SentOnly,
        false => Outcome::Deliver,
    }
}

/// The target is at most 30 days old and not itself a reaction.
fn may_react(world: &World, frame: &Frame, now_ms: i64) -> bool {
    let target = frame.content["message_id"].as_str().and_then(|id| world.message(id));
    target.is_some_and(|m| m.kind != "reaction" && now_ms - m.at_ms <= 30 * DAY_MS)
}

fn price(to: &To, number_id: &str, category: Option<&str>, now_ms: i64) -> Pricing {
    let window = to.customer.as_ref().map(|c| c.window(number_id)).unwrap_or_default();
    let category = category.map_or("service".into(), str::to_lowercase);
    let inside = category == "service" || (category == "utility" && window.open(now_ms));
    let answers_ad = window.clicked_ms.is_some_and(|at| now_ms - at < DAY_MS);
    let kind = match () {
        () if window.free(now_ms) || answers_ad => "free_entry_point",
        () if inside && now_ms < CHARGED_FROM_MS => "free_customer_service",
        () => "regular",
    };
    Pricing { category, kind: kind.into() }
}
