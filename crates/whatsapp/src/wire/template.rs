//! A template as Graph lists it (Cloud API, Message templates).

use serde_json::Value;

use super::shape::shape;

shape! {
    TemplateInfo {
        text {
            id,
            name,
            /// With an underscore: `en_US`.
            language,
            /// Only `APPROVED` can be sent.
            status,
            category,
            sub_category,
            previous_category,
            correct_category,
            /// `POSITIONAL` or `NAMED`.
            parameter_format,
            rejected_reason,
            library_template_name,
        }
        int { message_send_ttl_seconds }
        part { quality_score: QualityScore }
        list {
            /// As Meta wrote them: header, body, footer, buttons, carousel.
            components: Value,
        }
    }
    /// The answer to a definition.
    TemplateMade {
        text { id, status, category }
    }
    QualityScore {
        text {
            /// `GREEN`, `YELLOW`, `RED`, `UNKNOWN`.
            score,
        }
        time { date }
    }
}

impl TemplateInfo {
    pub fn is_sendable(&self) -> bool {
        self.status.as_deref() == Some("APPROVED")
    }
}
