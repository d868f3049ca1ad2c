//! Whom the demo page starts with: somebody unknown, somebody in Salesforce,
//! somebody whose number is hidden.

use anyhow::anyhow;
use sandbox::Town;
use serde_json::json;
use whatsapp_sim::NewCustomer;

pub fn move_in(town: &Town) -> anyhow::Result<()> {
    let phones = town.sims.whatsapp.handle();
    let mut people = [
        NewCustomer::named("Ana", "+15550100001"),
        NewCustomer::named("Bruno", "+15550100002"),
        NewCustomer {
            name: "Carla".into(),
            hidden: true,
            username: Some("carla".into()),
            ..NewCustomer::default()
        },
    ];
    for (id, person) in ["ana", "bruno", "carla"].into_iter().zip(&mut people) {
        person.id = Some(id.into());
        phones.customer(person.clone()).map_err(|e| anyhow!(e))?;
    }
    let contact =
        json!({ "FirstName": "Bruno", "LastName": "Cliente", "MobilePhone": "+15550100002" });
    let org = town.sims.salesforce.handle();
    org.create("Contact", contact).map_err(|e| anyhow!("{e:?}"))?;
    Ok(())
}
