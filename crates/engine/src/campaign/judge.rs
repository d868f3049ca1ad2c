//! What each member would get now: the one place for the check and for the send.

use std::collections::BTreeMap;

use model::ids::PersonId;
use model::{Denied, Purpose, Standing, UnixMs};
use rules::campaign::{self, Category, Reason, due_at, left_out};
use rules::phone::{self, Country};
use serde_json::{Map, Value};
use store::{Campaign, Member, Person, StoreError};

use super::fill;
use super::plan::{Plan, Ready};
use crate::directory::Number;
use crate::outbound::Desk;

const DAY_MS: i64 = 86_400_000;

/// A campaign with all that its members are held against.
pub struct Case<'a> {
    pub desk: &'a Desk,
    pub number: &'a Number,
    pub campaign: &'a Campaign,
    pub plan: &'a Plan,
    pub ready: &'a Ready,
    /// That the template has now.
    pub category: Category,
}

pub enum Verdict {
    Write { person: Box<Person>, message: Map<String, Value> },
    Later(UnixMs),
    LeftOut(Reason),
}

impl Case<'_> {
    /// In the order of the members.
    pub async fn judge(&self, members: &[Member], now: UnixMs) -> Result<Vec<Verdict>, StoreError> {
        let (store, tenant) = (&self.desk.store, &self.number.tenant);
        let ids: Vec<PersonId> = members.iter().map(|member| member.person).collect();
        let people = store.persons(tenant, &ids).await?;
        let mut people: BTreeMap<_, _> = people.into_iter().map(|p| (p.id, p)).collect();
        let since = self.plan.cap.map_or(now, |cap| now.plus(-cap.days * DAY_MS));
        let written = match self.plan.cap {
            Some(_) => store.members_written(tenant, &ids, since, self.campaign.id).await?,
            None => BTreeMap::new(),
        };
        let mut found = Vec::with_capacity(members.len());
        for member in members {
            let Some(person) = people.remove(&member.person) else {
                found.push(Verdict::LeftOut(Reason::Blocked));
                continue;
            };
            let sent = written.get(&person.id).map(Vec::as_slice).unwrap_or_default();
            let sent: Vec<_> = sent.iter().map(|at| at.unwrap_or(now)).collect();
            found.push(self.one(member, person, &sent, now).await?);
        }
        Ok(found)
    }

    async fn one(
        &self,
        member: &Member,
        person: Person,
        sent: &[UnixMs],
        now: UnixMs,
    ) -> Result<Verdict, StoreError> {
        let denied = self.denied(&person).await?;
        let values = serde_json::from_slice(&member.bound).unwrap_or_default();
        let message = fill::message(&self.plan.template, &values);
        let profile = &person.profile;
        let number = profile.wa_id.as_deref().or(profile.phone_e164.as_deref());
        let digits = number.and_then(phone::digits);
        let country = digits.as_deref().and_then(Country::of);
        let asked = campaign::Person {
            has_number: number.is_some(),
            bsuid: profile.bsuid.as_deref(),
            country: country.filter(|one| Country::named("US") == Some(*one)).map(|_| "US"),
            blocked: false,
            opted_out: denied == Some(Denied::OptedOut),
            consents: denied != Some(Denied::NoConsent),
            variables_filled: message.is_some(),
            marketing: sent,
        };
        let ends_at = self.ready.ends_at;
        if let Some(reason) = left_out(&asked, self.category, self.ready.cap, now, ends_at) {
            return Ok(Verdict::LeftOut(reason));
        }
        let cap = self.ready.cap.filter(|_| self.category == Category::Marketing);
        Ok(match (due_at(now, &self.ready.hours, cap, sent, ends_at), message) {
            (None, _) => Verdict::LeftOut(Reason::Ended),
            (_, None) => Verdict::LeftOut(Reason::Variable),
            (Some(at), _) if at > now => Verdict::Later(at),
            (_, Some(message)) => Verdict::Write { person: Box::new(person), message },
        })
    }

    async fn denied(&self, person: &Person) -> Result<Option<Denied>, StoreError> {
        let purpose = match self.category {
            Category::Marketing => Purpose::Marketing,
            Category::Utility => Purpose::Utility,
            Category::Authentication => Purpose::Authentication,
        };
        let tenant = &self.number.tenant;
        let said = self.desk.store.consents(tenant, person.id).await?;
        let standing = said
            .iter()
            .find(|said| said.purpose == purpose)
            .map(|said| Standing { kind: said.kind, happened_at: said.happened_at });
        let policy = self.desk.directory.consent(tenant).policy;
        Ok(policy.check(purpose, standing, None).err())
    }
}

/// A template that nobody knows counts as marketing, so that nobody who opted
/// out is written to on a guess.
pub fn category(template: Option<&store::Template>) -> Category {
    match template.map(|template| template.category.as_str()) {
        Some("UTILITY") => Category::Utility,
        Some("AUTHENTICATION") => Category::Authentication,
        _ => Category::Marketing,
    }
}

/// The campaign's template as it stands now.
pub async fn template(
    desk: &Desk,
    number: &Number,
    plan: &Plan,
) -> Result<Option<store::Template>, StoreError> {
    let (name, language) = plan.names();
    let all = desk.store.template(&number.tenant, &number.waba, name).await?;
    Ok(all.into_iter().find(|template| template.language == language))
}
