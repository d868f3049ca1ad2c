//! One entry of a mapping, compiled.

use serde_json::Value;

use super::expr::Expr;
use super::target::Target;
use super::value::Kind;

/// Groups of paths.
const THREAD: [&str; 4] = ["conversation", "number", "message", "referral"];

#[derive(Debug)]
pub struct Entry {
    /// Of its table in the file, from 1.
    pub line: usize,
    pub to: (Target, String),
    pub from: From,
    pub kind: Kind,
    pub default: Option<Value>,
    pub when: Option<Expr>,
    /// In UTF-16 code units, which is how Salesforce counts.
    pub max_length: Option<usize>,
    pub too_long: TooLong,
    /// The only values that are written; a restricted picklist needs them.
    pub values: Option<Vec<String>>,
    pub on: When,
}

#[derive(Debug)]
pub enum From {
    Path(String),
    Expr(Expr),
    /// Nothing but the default.
    Nothing,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TooLong {
    /// On a character's boundary.
    #[default]
    Cut,
    /// The value counts as absent.
    Refuse,
}

impl TooLong {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cut => "cut",
            Self::Refuse => "refuse",
        }
    }
}

/// When an entry is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum When {
    #[default]
    Create,
    Update,
    Both,
}

/// What is being done with the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    Create,
    Update,
}

impl When {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Both => "both",
        }
    }

    pub const fn holds(self, moment: Moment) -> bool {
        matches!(
            (self, moment),
            (Self::Both, _) | (Self::Create, Moment::Create) | (Self::Update, Moment::Update)
        )
    }
}

impl Entry {
    /// Each part of a multi-select value is one of `values`.
    pub fn allows(&self, value: &str) -> bool {
        let known = |part| self.values.as_ref().is_none_or(|v| v.iter().any(|v| v == part));
        value.split(';').all(known)
    }

    /// It needs more than the person: the conversation, or a message of it.
    pub fn speaks_of_a_thread(&self) -> bool {
        let speaks = |text: &str| THREAD.iter().any(|group| text.contains(group));
        let from = match &self.from {
            From::Path(path) => speaks(path),
            From::Expr(expr) => speaks(&expr.text),
            From::Nothing => false,
        };
        from || self.when.as_ref().is_some_and(|when| speaks(&when.text))
    }

    /// `Lead.Phone`
    pub fn name(&self) -> String {
        format!("{}.{}", self.to.0, self.to.1)
    }

    /// The whole entry in one line: two of equal text do the same.
    pub fn text(&self) -> String {
        let mut text = match &self.from {
            From::Path(path) => format!("from {path}"),
            From::Expr(expr) => format!("expr {}", expr.text),
            From::Nothing => "no source".into(),
        };
        text.push_str(&format!(", {}", self.kind.word()));
        if let Some(default) = &self.default {
            text.push_str(&format!(", default {default}"));
        }
        if let Some(when) = &self.when {
            text.push_str(&format!(", when {}", when.text));
        }
        if let Some(max) = self.max_length {
            text.push_str(&format!(", at most {max} ({})", self.too_long.word()));
        }
        if let Some(values) = &self.values {
            text.push_str(&format!(", one of {}", values.join("|")));
        }
        if !self.to.0.is_ours() {
            text.push_str(&format!(", on {}", self.on.word()));
        }
        text
    }
}
