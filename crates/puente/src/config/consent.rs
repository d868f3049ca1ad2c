//! What a tenant asks for before it writes first, and the words it listens to.

use anyhow::bail;
use model::{ConsentPolicy, Need as Asked};
use rules::consent::{Language, Notices, Words, fold};
use serde::Deserialize;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Consent {
    /// Required where it is left out.
    pub marketing: Option<Need>,
    pub utility: Need,
    /// On top of the words that are known: end marketing.
    pub stop_words: Vec<String>,
    /// End everything.
    pub stop_all_words: Vec<String>,
    /// Allow everything again.
    pub start_words: Vec<String>,
    /// Who writes from an advertisement agrees to marketing.
    pub referral_opts_in: bool,
    /// `es`, `en` or `pt`: how an opt-out is answered whose word tells no language.
    pub language: Tongue,
    /// Instead of puente's own texts; `""` says nothing.
    pub notice_es: Option<String>,
    pub notice_en: Option<String>,
    pub notice_pt: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// Nobody is written to first without a recorded opt-in.
    Required,
    /// Everybody may be who did not opt out.
    #[default]
    Implied,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tongue {
    #[default]
    Es,
    En,
    Pt,
}

/// Longest text of a message (Cloud API, text messages).
const NOTICE_MAX: usize = 4_096;

impl Consent {
    pub fn validate(&self) -> anyhow::Result<()> {
        for (name, list) in [
            ("stop_words", &self.stop_words),
            ("stop_all_words", &self.stop_all_words),
            ("start_words", &self.start_words),
        ] {
            if let Some(word) = list.iter().find(|word| fold(word).is_empty()) {
                bail!(
                    "tenant.consent.{name}: '{word}' has no letter or digit; emoji and signs are \
                     not told apart, so use a word"
                );
            }
        }
        for (name, text) in
            [("es", &self.notice_es), ("en", &self.notice_en), ("pt", &self.notice_pt)]
        {
            let length = text.as_deref().unwrap_or_default().chars().count();
            if length > NOTICE_MAX {
                bail!(
                    "tenant.consent.notice_{name}: it has {length} characters, at most {NOTICE_MAX}"
                );
            }
        }
        Ok(())
    }

    pub fn settings(&self) -> engine::consent::Settings {
        let asked = |need| match need {
            Need::Required => Asked::Required,
            Need::Implied => Asked::Implied,
        };
        let language = match self.language {
            Tongue::Es => Language::Es,
            Tongue::En => Language::En,
            Tongue::Pt => Language::Pt,
        };
        let texts = [
            (Language::Es, &self.notice_es),
            (Language::En, &self.notice_en),
            (Language::Pt, &self.notice_pt),
        ];
        let texts = texts.into_iter().filter_map(|(l, text)| Some((l, text.clone()?))).collect();
        engine::consent::Settings {
            policy: ConsentPolicy {
                marketing: asked(self.marketing.unwrap_or(Need::Required)),
                utility: asked(self.utility),
            },
            words: Words::with(&self.start_words, &self.stop_words, &self.stop_all_words),
            notices: Notices { language, texts },
            referral_opts_in: self.referral_opts_in,
        }
    }
}
