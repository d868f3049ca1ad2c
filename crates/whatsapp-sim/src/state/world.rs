//! Everything the simulator holds, under one lock.

use std::collections::BTreeMap;

use sim_kit::Seed;

use super::*;
use crate::config::{Config, Pace, Rules, Webhooks};

#[derive(Debug)]
pub struct World {
    pub public_url: String,
    pub apps: BTreeMap<String, App>,
    pub businesses: BTreeMap<String, Business>,
    pub wabas: BTreeMap<String, Waba>,
    pub numbers: BTreeMap<String, Number>,
    pub tokens: BTreeMap<String, Token>,
    pub templates: BTreeMap<String, Template>,
    pub media: BTreeMap<String, Media>,
    pub customers: BTreeMap<String, Customer>,
    pub pace: Pace,
    pub webhooks: Webhooks,
    pub rules: Rules,
    /// All messages, in the order they came to be.
    pub messages: Vec<Message>,
    /// Sends with a BSUID in `to`: accepted and swallowed.
    pub swallowed: u64,
    by_wamid: BTreeMap<String, usize>,
    by_customer: BTreeMap<String, Vec<usize>>,
    by_key: BTreeMap<String, String>,
    /// (portfolio, BSUID) -> customer.
    by_bsuid: BTreeMap<(String, String), String>,
    revision: u64,
    minted: u64,
    pub(crate) seed: Seed,
}

impl World {
    pub fn new(config: Config, seed: &Seed) -> Self {
        let mut world = Self {
            public_url: config.public_url,
            apps: config.apps.into_iter().map(|a| (a.id.clone(), a)).collect(),
            businesses: config.businesses.into_iter().map(|b| (b.id.clone(), b)).collect(),
            numbers: config.numbers.into_iter().map(|n| (n.id.clone(), n)).collect(),
            tokens: config.tokens.into_iter().map(|t| (t.value.clone(), t)).collect(),
            templates: BTreeMap::new(),
            media: BTreeMap::new(),
            customers: BTreeMap::new(),
            pace: config.pace,
            webhooks: config.webhooks,
            rules: config.rules,
            messages: Vec::new(),
            swallowed: 0,
            by_wamid: BTreeMap::new(),
            by_customer: BTreeMap::new(),
            by_key: BTreeMap::new(),
            by_bsuid: BTreeMap::new(),
            revision: 0,
            minted: 0,
            seed: seed.fork("world"),
            wabas: config.wabas.into_iter().map(|w| (w.id.clone(), w)).collect(),
        };
        let templates = world.wabas.keys().flat_map(|id| seeded(id)).collect::<Vec<_>>();
        world.templates = templates.into_iter().map(|t| (t.id.clone(), t)).collect();
        world
    }

    /// A decimal id of 16 digits, never used before.
    pub fn mint_id(&mut self, kind: u32) -> String {
        self.minted += 1;
        format!("{kind:0<5}{:0>11}", self.minted)
    }

    pub fn business_of(&self, number_id: &str) -> Option<&Business> {
        let waba = self.wabas.get(&self.numbers.get(number_id)?.waba_id)?;
        self.businesses.get(&waba.business_id)
    }

    /// Makes a person. Errors name the field and the cure.
    pub fn add_customer(&mut self, new: NewCustomer) -> Result<Customer, String> {
        let id = match new.id {
            Some(id) if self.customers.contains_key(&id) => {
                return Err(format!("id: a customer {id} exists already; choose another"));
            }
            Some(id) => id,
            None => format!("c{}", self.customers.len() + 1),
        };
        let phone = match &new.phone {
            Some(text) => digits(text)
                .ok_or_else(|| format!("phone: {text} is not 7 to 15 digits with country code"))?,
            // A person who hides the number has one all the same.
            None if new.hidden => format!("1555{:0>7}", 9_000_000 + self.customers.len()),
            None => return Err("phone: give one, or set hidden".into()),
        };
        let key = match_key(&phone);
        if let Some(other) = self.by_key.get(&key) {
            return Err(format!("phone: customer {other} has this number; use another"));
        }
        let wa_id = new.wa_id.unwrap_or_else(|| wa_id_of(&phone));
        let mut bsuids = BTreeMap::new();
        for business in self.businesses.keys() {
            bsuids.insert(business.clone(), derived_bsuid(&self.seed, &id, business, &phone, 0));
        }
        if let Some(bsuid) = new.bsuid {
            let scope = new.business_id.or_else(|| self.businesses.keys().next().cloned());
            bsuids.insert(scope.ok_or("bsuid: there is no business portfolio")?, bsuid);
        }
        let customer = Customer {
            id: id.clone(),
            name: new.name,
            phone,
            wa_id,
            hidden: new.hidden,
            username: new.username,
            bsuids,
            known_to: BTreeMap::new(),
            on_whatsapp: !new.not_on_whatsapp,
            online: true,
            watching: false,
            reads_after_ms: new.reads_after_ms,
            marketing_stopped: false,
            blocked: Default::default(),
            script: Default::default(),
            usually: Outcome::Deliver,
            windows: BTreeMap::new(),
        };
        self.by_key.insert(key, id.clone());
        self.learn_bsuids(&customer);
        self.customers.insert(id, customer.clone());
        Ok(customer)
    }

    /// The person behind a dialled number or a WhatsApp id, in any spelling.
    pub fn customer_by_phone(&self, digits: &str) -> Option<&Customer> {
        self.customers.get(self.by_key.get(&match_key(digits))?)
    }

    /// The person behind a BSUID of this portfolio; another portfolio's is unknown.
    pub fn customer_by_bsuid(&self, business_id: &str, bsuid: &str) -> Option<&Customer> {
        self.customers.values().find(|c| c.bsuids.get(business_id).is_some_and(|b| b == bsuid))
    }

    /// Gives a person a new number and, with it, new BSUIDs. Answers the old person.
    pub fn change_number(&mut self, customer_id: &str, phone: &str) -> Result<Customer, String> {
        let phone = digits(phone).ok_or("phone: 7 to 15 digits with country code")?;
        let key = match_key(&phone);
        if self.by_key.contains_key(&key) {
            return Err("phone: another customer has this number".into());
        }
        let seed = self.seed.clone();
        let customer = self.customers.get_mut(customer_id).ok_or("no such customer")?;
        let old = customer.clone();
        customer.wa_id = wa_id_of(&phone);
        for (business, bsuid) in &mut customer.bsuids {
            *bsuid = derived_bsuid(&seed, customer_id, business, &phone, 1);
        }
        customer.phone = phone;
        let new = customer.clone();
        self.by_bsuid.retain(|_, owner| owner != customer_id);
        self.learn_bsuids(&new);
        self.by_key.remove(&match_key(&old.phone));
        self.by_key.insert(key, customer_id.to_owned());
        Ok(old)
    }

    fn learn_bsuids(&mut self, customer: &Customer) {
        for (business, bsuid) in &customer.bsuids {
            self.by_bsuid.insert((business.clone(), bsuid.clone()), customer.id.clone());
        }
    }

    pub fn message(&self, wamid: &str) -> Option<&Message> {
        self.messages.get(*self.by_wamid.get(wamid)?)
    }

    /// Changes a message and gives it a new revision, for the phones that poll.
    pub fn alter<T>(&mut self, wamid: &str, change: impl FnOnce(&mut Message) -> T) -> Option<T> {
        let at = *self.by_wamid.get(wamid)?;
        self.revision += 1;
        self.messages[at].revision = self.revision;
        Some(change(&mut self.messages[at]))
    }

    pub fn push_message(&mut self, mut message: Message) {
        self.revision += 1;
        message.revision = self.revision;
        let at = self.messages.len();
        self.by_wamid.insert(message.wamid.clone(), at);
        self.by_customer.entry(message.customer_id.clone()).or_default().push(at);
        self.messages.push(message);
    }

    /// All messages of a person, with every business number, oldest first.
    pub fn thread(&self, customer_id: &str) -> impl Iterator<Item = &Message> {
        let at = self.by_customer.get(customer_id).map_or(&[][..], Vec::as_slice);
        at.iter().map(|at| &self.messages[*at])
    }

    /// The count of all changes to messages so far.
    pub fn revision(&self) -> u64 {
        self.revision
    }
}

/// The same person has another id in each portfolio and after each change of number.
fn derived_bsuid(seed: &Seed, customer: &str, business: &str, phone: &str, turn: u32) -> String {
    let mut seed = seed.fork(&format!("bsuid/{customer}/{business}/{phone}/{turn}"));
    let mut random = || seed.below(10_000_000_000);
    format!("{}.{:0>10}{:0>10}", country_of(phone), random(), random())
}
