//! `group_*`: a group's life, members and settings.

use serde_json::Value;

use crate::wire::shape::shape;
use crate::wire::webhook::WireError;

shape! {
    GroupNotice {
        text {
            group_id,
            /// `group_create`, `group_participants_add`, `group_settings_update`, ...
            kind as "type",
            request_id,
            subject,
            description,
            invite_link,
            join_approval_mode,
            reason,
            join_request_id,
            wa_id,
            /// `business` or `participant`.
            initiated_by,
        }
        time { at as "timestamp" }
        list {
            added_participants: GroupParticipant,
            removed_participants: GroupParticipant,
            failed_participants: GroupParticipant,
            errors: WireError,
            profile_picture: Value,
            group_subject: Value,
            group_description: Value,
        }
    }
    GroupParticipant {
        text { input, wa_id }
        list { errors: WireError }
    }
}
