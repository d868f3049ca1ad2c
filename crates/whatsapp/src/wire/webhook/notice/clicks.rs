//! `user_actions` within the field `messages`: clicks on marketing messages.

use crate::wire::shape::shape;

shape! {
    UserAction {
        text {
            /// `marketing_messages_link_click`.
            kind as "action_type",
        }
        time { at as "timestamp" }
        part { click as "marketing_messages_link_click_data": LinkClick }
    }
    LinkClick {
        text {
            /// `cta` or `body`.
            component as "click_component",
            click_id,
            tracking_token,
            product_id,
        }
    }
}
