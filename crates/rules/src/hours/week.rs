//! Days and the hours within them, by the clock on the wall.

use jiff::civil::{Date, Time, Weekday};

/// From a minute of the day, up to and without another; 1440 is midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Range {
    pub from: u16,
    pub to: u16,
}

pub const DAY_MINUTES: u16 = 1_440;

/// Ranges by weekday from Monday, sorted, none touching another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Week(pub [Vec<Range>; 7]);

/// A day with hours of its own, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holiday {
    pub name: String,
    /// `None`: each year.
    pub year: Option<i16>,
    pub month: i8,
    pub day: i8,
    pub open: Vec<Range>,
}

impl Range {
    pub fn holds(self, time: Time) -> bool {
        let minute = time.hour() as u16 * 60 + time.minute() as u16;
        (self.from..self.to).contains(&minute)
    }

    pub fn start(self) -> Time {
        Time::constant((self.from / 60) as i8, (self.from % 60) as i8, 0, 0)
    }

    /// `09:00-14:00`; `Err`: what is wrong with it, and the cure.
    pub fn parse(text: &str) -> Result<Self, (&'static str, &'static str)> {
        let cure = "write it as 09:00-14:00";
        let (from, to) = text.split_once('-').ok_or(("has no end", cure))?;
        let minute = |text: &str| minute(text.trim()).ok_or(("is no time of the day", cure));
        let (from, to) = (minute(from)?, minute(to)?);
        if from >= to {
            let cure = "split what passes midnight: 22:00-24:00, and 00:00-02:00 on the next day";
            return Err(("does not end after it begins", cure));
        }
        Ok(Self { from, to })
    }
}

fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let number = |text: &str| {
        let digits = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse::<u16>().ok()).flatten()
    };
    let (hour, minute) = (number(hour)?, number(minute)?);
    let all = hour * 60 + minute;
    (minute < 60 && all <= DAY_MINUTES).then_some(all)
}

impl Week {
    pub fn of(&self, day: Weekday) -> &[Range] {
        &self.0[day.to_monday_zero_offset() as usize]
    }
}

impl Holiday {
    pub fn is(&self, date: Date) -> bool {
        self.year.is_none_or(|year| year == date.year())
            && (self.month, self.day) == (date.month(), date.day())
    }
}
