//! What people do in a run: customers write and read, agents answer.

use serde_json::{Value, json};
use sim_kit::Seed;
use whatsapp_sim::{Change, Direction};

use super::outside::{Outside, Pair, TENANTS};

/// One thing that happens at its time.
#[derive(Clone, Debug)]
pub enum Deed {
    /// A customer writes.
    Says { pair: usize, text: String },
    /// A customer opens the chat.
    Reads { pair: usize },
    /// The same wamid comes to both numbers: it names another message in each.
    Shared { wamid: String },
    /// A message without a sender, which cannot be anybody's.
    Nameless { tenant: usize, wamid: String },
    /// A message to a number that is nobody's here.
    Stray { wamid: String },
}

/// What a caller of the API will ask for, one after the other.
#[derive(Clone, Debug)]
pub struct Errand {
    pub pair: usize,
    pub after_ms: u64,
    pub text: String,
    pub class: &'static str,
    /// The same request twice at the same time.
    pub twice: bool,
}

/// Texts name their tenant and their customer, so that each is found wherever
/// it does not belong.
pub struct Work {
    pub deeds: Vec<(i64, Deed)>,
    /// By pair, in the order of hand-over.
    pub errands: Vec<Vec<Errand>>,
}

impl Work {
    pub fn drawn(outside: &Outside, seed: &mut Seed, storm_ms: i64, equal: bool) -> Self {
        let pairs = outside.pairs.len();
        let mut deeds = Vec::new();
        for pair in 0..pairs {
            let first = seed.between(0, 3_000);
            deeds.push((first, Deed::Says { pair, text: text(outside, pair, "dice", 0) }));
            for n in 1..=seed.below(3) {
                let at = seed.between(first, storm_ms);
                deeds.push((at, Deed::Says { pair, text: text(outside, pair, "dice", n) }));
            }
            if seed.chance(0.5) {
                deeds.push((seed.between(storm_ms / 2, storm_ms), Deed::Reads { pair }));
            }
        }
        let at = |seed: &mut Seed| seed.between(1_000, storm_ms);
        if seed.chance(0.4) {
            deeds.push((at(seed), Deed::Shared { wamid: "wamid.shared".into() }));
        }
        if seed.chance(0.2) {
            let tenant = seed.below(2) as usize;
            deeds.push((at(seed), Deed::Nameless { tenant, wamid: "wamid.nameless".into() }));
        }
        if seed.chance(0.1) {
            deeds.push((at(seed), Deed::Stray { wamid: "wamid.stray".into() }));
        }
        let mut errands = vec![Vec::new(); pairs];
        for n in 0..6 + seed.below(7) {
            // a few pairs have most of the traffic, so that there is an order
            let pair = seed.below(pairs as u64).min(seed.below(pairs as u64)) as usize;
            let classes = ["live", "live", "live", "automatic", "campaign"];
            errands[pair].push(Errand {
                pair,
                // some come in a burst
                after_ms: if seed.chance(0.5) {
                    seed.below(300)
                } else {
                    seed.below(storm_ms as u64 / 4)
                },
                text: text(outside, pair, "responde", n),
                class: seed.pick(&classes).copied().unwrap_or("live"),
                twice: equal && seed.chance(0.5),
            });
        }
        Self { deeds, errands }
    }
}

fn text(outside: &Outside, pair: usize, verb: &str, n: u64) -> String {
    let Pair { customer, tenant, .. } = &outside.pairs[pair];
    format!("{}/{} {verb} {n}", TENANTS[*tenant].name, customer.id)
}

/// The text that a shared wamid has in a tenant.
pub fn shared_text(tenant: usize) -> String {
    format!("{}/shared", TENANTS[tenant].name)
}

impl Deed {
    pub fn act(&self, outside: &Outside) -> Result<(), String> {
        let phones = outside.meta.handle();
        match self {
            Self::Says { pair, text } => {
                let Pair { customer, tenant, .. } = &outside.pairs[*pair];
                phones.texts(&customer.id, TENANTS[*tenant].number, text).map(drop)
            }
            Self::Reads { pair } => {
                let Pair { customer, tenant, .. } = &outside.pairs[*pair];
                phones.reads(&customer.id, TENANTS[*tenant].number);
                Ok(())
            }
            Self::Shared { wamid } => {
                for (tenant, tenancy) in TENANTS.iter().enumerate() {
                    let from = &outside.pairs[0].customer.wa_id;
                    let message = message(outside, wamid, Some(from), &shared_text(tenant));
                    phones.emit(change(tenancy.waba, tenancy.number, message));
                }
                Ok(())
            }
            Self::Nameless { tenant, wamid } => {
                let message = message(outside, wamid, None, "nameless");
                phones.emit(change(TENANTS[*tenant].waba, TENANTS[*tenant].number, message));
                Ok(())
            }
            Self::Stray { wamid } => {
                let message = message(outside, wamid, Some("15550107777"), "stray");
                let mut change = change(TENANTS[0].waba, TENANTS[0].number, message);
                change.value["metadata"]["phone_number_id"] = json!("999");
                phones.emit(change);
                Ok(())
            }
        }
    }
}

fn message(outside: &Outside, wamid: &str, from: Option<&str>, text: &str) -> Value {
    let mut message = json!({
        "id": wamid, "timestamp": outside.clock.now_secs().to_string(),
        "type": "text", "text": { "body": text },
    });
    if let Some(from) = from {
        message["from"] = json!(from);
    }
    message
}

fn change(waba: &str, number: &str, message: Value) -> Change {
    let value = json!({
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": "1", "phone_number_id": number },
        "messages": [message],
    });
    Change { waba_id: waba.into(), number_id: Some(number.into()), field: "messages".into(), value }
}

/// What stands on all phones of one direction.
pub fn on_phones(outside: &Outside, direction: Direction) -> Vec<whatsapp_sim::Message> {
    outside
        .meta
        .handle()
        .read(|world| world.messages.iter().filter(|m| m.direction == direction).cloned().collect())
}
