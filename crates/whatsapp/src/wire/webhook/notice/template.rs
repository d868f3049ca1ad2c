//! Templates: `message_template_*`, `template_category_update`,
//! `template_correct_category_detection`.

use crate::wire::shape::shape;

shape! {
    /// `message_template_status_update`.
    TemplateStatus {
        text {
            /// `APPROVED`, `REJECTED`, `PENDING`, `PAUSED`, `DISABLED`, `FLAGGED`, ...
            event,
            id as "message_template_id",
            name as "message_template_name",
            /// With a hyphen (`en-US`), where the API writes `en_US`.
            language as "message_template_language",
            /// `NONE`, `ABUSIVE_CONTENT`, `INCORRECT_CATEGORY`, `INVALID_FORMAT`, ...
            reason,
            category as "message_template_category",
        }
        part { disable_info: DisableInfo, other_info: OtherInfo, rejection_info: RejectionInfo }
    }
    DisableInfo {
        time { disable_date }
    }
    OtherInfo {
        text {
            /// `FIRST_PAUSE`, `SECOND_PAUSE`, `RATE_LIMITING_PAUSE`, `UNPAUSE`, `DISABLED`.
            title,
            description,
        }
    }
    RejectionInfo {
        text { reason, recommendation }
    }
    /// `message_template_quality_update`: `GREEN`, `YELLOW`, `RED`, `UNKNOWN`.
    TemplateQuality {
        text {
            previous as "previous_quality_score",
            new as "new_quality_score",
            id as "message_template_id",
            name as "message_template_name",
            language as "message_template_language",
        }
    }
    /// `message_template_components_update`: the template was edited.
    TemplateComponents {
        text {
            id as "message_template_id",
            name as "message_template_name",
            language as "message_template_language",
            header as "message_template_title",
            body as "message_template_element",
            footer as "message_template_footer",
        }
        list { buttons as "message_template_buttons": TemplateButton }
    }
    TemplateButton {
        text {
            kind as "message_template_button_type",
            text as "message_template_button_text",
            url as "message_template_button_url",
            phone_number as "message_template_button_phone_number",
        }
    }
    /// `template_category_update`: announced a day ahead (`correct_category`), or
    /// done (`previous_category`).
    TemplateCategory {
        text {
            id as "message_template_id",
            name as "message_template_name",
            language as "message_template_language",
            previous_category,
            new_category,
            correct_category,
        }
        time { at as "category_update_timestamp" }
    }
    /// `template_correct_category_detection`: Direct Send under a wrong category.
    CategoryMisuse {
        text {
            id as "message_template_id",
            name as "message_template_name",
            language as "message_template_language",
            category,
            correct_category,
        }
    }
}
