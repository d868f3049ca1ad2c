//! The name of a record that a rule makes: text with a few places to fill.

use jiff::civil::Date;

use crate::text::fit;

/// Salesforce's limit of `Opportunity.Name`.
pub const UNITS_MAX: usize = 120;
/// What stands in braces.
pub const PLACES: [&str; 3] = ["person", "rule", "date"];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Place(&'static str),
}

impl Title {
    /// `Err`: what stands in braces and is no place, or a brace that stands alone.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, after) = rest.split_at(at);
            parts.push(Part::Text(before.to_owned()));
            let inner = after.strip_prefix('{').and_then(|after| after.split_once('}'));
            let (name, behind) = inner.ok_or("a brace that stands alone")?;
            let place = PLACES.into_iter().find(|place| *place == name);
            parts.push(Part::Place(place.ok_or_else(|| format!("{{{name}}}"))?));
            rest = behind;
        }
        parts.push(Part::Text(rest.to_owned()));
        Ok(Self(parts))
    }

    /// Never blank, and never longer than the field. A person without a name
    /// gives `WhatsApp`, as in a Lead's last name.
    pub fn fill(&self, person: Option<&str>, rule: &str, date: Date) -> String {
        let person = person.map(str::trim).filter(|name| !name.is_empty()).unwrap_or("WhatsApp");
        let text: String = self
            .0
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.clone(),
                Part::Place("person") => person.to_owned(),
                Part::Place("date") => date.to_string(),
                Part::Place(_) => rule.to_owned(),
            })
            .collect();
        let text = fit(text.trim(), UNITS_MAX);
        if text.trim().is_empty() { "WhatsApp".into() } else { text }
    }
}
