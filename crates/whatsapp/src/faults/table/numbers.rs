//! Codes of numbers: registration, verification, migration.

use super::super::{Class, Row};
use super::table;
use Class::{Person, Resend, Shaky};

table! {
    133004 => Shaky, Number,
        "Meta's server is not available for now; the call may have had its effect.",
        "Wait for a status of this message; see Meta's status page if it lasts.";
    133016 => Resend(Some(259_200)), Number,
        "The number was registered or deregistered ten times in 72 hours.",
        "Meta takes no more of these calls for 72 hours; it is tried again after that.";
    133000 => Person, Number,
        "An earlier deregistration of the number did not finish.",
        "Deregister the number again, then register it.";
    133005 => Person, Number,
        "The PIN of the number is wrong.",
        "Set a new PIN in WhatsApp Manager.";
    133006 => Person, Number,
        "The number must be verified again.",
        "Verify the number by SMS or call in WhatsApp Manager.";
    133008 => Person, Number,
        "The PIN was wrong too often.",
        "Wait as long as Meta's words say, then use the right PIN.";
    133009 => Person, Number,
        "The PIN was tried too fast.",
        "Wait as long as Meta's words say, then use the right PIN.";
    133010 => Person, Number,
        "The number is not registered on the Cloud API.",
        "Register the number with its PIN; it may have been moved elsewhere.";
    133015 => Person, Number,
        "The number was deleted a moment ago.",
        "Wait five minutes, then register it.";
    134011 => Person, Account,
        "The terms for payments are not accepted.",
        "Accept them in WhatsApp Manager.";
    136024 => Person, Item,
        "The number is verified already.",
        "Nothing to do.";
    147001..=147005 => Person, Item,
        "The business username is taken, not allowed, or belongs to a linked page.",
        "Choose another name, or link the page or account that Meta's words name.";
    2388001 => Person, Number,
        "The number cannot be moved.",
        "Read Meta's words and its page on moving numbers.";
    2388012 => Person, Number,
        "The number cannot be moved in its present state.",
        "Read Meta's words and its page on moving numbers.";
    2388091 => Person, Number,
        "The number may not be moved to this account.",
        "Read Meta's words and its page on moving numbers.";
    2388093 => Person, Number,
        "The number has two-step verification, or another move is under way.",
        "Turn the verification off, then move the number.";
    2388103 => Person, Number,
        "The account may not take numbers over.",
        "Read Meta's words and its page on moving numbers.";
    2494100 => Person, Number,
        "The number is in maintenance while it is being moved.",
        "Wait some minutes until the move is done, then resume the number.";
    2494164..=2494179 => Person, Account,
        "The hosted sign-up did not finish.",
        "Begin the sign-up again and read Meta's words.";
    2593079 => Person, Account,
        "The account is being moved to another owner.",
        "Finish the move in Business Manager.";
    2593085 => Person, Account,
        "The account's owner cannot be changed now.",
        "Finish the move in Business Manager.";
    2593107 => Person, Number,
        "The phone's history was asked for too often.",
        "Connect the phone again to have it sent once more.";
    2593108 => Person, Number,
        "The phone's history can be had only within 24 hours of connecting.",
        "Connect the phone again.";
    2593109 => Person, Number,
        "The business did not agree to share the phone's history.",
        "Nothing to do; agree when connecting again if the history is wanted.";
}
