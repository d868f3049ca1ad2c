//! `flows`: a flow's status, errors and latency.

use crate::wire::shape::shape;

shape! {
    FlowNotice {
        text {
            /// `FLOW_STATUS_CHANGE`, `CLIENT_ERROR_RATE`, `ENDPOINT_LATENCY`, ...
            event,
            message,
            flow_id,
            /// `DRAFT`, `PUBLISHED`, `DEPRECATED`, `BLOCKED`, `THROTTLED`.
            old_status,
            new_status,
            /// `ACTIVATED` or `DEACTIVATED`.
            alert_state,
        }
        int { p50_latency, p90_latency, requests_count }
        real { threshold, error_rate, availability }
        list { errors: FlowError }
    }
    FlowError {
        text { error_type }
        int { error_count }
        real { error_rate }
    }
}
