//! What a round came to, in numbers.

use std::fmt;
use std::ops::AddAssign;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Customers' messages, ticks of ours, and requests to send.
    pub events: usize,
    /// Those answered 200 or 202, which is a promise.
    pub acknowledged: usize,
    /// Those answered before the first kill: the promises it put to the test.
    pub before: usize,
    /// SIGKILLs of the process.
    pub kills: usize,
    /// Immediate stops of the database.
    pub stops: usize,
    pub lost: usize,
    pub repeated: usize,
    /// Sends whose fate nobody can tell, which a person was told.
    pub told: usize,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.events += other.events;
        self.acknowledged += other.acknowledged;
        self.before += other.before;
        self.kills += other.kills;
        self.stops += other.stops;
        self.lost += other.lost;
        self.repeated += other.repeated;
        self.told += other.told;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { events, acknowledged, before, kills, stops, lost, repeated, told } = self;
        write!(f, "{events} events, {acknowledged} acknowledged ({before} before a kill), ")?;
        write!(f, "{kills} kills, ")?;
        if *stops > 0 {
            write!(f, "{stops} stops of the database, ")?;
        }
        write!(f, "{told} sends a person was told about, {lost} lost, {repeated} repeated")
    }
}
