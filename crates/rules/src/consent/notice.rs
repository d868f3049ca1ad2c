//! What a person is told once their opt-out was heard.

use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    #[default]
    Es,
    En,
    Pt,
}

impl Language {
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "es" => Self::Es,
            "en" => Self::En,
            "pt" => Self::Pt,
            _ => return None,
        })
    }

    const fn own(self) -> &'static str {
        match self {
            Self::Es => {
                "Listo: no recibirás más mensajes de este tipo. \
                 Si cambias de opinión, escribe ALTA."
            }
            Self::En => {
                "Done: you will get no more messages of this kind. \
                 If you change your mind, write START."
            }
            Self::Pt => {
                "Pronto: você não receberá mais mensagens deste tipo. \
                 Se mudar de ideia, escreva START."
            }
        }
    }
}

/// The texts of a tenant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notices {
    /// For words that are used in all languages.
    pub language: Language,
    /// Instead of ours; an empty text says nothing.
    pub texts: BTreeMap<Language, String>,
}

impl Notices {
    /// `None`: nothing is said.
    pub fn text(&self, language: Option<Language>) -> Option<&str> {
        let language = language.unwrap_or(self.language);
        let text = self.texts.get(&language).map_or(language.own(), String::as_str).trim();
        (!text.is_empty()).then_some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::{Heard, Words};

    #[test]
    fn the_answer_is_in_the_language_of_the_word() {
        let mut notices = Notices { language: Language::Pt, ..Notices::default() };
        notices.texts.insert(Language::En, "  ".into());
        notices.texts.insert(Language::Es, "Hecho.".into());
        assert_eq!(notices.text(Some(Language::Es)), Some("Hecho."));
        assert_eq!(notices.text(Some(Language::En)), None);
        assert!(notices.text(None).is_some_and(|text| text.starts_with("Pronto")));
    }

    #[test]
    fn the_way_back_that_it_names_is_one() {
        for language in [Language::Es, Language::En, Language::Pt] {
            let text = language.own().trim_end_matches('.');
            let word = text.rsplit(' ').next().unwrap_or_default();
            assert!(matches!(Words::default().hear(word), Heard::In { .. }), "{word}");
            assert!(matches!(Words::default().hear(language.own()), Heard::Nothing));
        }
    }
}
