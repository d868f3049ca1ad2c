//! Who is asked now, who later, and who never.

use std::collections::{BTreeMap, BTreeSet};

use model::ids::PersonId;
use model::{Fault, Purpose, Standing, UnixMs};
use rules::survey::{Asking, Decision, Question, Reason, Survey, ask};
use store::op::{SurveyStep, SurveyTo, TemplateUse};
use store::{Commit, Op, Person, StoreError, SurveyAsk, SurveyCase};

use super::question::wire;
use super::worker::{IN_ONE_LOOK, Surveys};
use crate::outbound::{Refusal, Unasked, checked, reach};
use crate::templates;

/// A question that is refused here is tried again so often, until the rule
/// gives up.
const AGAIN_MS: i64 = 10 * 60_000;
/// The case is gone.
const CASE_GONE: &str = "case_gone";
/// The number is no longer the tenant's.
const NUMBER_GONE: &str = "number_gone";

/// All that is known of one that waits.
struct About {
    row: SurveyCase,
    person: Person,
    last_inbound: Option<UnixMs>,
    last_asked: Option<UnixMs>,
    is_opted_out: bool,
}

impl Surveys {
    /// The inner error is the org's: whoever waits is looked at again.
    pub(super) async fn ask_all(
        &self,
        survey: &Survey,
        version: i64,
    ) -> Result<Result<(), Fault>, StoreError> {
        loop {
            let now = self.org.ambient.now();
            let rows = self.store.surveys_waiting(&self.tenant, now, IN_ONE_LOOK).await?;
            if rows.is_empty() {
                return Ok(Ok(()));
            }
            let ids: Vec<_> = rows.iter().map(|row| row.case.as_str()).collect();
            let closed = match self.closed(&ids).await {
                Ok(closed) => closed,
                Err(fault) => return Ok(Err(fault)),
            };
            let (mut ops, mut asked) = (Vec::new(), BTreeSet::new());
            for row in rows {
                let (id, person) = (row.id, row.person);
                let step = match closed.get(row.case.as_str()) {
                    None => Some(SurveyTo::Skipped { reason: CASE_GONE.into() }),
                    // the next look decides, when it is known that this one asked them
                    Some(_) if asked.contains(&person) => None,
                    Some(at) => Some(self.one(survey, version, row, *at, &mut ops).await?),
                };
                if matches!(step, Some(SurveyTo::Asked { .. })) {
                    asked.insert(person);
                }
                let tenant = self.tenant.clone();
                ops.extend(step.map(|step| Op::SurveyStep(SurveyStep { tenant, id, step })));
            }
            if !asked.is_empty() {
                ops.push(self.clear("question"));
            }
            let fence = self.lease.hold().await?.ok_or(StoreError::Fenced)?;
            self.store.commit(Commit::fenced(fence, ops)).await?;
            self.nudges.outbound.wake();
            self.nudges.writer.wake();
        }
    }

    async fn one(
        &self,
        survey: &Survey,
        version: i64,
        row: SurveyCase,
        closed_at: Option<UnixMs>,
        ops: &mut Vec<Op>,
    ) -> Result<SurveyTo, StoreError> {
        let now = self.org.ambient.now();
        let later = |at: UnixMs| SurveyTo::Later { due_at: at };
        let Some(about) = self.about(row).await? else {
            return Ok(SurveyTo::Skipped { reason: Reason::NothingWritten.word().into() });
        };
        let asking = Asking {
            closed_at,
            last_inbound: about.last_inbound,
            last_asked: about.last_asked,
            is_opted_out: about.is_opted_out,
            ..Asking::default()
        };
        Ok(match ask(survey, &asking, now) {
            Decision::Later(None) => SurveyTo::Forgotten,
            Decision::Later(Some(at)) => later(at),
            Decision::Skip(reason) => SurveyTo::Skipped { reason: reason.word().into() },
            Decision::Ask(question) => match self.send(&about, &question).await {
                Ok((message, send)) => {
                    let terms = survey.terms();
                    let ask = SurveyAsk {
                        version,
                        message,
                        at: now,
                        scale: terms.scale.word().into(),
                        answer_hours: terms.answer_hours,
                        comment_minutes: terms.comment_minutes,
                    };
                    SurveyTo::Asked { ask, effects: vec![send] }
                }
                Err(Unsent::Never(reason)) => SurveyTo::Skipped { reason: reason.into() },
                Err(Unsent::Store(error)) => return Err(error),
                Err(Unsent::Refused(refusal)) => {
                    let text = format!(
                        "the survey cannot ask, and tries again: {}; {}",
                        refusal.cause, refusal.cure
                    );
                    ops.push(self.alert("question", text));
                    later(now.plus(AGAIN_MS))
                }
            },
        })
    }

    /// `None`: the customer wrote nothing in that conversation.
    async fn about(&self, row: SurveyCase) -> Result<Option<About>, StoreError> {
        let (store, tenant) = (&self.store, &self.tenant);
        let conversation = store.conversations(tenant, &[row.conversation]).await?.pop();
        let wrote = conversation.and_then(|conversation| conversation.last_inbound_at);
        let person = store.persons(tenant, &[row.person]).await?.pop();
        let (Some(_), Some(person)) = (wrote, person) else { return Ok(None) };
        let lane = store.lane(tenant, row.lane).await?;
        let last_inbound = lane.and_then(|lane| lane.last_inbound_at);
        let last_asked = store.last_surveyed(tenant, row.person).await?;
        let is_opted_out = self.denied(row.person, Purpose::Service, last_inbound).await?;
        Ok(Some(About { row, person, last_inbound, last_asked, is_opted_out }))
    }

    async fn denied(
        &self,
        person: PersonId,
        purpose: Purpose,
        last_inbound: Option<UnixMs>,
    ) -> Result<bool, StoreError> {
        let said = self.store.consents(&self.tenant, person).await?;
        let standings: BTreeMap<_, _> = said
            .iter()
            .map(|said| (said.purpose, Standing { kind: said.kind, happened_at: said.happened_at }))
            .collect();
        let policy = self.directory.consent(&self.tenant).policy;
        Ok(policy.check(purpose, standings.get(&purpose).copied(), last_inbound).is_err())
    }

    /// The send that asks. Consent is asked again when it goes out.
    async fn send(
        &self,
        about: &About,
        question: &Question<'_>,
    ) -> Result<(model::ids::MessageId, Op), Unsent> {
        let row = &about.row;
        let number = self.directory.number(&row.number);
        let number = number.filter(|number| number.tenant == self.tenant);
        let number = number.ok_or(Unsent::Never(NUMBER_GONE))?;
        let wire = wire(row.id, question);
        let message = checked(&wire)?;
        let mut purpose = Purpose::Service;
        if let Question::Template(_, template, _) = question {
            templates::check(&self.store, number, &wire).await?;
            let all = self.store.template(&self.tenant, &number.waba, &template.name).await?;
            let known = all.iter().find(|one| one.language == template.code);
            // who opted out is not asked on a guess
            purpose = known
                .and_then(|one| Purpose::of_category(&one.category))
                .ok_or_else(|| unknown(&template.name))?;
            if self.denied(row.person, purpose, about.last_inbound).await? {
                return Err(Unsent::Never(Reason::OptedOut.word()));
            }
        }
        let (_, to) = reach(about.person.clone())?;
        let request = format!("survey|{}", row.id);
        let template: Option<TemplateUse> = message.template();
        let unasked = Unasked {
            store: &self.store,
            ambient: &self.org.ambient,
            tenant: &self.tenant,
            number: &row.number,
            person: row.person,
            lane: row.lane,
            conversation: row.conversation,
            to,
            wire,
            template,
            purpose,
            request: &request,
        };
        Ok(unasked.op())
    }
}

fn unknown(name: &str) -> Refusal {
    let cause = format!("the category of the template `{name}` is not known yet");
    let cure = "`puente templates sync` asks Meta for it";
    Refusal::invalid("puente.template_unknown", "template.name", cause, cure)
}

enum Unsent {
    Never(&'static str),
    Refused(Refusal),
    Store(StoreError),
}

impl From<Refusal> for Unsent {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StoreError> for Unsent {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
