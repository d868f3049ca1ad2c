//! A customer's text as Meta posts it (Cloud API, Messages webhook), signed.

use super::{NUMBER, SECRET, WABA};

/// Customers who write in turn.
const PEOPLE: u64 = 2_000;

/// The body of the `n`-th message of `run`.
pub fn body(run: u64, n: u64, timestamp: i64) -> String {
    let person = 1_000_000 + n % PEOPLE;
    format!(
        r#"{{"object":"whatsapp_business_account","entry":[{{"id":"{WABA}","changes":[{{"value":{{"messaging_product":"whatsapp","metadata":{{"display_phone_number":"15550009999","phone_number_id":"{NUMBER}"}},"contacts":[{{"profile":{{"name":"Ana"}},"wa_id":"1555{person}","user_id":"US.1000000000000{person}"}}],"messages":[{{"from":"1555{person}","from_user_id":"US.1000000000000{person}","id":"wamid.HBgLMTU1NTAxMDAwMDEVAgASGBQ{run:016X}{n:016X}AA==","timestamp":"{timestamp}","type":"text","text":{{"body":"Buenos d\u00edas, \u00bfcu\u00e1ndo llega mi pedido {n}? https:\/\/shop.example\/orders\/{n}"}}}}]}},"field":"messages"}}]}}]}}"#
    )
}

/// The whole request: its head and that body.
pub fn request(path: &str, run: u64, n: u64, timestamp: i64) -> Vec<u8> {
    let body = body(run, n, timestamp);
    let signature = whatsapp::signature::sign(SECRET.as_bytes(), body.as_bytes());
    let mut request = format!(
        "POST {path} HTTP/1.1\r\nhost: puente\r\ncontent-type: application/json\r\n\
         user-agent: facebookexternalua\r\naccept: */*\r\nx-hub-signature-256: {signature}\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    request.push_str(&body);
    request.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderMap;

    #[test]
    fn it_is_signed_and_names_one_message_of_the_number() {
        let text = String::from_utf8(request("/messages", 7, 3, 1_767_225_600)).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let signature =
            head.lines().find_map(|line| line.strip_prefix("x-hub-signature-256: ")).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("x-hub-signature-256", signature.parse().unwrap());
        let secrets = whatsapp::signature::Secrets::new([SECRET]);
        assert_eq!(secrets.verify(&headers, body.as_bytes()), Ok(0));

        let items = whatsapp::wire::webhook::split(body.as_bytes()).unwrap();
        let number = items[0].phone_number_id.as_ref().map(|id| id.as_str());
        assert_eq!((items.len(), number), (1, Some(NUMBER)));
        assert!(matches!(items[0].body, whatsapp::wire::webhook::ItemBody::Message(_)));
        assert_ne!(request("/", 7, 3, 0), request("/", 8, 3, 0), "no run repeats another's ids");
    }
}
