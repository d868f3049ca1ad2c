//! What each op does to the tables. Written once for both engines.

mod access;
pub(crate) mod alert;
mod attempt;
pub(crate) mod budget;
mod bulk;
pub(crate) mod campaign;
pub(crate) mod consent;
mod conversation;
mod cost;
mod deal;
mod decide;
mod double;
mod fence;
pub(crate) mod finish;
mod hold;
pub(crate) mod item;
pub(crate) mod journal;
mod lane;
mod letters;
pub(crate) mod media;
pub(crate) mod member;
pub(crate) mod message;
mod metrics;
pub(crate) mod numbered;
pub(crate) mod outbox;
pub(crate) mod person;
mod purge;
pub(crate) mod record;
pub(crate) mod report;
mod settle;
pub(crate) mod standing;
pub(crate) mod status;
pub(crate) mod survey;
pub(crate) mod sync;
mod template;
mod version;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use model::Urgency;

use crate::StoreError;
use crate::cx::Cx;
use crate::op::{Commit, Did, Op};

type Applied = Result<Did, StoreError>;

pub(crate) async fn commit(cx: &mut Cx, commit: Commit) -> Result<Vec<Did>, StoreError> {
    if let Some(fence) = &commit.fence {
        fence::check(cx, fence).await?;
    }
    all(cx, commit.ops).await
}

/// Ops in their order; effects of an op come by here too, so the future is boxed.
fn all(cx: &mut Cx, ops: Vec<Op>) -> BoxFuture<'_, Result<Vec<Did>, StoreError>> {
    async move {
        let mut done = Vec::with_capacity(ops.len());
        for op in ops {
            done.push(one(cx, op).await?);
        }
        Ok(done)
    }
    .boxed()
}

async fn one(cx: &mut Cx, op: Op) -> Applied {
    match op {
        Op::AppendWebhook(op) => journal::append_one(cx, op).await,
        Op::JournalAttempt { seqs } => journal::attempt(cx, seqs).await,
        Op::JournalDone { seq, at } => journal::done(cx, seq, at).await,
        Op::JournalAside { seq, at, code } => journal::aside(cx, seq, at, code).await,
        Op::Item(op) => item::insert(cx, op).await,
        Op::NewPerson(op) => person::insert(cx, op).await,
        Op::AddHandle(op) => person::handle(cx, op).await,
        Op::UpdatePerson(op) => person::update(cx, op).await,
        Op::LinkPerson(op) => person::link(cx, op).await,
        Op::NewLane(op) => lane::insert(cx, op).await,
        Op::LaneInbound(op) => lane::inbound(cx, op).await,
        Op::NewConversation(op) => conversation::insert(cx, op).await,
        Op::TouchConversation(op) => conversation::touch(cx, op).await,
        Op::CloseConversation(op) => conversation::close(cx, op).await,
        Op::CaseSeen(op) => conversation::case_seen(cx, op).await,
        Op::ConversationTold(op) => conversation::told(cx, op).await,
        Op::LinkConversation(op) => conversation::link(cx, op).await,
        Op::NewMessage(op) => message::insert(cx, op).await,
        Op::MergeStatus(op) => status::merge(cx, op).await,
        Op::Accept(op) => outbox::accept(cx, *op).await,
        Op::ClaimLanes(op) => lane::claim(cx, op).await,
        Op::ReleaseLane(op) => lane::release(cx, op).await,
        Op::BeginSend(op) => attempt::begin(cx, op).await,
        Op::FinishSend(op) => finish::finish(cx, op).await,
        Op::AskUncertain { at } => outbox::ask(cx, at).await,
        Op::DecideSend(op) => decide::decide(cx, op).await,
        Op::ReplayLetter(op) => letters::replay(cx, op).await,
        Op::DiscardLetter(op) => letters::discard(cx, op).await,
        Op::EditLetter(op) => letters::edit(cx, op).await,
        Op::Want(op) => sync::want(cx, op, Urgency::Live).await,
        Op::SyncBegin(op) => sync::begin(cx, op).await,
        Op::SyncEnd(op) => sync::end(cx, op).await,
        Op::WantRecord(op) => record::want(cx, op, Urgency::Live).await,
        Op::RecordStep(op) => record::step(cx, op).await,
        Op::Budget(op) => budget::step(cx, op).await,
        Op::AskReport(op) => report::ask(cx, op).await,
        Op::EndReport(op) => report::end(cx, op).await,
        Op::Hold(op) => hold::raise(cx, op).await,
        Op::HeldSent(op) => hold::sent(cx, op).await,
        Op::DecideHeld(op) => hold::decide(cx, op).await,
        Op::EndHold(op) => hold::end(cx, op).await,
        Op::NewMedia(op) => media::insert(cx, op).await,
        Op::ClaimMedia(op) => media::claim(cx, op).await,
        Op::MediaStep(op) => media::step(cx, op).await,
        Op::RetryMedia(op) => media::retry(cx, op).await,
        Op::KeepCopy(op) => media::copy(cx, op).await,
        Op::PurgeMedia { now } => media::purge(cx, now).await,
        Op::SendReady(op) => media::ready(cx, op).await,
        Op::SendHopeless(op) => media::hopeless(cx, op).await,
        Op::BulkClaim(op) => bulk::claim(cx, op).await,
        Op::BulkBegin(op) => bulk::begin(cx, op).await,
        Op::BulkStep(op) => bulk::step(cx, op).await,
        Op::BulkRelease(op) => bulk::release(cx, op).await,
        Op::ByCall(op) => bulk::by_call(cx, op).await,
        Op::BulkClose(op) => bulk::close(cx, op).await,
        Op::NewVersion(op) => version::insert(cx, op).await,
        Op::UseVersion(op) => version::activate(cx, op).await,
        Op::Consent(op) => consent::insert(cx, op).await,
        Op::RecountCost(op) => cost::recount(cx, op).await,
        Op::KeepMetrics(op) => metrics::keep(cx, op).await,
        Op::AskMetrics(op) => metrics::ask(cx, op).await,
        Op::NewCampaign(op) => campaign::insert(cx, op).await,
        Op::MoveCampaign(op) => campaign::to(cx, op).await,
        Op::CampaignPage(op) => campaign::page(cx, op).await,
        Op::CampaignWaits(op) => campaign::waits(cx, op).await,
        Op::HoldCampaign(op) => campaign::hold(cx, &op).await,
        Op::NewMembers(op) => member::insert(cx, op).await,
        Op::QueueMember(op) => member::queue(cx, op).await,
        Op::MemberStep(op) => member::step(cx, op).await,
        Op::MemberReplied(op) => member::replied(cx, op).await,
        Op::MemberShown(op) => member::shown(cx, op).await,
        Op::WithdrawSend(op) => member::withdraw(cx, op).await,
        Op::Attribute(op) => deal::attribute(cx, op).await,
        Op::NewDeal(op) => deal::insert(cx, op).await,
        Op::DealStands(op) => deal::stands(cx, op).await,
        Op::NewSurvey(op) => survey::insert(cx, op).await,
        Op::SurveyStep(op) => survey::step(cx, op).await,
        Op::SurveyHeard(op) => survey::heard(cx, op).await,
        Op::SurveyWritten(op) => survey::written(cx, op).await,
        Op::TakeLease(op) => fence::take(cx, op).await,
        Op::TakeOver { at } => fence::take_over(cx, at).await,
        Op::PutTenant(op) => access::tenant(cx, op).await,
        Op::PutNumber(op) => access::number(cx, op).await,
        Op::NewApiKey(op) => access::api_key(cx, op).await,
        Op::RevokeApiKey(op) => access::revoke(cx, op).await,
        Op::Audit(op) => {
            cx.audit.push(op);
            Ok(Did::Done)
        }
        Op::TemplateListed(op) => template::listed(cx, op).await,
        Op::TemplateTold(op) => template::told(cx, op).await,
        Op::AgreeTemplate(op) => template::agree(cx, op).await,
        Op::WantTemplates(op) => template::wanted(cx, op).await,
        Op::TemplateListStep(op) => template::step(cx, op).await,
        Op::RaiseAlert(op) => alert::raise(cx, op).await,
        Op::ClearAlert(op) => alert::clear(cx, op).await,
        Op::PutCursor(op) => access::cursor(cx, op).await,
        Op::Purge(op) => purge::purge(cx, op).await,
    }
}

/// An update that must have met its row.
fn met(rows: u64, noun: &'static str) -> Applied {
    if rows == 0 { Err(StoreError::Conflict(noun)) } else { Ok(Did::Done) }
}
