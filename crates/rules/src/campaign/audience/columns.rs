//! The first line: what each column is.

use std::collections::BTreeSet;

use super::Line;
use super::fields::cut;
use super::row::{self, Row, To};
use crate::mapping::Complaint;

const SEPARATORS: [char; 3] = [',', ';', '\t'];
const COLUMNS_MAX: usize = 500;

/// Where a person stands in the file; the first that is filled is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Address {
    /// Written as people do, with `+` and the country code.
    Phone,
    /// Digits with the country code, as WhatsApp writes them.
    WaId,
    /// A business-scoped user id.
    UserId,
}

impl Address {
    const ALL: [(Self, &'static str); 3] =
        [(Self::Phone, "phone"), (Self::WaId, "wa_id"), (Self::UserId, "user_id")];
}

pub struct Columns {
    separator: char,
    names: Vec<String>,
    addresses: Vec<(Address, usize)>,
    record: Option<usize>,
    /// Of the variables, in their order.
    wanted: Vec<usize>,
}

impl Columns {
    pub fn read(line: &str, at: usize, wanted: &[String]) -> Result<Self, Vec<Complaint>> {
        let count = |separator: &char| line.matches(*separator).count();
        // of equals the last is the maximum, and the comma is the usual one
        let separator = SEPARATORS.into_iter().rev().max_by_key(count).unwrap_or(',');
        let no = |field: &str, why: String, cure: String| Complaint::at(at, field, why, cure);
        let names = cut(line, separator)
            .map_err(|(why, cure)| vec![no("line", why.into(), cure.into())])?;
        let names: Vec<String> = names.iter().map(|name| name.trim().to_lowercase()).collect();
        let mut complaints = Vec::new();
        if names.len() > COLUMNS_MAX {
            let why = format!("{} columns, more than {COLUMNS_MAX}", names.len());
            complaints.push(no("line", why, "leave out those that are not used".into()));
        }
        let mut seen = BTreeSet::new();
        for name in names.iter().filter(|name| !name.is_empty()) {
            if !seen.insert(name) {
                let cure = "give each column a name of its own".into();
                complaints.push(no(name, "two columns have this name".into(), cure));
            }
        }
        let place = |name: &str| names.iter().position(|known| known == name);
        let addresses: Vec<_> = Address::ALL
            .into_iter()
            .filter_map(|(address, name)| Some((address, place(name)?)))
            .collect();
        if addresses.is_empty() {
            let why = "no column says whom to write to".into();
            let cure = "name one phone (+52 55 1234 5678), wa_id (525512345678) or user_id".into();
            complaints.push(no("phone", why, cure));
        }
        let mut places = Vec::new();
        for name in wanted {
            match place(&name.to_lowercase()) {
                Some(at) => places.push(at),
                None => {
                    let why = "a variable of the template takes its value from this column, \
                               which is not there"
                        .into();
                    let cure =
                        format!("add it, or bind the variable to one of {}", names.join(", "));
                    complaints.push(no(name, why, cure));
                }
            }
        }
        if !complaints.is_empty() {
            return Err(complaints);
        }
        let record = place("record_id");
        Ok(Self { separator, addresses, record, wanted: places, names })
    }

    pub fn unused(&self) -> Vec<&str> {
        let used = |at: &usize| {
            self.addresses.iter().any(|(_, address)| address == at)
                || self.record.as_ref() == Some(at)
                || self.wanted.contains(at)
        };
        let names = self.names.iter().enumerate();
        names.filter(|(at, name)| !used(at) && !name.is_empty()).map(|(_, n)| n.as_str()).collect()
    }

    /// `None` for a line in which nothing is written.
    pub fn row(&self, line: &str, at: usize) -> Option<Line> {
        if line.chars().all(|c| c == self.separator || c.is_whitespace()) {
            return None;
        }
        Some(
            self.filled(line)
                .map_err(|(field, why, cure)| Complaint::at(at, field, why, cure))
                .map(|(to, record, values)| Row { line: at, to, record, values }),
        )
    }

    fn filled(&self, line: &str) -> Result<(To, Option<String>, Vec<String>), row::No> {
        let fields = cut(line, self.separator)
            .map_err(|(why, cure)| ("line".to_owned(), why.to_owned(), cure.to_owned()))?;
        if fields.len() != self.names.len() {
            let why = format!("{} fields, and {} columns", fields.len(), self.names.len());
            let cure = format!("put fields with a '{}' in them in quotes", self.separator);
            return Err(("line".into(), why, cure));
        }
        let filled = |(_, at): &&(Address, usize)| !fields[*at].trim().is_empty();
        let Some((address, place)) = self.addresses.iter().find(filled) else {
            let name = &self.names[self.addresses[0].1];
            return Err((
                name.clone(),
                "it is empty".into(),
                "fill it, or leave the line out".into(),
            ));
        };
        let to = row::to(*address, fields[*place].trim())
            .map_err(|(why, cure)| (self.names[*place].clone(), why, cure))?;
        let record = match self.record.map(|at| fields[at].trim()).filter(|id| !id.is_empty()) {
            Some(id) => Some(row::record(id)?),
            None => None,
        };
        let value = |at: &usize| row::value(&self.names[*at], fields[*at].trim());
        let values = self.wanted.iter().map(value).collect::<Result<_, _>>()?;
        Ok((to, record, values))
    }
}
