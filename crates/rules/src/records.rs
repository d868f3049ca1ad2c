//! Which standard records a person's traffic asks for: the first rules.
//!
//! An unknown person becomes a Lead, unless Salesforce already has a Contact
//! or an open Lead with their number. A known Contact gets an open Case for
//! the conversation: theirs if there is one, else a new one.

/// What a look-up by the person's phone found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidates<R> {
    pub contacts: Vec<R>,
    /// Unconverted only.
    pub leads: Vec<R>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Home<R> {
    Contact(R),
    Lead(R),
    CreateLead,
}

/// Contacts come before Leads; among several the first (the look-up orders by
/// creation, oldest first) is taken, so that repeating it decides the same.
pub fn home<R: Clone>(found: &Candidates<R>) -> Home<R> {
    match (found.contacts.first(), found.leads.first()) {
        (Some(contact), _) => Home::Contact(contact.clone()),
        (None, Some(lead)) => Home::Lead(lead.clone()),
        (None, None) => Home::CreateLead,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_before_leads_before_a_new_lead() {
        let both = Candidates { contacts: vec![1, 2], leads: vec![3] };
        assert_eq!(home(&both), Home::Contact(1));
        assert_eq!(home(&Candidates { contacts: vec![], leads: vec![3] }), Home::Lead(3));
        assert_eq!(home::<u8>(&Candidates::default()), Home::CreateLead);
    }
}
