//! The list, and one letter with its content.

use model::ids::TenantId;
use serde_json::Value;
use store::{Letter, LetterFilter, LetterId, StoreError};

use super::Letters;
use crate::body::Errand;
use crate::outbound::Refusal;
use crate::told::told;

/// One line, in plain words.
#[derive(Clone, Debug)]
pub struct Shown {
    pub letter: Letter,
    pub cause: String,
    pub cure: String,
}

/// One letter with what is in it.
#[derive(Clone, Debug)]
pub struct Open {
    pub shown: Shown,
    /// Of a send: Meta's message object. Of a webhook or an item: the webhook
    /// body, as JSON or, where it is none, as text. Other letters have none:
    /// their content is taken from the present state when they are written.
    pub content: Option<Value>,
}

impl Letters {
    /// Longest aside first.
    pub async fn list(
        &self,
        tenant: &TenantId,
        filter: &LetterFilter,
        max: u32,
    ) -> Result<Vec<Shown>, StoreError> {
        let letters = self.store().letters(&self.reach(tenant), filter, max).await?;
        Ok(letters.into_iter().map(Shown::from).collect())
    }

    pub async fn show(&self, tenant: &TenantId, id: LetterId) -> Result<Open, Refusal> {
        let letter = self.letter(tenant, id).await?;
        let content = match id {
            LetterId::Send(outbox) => {
                let row = self.store().outbox(tenant, outbox).await?;
                let errand = row.map(|row| serde_json::from_slice::<Errand>(&row.body));
                errand.transpose().ok().flatten().map(|errand| errand.message)
            }
            LetterId::Webhook(_) | LetterId::Item(_) => {
                let intake = self.store().letter_intake(&self.reach(tenant), id).await?;
                intake.and_then(|intake| intake.body.or(intake.raw)).map(|body| {
                    serde_json::from_slice(&body)
                        .unwrap_or_else(|_| String::from_utf8_lossy(&body).into_owned().into())
                })
            }
            LetterId::Write(..) | LetterId::Record(..) | LetterId::File(_) => None,
        };
        Ok(Open { shown: Shown::from(letter), content })
    }

    pub(super) async fn letter(&self, tenant: &TenantId, id: LetterId) -> Result<Letter, Refusal> {
        let letter = self.store().letter(&self.reach(tenant), id).await?;
        letter.ok_or_else(|| Refusal::no_such("id", "dead letter"))
    }
}

impl From<Letter> for Shown {
    fn from(letter: Letter) -> Self {
        let told = told(&letter.code);
        let cause = told.map(|told| told.cause.to_owned());
        let cause = cause.or_else(|| letter.detail.clone()).unwrap_or_else(|| letter.code.clone());
        let cure = told.map_or("Look the code up, correct what it names, then replay.", |t| t.cure);
        Self { cause, cure: cure.to_owned(), letter }
    }
}
