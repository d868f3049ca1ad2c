//! Whether a person may be written to, before a send is kept.

use model::ids::PersonId;
use model::{Purpose, Standing, UnixMs};

use crate::directory::Number;
use crate::outbound::{Checked, Desk, Refusal};

impl Desk {
    /// What would fail at the call is refused now; what counts is checked then.
    pub(crate) async fn check_consent(
        &self,
        number: &Number,
        message: &Checked,
        person: PersonId,
        last_inbound: Option<UnixMs>,
    ) -> Result<(), Refusal> {
        let tenant = &number.tenant;
        let purpose = self.purpose(number, message).await?;
        let said = self.store.consents(tenant, person).await?;
        let standing = said.iter().find(|said| said.purpose == purpose);
        let standing =
            standing.map(|said| Standing { kind: said.kind, happened_at: said.happened_at });
        let policy = self.directory.consent(tenant).policy;
        policy.check(purpose, standing, last_inbound).map_err(|d| Refusal::denied(d, purpose))
    }

    /// By the category that the template has now, where that is known.
    async fn purpose(&self, number: &Number, message: &Checked) -> Result<Purpose, Refusal> {
        let Some(used) = message.template() else {
            return Ok(message.purpose());
        };
        let all = self.store.template(&number.tenant, &number.waba, &used.name).await?;
        let known = all.iter().find(|template| template.language == used.language);
        let purpose = known.and_then(|template| Purpose::of_category(&template.category));
        Ok(purpose.unwrap_or(message.purpose()))
    }
}
