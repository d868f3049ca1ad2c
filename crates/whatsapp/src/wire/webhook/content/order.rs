//! A basket sent from the catalogue.

use crate::wire::shape::shape;

shape! {
    Order {
        text {
            catalog_id,
            /// The person's note.
            text,
        }
        list { lines as "product_items": OrderLine }
    }
    OrderLine {
        text {
            product_retailer_id,
            /// As Meta spells it: a decimal number, never rounded here.
            item_price,
            currency,
        }
        int { quantity }
    }
}
