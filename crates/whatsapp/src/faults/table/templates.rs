//! Codes of templates: sending them, and managing them.

use super::super::{Class, Row};
use super::table;
use Class::{Person, Refused};

table! {
    132000 => Refused, Item,
        "The number of values differs from the template's variables.",
        "Give exactly one value for each variable.";
    132001 => Refused, Item,
        "There is no approved template of this name in this language.",
        "Check name and language; `en` and `en_US` are two languages.";
    132005 => Refused, Item,
        "The text with its values filled in is too long.",
        "Shorten the values.";
    132007 => Refused, Item,
        "The template's content breaks a policy of Meta's.",
        "Change the template and have it approved again.";
    132008 => Refused, Item,
        "A value of the template is not valid.",
        "Correct the value that Meta's words name.";
    132012 => Refused, Item,
        "A value has another kind or name than its variable.",
        "Give each variable the kind and name that the template has.";
    132015 => Refused, Item,
        "The template is paused, because people did not like it.",
        "Improve the template, or use another; Meta lifts a pause after hours.";
    132016 => Refused, Item,
        "The template was paused too often and is disabled for good.",
        "Use another template.";
    132018 => Refused, Item,
        "A value holds new lines, tabs or more than four blanks in a row.",
        "Write the value on one line.";
    132021 => Refused, Item,
        "Meta could not make a template of the message sent directly.",
        "Use an approved template.";
    132068 => Refused, Item,
        "The flow is blocked.",
        "Correct the flow in WhatsApp Manager and publish it again.";
    132069 => Refused, Item,
        "The flow is throttled: ten messages with it went out this hour.",
        "Correct the flow's endpoint, or send again in an hour.";
    134100 => Refused, Item,
        "The marketing API sends marketing templates only.",
        "Send this template the ordinary way.";
    134101 => Refused, Item,
        "The template is still being taken over by the marketing API.",
        "Send again in ten minutes.";
    134102 => Refused, Item,
        "The template or account may not use the marketing API.",
        "Send this template the ordinary way.";
    139200 => Refused, Item,
        "Meta blocked direct sending for this account.",
        "Use approved templates.";
    141002 => Refused, Item,
        "The template is not approved.",
        "Wait for its approval, or use another.";
    200005 => Refused, Item,
        "Template insights are not available.",
        "Turn them on in WhatsApp Manager.";
    200006 => Refused, Item,
        "Template insights cannot be turned off again.",
        "Nothing to do.";
    200007 => Refused, Item,
        "Template insights are not turned on.",
        "Turn them on in WhatsApp Manager.";
    2388019 => Person, Item,
        "The account has as many templates as it may have.",
        "Delete templates that are not used, or have the business verified.";
    2388023 => Refused, Item,
        "A template of this name and language is being deleted.",
        "Use another name, or wait four weeks.";
    2388024 => Refused, Item,
        "A template of this name and language exists already.",
        "Change the existing one, or use another name.";
    2388039 => Refused, Item,
        "A part of the template is not valid.",
        "Correct the part that Meta's words name.";
    2388040 => Refused, Item,
        "A part of the template is too long.",
        "Shorten the part that Meta's words name.";
    2388047 => Refused, Item,
        "The template's header is not in order.",
        "A header has 60 characters and at most one variable, with an example.";
    2388072 => Refused, Item,
        "The template's body is not in order.",
        "A body has 1,024 characters; each variable needs an example.";
    2388073 => Refused, Item,
        "The template's footer is not in order.",
        "A footer has 60 characters and no variable.";
    2388293 => Refused, Item,
        "The template has too many variables for its length.",
        "Write more text, or use fewer variables.";
    2388299 => Refused, Item,
        "A variable stands at the beginning or end of the template.",
        "Put words before and after each variable.";
}
