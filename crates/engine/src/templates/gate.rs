//! Whether a send fits the template that it names, before it is kept.

use rules::template::{Send, Shape, fit};
use serde_json::{Map, Value};
use store::{Store, Template};

use crate::directory::Number;
use crate::outbound::Refusal;

const NAME: &str = "template.name";
const LANGUAGE: &str = "template.language.code";

/// Nothing is said about a template of an account whose list was not read to
/// its end, nor about the parts of one that no list held.
pub(crate) async fn check(
    store: &Store,
    number: &Number,
    wire: &Map<String, Value>,
) -> Result<(), Refusal> {
    let wish = &wire["template"];
    let (name, language) = (word(&wish["name"]), word(&wish["language"]["code"]));
    let all = store.template(&number.tenant, &number.waba, name).await?;
    let Some(template) = all.iter().find(|template| template.language == language) else {
        let lists = store.template_lists().await?;
        let mine = lists.iter().find(|l| l.tenant == number.tenant && l.waba == number.waba);
        return match mine.and_then(|list| list.done_at) {
            None => Ok(()),
            Some(_) => Err(unknown(name, &all)),
        };
    };
    if !template.sendable() {
        return Err(stopped(template));
    }
    let Ok(parts) = serde_json::from_str::<Vec<Value>>(&template.parts) else {
        return Ok(());
    };
    if parts.is_empty() {
        return Ok(());
    }
    let components = wish["components"].as_array().map(Vec::as_slice).unwrap_or_default();
    let send = Send { components, category: &template.category };
    let found = fit(&Shape::read(template.named, &parts), send);
    let Some(first) = found.first() else {
        return Ok(());
    };
    let told: Vec<_> = found.iter().map(|c| format!("{}: {}", c.field, c.why)).collect();
    let cures: Vec<_> = found.iter().map(|c| c.cure.as_str()).collect();
    let code = "puente.template_values";
    Err(Refusal::invalid(code, &first.field, told.join("; "), cures.join("; ")))
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn unknown(name: &str, others: &[Template]) -> Refusal {
    let code = "puente.template_unknown";
    if others.is_empty() {
        let cause = format!("this account has no template `{name}`");
        return Refusal::invalid(
            code,
            NAME,
            cause,
            "`puente templates list` shows which there are",
        );
    }
    let languages: Vec<_> = others.iter().map(|t| t.language.as_str()).collect();
    let cause = format!("`{name}` is there in {}", languages.join(", "));
    Refusal::invalid(code, LANGUAGE, cause, "use one of these, exactly as it is written")
}

fn stopped(template: &Template) -> Refusal {
    let Template { name, language, state, category, agreed, .. } = template;
    if state == "APPROVED" {
        let cause = format!("Meta put `{name}` ({language}) from {agreed} into {category}");
        let cure = format!("agree to it: puente templates agree {name} --language {language}");
        return Refusal::invalid("puente.template_category", NAME, cause, cure);
    }
    let why = template.reason.as_deref().map(|why| format!(" ({why})")).unwrap_or_default();
    let cause = format!("`{name}` ({language}) is {state}{why}; only APPROVED can be sent");
    let cure = match state.as_str() {
        "PAUSED" => "wait until Meta lets it go on, or use another template",
        "PENDING" | "IN_APPEAL" => "wait for Meta's review",
        "REJECTED" => "correct it: puente templates edit",
        _ => "use another template",
    };
    Refusal::invalid("puente.template_stopped", NAME, cause, cure)
}
