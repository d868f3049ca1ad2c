//! A composite call of which Salesforce does the first parts and halts the
//! others (REST API, Composite: `PROCESSING_HALTED`).

use bytes::Bytes;
use http::{Request, Response};
use model::{Exchange, Outcome};
use serde_json::{Value, json};

/// Hands on the first `parts` parts and answers for the others.
pub async fn send(to: &impl Exchange, request: Request<Bytes>, parts: usize) -> Outcome {
    let (head, body) = request.into_parts();
    let Ok(mut call) = serde_json::from_slice::<Value>(&body) else {
        return to.send(Request::from_parts(head, body)).await;
    };
    let Some(list) = call["compositeRequest"].as_array_mut() else {
        return to.send(Request::from_parts(head, body)).await;
    };
    let halted: Vec<Value> =
        list.drain(parts.min(list.len())..).map(|part| refusal(&part)).collect();
    let mut answers = Vec::new();
    let mut answer = Response::new(Bytes::new());
    if !list.is_empty() {
        answer = to.send(Request::from_parts(head, Bytes::from(call.to_string()))).await?;
        match serde_json::from_slice::<Value>(answer.body()) {
            Ok(Value::Object(mut done)) if answer.status() == 200 => {
                if let Some(Value::Array(done)) = done.remove("compositeResponse") {
                    answers = done;
                }
            }
            // refused as a whole: it did not come to halting
            _ => return Ok(answer),
        }
    }
    answers.extend(halted);
    *answer.body_mut() = Bytes::from(json!({ "compositeResponse": answers }).to_string());
    Ok(answer)
}

fn refusal(part: &Value) -> Value {
    let text =
        "The transaction was rolled back since another operation in the same transaction failed.";
    json!({
        "body": [{ "errorCode": "PROCESSING_HALTED", "message": text }],
        "httpHeaders": {},
        "httpStatusCode": 400,
        "referenceId": part["referenceId"],
    })
}
