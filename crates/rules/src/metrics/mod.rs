//! What the work of a day comes to: each metric with its written definition,
//! what one message, conversation or record adds to it, and how that is summed.
//!
//! A figure is the sum of what single records add, so the list of records behind
//! it is the same rule without the sum. Nothing here reads a clock: a day has an
//! end, and what came too long after it does not change it any more.

mod day;
mod hit;
mod metric;
mod tally;
#[cfg(test)]
mod tests;

pub use day::{Day, Span, Zone};
pub use hit::{
    AnswerFact, ConversationFact, Hit, MessageFact, RecordFact, RecordOf, Step, answer, closed,
    message, opened, record, won,
};
pub use metric::{Metric, Source, Unit};
pub use tally::{By, Cell, Cells, Key, Tally, differing};
