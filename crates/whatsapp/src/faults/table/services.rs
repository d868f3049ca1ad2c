//! Codes of groups, calls, flows and the block list.

use super::super::{Class, Row};
use super::table;
use Class::Refused;

table! {
    131201..=131215 => Refused, Item,
        "The group call did not succeed, or only in part.",
        "Read Meta's words: members, limits, picture, or the number may not use groups.";
    138000..=138018 => Refused, Item,
        "The call could not be made.",
        "Read Meta's words: calling is off, not permitted by the person, or a limit is reached.";
    139000..=139004 => Refused, Item,
        "The flow could not be changed, or is blocked.",
        "Correct the flow in WhatsApp Manager.";
    139100 => Refused, Item,
        "Some people could not be blocked or unblocked.",
        "Read the reason beside each person.";
    139101 => Refused, Item,
        "The block list is full: it holds 64,000 people.",
        "Unblock some.";
    139102 => Refused, Item,
        "The block list was changed by another call at the same time.",
        "Do it again.";
    139103 => Refused, Item,
        "The block list could not be changed.",
        "Do it again later.";
}
