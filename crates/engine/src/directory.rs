//! Who owns which number, and how consent is read there: what the configuration says, made searchable.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::ids::{AppId, PhoneNumberId, TenantId, WabaId};
use rules::phone::{self, Country};

use crate::consent::Settings;

/// One business number and where its traffic belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    pub id: PhoneNumberId,
    pub tenant: TenantId,
    pub waba: WabaId,
    pub app: AppId,
    /// As people know it, with `+`.
    pub display: String,
    /// Business portfolio: the scope in which a BSUID is one person.
    pub portfolio: String,
}

impl Number {
    /// Where people leave the country code out when they write down a number.
    pub fn home(&self) -> Option<Country> {
        Country::of(&phone::digits(&self.display)?)
    }
}

/// Read by every lane, changed only by a new configuration.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    numbers: Arc<BTreeMap<PhoneNumberId, Number>>,
    homes: Arc<BTreeMap<TenantId, Option<Country>>>,
    /// By tenant; others get the default.
    consent: Arc<BTreeMap<TenantId, Settings>>,
    usual: Arc<Settings>,
}

impl Directory {
    pub fn new(numbers: impl IntoIterator<Item = Number>) -> Self {
        let numbers: BTreeMap<_, _> = numbers.into_iter().map(|n| (n.id.clone(), n)).collect();
        let mut homes: BTreeMap<TenantId, Option<Country>> = BTreeMap::new();
        for number in numbers.values() {
            let home = number.home();
            let slot = homes.entry(number.tenant.clone()).or_insert(home);
            *slot = slot.filter(|known| home == Some(*known));
        }
        Self { numbers: Arc::new(numbers), homes: Arc::new(homes), ..Self::default() }
    }

    /// The same with what tenants ask for before they write first.
    pub fn with_consent(self, settings: BTreeMap<TenantId, Settings>) -> Self {
        Self { consent: Arc::new(settings), ..self }
    }

    pub fn consent(&self, tenant: &TenantId) -> &Settings {
        self.consent.get(tenant).unwrap_or(&self.usual)
    }

    pub fn number(&self, id: &PhoneNumberId) -> Option<&Number> {
        self.numbers.get(id)
    }

    /// Whose an item is: by its number, else by the WABA of its entry.
    pub fn tenant_of(&self, number: Option<&PhoneNumberId>, waba: &WabaId) -> Option<&TenantId> {
        match number {
            Some(id) => self.numbers.get(id).map(|n| &n.tenant),
            None => self.numbers.values().find(|n| n.waba == *waba).map(|n| &n.tenant),
        }
    }

    pub fn numbers(&self) -> impl Iterator<Item = &Number> {
        self.numbers.values()
    }

    pub fn numbers_of<'a>(&'a self, tenant: &'a TenantId) -> impl Iterator<Item = &'a Number> {
        self.numbers.values().filter(move |n| n.tenant == *tenant)
    }

    /// The country that all numbers of a tenant are of: the one whose people
    /// its Salesforce may hold without a country code.
    pub fn home(&self, tenant: &TenantId) -> Option<Country> {
        self.homes.get(tenant).copied().flatten()
    }

    pub fn tenants(&self) -> std::collections::BTreeSet<TenantId> {
        self.numbers.values().map(|n| n.tenant.clone()).collect()
    }
}
