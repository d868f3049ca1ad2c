//! Whether it is open, and when it opens next.

use jiff::Timestamp;
use jiff::civil::Date;
use model::UnixMs;

use super::Hours;
use super::week::Range;

/// Further ahead nobody plans: longer than a year of holidays.
const DAYS_MAX: usize = 400;

impl Hours {
    /// The hours of a day: a holiday's own come before the week's, and a
    /// holiday of one year before one of each year.
    fn of(&self, date: Date) -> &[Range] {
        let holidays = || self.holidays.iter().filter(|holiday| holiday.is(date));
        let once = holidays().find(|holiday| holiday.year.is_some());
        once.or_else(|| holidays().next())
            .map_or_else(|| self.week.of(date.weekday()), |holiday| &holiday.open)
    }

    pub fn is_open(&self, at: UnixMs) -> bool {
        timestamp(at).is_some_and(|at| self.holds(at))
    }

    fn holds(&self, at: Timestamp) -> bool {
        let wall = self.time_zone.to_datetime(at);
        self.of(wall.date()).iter().any(|range| range.holds(wall.time()))
    }

    /// `at` itself when it is open then; `None` when it does not open again
    /// within a year.
    pub fn opens_at(&self, at: UnixMs) -> Option<UnixMs> {
        let now = timestamp(at)?;
        if self.holds(now) {
            return Some(at);
        }
        let mut date = self.time_zone.to_datetime(now).date();
        for _ in 0..DAYS_MAX {
            // on the day when the clock is changed a range begins twice, or
            // within the hour that is left out, or again with the change
            let changes = self.time_zone.following(now).take(4).map(|change| change.timestamp());
            let changes = changes.filter(|at| self.time_zone.to_datetime(*at).date() == date);
            let starts = self.of(date).iter().flat_map(|range| {
                let wall = date.to_datetime(range.start());
                let earlier = self.time_zone.to_ambiguous_timestamp(wall).earlier();
                let later = self.time_zone.to_ambiguous_timestamp(wall).later();
                [earlier, later].into_iter().flatten()
            });
            let open = |at: &Timestamp| *at > now && self.holds(*at);
            if let Some(first) = starts.chain(changes).filter(open).min() {
                return Some(UnixMs(first.as_millisecond()));
            }
            date = date.tomorrow().ok()?;
        }
        None
    }
}

pub(super) fn timestamp(at: UnixMs) -> Option<Timestamp> {
    Timestamp::from_millisecond(at.0).ok()
}
