//! Numbers: quality and tier, display name, username, PIN.

use crate::wire::shape::shape;

shape! {
    /// `phone_number_quality_update`.
    NumberQuality {
        text {
            display_phone_number,
            /// `ONBOARDING`, `THROUGHPUT_UPGRADE`; formerly also `FLAGGED`, `DOWNGRADE`, ...
            event,
            /// `TIER_250`, `TIER_2K`, ... or a number; `-1` is unlimited.
            max_daily_conversations_per_business,
            current_limit,
            old_limit,
        }
    }
    /// `phone_number_name_update`.
    NumberName {
        text {
            display_phone_number,
            /// `APPROVED`, `DEFERRED`, `PENDING`, `REJECTED`.
            decision,
            requested_verified_name,
            rejection_reason,
        }
    }
    /// `business_username_updates`; the username is absent when it was deleted.
    UsernameNotice {
        text {
            display_phone_number,
            username,
            /// `approved`, `deleted`, `reserved`.
            status,
        }
    }
    /// `security`.
    SecurityNotice {
        text {
            display_phone_number,
            /// `PIN_CHANGED`, `PIN_RESET_REQUEST`, `PIN_REQUEST_SUCCESS`.
            event,
            requester,
        }
    }
}
