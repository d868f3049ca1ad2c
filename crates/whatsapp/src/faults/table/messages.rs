//! Codes of sending and delivery.

use super::super::{Class, Row};
use super::table;
use Class::{Person, Refused, Resend, Shaky};

table! {
    130429 => Resend(None), Number,
        "The number has sent and received too many messages in this second.",
        "It is tried again by itself, more slowly.";
    131056 => Resend(Some(6)), Lane,
        "Too many messages from this number to this person.",
        "It is tried again by itself; one message in six seconds is always possible.";
    131000 => Shaky, Item,
        "Meta had an unknown error; the message may have been sent.",
        "Wait for a status of this message. If none comes, send it again.";
    131016 => Shaky, Item,
        "Meta's service was not available; the message may have been sent.",
        "Wait for a status of this message; see Meta's status page if it lasts.";
    131057 => Shaky, Number,
        "The number is in maintenance, as when Meta raises its speed.",
        "Wait a minute and for a status of this message, then send it again.";
    130403 => Refused, Item,
        "The business has blocked this person.",
        "Unblock the person in WhatsApp Manager, then send again.";
    130472 => Refused, Item,
        "The person takes part in an experiment of Meta's in which marketing is not delivered.",
        "Do not send this marketing message again; another kind of message is possible.";
    130497 => Refused, Item,
        "The business may not message people of this country.",
        "See Meta's messaging policy for the country and trade; use another way.";
    131005 => Person, Account,
        "The token may not send for this number.",
        "Give the token the scope whatsapp_business_messaging and its system user the account.";
    131008 => Refused, Item,
        "A required parameter is missing.",
        "Add the parameter that Meta's words name.";
    131009 => Refused, Item,
        "A parameter has a value that Meta does not take; or the message reacted to is too old.",
        "Correct the value that Meta's words name.";
    131014 => Refused, Item,
        "Meta could not fetch the file from its link.",
        "Check that the link opens without sign-in, or upload the file and send its id.";
    131020 => Refused, Item,
        "The group is not valid.",
        "Check the group id.";
    131041 => Refused, Item,
        "The group is not known.",
        "Check the group id.";
    131021 => Refused, Item,
        "Sender and recipient are the same number.",
        "Send to another number.";
    131026 => Refused, Item,
        "The message cannot be delivered: the person is not on WhatsApp, has an old app, or has not accepted its terms.",
        "Check the number with the person, or use another way.";
    131030 => Refused, Item,
        "A test number sends only to people on its list, and this one is not.",
        "Add the person to the test number's list, or send from a real number.";
    131031 => Person, Account,
        "Meta locked the account, or a PIN in the request is wrong.",
        "Open the account in Business Support Home and follow the review.";
    131037 => Person, Number,
        "The display name of the number is not approved.",
        "Have the display name approved in WhatsApp Manager.";
    131042 => Person, Account,
        "Meta cannot charge the account: no payment method, or a limit is reached.",
        "Correct the payment method in the billing hub of WhatsApp Manager.";
    131043 => Refused, Item,
        "The message expired before it could be delivered.",
        "Send a new message if it still matters.";
    131044 => Refused, Item,
        "Meta cannot charge the account for calls.",
        "Correct the payment method in the billing hub of WhatsApp Manager.";
    131045 => Person, Number,
        "The registration of the number is not in order.",
        "Register the number again in WhatsApp Manager or with its PIN.";
    131047 => Refused, Item,
        "More than 24 hours have passed since the person last wrote.",
        "Send an approved template instead.";
    131048 => Person, Number,
        "People blocked or reported earlier messages of this number, so Meta limits it.",
        "Pause campaigns, check the number's quality in WhatsApp Manager, and resume slowly.";
    131049 => Refused, Item,
        "Meta held the message back: this person gets enough marketing, or marketing is not delivered in the country.",
        "Do not send it again within a day; send less marketing to this person.";
    131050 => Refused, Item,
        "The person stopped marketing messages from this business.",
        "Send this person no marketing until they resume it themselves.";
    131051 => Refused, Item,
        "The type of the message is not supported.",
        "Use another type of message.";
    131052 => Refused, Item,
        "A file that the person sent could not be fetched, or is larger than 100 MB.",
        "Ask the person to send it again, smaller.";
    131053 => Refused, Item,
        "Meta could not take or fetch the file, or its type is not the one declared.",
        "Check type and size; upload the file and send its id instead of a link.";
    131055 => Refused, Item,
        "The marketing API takes marketing templates only.",
        "Send this message the ordinary way.";
    131059 => Refused, Item,
        "The paging cursor is not valid any more.",
        "Begin the list again.";
    131062 => Refused, Item,
        "This message needs a phone number, and only the person's username id is known.",
        "Ask the person for the number with a request_contact_info message.";
    131063 => Refused, Item,
        "The account sends marketing templates only by the marketing API.",
        "Allow marketing on the Cloud API in WhatsApp Manager, or use the marketing API.";
    131064 => Refused, Item,
        "Meta lowered the messaging limit, because templates were in the wrong category.",
        "Correct the category of the templates, then wait until the limit is restored.";
    135000 => Refused, Item,
        "Meta refuses the parameters without saying which.",
        "Compare the message with Meta's page for its type.";
    137000 => Refused, Item,
        "The person's identity key changed: the phone may have a new owner.",
        "Verify the person another way, then send again.";
}
