//! `messaging_handovers`: which app answers a thread.

use crate::wire::shape::shape;

shape! {
    Handover {
        text {
            /// `control_passed` or `control_taken`.
            kind as "type",
        }
        time { at as "timestamp" }
        part { sender: HandoverSender, control_passed: Control, control_taken: Control }
    }
    HandoverSender {
        text { phone_number }
    }
    Control {
        text {
            /// `customer_service`, `marketing`, `utility`, `ctwa`, `ai_agent`, `escalation`.
            previous_owner_role,
            new_owner_role,
            metadata,
        }
        part { conversation_context: ConversationContext }
    }
    ConversationContext {
        part { summary: Summary }
    }
    Summary {
        text { text }
    }
}
