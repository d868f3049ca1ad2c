//! Message templates.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Template {
    pub id: String,
    pub waba_id: String,
    pub name: String,
    pub language: String,
    /// `APPROVED`, `PENDING`, `REJECTED`, `PAUSED`, `DISABLED`, ...
    pub status: String,
    /// `MARKETING`, `UTILITY`, `AUTHENTICATION`.
    pub category: String,
    /// The one before Meta changed it.
    #[serde(default)]
    pub previous_category: Option<String>,
    /// `POSITIONAL` or `NAMED`.
    pub parameter_format: String,
    /// As Graph reads them back.
    pub components: Vec<Value>,
    #[serde(default)]
    pub rejected_reason: Option<String>,
    #[serde(default = "unknown")]
    pub quality: String,
    /// When the approved template was edited.
    #[serde(default)]
    pub edits: Vec<i64>,
}

fn unknown() -> String {
    "UNKNOWN".into()
}

impl Template {
    pub fn component(&self, kind: &str) -> Option<&Value> {
        self.components.iter().find(|c| c["type"] == kind)
    }

    pub fn buttons(&self) -> &[Value] {
        let buttons = self.component("BUTTONS").and_then(|c| c["buttons"].as_array());
        buttons.map_or(&[], Vec::as_slice)
    }

    /// The Graph node: all fields, without a value those that it has not.
    pub fn node(&self) -> Value {
        json!({
            "id": self.id, "name": self.name, "language": self.language,
            "status": self.status, "category": self.category,
            "sub_category": null, "previous_category": self.previous_category,
            "correct_category": null, "library_template_name": null,
            "message_send_ttl_seconds": null,
            "parameter_format": self.parameter_format, "components": self.components,
            "rejected_reason": self.rejected_reason.as_deref().unwrap_or("NONE"),
            "quality_score": { "score": self.quality, "date": 1_750_000_000 },
        })
    }
}

/// The names between double braces, in order, repeats included.
pub fn variables(text: &str) -> Vec<&str> {
    let parts = text.split("{{").skip(1);
    parts.filter_map(|part| part.split_once("}}").map(|(name, _)| name.trim())).collect()
}

/// Approved templates to begin with: positional and named variables, a media
/// header, buttons of each kind, a login code.
pub fn seeded(waba_id: &str) -> Vec<Template> {
    let body = |text: &str| json!({"type": "BODY", "text": text});
    let make =
        |nth: u32, name: &str, category: &str, format: &str, components: Vec<Value>| Template {
            id: format!("13873{:0>4}{nth:0>7}", &waba_id[waba_id.len().saturating_sub(4)..]),
            waba_id: waba_id.into(),
            name: name.into(),
            language: "en_US".into(),
            status: "APPROVED".into(),
            category: category.into(),
            previous_category: None,
            parameter_format: format.into(),
            components,
            rejected_reason: None,
            quality: "GREEN".into(),
            edits: Vec::new(),
        };
    let mut all = vec![
        make(1, "hello_world", "UTILITY", "POSITIONAL", vec![body("Welcome to our service.")]),
        make(
            2,
            "order_update",
            "UTILITY",
            "POSITIONAL",
            vec![
                body("Hello {{1}}, your order {{2}} has moved."),
                json!({"type": "FOOTER", "text": "Reply STOP to opt out"}),
                json!({"type": "BUTTONS", "buttons": [
                    {"type": "URL", "text": "Track", "url": "https://example.com/{{1}}"},
                    {"type": "PHONE_NUMBER", "text": "Call us", "phone_number": "+15550009999"},
                ]}),
            ],
        ),
        make(
            3,
            "appointment",
            "UTILITY",
            "NAMED",
            vec![
                json!({"type": "HEADER", "format": "TEXT", "text": "Visit on {{day}}"}),
                body("Hello {{first_name}}, we expect you at {{time}} o'clock."),
                json!({"type": "BUTTONS", "buttons": [
                    {"type": "QUICK_REPLY", "text": "Confirm"},
                    {"type": "QUICK_REPLY", "text": "Change"},
                ]}),
            ],
        ),
        make(
            4,
            "spring_offer",
            "MARKETING",
            "POSITIONAL",
            vec![
                json!({"type": "HEADER", "format": "IMAGE"}),
                body("Hello {{1}}, 25 % off until Sunday."),
                json!({"type": "BUTTONS", "buttons": [
                    {"type": "QUICK_REPLY", "text": "Stop promotions"},
                    {"type": "COPY_CODE", "text": "Copy offer code"},
                ]}),
            ],
        ),
        make(
            5,
            "login_code",
            "AUTHENTICATION",
            "POSITIONAL",
            vec![
                body("*{{1}}* is your verification code."),
                json!({"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Copy code",
                    "url": "https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}"}]}),
            ],
        ),
    ];
    let mut spanish = all[1].clone();
    spanish.id = format!("{}9", &spanish.id[..spanish.id.len() - 1]);
    spanish.language = "es".into();
    spanish.components[0] = body("Hola {{1}}, su pedido {{2}} avanza.");
    all.push(spanish);
    all
}
