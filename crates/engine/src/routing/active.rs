//! A routing as it is decided by.

use rules::mapping::Complaint;
use rules::routing::{Condition, DEFAULT, Newcomer, Routing, Rule};
use store::Document;

use crate::versions::{Versions, Written};

#[derive(Debug)]
pub struct Active {
    /// 0: the program's own.
    pub version: i64,
    pub routing: Routing,
    /// Some rule about cases looks at what was written, or when.
    asks_messages: bool,
    /// Some rule about cases looks at closed ones.
    asks_closed: bool,
}

/// Compiled versions in use, by tenant.
pub type Routings = Versions<Active>;

impl Active {
    pub fn new(version: i64, routing: Routing) -> Self {
        let cases = &routing.cases;
        let reads = |when: &Condition| {
            let others = Condition { person: None, number: None, case: None, ..when.clone() };
            others != Condition::default()
        };
        let asks_closed =
            cases.iter().any(|rule| rule.act.reopen.is_some() || rule.when.case.is_some());
        let asks_messages = asks_closed || cases.iter().any(|rule| reads(&rule.when));
        Self { version, routing, asks_messages, asks_closed }
    }

    pub fn asks_messages(&self) -> bool {
        self.asks_messages
    }

    pub fn asks_closed(&self) -> bool {
        self.asks_closed
    }

    /// What somebody becomes may depend on what they wrote, or where.
    pub fn newcomers_differ(&self) -> bool {
        self.routing.newcomers.first().is_some_and(|rule| rule.when != Condition::default())
    }

    /// Some newcomer becomes a Contact at once.
    pub fn makes_contacts(&self) -> bool {
        let contact = |rule: &Rule<Newcomer>| matches!(rule.act, Newcomer::Contact(..));
        self.routing.newcomers.iter().any(contact)
    }
}

impl Written for Active {
    const DOCUMENT: Document = Document::Routing;
    const DEFAULT: &'static str = DEFAULT;
    const ALERT: &'static str = "routing";

    fn read(version: i64, text: &str) -> Result<Self, Vec<Complaint>> {
        Ok(Self::new(version, Routing::read(text)?))
    }

    fn own() -> Self {
        // read by a test of `rules`: what the program brings can be read
        Self::new(0, Routing::read(DEFAULT).unwrap_or_default())
    }
}
