//! Scales, and what scores amount to.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Customer satisfaction, 1 to 5.
    Csat,
    /// Net promoter score, 0 to 10.
    Nps,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Satisfied, or a promoter.
    Good,
    /// Neither, or passive.
    Middling,
    /// Dissatisfied, or a detractor.
    Bad,
}

impl Scale {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Csat => "csat",
            Self::Nps => "nps",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Csat, Self::Nps].into_iter().find(|scale| scale.word() == text)
    }

    pub const fn bounds(self) -> (u8, u8) {
        match self {
            Self::Csat => (1, 5),
            Self::Nps => (0, 10),
        }
    }

    pub const fn holds(self, score: u8) -> bool {
        let (least, most) = self.bounds();
        least <= score && score <= most
    }

    pub const fn class(self, score: u8) -> Class {
        match (self, score) {
            (Self::Csat, 4..) | (Self::Nps, 9..) => Class::Good,
            (Self::Csat, 3) | (Self::Nps, 7..) => Class::Middling,
            _ => Class::Bad,
        }
    }
}

/// CSAT: the satisfied in percent of all who answered. NPS: promoters less
/// detractors, in percent of all. `None` when nobody answered.
pub fn result(scale: Scale, scores: &[u8]) -> Option<f64> {
    let count = |class| scores.iter().filter(|score| scale.class(**score) == class).count() as f64;
    let less = match scale {
        Scale::Csat => 0.0,
        Scale::Nps => count(Class::Bad),
    };
    let all = scores.len() as f64;
    (!scores.is_empty()).then(|| (count(Class::Good) - less) * 100.0 / all)
}
