//! Records of an org that share a phone, however each is written; nothing changes.

use engine::duplicates::report;
use rules::phone::Country;
use serde_json::{Value, json};

use crate::world::World;

#[tokio::test(start_paused = true)]
async fn records_that_share_a_line_are_found_in_every_writing_and_left_alone() {
    let world = World::quick().await;
    let org = world.org();
    let make = |object: &str, body: Value| org.create(object, body).unwrap();
    let contact = |name: &str, field: &str, phone: &str| {
        make("Contact", json!({ "FirstName": "Ana", "LastName": name, field: phone }))
    };
    let lead = |name: &str, phone: &str| {
        make("Lead", json!({ "LastName": name, "Company": "x", "MobilePhone": phone }))
    };
    // one line in four writings, of Mexico with and without the old 1
    let first = contact("Ruiz", "Phone", "+52 55 1234 5678");
    let second = contact("Ruiz", "HomePhone", "044 55 1234-5678");
    let third = lead("Ruiz", "+5215512345678");
    let fourth = lead("Ruiz", "(55) 1234 5678");
    // a line of two people, one of nobody else, and phones that say nothing
    contact("Paz", "MobilePhone", "+52 81 8000 0001");
    make("Contact", json!({ "FirstName": "Leo", "LastName": "Sol", "Phone": "+528180000001" }));
    lead("Uno", "+528180000002");
    lead("Nada", "12");
    make("Lead", json!({ "LastName": "Sin", "Company": "x" }));
    make("Case", json!({ "ContactId": second, "Status": "New" }));
    // as many others as need a second page
    for n in 0..2_100 {
        lead(&format!("L{n}"), &format!("+5233{n:08}"));
    }
    let before = org.last_change();
    let client = world.town.engine.campaigns.orgs.clients.values().next().unwrap().clone();
    let mut pages = Vec::new();
    let found = report(&client, Country::named("MX"), |read| pages.push(read)).await.unwrap();
    let told: Vec<Vec<&str>> = found
        .groups
        .iter()
        .map(|group| group.records.iter().map(|one| one.id.as_str()).collect())
        .collect();
    assert_eq!(told[0], [&second, &first, &third, &fourth], "a case hangs on the second");
    assert_eq!((told.len(), told[1].len()), (2, 2));
    assert_eq!(found.groups.iter().map(|g| g.may_be_several).collect::<Vec<_>>(), [false, true]);
    assert_eq!((found.records, found.unread), (2_107, 1));
    assert_eq!(pages, [4, 2_004, 2_108]);
    assert_eq!((found.calls, org.last_change()), (4, before), "it only reads");
}
