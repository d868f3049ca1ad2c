//! A routing file held against an org that has queues, record types, statuses
//! and stages: what it names must be there and fit.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::world::World;

async fn check(world: &World, text: &str) -> (StatusCode, Value) {
    let body = json!({ "text": text });
    world.eye().call(Method::POST, "/api/v1/routing/check", None, &body).await.unwrap()
}

/// Every key that names something of the org.
fn file(names: &Value) -> String {
    let name = |key: &str| names[key].as_str().unwrap().to_owned();
    format!(
        "format = 1\n\
         [[newcomer]]\nname = 'shop'\nnumber = ['1']\nmake = 'contact'\n\
         account = '{account}'\nowner = '{user}'\n\
         [[newcomer]]\nname = 'all'\nmake = 'lead'\nqueue = '{queue}'\n\
         [[case]]\nname = 'vip'\nperson = ['contact']\nreopen_days = 7\n\
         reopen_status = '{open}'\nrecord_type = '{kind}'\nassignment = '{rule}'\n\
         [[opportunity]]\nname = 'price'\nkeyword = ['price']\nstage = '{stage}'\n\
         close_in_days = 30\ntitle = 'WhatsApp: {{person}}'\n\
         [[reply]]\nname = 'back'\nfrom = ['{open}']\nto = 'Escalated'\n\
         [[close]]\nname = 'silent'\nfrom = ['{open}']\nafter_days = 7\nto = '{closed}'\n",
        account = name("account"),
        user = name("user"),
        queue = name("queue"),
        open = name("open"),
        kind = name("kind"),
        rule = name("rule"),
        stage = name("stage"),
        closed = name("closed"),
    )
}

#[tokio::test(start_paused = true)]
async fn a_routing_is_held_against_what_the_org_has() {
    let world = World::quick().await;
    let org = world.org();
    let make = |object: &str, body: Value| org.create(object, body).unwrap();
    let queue =
        |name: &str| make("Group", json!({ "Name": name, "DeveloperName": name, "Type": "Queue" }));
    let (sales, support) = (queue("Web_Sales"), queue("Support"));
    make("QueueSobject", json!({ "QueueId": sales, "SobjectType": "Lead" }));
    make("QueueSobject", json!({ "QueueId": support, "SobjectType": "Case" }));
    for (name, active) in [("Vip", true), ("Old", false)] {
        let kind = json!({
            "Name": name, "DeveloperName": name, "SobjectType": "Case", "IsActive": active,
        });
        make("RecordType", kind);
    }
    let account = make("Account", json!({ "Name": "Walk-ins" }));
    let one = |object: &str, key: &str, value: Value| {
        let rows = org.rows(object);
        let row = rows.into_iter().find(|row| row[key] == value).unwrap();
        row["Id"].as_str().unwrap().to_owned()
    };
    let user = one("User", "IsActive", json!(true));
    let names = json!({
        "account": account, "user": &user[..15], "queue": "Web_Sales", "open": "Working",
        "kind": "Vip", "rule": one("AssignmentRule", "SobjectType", json!("Case")),
        "stage": "Prospecting", "closed": "Closed",
    });
    let before = org.last_change();
    let (status, found) = check(&world, &file(&names)).await;
    assert_eq!((status.as_u16(), &found["complaints"]), (200, &json!([])), "{found}");
    assert_eq!((&found["good"], &found["active"]), (&json!(true), &json!(0)));
    let changed: Vec<_> = found["changes"].as_array().unwrap().iter().collect();
    assert!(changed.iter().any(|change| change["field"] == "opportunity.price"), "{found}");

    let lead_rule = one("AssignmentRule", "SobjectType", json!("Lead"));
    for (key, wrong, rule, why) in [
        ("account", "001000000000001AAA", "newcomer.shop", "no Account"),
        ("user", "005000000000001AAA", "newcomer.shop", "no active user"),
        ("queue", "Nobody", "newcomer.all", "no queue"),
        ("queue", "Support", "newcomer.all", "does not take Lead"),
        ("kind", "Old", "case.vip", "no active record type"),
        ("rule", lead_rule.as_str(), "case.vip", "no assignment rule"),
        ("stage", "Dreaming", "opportunity.price", "no stage"),
        ("closed", "Escalated", "close.silent", "leaves the case open"),
        ("closed", "Gone", "close.silent", "no status"),
    ] {
        let mut names = names.clone();
        names[key] = json!(wrong);
        let (_, found) = check(&world, &file(&names)).await;
        let complaints = found["complaints"].as_array().unwrap();
        assert_eq!((&found["good"], complaints.len()), (&json!(false), 1), "{wrong}: {found}");
        assert_eq!(complaints[0]["field"], rule, "{wrong}");
        assert!(complaints[0]["why"].as_str().unwrap().contains(why), "{found}");
    }
    // what is not carried out yet
    let leads = file(&names).replace("keyword = ['price']", "person = ['lead']");
    let (_, found) = check(&world, &leads).await;
    assert_eq!(found["complaints"][0]["field"], "opportunity.price", "{found}");
    assert!(found["complaints"][0]["why"].as_str().unwrap().contains("this version"), "{found}");
    assert_eq!(org.last_change(), before, "nothing was written");
}

#[tokio::test(start_paused = true)]
async fn the_default_routing_asks_the_org_nothing() {
    let world = World::quick().await;
    world.org_fault(json!({ "op": "query", "act": "cut_before" }));
    let (status, found) = check(&world, rules::routing::DEFAULT).await;
    assert_eq!((status.as_u16(), &found["good"]), (200, &json!(true)), "{found}");
    assert_eq!(found["changes"], json!([]));
    // the fault is still there for the first file that names something
    let queue = "format = 1\n[[newcomer]]\nname = 'all'\nmake = 'lead'\nqueue = 'Web'\n";
    let (status, found) = check(&world, queue).await;
    assert_eq!((status.as_u16(), &found["code"]), (503, &json!("puente.org_away")), "{found}");
}
