//! What one file says that another does not.

use std::collections::BTreeMap;

use super::Survey;
use crate::mapping::Change;

/// By field. Two files that differ in comments do not differ; `None` asks nobody.
pub fn diff(before: Option<&Survey>, after: Option<&Survey>) -> Vec<Change> {
    let mut changes: BTreeMap<String, [Vec<String>; 2]> = BTreeMap::new();
    for (side, survey) in [before, after].into_iter().enumerate() {
        for (field, text) in survey.map(lines).unwrap_or_default() {
            changes.entry(field).or_default()[side].push(text);
        }
    }
    let changed = changes.into_iter().filter(|(_, [before, after])| before != after);
    changed.map(|(field, [before, after])| Change { field, before, after }).collect()
}

fn lines(survey: &Survey) -> Vec<(String, String)> {
    let timing = &survey.timing;
    let mut lines: Vec<_> = [
        ("delay_minutes", timing.delay_minutes),
        ("give_up_hours", timing.give_up_hours),
        ("answer_hours", timing.answer_hours),
        ("comment_minutes", timing.comment_minutes),
        ("rest_days", timing.rest_days),
    ]
    .map(|(field, number)| (field.to_owned(), number.to_string()))
    .into();
    lines.push(("scale".into(), survey.scale.word().into()));
    lines.push(("language".into(), survey.language.code().into()));
    for (language, wording) in &survey.texts {
        lines.push((format!("text.{}", language.code()), wording.text.clone()));
        let button = wording.button.clone();
        lines.extend(button.map(|button| (format!("button.{}", language.code()), button)));
    }
    for (place, answer) in survey.answers.iter().enumerate() {
        // another order is another list for who reads it
        let field = format!("answer.{}", place + 1);
        lines.push((field.clone(), answer.score.to_string()));
        let titles = answer.titles.iter();
        lines.extend(
            titles.map(|(language, title)| (format!("{field}.{}", language.code()), title.clone())),
        );
    }
    for (language, template) in &survey.templates {
        let text = format!("{} ({})", template.name, template.code);
        lines.push((format!("template.{}", language.code()), text));
    }
    let fields =
        [("fields.score", &survey.fields.score), ("fields.comment", &survey.fields.comment)];
    for (field, named) in fields {
        lines.extend(named.as_ref().map(|(_, name)| (field.to_owned(), name.clone())));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survey::{DEFAULT, read_any};

    #[test]
    fn only_what_changed_is_told() {
        let read = |text: &str| read_any(text).unwrap();
        assert_eq!(read(DEFAULT), None);
        let nps = "format = 1\nscale = 'nps'\n[text]\nes = 'De 0 a 10'\n";
        let other = format!("{nps}[fields]\nscore = 'Nps__c'\n").replace("0 a 10", "cero a diez");
        let (nps, other) = (read(nps), read(&other));
        assert_eq!(diff(nps.as_ref(), nps.as_ref()), []);
        let changes = diff(nps.as_ref(), other.as_ref());
        let told: Vec<_> = changes.iter().map(|c| (c.field.as_str(), c.after.join(""))).collect();
        assert_eq!(told, [("fields.score", "Nps__c".into()), ("text.es", "De cero a diez".into())]);
        let begun = diff(None, nps.as_ref());
        assert!(begun.iter().any(|c| c.field == "scale" && c.before.is_empty()), "{begun:?}");
        assert!(diff(nps.as_ref(), None).iter().all(|change| change.after.is_empty()));
        assert!(
            read_any("format = 1\nscale = 'nps'").is_err(),
            "half a file asks nobody by mistake"
        );
    }
}
