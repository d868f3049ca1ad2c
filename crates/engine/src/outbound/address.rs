//! Whom `to` means: a person of ours, a Salesforce record, a phone, a user id.

use model::ids::{PersonId, RecordId, TenantId};
use rules::identity;
use rules::phone::{self, Reading};
use store::op::HandleKind;
use store::{Person, Profile, Store};

use super::refusal::Refusal;
use crate::body::Address;
use crate::directory::Number;

#[derive(Clone, Debug)]
pub enum Recipient {
    Known(Box<Person>),
    /// Nobody yet: to be made with this profile and these handles.
    New {
        profile: Profile,
        handles: Vec<(HandleKind, [u8; 32])>,
    },
}

pub async fn resolve(
    store: &Store,
    number: &Number,
    to: &str,
) -> Result<(Recipient, Address), Refusal> {
    let to = to.trim();
    if let Some(id) = PersonId::parse(to) {
        let person = person(store, &number.tenant, id).await?;
        return reach(person.ok_or_else(|| {
            Refusal::not_found(
                "to",
                "no person has this id",
                "use the id that /status or Salesforce shows",
            )
        })?);
    }
    if identity::is_bsuid(to) {
        return by_user_id(store, number, to).await;
    }
    match phone::read(to, number.home()) {
        Some(Reading::Line(digits)) => return by_phone(store, number, &digits).await,
        Some(Reading::Either { home, abroad }) => {
            return Err(Refusal::invalid(
                "puente.bad_recipient",
                "to",
                format!("without + this may be +{home} or +{abroad}"),
                "give the phone number with + and its country code",
            ));
        }
        None => {}
    }
    if is_record_id(to) {
        return by_record(store, &number.tenant, to).await;
    }
    Err(Refusal::invalid(
        "puente.bad_recipient",
        "to",
        "this is neither a phone number, nor a user id, nor a record id, nor a person id",
        "give a phone number with country code (+52...), a business-scoped user id (US.1349...), \
         a Contact or Lead id, or a person id (per_...)",
    ))
}

async fn person(store: &Store, tenant: &TenantId, id: PersonId) -> Result<Option<Person>, Refusal> {
    Ok(store.persons(tenant, &[id]).await?.pop())
}

/// How a known person is reached: by the wa_id that wrote, else by phone, else
/// by user id.
pub(crate) fn reach(person: Person) -> Result<(Recipient, Address), Refusal> {
    let profile = &person.profile;
    let phone = profile
        .wa_id
        .clone()
        .or_else(|| profile.phone_e164.as_deref().map(|p| p.trim_start_matches('+').to_owned()));
    let address = match (phone, &profile.bsuid) {
        (Some(phone), _) => Address::Phone(phone),
        (None, Some(bsuid)) => Address::Bsuid(bsuid.clone()),
        (None, None) => {
            return Err(Refusal::not_found(
                "to",
                "this person has neither a phone number nor a user id here",
                "send to a phone number once; the person is found by it afterwards",
            ));
        }
    };
    Ok((Recipient::Known(Box::new(person)), address))
}

async fn by_user_id(
    store: &Store,
    number: &Number,
    bsuid: &str,
) -> Result<(Recipient, Address), Refusal> {
    let text = identity::bsuid_text(&number.portfolio, bsuid);
    let handle = (HandleKind::Bsuid, store.hmac(&number.tenant, text.as_bytes()));
    let address = Address::Bsuid(bsuid.to_owned());
    if let Some(found) = store.handles(&number.tenant, &[handle]).await?.first()
        && let Some(person) = person(store, &number.tenant, found.person).await?
    {
        return Ok((Recipient::Known(Box::new(person)), address));
    }
    let profile = Profile { bsuid: Some(bsuid.to_owned()), ..Profile::default() };
    Ok((Recipient::New { profile, handles: vec![handle] }, address))
}

async fn by_phone(
    store: &Store,
    number: &Number,
    digits: &str,
) -> Result<(Recipient, Address), Refusal> {
    let hash = |text: String| store.hmac(&number.tenant, text.as_bytes());
    let strong = (HandleKind::WaId, hash(identity::wa_id_text(digits)));
    let weak = (HandleKind::Phone, hash(identity::phone_text(digits)));
    let found = store.handles(&number.tenant, &[strong, weak]).await?;
    let best = found
        .iter()
        .find(|h| h.kind == HandleKind::WaId)
        .or_else(|| found.iter().find(|h| h.kind == HandleKind::Phone));
    if let Some(handle) = best
        && let Some(person) = person(store, &number.tenant, handle.person).await?
    {
        return reach(person);
    }
    let profile = Profile { phone_e164: Some(phone::e164(digits)), ..Profile::default() };
    let new = Recipient::New { profile, handles: vec![weak] };
    Ok((new, Address::Phone(digits.to_owned())))
}

async fn by_record(
    store: &Store,
    tenant: &TenantId,
    record: &str,
) -> Result<(Recipient, Address), Refusal> {
    match store.person_by_record(tenant, &RecordId::new(record)).await? {
        Some(person) => reach(person),
        None => Err(Refusal::not_found(
            "to",
            "no person is linked with this Salesforce record yet",
            "send to the record's phone number; the person is linked with the record then",
        )),
    }
}

/// 15 or 18 letters and digits that begin like a record's id (`003`, `00Q` ...).
fn is_record_id(text: &str) -> bool {
    matches!(text.len(), 15 | 18) && text.bytes().all(|b| b.is_ascii_alphanumeric())
}
