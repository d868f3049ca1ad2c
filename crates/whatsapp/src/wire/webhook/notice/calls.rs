//! `calls`. A call by a person opens the service window as a message does.

use crate::wire::shape::shape;

shape! {
    Call {
        text {
            id,
            from,
            to,
            from_user_id,
            to_user_id,
            /// `connect` or `terminate`.
            event,
            /// `USER_INITIATED` or `BUSINESS_INITIATED`.
            direction,
            /// `COMPLETED` or `FAILED`, once it ended.
            status,
            biz_opaque_callback_data,
        }
        int {
            /// Seconds.
            duration,
        }
        time { at as "timestamp", start_time, end_time }
        part { session: CallSession }
    }
    CallSession {
        text { sdp_type, sdp }
    }
    CallStatus {
        text {
            id,
            /// `RINGING`, `ACCEPTED`, `REJECTED`.
            status,
            recipient_id,
        }
        time { at as "timestamp" }
    }
}
