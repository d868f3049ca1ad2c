//! A question as Meta is sent it. Pure.

use model::ids::SurveyId;
use rules::hours::Language;
use rules::survey::{Answer, Question, reply_id};
use serde_json::{Map, Value, json};

/// Meta's message object. Each answer carries the survey and its score.
pub fn wire(survey: SurveyId, question: &Question<'_>) -> Map<String, Value> {
    let id = survey.to_string();
    let told = match question {
        Question::Text(_, wording) => json!({ "type": "text", "text": { "body": wording.text } }),
        Question::Buttons(language, wording, answers) => {
            let buttons = answers
                .iter()
                .map(|answer| json!({ "type": "reply", "reply": choice(&id, *language, answer) }));
            let action = json!({ "buttons": buttons.collect::<Vec<_>>() });
            let body = json!({ "text": wording.text });
            let interactive = json!({ "type": "button", "body": body, "action": action });
            json!({ "type": "interactive", "interactive": interactive })
        }
        Question::List(language, wording, answers) => {
            let rows: Vec<_> =
                answers.iter().map(|answer| choice(&id, *language, answer)).collect();
            let action = json!({ "button": wording.button, "sections": [{ "rows": rows }] });
            let body = json!({ "text": wording.text });
            let interactive = json!({ "type": "list", "body": body, "action": action });
            json!({ "type": "interactive", "interactive": interactive })
        }
        Question::Template(_, template, answers) => {
            let parts = answers.iter().enumerate().map(|(place, answer)| {
                let payload = json!({ "type": "payload", "payload": reply_id(&id, answer.score) });
                json!({
                    "type": "button", "sub_type": "quick_reply", "index": place.to_string(),
                    "parameters": [payload],
                })
            });
            let parts: Vec<_> = parts.collect();
            let mut named = json!({ "name": template.name, "language": { "code": template.code } });
            if !parts.is_empty() {
                named["components"] = Value::Array(parts);
            }
            json!({ "type": "template", "template": named })
        }
    };
    match told {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn choice(survey: &str, language: Language, answer: &Answer) -> Value {
    let title = answer.titles.iter().find(|(known, _)| *known == language);
    let title = title.map(|(_, title)| title.as_str()).unwrap_or_default();
    json!({ "id": reply_id(survey, answer.score), "title": title })
}

#[cfg(test)]
mod tests {
    use model::UnixMs;
    use rules::survey::{Asking, Decision, Survey, ask, survey_of};

    use super::*;
    use crate::outbound::checked;

    /// Whatever a file may say keeps Meta's limits, and each answer comes back.
    #[test]
    fn each_shape_is_a_message_that_meta_takes() {
        let answers = |scores: &[u8]| -> String {
            let one = |score: &u8| format!("[[answer]]\nscore = {score}\nes = 'N {score}'\n");
            scores.iter().map(one).collect()
        };
        let csat = "format = 1\nscale = 'csat'\n[text]\nes = 'Hola'\n";
        let template = "[[template]]\nname = 'csat'\nlanguage = 'es_MX'\n";
        let (two, five) = (answers(&[5, 1]), answers(&[5, 4, 3, 2, 1]));
        let (now, day) = (UnixMs(1_750_000_000_000), 86_400_000);
        for (file, silent_ms, kind, count) in [
            (format!("{csat}{two}"), 0, "button", 2),
            (format!("{csat}[button]\nes = 'Ver'\n{five}"), 0, "list", 5),
            (format!("{csat}{two}{template}"), day, "template", 2),
            ("format = 1\nscale = 'nps'\n[text]\nes = 'De 0 a 10'\n".into(), 0, "text", 0),
        ] {
            let survey = Survey::read(&file).unwrap();
            let asking = Asking {
                closed_at: Some(now),
                last_inbound: Some(now.plus(-silent_ms)),
                ..Asking::default()
            };
            let Decision::Ask(question) = ask(&survey, &asking, now) else { panic!("{file}") };
            let id = SurveyId::from_bytes([7; 16]);
            let wire = wire(id, &question);
            assert!(checked(&wire).is_ok(), "{wire:?}");
            let text = Value::Object(wire).to_string();
            assert!(text.contains(&format!("\"type\":\"{kind}\"")), "{text}");
            let told: Vec<_> = text.split('"').filter_map(survey_of).collect();
            assert_eq!(told.len(), count, "{text}");
            assert!(told.iter().all(|(survey, _)| SurveyId::parse(survey) == Some(id)), "{text}");
        }
    }
}
