//! What a message says about consent.

use std::collections::BTreeMap;

use model::Purpose;

use super::table::{HINTS, IN, OUT, OUT_OF_ALL};
use super::{Language, fold};

/// No words of the table are longer, by far: what is, is not one of them.
const CHARS_MAX: usize = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    Nothing,
    /// The whole message says: no more of these.
    Out {
        of: &'static [Purpose],
        language: Option<Language>,
    },
    /// The whole message says: these are welcome.
    In {
        to: &'static [Purpose],
        language: Option<Language>,
    },
    /// A sentence that sounds so: for a person to read.
    Hint,
}

/// The words of a tenant, folded.
#[derive(Clone, Debug)]
pub struct Words {
    whole: BTreeMap<String, Heard>,
}

impl Default for Words {
    fn default() -> Self {
        let mut words = Self { whole: BTreeMap::new() };
        for (list, make) in [(IN, welcome as Make), (OUT, out), (OUT_OF_ALL, out_of_all)] {
            for (word, language) in list {
                words.whole.insert((*word).to_owned(), make(*language));
            }
        }
        words
    }
}

type Make = fn(Option<Language>) -> Heard;

fn welcome(language: Option<Language>) -> Heard {
    Heard::In { to: &Purpose::ASKED, language }
}

fn out(language: Option<Language>) -> Heard {
    Heard::Out { of: &[Purpose::Marketing], language }
}

fn out_of_all(language: Option<Language>) -> Heard {
    Heard::Out { of: &Purpose::ASKED, language }
}

impl Words {
    /// The known words and a tenant's own. One that is both a tenant's and
    /// known means what the tenant says; one that is to mean two things ends
    /// the most.
    pub fn with(own_in: &[String], own_out: &[String], own_out_of_all: &[String]) -> Self {
        let mut words = Self::default();
        let lists = [(own_in, welcome as Make), (own_out, out), (own_out_of_all, out_of_all)];
        for (list, make) in lists {
            for word in list {
                words.whole.insert(fold(word), make(None));
            }
        }
        // what says nothing is no word
        words.whole.remove("");
        words
    }

    pub fn hear(&self, text: &str) -> Heard {
        if text.chars().nth(CHARS_MAX).is_some() {
            return hint(text);
        }
        match self.whole.get(&fold(text)) {
            Some(heard) => *heard,
            None => hint(text),
        }
    }
}

fn hint(text: &str) -> Heard {
    let padded = format!(" {} ", fold(text));
    let sounds = HINTS.iter().any(|hint| padded.contains(&format!(" {hint} ")));
    if sounds { Heard::Hint } else { Heard::Nothing }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
