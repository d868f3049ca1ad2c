//! How urgent it is that Salesforce shows something.

/// The order is the priority: the last is slowed first when calls are scarce.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Urgency {
    /// What a person waits for: messages of customers, replies of agents.
    Live,
    /// Messages of automations and campaigns, and the records they bring.
    Automatic,
    /// What became of a message that is shown already.
    Status,
}

impl Urgency {
    pub const ALL: [Self; 3] = [Self::Live, Self::Automatic, Self::Status];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Automatic => "automatic",
            Self::Status => "status",
        }
    }
}
