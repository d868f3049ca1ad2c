//! A tenant's own routing carried out: what an unknown person becomes, which case
//! a conversation gets, whose all this is; once, through kills and lost answers.

use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use store::{Op, Probe};
use whatsapp_sim::Customer;

use crate::kill::Fate;
use crate::world::World;

const HOUR_MS: i64 = 3_600_000;
const DAY: Duration = Duration::from_secs(86_400);

pub async fn call(world: &World, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
    let path = format!("/api/v1/routing{path}");
    world.eye().call(method, &path, None, &body).await.unwrap()
}

pub async fn apply(world: &World, text: &str) -> Value {
    let text = format!("format = 1\n{text}");
    let (status, answer) = call(world, Method::POST, "", json!({ "text": text })).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
    answer["version"].clone()
}

/// What puente shows of the person's home.
fn home(world: &World, customer: &Customer) -> (Value, Value) {
    let person = world.eye().person_of(customer).unwrap();
    (person["Lead__c"].clone(), person["Contact__c"].clone())
}

pub async fn writes(world: &World, customer: &Customer, text: &str) -> String {
    let wamid = world.texts(customer, text);
    world.quiet(HOUR_MS).await;
    wamid
}

/// What `puente trace` tells of the records of this message.
async fn links(world: &World, wamid: &str) -> String {
    let path = format!("/api/v1/trace?wamid={wamid}&number={}", world.town.number);
    let (status, trace) = world.eye().call(Method::GET, &path, None, &Value::Null).await.unwrap();
    assert!(status.is_success(), "{trace}");
    let steps = trace["items"][0]["steps"].as_array().unwrap().clone();
    let links = steps.iter().filter(|step| step["what"] == "record link");
    links.map(|step| step["detail"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join("\n")
}

const SHOP: &str = "\
    [[newcomer]]\nname = 'buyers'\nkeyword = ['precio']\nmake = 'contact'\naccount = 'own'\n\
    [[newcomer]]\nname = 'complaints'\nkeyword = ['queja']\nmake = 'lead'\n\
    [[newcomer]]\nname = 'others'\nmake = 'nothing'\n\
    [[case]]\nname = 'contacts'\nperson = ['contact']\n";

#[tokio::test(start_paused = true)]
async fn a_newcomer_becomes_what_the_first_rule_that_holds_says() {
    let world = World::quick().await;
    apply(&world, SHOP).await;
    let (ana, eva, leo) =
        (world.customer("Ana Ruiz"), world.customer("Eva"), world.customer("Leo"));
    let asked = writes(&world, &ana, "¿Qué PRECIO tiene?").await;
    writes(&world, &eva, "tengo una queja").await;
    let silent = writes(&world, &leo, "hola").await;

    let (lead, contact) = home(&world, &ana);
    assert_eq!(lead, Value::Null);
    let contact = world.org().row(contact.as_str().unwrap()).unwrap();
    assert_eq!((&contact["FirstName"], &contact["LastName"]), (&json!("Ana"), &json!("Ruiz")));
    let account = world.org().row(contact["AccountId"].as_str().unwrap()).unwrap();
    assert_eq!(account["Name"], "Ana Ruiz");
    let cases = world.rows("Case", "ContactId", contact["Id"].as_str().unwrap());
    assert_eq!(cases.len(), 1, "whoever is a Contact gets a case");
    let told = links(&world, &asked).await;
    assert!(told.contains("rule 'buyers' of routing version 1"), "{told}");
    assert!(told.contains("rule 'contacts' of routing version 1"), "{told}");

    assert!(home(&world, &eva).0.is_string());
    assert_eq!(home(&world, &leo), (Value::Null, Value::Null), "the rule makes nothing");
    let told = links(&world, &silent).await;
    assert!(told.contains("declined") && told.contains("rule 'others'"), "{told}");
    // until they write what a rule is for
    writes(&world, &leo, "precio por favor").await;
    assert!(home(&world, &leo).1.is_string());
    let counts = ["Lead", "Contact", "Account"].map(|object| world.org().count(object));
    assert_eq!(counts, [1, 2, 2]);
}

#[tokio::test(start_paused = true)]
async fn a_record_is_whose_the_rule_says_and_assignment_runs_where_it_is_asked_for() {
    let world = World::quick().await;
    let org = world.org();
    let make = |object: &str, body: Value| org.create(object, body).unwrap();
    let queue = json!({ "Name": "Web", "DeveloperName": "Web", "Type": "Queue" });
    let queue = make("Group", queue);
    make("QueueSobject", json!({ "QueueId": queue, "SobjectType": "Lead" }));
    let vip =
        json!({ "Name": "Vip", "DeveloperName": "Vip", "SobjectType": "Case", "IsActive": true });
    let vip = make("RecordType", vip);
    let boss = json!({ "Name": "Boss", "DeveloperName": "Boss", "Type": "Queue" });
    let boss = make("Group", boss);
    org.set_knobs(|knobs| {
        knobs.assignment.insert("Lead".into(), boss.clone());
        knobs.assignment.insert("Case".into(), boss.clone());
    });
    let (carla, _) = world.contact("Carla");
    let file = "\
        [[newcomer]]\nname = 'web'\nkeyword = ['web']\nmake = 'lead'\nqueue = 'Web'\n\
        [[newcomer]]\nname = 'mine'\nkeyword = ['mine']\nmake = 'lead'\nassignment = false\n\
        [[newcomer]]\nname = 'others'\nmake = 'lead'\n\
        [[case]]\nname = 'vip'\nperson = ['contact']\nrecord_type = 'Vip'\nassignment = false\n";
    apply(&world, file).await;
    let mut people = Vec::new();
    for (name, text) in [("Uno", "web"), ("Dos", "mine"), ("Tres", "hola"), ("Cuatro", "web")] {
        let one = world.customer(name);
        world.texts(&one, text);
        people.push(one);
    }
    world.texts(&carla, "hola");
    world.quiet(HOUR_MS).await;
    let owner = |one: &Customer| {
        let lead = home(&world, one).0;
        org.row(lead.as_str().unwrap()).unwrap()["OwnerId"].as_str().unwrap().to_owned()
    };
    let ours = owner(&people[1]);
    assert_eq!([owner(&people[0]), owner(&people[3])], [queue.clone(), queue.clone()]);
    assert_eq!(owner(&people[2]), boss, "the org's own rule runs");
    assert!(ours.starts_with("005"), "{ours}");
    let case = org.rows("Case").pop().unwrap();
    assert_eq!((&case["RecordTypeId"], &case["OwnerId"]), (&json!(vip), &json!(ours)));
}

const REOPENS: &str = "\
    [[newcomer]]\nname = 'all'\nmake = 'lead'\n\
    [[case]]\nname = 'vip'\nperson = ['contact']\nreopen_days = 7\nreopen_status = 'Working'\n";

/// A Contact with a case that was closed some days ago.
async fn closed_before(days: u32) -> (World, Customer, String) {
    let world = World::quick().await;
    let (carla, contact) = world.contact("Carla");
    apply(&world, REOPENS).await;
    let case =
        world.org().create("Case", json!({ "ContactId": contact, "Status": "New" })).unwrap();
    world.org().close_case(&case).unwrap();
    tokio::time::advance(DAY * days).await;
    (world, carla, case)
}

#[tokio::test(start_paused = true)]
async fn a_closed_case_is_opened_again_within_its_days_and_else_there_is_a_new_one() {
    for (days, cases, status) in [(6, 1, "Working"), (8, 2, "Closed")] {
        let (world, carla, case) = closed_before(days).await;
        let wamid = writes(&world, &carla, "sigue sin funcionar").await;
        assert_eq!(world.org().count("Case"), cases, "{days}");
        assert_eq!(world.org().row(&case).unwrap()["Status"], status, "{days}");
        let conversation = world.org().rows("Puente_Conversation__c").pop().unwrap();
        assert_eq!(conversation["Case__c"] == case.as_str(), days == 6);
        let told = links(&world, &wamid).await;
        assert!(told.contains("rule 'vip' of routing version 1"), "{told}");
    }
}

#[tokio::test(start_paused = true)]
async fn whichever_call_is_lost_a_case_is_opened_again_once() {
    for act in ["cut_before", "cut_after"] {
        for nth in 1..=4 {
            let (world, carla, case) = closed_before(2).await;
            let fault =
                json!({ "op": "composite", "act": act, "when": { "nth": nth }, "times": 1 });
            world.org_fault(fault);
            writes(&world, &carla, "sigue").await;
            assert_eq!(world.org().count("Case"), 1, "{act} {nth}");
            assert_eq!(world.org().row(&case).unwrap()["Status"], "Working", "{act} {nth}");
            let conversation = world.org().rows("Puente_Conversation__c").pop().unwrap();
            assert_eq!(conversation["Case__c"], case.as_str(), "{act} {nth}");
            // an agent who closes it again is not overruled by what was written before
            world.org().close_case(&case).unwrap();
            world.quiet(HOUR_MS).await;
            assert_eq!(world.org().row(&case).unwrap()["Status"], "Closed");
        }
    }
}

fn conversations(world: &World) -> Vec<Value> {
    let mut rows = world.org().rows("Puente_Conversation__c");
    rows.sort_by_key(|row| row["Opened_At__c"].to_string());
    rows
}

#[tokio::test(start_paused = true)]
async fn a_conversation_ends_with_its_case_and_what_is_written_then_begins_the_next() {
    let world = World::quick().await;
    let (carla, _) = world.contact("Carla");
    apply(&world, &format!("{REOPENS}[conversation]\nwith_case = true\n")).await;
    writes(&world, &carla, "hola").await;
    let case = world.org().rows("Case").pop().unwrap()["Id"].as_str().unwrap().to_owned();
    tokio::time::advance(Duration::from_secs(3_600)).await;
    world.org().close_case(&case).unwrap();
    tokio::time::advance(Duration::from_secs(600)).await;
    tokio::time::sleep(Duration::from_secs(120)).await;
    world.quiet(HOUR_MS).await;
    assert_eq!(conversations(&world)[0]["Status__c"], "Closed");
    writes(&world, &carla, "otra vez").await;
    let rows = conversations(&world);
    let states: Vec<_> = rows.iter().map(|row| row["Status__c"].as_str().unwrap()).collect();
    assert_eq!(states, ["Closed", "Open"]);
    assert_eq!(rows[1]["Case__c"], case.as_str(), "the case is opened again");
    assert_eq!(world.org().row(&case).unwrap()["Status"], "Working");
    assert_eq!(world.org().count("Case"), 1);

    // and by itself a new case is made: the first rules again
    let (status, _) = call(&world, Method::POST, "/rollback", json!({})).await;
    assert!(status.is_success());
    world.org().close_case(&case).unwrap();
    tokio::time::advance(Duration::from_secs(600)).await;
    tokio::time::sleep(Duration::from_secs(120)).await;
    writes(&world, &carla, "y otra").await;
    assert_eq!((conversations(&world).len(), world.org().count("Case")), (3, 2));
}

#[tokio::test(start_paused = true)]
async fn a_case_that_was_closed_while_the_customer_wrote_does_not_end_the_conversation() {
    let world = World::quick().await;
    let (carla, _) = world.contact("Carla");
    writes(&world, &carla, "hola").await;
    let case = world.org().rows("Case").pop().unwrap()["Id"].as_str().unwrap().to_owned();
    world.org().close_case(&case).unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    // the agent did not see it: the conversation goes on until it is answered
    writes(&world, &carla, "espere, falta algo").await;
    tokio::time::advance(Duration::from_secs(600)).await;
    tokio::time::sleep(Duration::from_secs(120)).await;
    let rows = conversations(&world);
    assert_eq!((rows.len(), &rows[0]["Status__c"]), (1, &json!("Open")));
}

#[tokio::test(start_paused = true)]
async fn a_conversation_ends_after_its_hours_of_silence_also_through_a_restart() {
    let world = World::quick().await;
    apply(&world, &format!("{SHOP}[conversation]\nafter_hours = 24\n")).await;
    let ana = world.customer("Ana");
    writes(&world, &ana, "precio").await;
    tokio::time::advance(Duration::from_secs(23 * 3_600)).await;
    tokio::time::sleep(Duration::from_secs(120)).await;
    world.quiet(HOUR_MS).await;
    assert_eq!(conversations(&world)[0]["Status__c"], "Open");
    let world = world.restarted(None).await;
    tokio::time::advance(Duration::from_secs(2 * 3_600)).await;
    tokio::time::sleep(Duration::from_secs(120)).await;
    world.quiet(HOUR_MS).await;
    let ended = &conversations(&world)[0];
    assert_eq!(ended["Status__c"], "Closed");
    writes(&world, &ana, "precio").await;
    let rows = conversations(&world);
    assert_eq!((rows.len(), &rows[1]["Status__c"]), (2, &json!("Open")));
    assert_eq!(rows[0]["Case__c"], rows[1]["Case__c"], "the open case is taken");
}

#[tokio::test(start_paused = true)]
async fn versions_are_kept_and_taken_back_and_what_is_not_carried_out_is_refused() {
    let world = World::quick().await;
    let (_, shown) = call(&world, Method::GET, "", Value::Null).await;
    assert_eq!((&shown["version"], &shown["text"]), (&json!(0), &json!(rules::routing::DEFAULT)));
    assert_eq!(apply(&world, SHOP).await, 1);
    let (_, shown) = call(&world, Method::GET, "/versions/1", Value::Null).await;
    assert!(shown["text"].as_str().unwrap().contains("buyers"));
    let person = "format = 1\n[[newcomer]]\nname = 'p'\nmake = 'contact'\naccount = 'person'\n";
    let lead = "format = 1\n[[case]]\nname = 'l'\nperson = ['lead']\n";
    let campaign = "format = 1\n[[newcomer]]\nname = 'h'\ncampaign = ['x']\nmake = 'lead'\n";
    for (text, field, why) in [
        (person, "newcomer.p", "person accounts"),
        (lead, "case.l", "Contacts only"),
        (campaign, "newcomer.h", "which campaign"),
    ] {
        let (status, refused) = call(&world, Method::POST, "", json!({ "text": text })).await;
        assert_eq!((status.as_u16(), &refused["code"]), (422, &json!("puente.routing_broken")));
        assert_eq!(refused["field"], field, "{refused}");
        assert!(refused["detail"].as_str().unwrap().contains(why), "{refused}");
    }
    let (status, back) = call(&world, Method::POST, "/rollback", json!({})).await;
    assert_eq!((status.as_u16(), &back["version"]), (200, &json!(0)));
    let leo = world.customer("Leo");
    writes(&world, &leo, "hola").await;
    assert!(home(&world, &leo).0.is_string(), "as puente does by itself");
    let trail = world.town.store.audit_after(&world.town.tenant, 0, 99).await.unwrap();
    let actions: Vec<_> =
        trail.iter().map(|a| a.action.as_str()).filter(|a| a.starts_with("routing.")).collect();
    assert_eq!(actions, ["routing.applied", "routing.rolled_back"]);
}

#[tokio::test(start_paused = true)]
async fn whichever_call_is_lost_a_newcomer_is_one_contact_with_one_account() {
    for (op, act) in [
        ("composite", "cut_before"),
        ("composite", "cut_after"),
        ("row.create", "cut_before"),
        ("row.create", "cut_after"),
    ] {
        for nth in 1..=4 {
            let world = World::quick().await;
            apply(&world, SHOP).await;
            let ana = world.customer("Ana Ruiz");
            world.org_fault(json!({ "op": op, "act": act, "when": { "nth": nth }, "times": 1 }));
            writes(&world, &ana, "precio").await;
            let counts = ["Lead", "Contact", "Account", "Case"].map(|o| world.org().count(o));
            assert_eq!(counts, [0, 1, 1, 1], "{op} {act} {nth}");
            let contact = home(&world, &ana).1;
            assert_eq!(world.org().rows("Contact")[0]["Id"], contact, "{op} {act} {nth}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn killed_around_any_commit_a_newcomer_is_one_contact_with_one_account() {
    let aim = |op: &Op| {
        matches!(op, Op::SyncBegin(_) | Op::SyncEnd(_) | Op::RecordStep(_) | Op::LinkPerson(_))
    };
    let mut struck = 0;
    for after in [false, true] {
        for nth in 1..=7 {
            let world = World::quick().await;
            apply(&world, SHOP).await;
            let ana = world.customer("Ana Ruiz");
            let fate = Fate::at(aim, nth, after);
            let world = world.restarted(Some(fate.clone() as Arc<dyn Probe>)).await;
            world.texts(&ana, "precio");
            let patience = world.now().plus(60_000);
            while !fate.struck() && world.now() < patience {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            struck += u32::from(fate.struck());
            let world = world.restarted(None).await;
            world.quiet(HOUR_MS).await;
            let counts = ["Lead", "Contact", "Account", "Case"].map(|o| world.org().count(o));
            assert_eq!(counts, [0, 1, 1, 1], "{nth} {after}");
        }
    }
    assert!(struck >= 8, "{struck} kills");
}
