//! Languages in which people are written to.

use jiff::civil::Weekday;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    Es,
    En,
    Pt,
}

impl Language {
    pub const ALL: [Self; 3] = [Self::Es, Self::En, Self::Pt];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Es => "es",
            Self::En => "en",
            Self::Pt => "pt",
        }
    }

    /// `pt`, `pt_BR` or `pt-BR`.
    pub fn parse(code: &str) -> Option<Self> {
        let base = code.split(['_', '-']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(base))
    }

    pub fn weekday(self, day: Weekday) -> &'static str {
        let names = match self {
            Self::Es => ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
            Self::En => {
                ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
            }
            Self::Pt => [
                "segunda-feira",
                "terça-feira",
                "quarta-feira",
                "quinta-feira",
                "sexta-feira",
                "sábado",
                "domingo",
            ],
        };
        names[day.to_monday_zero_offset() as usize]
    }
}
