//! Buttons, lists, links, flows and requests (Cloud API, Interactive messages).
//! Which keys a kind needs is checked in `limits`.

use serde_json::Value;

use super::parts::{Captioned, Document, sent};

sent! {
    Interactive {
        must {
            /// `button`, `list`, `cta_url`, `flow`, `location_request_message`,
            /// `request_contact_info`, `product`, `product_list`, ...
            kind as "type": String,
            action: Action,
        }
        may { header: Header, body: Words, footer: Words }
    }
    Words {
        must { text: String }
    }
    Header {
        must {
            /// `text`, `image`, `video`, `document`.
            kind as "type": String,
        }
        may { text: String, image: Captioned, video: Captioned, document: Document }
    }
    Action {
        may {
            /// Kind of the action, where Meta wants one: `cta_url`, `flow`, `send_location`, ...
            name: String,
            /// Label that opens a list.
            button: String,
            parameters: Value,
            catalog_id: String,
            product_retailer_id: String,
        }
        many {
            buttons: ReplyButton,
            sections: Section,
            /// Of a carousel.
            cards: Value,
        }
    }
    ReplyButton {
        must {
            /// `reply`.
            kind as "type": String,
            reply: Choice,
        }
    }
    Choice {
        must { id: String, title: String }
    }
    Section {
        may { title: String }
        many { rows: Row, product_items: ProductItem }
    }
    Row {
        must { id: String, title: String }
        may { description: String }
    }
    ProductItem {
        must { product_retailer_id: String }
    }
}
