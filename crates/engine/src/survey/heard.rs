//! An answer within what a customer writes.

use model::UnixMs;
use model::ids::{ConversationId, PersonId, SurveyId};
use rules::survey::{Heard, Pending, Said, Scale, Terms, hear, survey_of};
use store::op::SurveyHeard;
use store::{Op, SurveyAsk, SurveyCase, SurveyState};
use whatsapp::wire::webhook::{Content, Message};

use crate::inbound::Arrival;
use crate::intake::View;

/// What a message answered. It happens with the message, once.
pub struct Answer {
    pub op: Op,
    /// Of a score: where it belongs when nothing is open. It is no request, and
    /// opens nothing.
    pub score_in: Option<ConversationId>,
}

/// The id that came with a tap on an answer, of a survey of ours.
pub fn tapped(message: &Message) -> Option<SurveyId> {
    survey_of(reply_id(message)?).and_then(|(id, _)| SurveyId::parse(id))
}

fn reply_id(message: &Message) -> Option<&str> {
    match &message.content {
        Content::Button(button) => button.payload.as_deref(),
        Content::Reply(reply) => reply.id.as_deref(),
        _ => None,
    }
}

/// The next message of this turn finds what was heard.
pub fn heard(
    view: &mut View,
    arrival: &Arrival<'_>,
    person: PersonId,
    sent_at: UnixMs,
) -> Option<Answer> {
    let tenant = &arrival.number.tenant;
    let slot = (tenant.clone(), arrival.number.id.clone(), person);
    let last = view.lanes.get(&slot).and_then(|lane| lane.survey);
    let id = tapped(arrival.message).or(last)?;
    let row = view.surveys.get_mut(&(tenant.clone(), id)).filter(|row| row.person == person)?;
    let ask = row.asked.clone()?;
    let text = match &arrival.message.content {
        Content::Text(text) => text.as_str(),
        _ => "",
    };
    let survey = id.to_string();
    let pending = Pending {
        id: &survey,
        asked_at: ask.at,
        answered_at: row.answered_at,
        has_comment: row.comment.is_some(),
    };
    let said = Said { reply_id: reply_id(arrival.message), text, sent_at, is_history: false };
    let (score, comment) = match hear(terms(&ask)?, &pending, &said) {
        Heard::Score(score) => (Some(u32::from(score)), None),
        Heard::Comment(comment) => (None, Some(comment.to_owned())),
        Heard::Nothing => return None,
    };
    keep(row, score, comment.clone(), sent_at);
    let score_in = score.map(|_| row.conversation);
    let (tenant, due_at) = (tenant.clone(), arrival.ambient.now());
    let op = Op::SurveyHeard(SurveyHeard { tenant, id, score, comment, at: sent_at, due_at });
    Some(Answer { op, score_in })
}

fn terms(ask: &SurveyAsk) -> Option<Terms> {
    let scale = Scale::parse(&ask.scale)?;
    let (answer_hours, comment_minutes) = (ask.answer_hours, ask.comment_minutes);
    Some(Terms { scale, answer_hours, comment_minutes })
}

fn keep(row: &mut SurveyCase, score: Option<u32>, comment: Option<String>, at: UnixMs) {
    row.score = score.or(row.score);
    row.comment = comment.or(row.comment.take());
    row.answered_at = row.answered_at.or(Some(at));
    row.state = SurveyState::Answered;
}
