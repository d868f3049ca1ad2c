//! Every code of Meta's that we know (Cloud API, Error codes), once.
//!
//! Sending codes come first in each file. Codes outside are `wa.unlisted`.

mod graph;
mod messages;
mod numbers;
mod services;
mod templates;

use super::Row;

/// `code or from..=to => Class, Scope, cause, cure;`
macro_rules! table {
    ($($from:literal $(..= $to:literal)? => $class:expr, $scope:ident, $cause:literal, $cure:literal;)*) => {
        pub(super) const ROWS: &[Row] = &[$(Row {
            from: $from,
            to: { let to = $from; $(let _ = to; let to = $to;)? to },
            name: concat!("wa.", $from),
            class: $class,
            scope: model::Scope::$scope,
            cause: $cause,
            cure: $cure,
        },)*];
    };
}
use table;

const TABLES: [&[Row]; 5] =
    [graph::ROWS, messages::ROWS, templates::ROWS, numbers::ROWS, services::ROWS];

pub fn rows() -> impl Iterator<Item = &'static Row> {
    TABLES.into_iter().flatten()
}

/// The narrowest row that holds `code`: 200005 is not within 200 to 299, but
/// were it, its own row would win.
pub fn row(code: i64) -> Option<&'static Row> {
    rows().filter(|row| (row.from..=row.to).contains(&code)).min_by_key(|row| row.to - row.from)
}
