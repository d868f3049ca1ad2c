//! One person, however their number is written down.

use serde_json::json;
use whatsapp_sim::NewCustomer;

use crate::world::World;

const HOUR_MS: i64 = 3_600_000;

#[tokio::test(start_paused = true)]
async fn a_contact_whose_phone_is_written_as_at_home_is_linked_and_not_doubled() {
    let world = World::quick().await;
    let ana = world
        .phones()
        .customer(NewCustomer {
            name: "Ana Ruiz".into(),
            phone: Some("+14155550132".into()),
            ..NewCustomer::default()
        })
        .unwrap();
    let contact = json!({ "LastName": "Ruiz", "Phone": "(415) 555-0132" });
    let contact = world.org().create("Contact", contact).unwrap();
    world.texts(&ana, "hola");
    world.quiet(HOUR_MS).await;
    assert_eq!(world.rows("Case", "ContactId", &contact).len(), 1);
    assert!(world.org().rows("Lead").is_empty(), "a Lead beside the Contact");
    assert_eq!(world.rows("Puente_Person__c", "Contact__c", &contact).len(), 1);
}
