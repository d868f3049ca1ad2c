//! A body into work: each item with its tenant, number and natural key.

use model::UnixMs;
use model::ids::{PhoneNumberId, TenantId};
use rules::identity::{HandleTexts, Sender, handle_texts};
use store::op::{DayKey, HandleKind};
use store::{JournalEntry, Store};
use whatsapp::keys::natural_key;
use whatsapp::wire::webhook::{Item, ItemBody, Message, NotJson, Party, split};

use crate::directory::{Directory, Number};

/// Items without a time of their own share one partition that is never
/// dropped; there are few of them (account and template events).
const UNDATED: i32 = i32::MAX;

pub struct Work {
    pub journal: i64,
    pub received_at: UnixMs,
    pub owner: Owner,
    pub key: DayKey,
    pub item: Item,
}

pub enum Owner {
    /// A number of ours.
    Number(Number),
    /// A WABA of ours, and no number named.
    Tenant(TenantId),
    Nobody,
}

impl Owner {
    pub fn tenant(&self) -> Option<&TenantId> {
        match self {
            Self::Number(number) => Some(&number.tenant),
            Self::Tenant(tenant) => Some(tenant),
            Self::Nobody => None,
        }
    }
}

pub fn works(
    store: &Store,
    directory: &Directory,
    row: &JournalEntry,
) -> Result<Vec<Work>, NotJson> {
    let items = split(&row.body)?;
    Ok(items.into_iter().map(|item| work(store, directory, row, item)).collect())
}

fn work(store: &Store, directory: &Directory, row: &JournalEntry, item: Item) -> Work {
    let number = item.phone_number_id.as_ref().and_then(|id| directory.number(id));
    let owner = match number {
        Some(number) => Owner::Number(number.clone()),
        None => match directory.tenant_of(item.phone_number_id.as_ref(), &item.waba_id) {
            Some(tenant) => Owner::Tenant(tenant.clone()),
            None => Owner::Nobody,
        },
    };
    let hash = store.hmac_installation(natural_key(&item).as_bytes());
    let mut short = [0; 16];
    short.copy_from_slice(&hash[..16]);
    let key = DayKey { day: own_time(&item).map_or(UNDATED, UnixMs::day), hash: short };
    Work { journal: row.seq, received_at: row.received_at, owner, key, item }
}

fn own_time(item: &Item) -> Option<UnixMs> {
    match &item.body {
        ItemBody::Message(message) | ItemBody::Echo(message) => message.at,
        ItemBody::Status(status) => status.at,
        _ => None,
    }
}

/// Who the message is with: its sender, or whom an echo went to.
pub fn sender(item: &Item, message: &Message, echo: bool) -> Sender {
    self::party(item, if echo { message.person() } else { &message.from })
}

/// The same for an item that names its person itself.
pub fn party(item: &Item, party: &Party) -> Sender {
    let contact = item.contact.as_ref();
    let of_contact =
        |pick: fn(&Party) -> &Option<String>| contact.and_then(|c| pick(&c.party).clone());
    Sender {
        bsuid: party.bsuid.clone().or_else(|| of_contact(|p| &p.bsuid)),
        parent_bsuid: party.parent_bsuid.clone().or_else(|| of_contact(|p| &p.parent_bsuid)),
        wa_id: party.wa_id.clone().or_else(|| of_contact(|p| &p.wa_id)),
        username: contact.and_then(|c| c.username.clone()),
        name: contact.and_then(|c| c.name.clone()).filter(|n| !n.trim().is_empty()),
        country: contact.and_then(|c| c.country_code.clone()),
    }
}

/// Keyed hashes of a sender's handles, strongest first.
pub fn handles(store: &Store, number: &Number, sender: &Sender) -> Vec<(HandleKind, [u8; 32])> {
    let HandleTexts { bsuid, wa_id, phone } = handle_texts(sender, &number.portfolio);
    [(HandleKind::Bsuid, bsuid), (HandleKind::WaId, wa_id), (HandleKind::Phone, phone)]
        .into_iter()
        .filter_map(|(kind, text)| Some((kind, store.hmac(&number.tenant, text?.as_bytes()))))
        .collect()
}

/// The rendezvous of a message and its statuses.
pub fn state_key(
    store: &Store,
    tenant: &TenantId,
    number: &PhoneNumberId,
    wamid: &str,
) -> [u8; 16] {
    let hash = store.hmac(tenant, rules::keys::state_key_text(number, wamid).as_bytes());
    let mut key = [0; 16];
    key.copy_from_slice(&hash[..16]);
    key
}
