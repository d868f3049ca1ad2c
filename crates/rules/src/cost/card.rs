//! A rate card: prices that somebody who knows them wrote down.

use std::fmt;

use serde::Deserialize;

/// Millionths of the card's currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Price(pub i64);

const MILLION: i64 = 1_000_000;

impl Price {
    /// Digits, and up to six more after a point.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let shaped = (1..=9).contains(&whole.len()) && part.len() <= 6;
        if !shaped || !digits(whole) || !digits(part) || text.ends_with('.') {
            return None;
        }
        let part: i64 = format!("{part:0<6}").parse().ok()?;
        Some(Self(whole.parse::<i64>().ok()? * MILLION + part))
    }

    pub const fn times(self, messages: i64) -> Self {
        Self(self.0.saturating_mul(messages))
    }

    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// With at least two digits after the point.
impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = format!("{:06}", self.0 % MILLION);
        let kept = part.trim_end_matches('0').len().max(2);
        write!(f, "{}.{}", self.0 / MILLION, &part[..kept])
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    currency: String,
    #[serde(rename = "rate")]
    rates: Vec<Rate>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rate {
    category: String,
    calling_code: Option<String>,
    price: String,
}

/// Why a file is no rate card; names the field and the cure.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0}")]
pub struct Misread(String);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    pub currency: String,
    /// Category, calling code (none: every other), price.
    rates: Vec<(String, Option<String>, Price)>,
}

impl Card {
    /// # Errors
    /// The text is no TOML, a price is no number, or two rates are for the same.
    pub fn read(text: &str) -> Result<Self, Misread> {
        let file: File = toml::from_str(text).map_err(|why| Misread(why.to_string()))?;
        let mut rates: Vec<(String, Option<String>, Price)> = Vec::new();
        for (n, rate) in file.rates.into_iter().enumerate() {
            let named = |why: String| Misread(format!("rate {}: {why}", n + 1));
            if super::class(&rate.category).is_none() {
                let known: Vec<_> = super::CLASSES.iter().map(|class| class.category).collect();
                let (category, known) = (&rate.category, known.join(", "));
                return Err(named(format!("category: '{category}' is none of {known}")));
            }
            let price = Price::parse(&rate.price).ok_or_else(|| {
                let why = "is no price; write digits and up to six more after a point";
                named(format!("price: '{}' {why}: \"0.0125\"", rate.price))
            })?;
            let code = rate.calling_code;
            if code.as_ref().is_some_and(|c| !c.bytes().all(|b| b.is_ascii_digit()) || c.is_empty())
            {
                let why =
                    "calling_code: digits alone, without +: \"52\"; leave it out for all others";
                return Err(named(why.into()));
            }
            if rates.iter().any(|(category, of, _)| (category, of) == (&rate.category, &code)) {
                return Err(named("there is a rate for the same before it; keep one".into()));
            }
            rates.push((rate.category, code, price));
        }
        Ok(Self { currency: file.currency, rates })
    }

    /// Of one message: the rate of its calling code, else the one for all others.
    pub fn price(&self, category: &str, calling_code: &str) -> Option<Price> {
        let of = |code: Option<&str>| {
            let found = self.rates.iter().find(|(c, of, _)| c == category && of.as_deref() == code);
            found.map(|(_, _, price)| *price)
        };
        of(Some(calling_code)).or_else(|| of(None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_exact() {
        for (text, millionths, shown) in [
            ("0", 0, "0.00"),
            ("0.0125", 12_500, "0.0125"),
            ("3", 3_000_000, "3.00"),
            ("1.5", 1_500_000, "1.50"),
            ("0.000001", 1, "0.000001"),
        ] {
            assert_eq!(Price::parse(text), Some(Price(millionths)), "{text}");
            assert_eq!(Price(millionths).to_string(), shown);
        }
        for text in ["", ".5", "1.", "-1", "1,5", "0.0000001", "1e3", "1.2.3", " 1"] {
            assert_eq!(Price::parse(text), None, "{text}");
        }
        assert_eq!(Price(12_500).times(3).plus(Price(1)), Price(37_501));
    }

    #[test]
    fn the_own_rate_of_a_code_goes_before_the_one_for_all_others() {
        let card = Card::read(
            "currency = 'XTS'\n\
             [[rate]]\ncategory = 'service'\nprice = '2'\n\
             [[rate]]\ncategory = 'service'\ncalling_code = '52'\nprice = '0.5'\n\
             [[rate]]\ncategory = 'utility'\ncalling_code = '52'\nprice = '1'\n",
        )
        .unwrap();
        assert_eq!(card.currency, "XTS");
        assert_eq!(card.price("service", "52"), Some(Price(500_000)));
        assert_eq!(card.price("service", "54"), Some(Price(2_000_000)));
        assert_eq!(card.price("service", ""), Some(Price(2_000_000)));
        assert_eq!(card.price("utility", "54"), None);
        assert_eq!(card.price("marketing", "52"), None);
    }

    #[test]
    fn a_mistake_names_its_field() {
        let rate = |rest: &str| format!("currency = 'XTS'\n[[rate]]\n{rest}\n");
        for (text, named) in [
            ("currency = 'XTS'".to_owned(), "rate"),
            (rate("category = 'pigeon'\nprice = '1'"), "category: 'pigeon'"),
            (rate("category = 'service'\nprice = '1,5'"), "price: '1,5'"),
            (rate("category = 'service'\nprice = '1'\ncalling_code = '+52'"), "calling_code"),
            (rate("category = 'service'\nprice = '1'\ncountry = 'MX'"), "country"),
            (
                rate(
                    "category = 'service'\nprice = '1'\n[[rate]]\ncategory = 'service'\nprice = '2'",
                ),
                "rate 2: there is a rate",
            ),
        ] {
            let why = Card::read(&text).unwrap_err().to_string();
            assert!(why.contains(named), "{text}: {why}");
        }
    }
}
