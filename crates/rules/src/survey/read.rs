//! The file, read strictly: each mistake with its line and its cure.

use super::ask::BUTTONS_MAX;
use super::{Answer, Fields, Scale, Survey, Template, Timing, Wording};
use crate::complaint::Complaint;
use crate::hours::Language;
use crate::sheet::{self, Table};

const GUIDE: &str = "docs/concepts/survey.md";
const KEYS: [&str; 8] =
    ["format", "scale", "language", "text", "button", "answer", "template", "fields"];
const TIMES: [&str; 5] =
    ["delay_minutes", "give_up_hours", "answer_hours", "comment_minutes", "rest_days"];
const CODES: [&str; 3] = ["es", "en", "pt"];
/// Meta's limits of interactive messages.
const BODY_MAX: usize = 1_024;
const LIST_BODY_MAX: usize = 4_096;
const BUTTON_MAX: usize = 20;
const ROW_MAX: usize = 24;

pub fn read(text: &str) -> Result<Survey, Vec<Complaint>> {
    let top = sheet::open(text, GUIDE)?;
    let mut complaints = Vec::new();
    match survey(&top, &mut complaints) {
        Some(survey) if complaints.is_empty() => Ok(survey),
        _ => {
            complaints.sort_by_key(|complaint| complaint.line);
            Err(complaints)
        }
    }
}

/// `None`: the file says nothing but its format, and nobody is asked.
pub fn read_any(text: &str) -> Result<Option<Survey>, Vec<Complaint>> {
    let top = sheet::open(text, GUIDE)?;
    if top.keys().all(|(key, _)| key == "format") { Ok(None) } else { read(text).map(Some) }
}

/// What hangs together is read together; of the rest each mistake is told.
fn survey(top: &Table, complaints: &mut Vec<Complaint>) -> Option<Survey> {
    let mut note = |complaint| complaints.push(complaint);
    let known: Vec<_> = KEYS.iter().chain(&TIMES).copied().collect();
    top.only(&known).unwrap_or_else(&mut note);
    let fields = fields(top).map_err(&mut note).ok();
    let timing = timing(top).map_err(&mut note).ok();
    let templates = templates(top).map_err(&mut note).ok();
    let question = question(top).map_err(&mut note).ok();
    let (scale, language, texts, answers) = question?;
    let (fields, timing, templates) = (fields?, timing?, templates?);
    if !templates.is_empty() && !templates.iter().any(|(known, _)| *known == language) {
        let why = format!("there is no template for the language of the file, {}", language.code());
        note(Complaint::at(top.line_of("template"), "template", why, "add it, or leave all out"));
    }
    Some(Survey { scale, texts, language, answers, templates, fields, timing })
}

type Asked = (Scale, Language, Vec<(Language, Wording)>, Vec<Answer>);

fn question(top: &Table) -> Result<Asked, Complaint> {
    let words = [Scale::Csat, Scale::Nps].map(|scale| (scale.word(), scale));
    let cure = "write scale = \"csat\" (1 to 5) or \"nps\" (0 to 10)";
    let scale = top.word("scale", &words)?;
    let scale = scale.ok_or_else(|| top.no(1, "`scale` is missing", cure))?;
    let count = top.tables("answer")?.len();
    let is_list = count > BUTTONS_MAX;
    let body_max = if is_list || count == 0 { LIST_BODY_MAX } else { BODY_MAX };
    let texts = spoken(top, "text", body_max)?;
    if texts.is_empty() {
        let cure = "write what is asked: [text] and es = \"...\", en = \"...\" or pt = \"...\"";
        return Err(top.no(top.line_of("text"), "`text` is missing", cure));
    }
    let language = language(top, &texts)?;
    let buttons = spoken(top, "button", BUTTON_MAX)?;
    let line = top.line_of("button");
    if !is_list && !buttons.is_empty() {
        let why = format!("`button` opens a list, and up to {BUTTONS_MAX} answers are no list");
        return Err(top.no(line, why, "leave it out"));
    }
    let wording = |(language, text): (Language, String)| {
        let button = buttons.iter().find(|(known, _)| *known == language);
        let button = button.map(|(_, button)| button.clone());
        match is_list && button.is_none() {
            true => {
                let code = language.code();
                let cure = format!("name the button that opens the list: [button] and {code}");
                Err(top.no(line, format!("`button` has no {code}"), cure))
            }
            false => Ok((language, Wording { text, button })),
        }
    };
    let texts = texts.into_iter().map(wording).collect::<Result<Vec<_>, _>>()?;
    let answers = answers(top, scale, &texts)?;
    Ok((scale, language, texts, answers))
}

fn spoken(top: &Table, key: &str, max: usize) -> Result<Vec<(Language, String)>, Complaint> {
    let Some(table) = top.table(key)? else { return Ok(Vec::new()) };
    table.only(&CODES)?;
    titles(&table, max)
}

/// The languages of a table, in the order of [`Language`].
fn titles(table: &Table, max: usize) -> Result<Vec<(Language, String)>, Complaint> {
    let mut texts = Vec::new();
    for language in Language::ALL {
        texts.extend(table.text(language.code(), max)?.map(|text| (language, text.to_owned())));
    }
    Ok(texts)
}

fn language(top: &Table, texts: &[(Language, String)]) -> Result<Language, Complaint> {
    let words = Language::ALL.map(|language| (language.code(), language));
    match (top.word("language", &words)?, texts) {
        (Some(said), texts) if texts.iter().any(|(known, _)| *known == said) => Ok(said),
        (Some(said), _) => {
            let why = format!("`language` is {0}, but `text` has no {0}", said.code());
            Err(top.no(top.line_of("language"), why, "write it, or name another"))
        }
        (None, [(only, _)]) => Ok(*only),
        (None, _) => {
            let cure = "say which one is for people whose language is not known";
            Err(top.no(1, "`language` is missing", cure))
        }
    }
}

fn answers(
    top: &Table,
    scale: Scale,
    texts: &[(Language, Wording)],
) -> Result<Vec<Answer>, Complaint> {
    let tables = top.tables("answer")?;
    match (scale, tables.as_slice()) {
        (Scale::Nps, [first, ..]) => {
            let why = "eleven numbers do not fit into a list, which has ten rows";
            return Err(first.no(first.line, why, "leave [[answer]] out: the number is typed"));
        }
        (Scale::Csat, [] | [_]) => {
            let cure = "write an [[answer]] with `score` for two scores at least";
            return Err(top.no(top.line_of("answer"), "there is nothing to choose from", cure));
        }
        _ => {}
    }
    let max = if tables.len() > BUTTONS_MAX { ROW_MAX } else { BUTTON_MAX };
    let (least, most) = scale.bounds();
    let mut answers: Vec<Answer> = Vec::new();
    for table in &tables {
        table.only(&["score", "es", "en", "pt"])?;
        let score = table.number("score", i64::from(least)..=i64::from(most))?;
        let cure = format!("write score = {least} to {most}");
        let score = score.ok_or_else(|| table.no(table.line, "`score` is missing", cure))? as u8;
        if answers.iter().any(|known| known.score == score) {
            let why = format!("two answers have the score {score}");
            return Err(table.no(table.line_of("score"), why, "give each its own"));
        }
        let titles = titles(table, max)?;
        if let Some((language, _)) =
            texts.iter().find(|(wanted, _)| !titles.iter().any(|(known, _)| known == wanted))
        {
            let why =
                format!("`text` is there in {0}, but this answer has no {0}", language.code());
            return Err(table.no(table.line, why, "write it"));
        }
        let twice = titles.iter().find(|title| answers.iter().any(|a| a.titles.contains(title)));
        if let Some((language, title)) = twice {
            let why = format!("two answers are called '{title}'");
            let cure = "Meta takes each title once: change one";
            return Err(table.no(table.line_of(language.code()), why, cure));
        }
        answers.push(Answer { score, titles });
    }
    Ok(answers)
}

fn templates(top: &Table) -> Result<Vec<(Language, Template)>, Complaint> {
    let mut templates: Vec<(Language, Template)> = Vec::new();
    for table in top.tables("template")? {
        table.only(&["name", "language"])?;
        let name = table.needed_text("name", 512, "name an approved template of yours")?;
        let cure = "write Meta's code of it, for instance language = \"es_MX\"";
        let code = table.needed_text("language", 15, cure)?;
        let line = table.line_of("language");
        let language = Language::parse(code).ok_or_else(|| {
            table.no(line, format!("`language` '{code}' is not spoken here"), "use es, en or pt")
        })?;
        if templates.iter().any(|(known, _)| *known == language) {
            let why = format!("two templates are for {}", language.code());
            return Err(table.no(line, why, "leave one out"));
        }
        let (name, code, line) = (name.to_owned(), code.to_owned(), table.line);
        templates.push((language, Template { name, code, line }));
    }
    templates.sort_by_key(|(language, _)| *language);
    Ok(templates)
}

fn fields(top: &Table) -> Result<Fields, Complaint> {
    let Some(table) = top.table("fields")? else { return Ok(Fields::default()) };
    table.only(&["score", "comment"])?;
    let field = |key: &str| {
        let Some(name) = table.text(key, 80)? else { return Ok(None) };
        let word = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        match word && name.to_ascii_lowercase().ends_with("__c") {
            true => Ok(Some((table.line_of(key), name.to_owned()))),
            false => {
                let why = format!("`{key}` '{name}' is no field of your own");
                Err(table.no(table.line_of(key), why, "write its API name, with __c at the end"))
            }
        }
    };
    Ok(Fields { score: field("score")?, comment: field("comment")? })
}

fn timing(top: &Table) -> Result<Timing, Complaint> {
    let number = |key, range, usual| top.number(key, range).map(|found| found.unwrap_or(usual));
    let timing = Timing {
        delay_minutes: number("delay_minutes", 0..=10_080, 0)?,
        give_up_hours: number("give_up_hours", 1..=720, 72)?,
        answer_hours: number("answer_hours", 1..=720, 24)?,
        comment_minutes: number("comment_minutes", 0..=1_440, 30)?,
        rest_days: number("rest_days", 0..=365, 0)?,
    };
    if timing.delay_minutes >= timing.give_up_hours * 60 {
        let why = "`delay_minutes` is as long as `give_up_hours`: nobody would be asked";
        return Err(top.no(top.line_of("delay_minutes"), why, "make it shorter"));
    }
    Ok(timing)
}
