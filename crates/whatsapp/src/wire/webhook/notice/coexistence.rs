//! A number that is also used in the phone app; leads that Meta detects.

use crate::wire::shape::shape;

shape! {
    /// `smb_app_state_sync`: a contact of the phone's address book.
    StateSync {
        text {
            /// `contact`.
            kind as "type",
            /// `add` or `remove`.
            action,
        }
        part { contact: BookContact, metadata: SyncTime }
    }
    BookContact {
        text { full_name, first_name, phone_number }
    }
    SyncTime {
        time { at as "timestamp" }
    }
    /// `automatic_events`: Meta saw a lead or a purchase in a thread from an ad.
    AutomaticEvent {
        text {
            /// The message it was seen in.
            wamid as "id",
            /// `LeadSubmitted` or `Purchase`.
            event_name,
            ctwa_clid,
        }
        time { at as "timestamp" }
        part { custom_data: Purchase }
    }
    Purchase {
        text { currency, value }
    }
}
