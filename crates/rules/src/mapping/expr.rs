//! Expressions: minijinja's language, in a small and bounded dialect.
//!
//! What is not there is undefined, and using it undefined is no value: so
//! `default` stands in, and a misspelt path is found when the file is read.
//! Fuel bounds the steps and the bytes. No operator or filter may give more text than
//! [`TEXT_MAX`]: `*` is left out, for it repeats text, and `replace` and `join`
//! are our own.

use std::sync::LazyLock;

use minijinja::value::{Serde, ValueKind};
use minijinja::{
    Environment, Error, ErrorKind, Expression, UndefinedBehavior, Value, filters, tests as jinja,
};

use super::paths::{is_path, nearest};

pub const CHARS_MAX: usize = 2_000;
/// Salesforce's longest text area.
const TEXT_MAX: usize = 131_072;
const FUEL: u64 = 2_000;

static DIALECT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut env = Environment::empty();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_fuel(Some(FUEL));
    env.set_debug(false);
    env.add_filter("upper", filters::upper);
    env.add_filter("lower", filters::lower);
    env.add_filter("title", filters::title);
    env.add_filter("capitalize", filters::capitalize);
    env.add_filter("trim", filters::trim);
    env.add_filter("default", filters::default);
    env.add_filter("length", filters::length);
    env.add_filter("first", filters::first);
    env.add_filter("last", filters::last);
    env.add_filter("int", filters::int);
    env.add_filter("float", filters::float);
    env.add_filter("round", filters::round);
    env.add_filter("abs", filters::abs);
    env.add_filter("split", split);
    env.add_filter("join", join);
    env.add_filter("replace", replace);
    env.add_filter("cut", cut);
    env.add_filter("times", times);
    env.add_test("defined", jinja::is_defined);
    env.add_test("undefined", jinja::is_undefined);
    env.add_test("string", jinja::is_string);
    env.add_test("number", jinja::is_number);
    env.add_test("startingwith", jinja::is_startingwith);
    env.add_test("endingwith", jinja::is_endingwith);
    env
});

fn too_long() -> Error {
    Error::new(ErrorKind::InvalidOperation, "the text becomes too long")
}

fn replace(text: &str, from: &str, to: &str) -> Result<String, Error> {
    if from.is_empty() {
        return Ok(text.to_owned());
    }
    let grown = text.matches(from).count().saturating_mul(to.len());
    if grown.saturating_add(text.len()) > TEXT_MAX {
        return Err(too_long());
    }
    Ok(text.replace(from, to))
}

fn split(text: &str, by: &str) -> Vec<String> {
    if by.is_empty() {
        return vec![text.to_owned()];
    }
    text.split(by).map(str::to_owned).collect()
}

fn join(list: &Value, by: Option<&str>) -> Result<String, Error> {
    let by = by.unwrap_or_default();
    let mut text = String::new();
    for (n, part) in list.try_iter()?.enumerate() {
        if n > 0 {
            text.push_str(by);
        }
        text.push_str(&part.to_string());
        if text.len() > TEXT_MAX {
            return Err(too_long());
        }
    }
    Ok(text)
}

/// At most so many UTF-16 units, which is how Salesforce counts.
fn cut(text: &str, max: u32) -> String {
    crate::text::fit(text, max as usize)
}

fn times(number: &Value, by: &Value) -> Result<Value, Error> {
    let parts = [number, by]
        .map(|v| (v.kind() == ValueKind::Number).then(|| f64::try_from(v.clone()).ok()).flatten());
    match parts {
        [Some(a), Some(b)] => Ok(Value::from(a * b)),
        _ => Err(Error::new(ErrorKind::InvalidOperation, "times needs two numbers")),
    }
}

#[derive(Debug)]
pub struct Expr {
    pub text: String,
    compiled: Expression<'static, 'static>,
}

/// Why it gave nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nothing {
    /// It needs something that is not there.
    Absent,
    /// It cannot be done with what is there.
    Failed,
    /// It took too many steps.
    Fuel,
}

impl Expr {
    /// `Err`: why, and the cure.
    pub fn compile(text: &str) -> Result<Self, (String, String)> {
        if text.chars().count() > CHARS_MAX {
            let why = format!("the expression has more than {CHARS_MAX} characters");
            return Err((why, "make it shorter".into()));
        }
        if outside_quotes(text).contains('*') {
            let cure = "multiply a number by the filter: x | times(2)";
            return Err(("`*` is not part of the expressions here".into(), cure.into()));
        }
        let compiled = DIALECT.compile_expression_owned(text.to_owned()).map_err(|error| {
            let why = error.detail().unwrap_or("it cannot be read").to_owned();
            (
                why,
                "see `puente mapping paths` for names and docs/guides/mapping.md for filters"
                    .to_owned(),
            )
        })?;
        let mut names: Vec<_> = compiled.undeclared_variables(true).into_iter().collect();
        names.sort();
        if let Some(unknown) = names.iter().find(|name| !is_path(name)) {
            let cure =
                format!("did you mean {}? `puente mapping paths` lists all", nearest(unknown));
            return Err((format!("there is no path '{unknown}'"), cure));
        }
        known_words(text)?;
        Ok(Self { text: text.to_owned(), compiled })
    }

    pub fn eval(&self, source: &serde_json::Value) -> Result<serde_json::Value, Nothing> {
        let value = self.compiled.eval(Value::from(Serde(source))).map_err(|e| match e.kind() {
            ErrorKind::UndefinedError => Nothing::Absent,
            ErrorKind::OutOfFuel => Nothing::Fuel,
            _ => Nothing::Failed,
        })?;
        if value.is_undefined() {
            return Err(Nothing::Absent);
        }
        serde_json::to_value(&value).map_err(|_| Nothing::Failed)
    }

    /// As a condition; what is not there is not true.
    pub fn holds(&self, source: &serde_json::Value) -> bool {
        let value = self.compiled.eval(Value::from(Serde(source)));
        value.is_ok_and(|value| !value.is_undefined() && value.is_true())
    }
}

#[rustfmt::skip]
const FILTERS: [&str; 18] = [
    "abs", "capitalize", "cut", "default", "first", "float", "int", "join", "last", "length",
    "lower", "replace", "round", "split", "times", "title", "trim", "upper",
];
const TESTS: [&str; 6] = ["defined", "undefined", "string", "number", "startingwith", "endingwith"];

/// A filter or test that does not exist would be an error of each run instead
/// of the reading.
fn known_words(text: &str) -> Result<(), (String, String)> {
    let plain = outside_quotes(text);
    let word = |at: usize| -> String {
        let rest = plain[at..].trim_start().chars();
        rest.take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let known = |what: &str, known: &[&str], at: usize| {
        let word = word(at);
        if known.contains(&word.as_str()) {
            return Ok(());
        }
        let cure = format!("use one of {}", known.join(", "));
        Err((format!("there is no {what} '{word}'"), cure))
    };
    for (at, _) in plain.match_indices('|') {
        known("filter", &FILTERS, at + 1)?;
    }
    for (at, is) in plain.match_indices(" is ") {
        let at = at + is.len();
        let not = plain[at..].trim_start().strip_prefix("not ");
        known("test", &TESTS, not.map_or(at, |rest| plain.len() - rest.len()))?;
    }
    Ok(())
}

/// The text with what stands in quotes blanked.
fn outside_quotes(text: &str) -> String {
    let (mut open, mut escaped) = (None, false);
    text.chars()
        .map(|c| match open {
            None => {
                if c == '"' || c == '\'' {
                    open = Some(c);
                    return ' ';
                }
                c
            }
            Some(quote) => {
                if !escaped && c == quote {
                    open = None;
                }
                escaped = !escaped && c == '\\';
                ' '
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_that_is_named_is_there() {
        let knows = |text: String| {
            let run = DIALECT.compile_expression_owned(text.clone()).unwrap().eval(());
            let kind = run.err().map(|e| e.kind());
            !matches!(kind, Some(ErrorKind::UnknownFilter | ErrorKind::UnknownTest))
        };
        assert!(FILTERS.iter().all(|name| knows(format!("'1' | {name}"))));
        assert!(TESTS.iter().all(|name| knows(format!("'1' is {name}"))));
        assert!(!knows("'1' | tojson".into()) && !knows("'1' is even".into()));
    }
}
