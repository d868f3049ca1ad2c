//! Codes of the Graph API itself: tokens, permissions, limits, objects.

use super::super::{Class, Row};
use super::table;
use Class::{Person, Refused, Renew, Resend, Shaky};

table! {
    4 => Resend(None), Account,
        "The app has made too many calls.",
        "It is tried again by itself. If it lasts, spread the calls or use fewer apps on one account.";
    80007 => Resend(None), Account,
        "The WhatsApp business account has made too many calls this hour.",
        "It is tried again by itself. If it lasts, poll less often.";
    80008 => Resend(None), Account,
        "The WhatsApp business account has made too many management calls.",
        "It is tried again by itself. If it lasts, poll less often.";
    0 => Renew, Account,
        "Meta does not take the access token: it expired or was withdrawn.",
        "Create a new system-user token at Meta and give it to the account.";
    190 => Renew, Account,
        "The access token expired, was withdrawn, or is not one.",
        "Create a new system-user token at Meta and give it to the account.";
    102 => Renew, Account,
        "The session of the access token has ended.",
        "Create a new system-user token at Meta and give it to the account.";
    401 => Renew, Account,
        "Meta does not take the access token.",
        "Create a new system-user token at Meta and give it to the account.";
    104 => Person, Account,
        "Meta wants a proof of the app secret with each call, and it is missing or wrong.",
        "Turn off `Require app secret` in the app's advanced settings, or check the app secret.";
    1 => Shaky, Item,
        "Meta had an unknown error; the message may have been sent.",
        "Wait for a status of this message. If none comes, check the message and send it again.";
    2 => Shaky, Item,
        "Meta's service was down or overloaded; the message may have been sent.",
        "Wait for a status of this message; see Meta's status page if it lasts.";
    3 => Person, Account,
        "The app lacks a capability or permission.",
        "Give the app the WhatsApp permissions in App Review, then check the token's scopes.";
    10 => Person, Account,
        "A permission is missing or was withdrawn.",
        "Give the system user the WhatsApp account as an asset, with the permission to manage it.";
    200..=299 => Person, Account,
        "The token has no permission for this account or call.",
        "Assign the WhatsApp account to the system user and create the token with both WhatsApp scopes.";
    368 => Person, Account,
        "Meta restricted the account for a breach of its policy.",
        "Open the account in Business Support Home, read the breach, and ask for a review.";
    17 => Refused, Item,
        "The user of the token has made too many calls.",
        "Wait an hour, then try again.";
    341 => Refused, Item,
        "The app has reached a limit of Meta's.",
        "Wait, then try again; check the app's limits in its dashboard.";
    613 => Refused, Item,
        "Too many calls of this kind.",
        "Wait an hour, then try again.";
    506 => Refused, Item,
        "Meta takes the request for a repetition.",
        "Change the request, or leave it.";
    33 => Person, Number,
        "The number or object does not exist any more, or the token may not see it.",
        "Check the phone number id in the configuration and in WhatsApp Manager.";
    100 => Refused, Item,
        "A parameter is not valid, or the object does not exist or may not be seen.",
        "Read Meta's words, correct the field they name, and send again.";
    400 => Refused, Item,
        "Meta cannot read the request.",
        "Read Meta's words and correct the request.";
    403 => Person, Account,
        "Meta does not allow this call.",
        "Check the token's scopes and the assets of its system user.";
    404 => Refused, Item,
        "What was asked for does not exist.",
        "Check the id in the request.";
    803 => Refused, Item,
        "An object of this name or id does not exist.",
        "Check the id in the request.";
    2200 => Person, Item,
        "Meta could not verify the callback URL.",
        "Check that the URL is public, its certificate chain complete, and the verify token the same.";
    1752041 => Refused, Item,
        "The account was already taken into the marketing API.",
        "Nothing to do.";
}
