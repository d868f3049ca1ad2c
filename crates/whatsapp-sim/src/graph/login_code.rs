//! What Meta writes into an authentication template, where the business may
//! not write itself (Cloud API, Authentication templates).

use serde_json::{Value, json};

/// Fills in the fixed texts: the code's sentence, its end, and a URL button in
/// place of the `OTP` one. Components with a text of their own stay as they are.
pub fn write_out(components: &mut [Value]) {
    for component in components {
        if component["text"].is_string() {
            continue;
        }
        match component["type"].as_str() {
            Some("BODY") => body(component),
            Some("FOOTER") => footer(component),
            Some("BUTTONS") => {
                let buttons = component["buttons"].as_array_mut().into_iter().flatten();
                buttons.filter(|b| b["type"] == "OTP").for_each(button);
            }
            _ => {}
        }
    }
}

fn body(component: &mut Value) {
    let mut text = "*{{1}}* is your verification code.".to_owned();
    if component["add_security_recommendation"] == true {
        text += " For your security, do not share this code.";
    }
    component["text"] = json!(text);
    component["example"] = json!({ "body_text": [["123456"]] });
}

fn footer(component: &mut Value) {
    if let Some(minutes) = component["code_expiration_minutes"].as_u64() {
        component["text"] = json!(format!("This code expires in {minutes} minutes."));
    }
}

fn button(button: &mut Value) {
    let kind = button["otp_type"].as_str().unwrap_or("COPY_CODE");
    let url = format!("https://www.whatsapp.com/otp/code/?otp_type={kind}&code=otp{{{{1}}}}");
    let example = url.replace("{{1}}", "123456");
    let text = button["text"].as_str().unwrap_or("Copy code");
    *button = json!({ "type": "URL", "text": text, "url": url, "example": [example] });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_business_left_open_is_written() {
        let mut components = [
            json!({ "type": "BODY", "add_security_recommendation": true }),
            json!({ "type": "FOOTER", "code_expiration_minutes": 10 }),
            json!({ "type": "BUTTONS", "buttons": [{ "type": "OTP", "otp_type": "COPY_CODE" }] }),
        ];
        write_out(&mut components);
        assert_eq!(
            components[0]["text"],
            "*{{1}}* is your verification code. For your security, do not share this code."
        );
        assert_eq!(components[1]["text"], "This code expires in 10 minutes.");
        let button = &components[2]["buttons"][0];
        assert_eq!((&button["type"], &button["text"]), (&json!("URL"), &json!("Copy code")));
        assert!(button["url"].as_str().unwrap().ends_with("&code=otp{{1}}"));

        let mut plain = [
            json!({ "type": "BODY", "text": "Hello" }),
            json!({ "type": "BUTTONS", "buttons": [{ "type": "QUICK_REPLY", "text": "Yes" }] }),
        ];
        let before = plain.clone();
        write_out(&mut plain);
        assert_eq!(plain, before);
    }
}
