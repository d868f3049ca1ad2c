//! A tenant's own mapping: refused while it is broken, tried without writing,
//! taken back, and never writing a field that it does not own.

use std::sync::Arc;
use std::time::Duration;

use engine::bulk::Options;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use store::{Op, Probe};

use crate::kill::Fate;
use crate::world::{Setting, World};

const HOUR_MS: i64 = 3_600_000;

async fn call(world: &World, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
    let path = format!("/api/v1/mapping{path}");
    world.eye().call(method, &path, None, &body).await.unwrap()
}

async fn apply(world: &World, text: &str) -> Value {
    let (status, answer) = call(world, Method::POST, "", json!({ "text": text })).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
    answer["version"].clone()
}

async fn active(world: &World) -> Value {
    call(world, Method::GET, "", Value::Null).await.1
}

/// What puente does by itself, and more.
fn with(entries: &str) -> String {
    format!("{}\n{entries}", rules::mapping::DEFAULT)
}

#[tokio::test(start_paused = true)]
async fn a_broken_mapping_is_refused_before_it_touches_a_record() {
    let world = World::quick().await;
    for (entry, field, cure) in [
        ("to='Lead.Nope'\nfrom='person.phone'", "Lead.Nope", "API name"),
        ("to='Lead.Fax'\nfrom='person.phone'", "Lead.Fax", "max_length = 40"),
        ("to='Lead.NumberOfEmployees'\nfrom='person.phone'", "Lead.NumberOfEmployees", "integer"),
        ("to='Lead.CreatedDate'\ndefault=2026-01-01\ntype='datetime'", "Lead.CreatedDate", "right"),
        ("to='Lead.Fax'\nfrom='person.fone'\nmax_length=40", "Lead.Fax", "person.phone"),
        ("to='Puente_Message__c.Text__c'\nfrom='message.text'", "Puente_Message__c.Text__c", "own"),
    ] {
        let text = with(&format!("[[field]]\n{entry}\n"));
        let (status, refused) = call(&world, Method::POST, "", json!({ "text": text })).await;
        assert_eq!((status.as_u16(), &refused["code"]), (422, &json!("puente.mapping_broken")));
        assert_eq!(refused["field"], field, "{refused}");
        assert!(refused["cure"].as_str().unwrap().contains(cure), "{refused}");
        let (status, checked) = call(&world, Method::POST, "/check", json!({ "text": text })).await;
        assert_eq!((status.as_u16(), &checked["good"]), (200, &json!(false)), "{checked}");
        assert_eq!(checked["complaints"][0]["field"], field);
    }
    // a required field without a sure value
    let bare = rules::mapping::DEFAULT.replace("default = \"WhatsApp\"", "when = 'person.phone'");
    let (status, refused) = call(&world, Method::POST, "", json!({ "text": bare })).await;
    assert_eq!((status.as_u16(), &refused["field"]), (422, &json!("Lead.Company")), "{refused}");

    assert_eq!(active(&world).await["version"], 0);
    let customer = world.customer("Ana Ruiz");
    world.texts(&customer, "hola");
    world.quiet(HOUR_MS).await;
    let lead = world.org().rows("Lead").pop().unwrap();
    assert_eq!((&lead["LastName"], &lead["Company"]), (&json!("Ruiz"), &json!("WhatsApp")));
}

#[tokio::test(start_paused = true)]
async fn while_the_org_cannot_be_asked_nothing_new_is_used_and_going_back_works() {
    let world = World::quick().await;
    apply(&world, &with("[[field]]\nto='Lead.Title'\ndefault='WA'\nmax_length=128\n")).await;
    world.org_fault(json!({ "op": "describe", "act": "cut_before" }));
    let other = with("[[field]]\nto='Lead.Title'\ndefault='X'\nmax_length=128\n");
    let (status, refused) = call(&world, Method::POST, "", json!({ "text": other })).await;
    assert_eq!((status.as_u16(), &refused["code"]), (503, &json!("puente.org_away")), "{refused}");
    assert_eq!(active(&world).await["version"], 1);
    let (status, back) = call(&world, Method::POST, "/rollback", json!({})).await;
    assert_eq!((status.as_u16(), &back["version"]), (200, &json!(0)), "{back}");
    let (status, _) = call(&world, Method::POST, "/rollback", json!({})).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "there is nothing before the first");
}

#[tokio::test(start_paused = true)]
async fn a_thousand_messages_are_tried_without_writing_and_a_version_is_taken_back() {
    let world = World::quick().await;
    let people: Vec<_> = (0..20).map(|n| world.customer(&format!("Cliente N{n}"))).collect();
    for n in 0..1_000 {
        world.texts(&people[n % 20], &format!("pedido {n}"));
    }
    world.quiet(HOUR_MS).await;
    let before = (world.org().last_change(), world.org().counts());
    let text = with(
        "[[field]]\nto='Lead.Description'\nexpr='\"P\" ~ (message.text | replace(\"pedido \", \"\"))'\n\
         max_length=32000\nwhen='\"9\" in message.text'\n\
         [[field]]\nto='Lead.AnnualRevenue'\nfrom='message.text'\ntype='number'\n",
    )
    .replace("max_length = 80", "max_length = 2");
    let wish = json!({ "text": text, "last": 1_000 });
    let (status, run) = call(&world, Method::POST, "/dry-run", wish).await;
    assert_eq!((status.as_u16(), &run["messages"]), (200, &json!(1_000)), "{run}");
    let field = |name: &str| {
        let fields = run["fields"].as_array().unwrap();
        fields.iter().find(|f| f["field"] == name).cloned().unwrap_or_default()
    };
    let nines = (0..1_000).filter(|n| n.to_string().contains('9')).count();
    assert_eq!(field("Lead.Description")["messages"], nines);
    assert_eq!(field("Lead.Description")["examples"][0]["after"], "P999");
    assert!(field("Lead.Description")["examples"][0].get("before").is_none());
    // N10 to N19 are longer than two, and half of the messages are theirs
    assert_eq!(field("Lead.LastName")["messages"], 500);
    let misfit = &run["misfits"][0];
    assert_eq!(
        (&misfit["field"], &misfit["messages"]),
        (&json!("Lead.AnnualRevenue"), &json!(1_000))
    );
    assert_eq!((world.org().last_change(), world.org().counts()), before, "nothing was written");
    assert_eq!(active(&world).await["version"], 0);

    assert_eq!(apply(&world, &with(MARK)).await, 1);
    assert_eq!(apply(&world, &with(&MARK.replace("one", "two"))).await, 2);
    assert_eq!(made(&world, "Dos Ok").await, json!("two"));
    let (_, back) = call(&world, Method::POST, "/rollback", json!({})).await;
    assert_eq!(back["version"], 1);
    assert_eq!(made(&world, "Uno Ok").await, json!("one"));
    let (_, back) = call(&world, Method::POST, "/rollback", json!({ "version": 0 })).await;
    assert_eq!(back["version"], 0);
    assert_eq!(made(&world, "Nada Ok").await, Value::Null);
    let shown = active(&world).await;
    assert_eq!(shown["versions"].as_array().unwrap().len(), 2);
    let trail = world.town.store.audit_after(&world.town.tenant, 0, 99).await.unwrap();
    let actions: Vec<_> =
        trail.iter().map(|a| a.action.as_str()).filter(|a| a.starts_with("mapping.")).collect();
    let back = "mapping.rolled_back";
    assert_eq!(actions, ["mapping.applied", "mapping.applied", back, back]);
}

/// Fields that a customer added, also to objects of ours, which may carry a
/// namespace while these do not.
#[tokio::test(start_paused = true)]
async fn fields_that_the_customer_added_are_filled_and_required_ones_must_be() {
    for namespace in ["", "ns__"] {
        let org = |config: &mut salesforce_sim::Config| {
            let message = format!("{}Puente_Message__c", config.namespace);
            config.custom_fields = vec![
                format!("{message} Topic__c string(12)"),
                "Lead Region__c picklist(255) required restricted {North|South}".to_owned(),
            ];
        };
        let world = World::new(Setting { namespace, org, ..Setting::default() }).await;
        let topic = "[[field]]\nto='Puente_Message__c.Topic__c'\n\
                     expr='person.last_name ~ \": \" ~ message.text'\nmax_length=12\n";
        let region = |rest: &str| {
            with(&format!("{topic}[[field]]\nto='Lead.Region__c'\ntype='picklist'\n{rest}\n"))
        };
        for (text, cure) in [
            (with(topic), "Lead.Region__c"),
            (region("default='West'"), "North, South"),
            (region("from='person.country'\ndefault='North'"), "values = [...]"),
            (region("expr='\"North\"'"), "`default`"),
        ] {
            let (status, refused) = call(&world, Method::POST, "", json!({ "text": text })).await;
            assert_eq!((status.as_u16(), &refused["field"]), (422, &json!("Lead.Region__c")));
            assert!(refused["cure"].as_str().unwrap().contains(cure), "{refused}");
        }
        let text = region(
            "expr='\"South\" if message.text is startingwith(\"sur\") else \"East\"'\n\
                           values=['North','South']\ndefault='North'",
        );
        apply(&world, &text).await;
        for (name, said, want) in [("Eva Sur", "sur, hola", "South"), ("Ivo Este", "hola", "North")]
        {
            let customer = world.customer(name);
            let wamid = world.texts(&customer, said);
            world.quiet(HOUR_MS).await;
            let lead = world.rows("Lead", "FirstName", &name[..3]).pop().unwrap();
            assert_eq!(lead["Region__c"], want, "{lead}");
            let object = format!("{namespace}Puente_Message__c");
            let rows = world.rows(&object, &format!("{namespace}Wamid__c"), &wamid);
            let topic = format!("{}: {said}", &name[4..]);
            let topic: String = topic.chars().take(12).collect();
            assert_eq!(rows[0]["Topic__c"], topic, "{rows:?}");
        }
        // a value that none of `values` is was never sent, and is told
        let alerts = world.town.store.alerts_open(&world.town.tenant).await.unwrap();
        assert!(alerts.iter().any(|a| a.kind == "mapping" && a.subject == "Lead.Region__c"));
    }
}

/// Applies a mapping with a field that is changed later, and has a Lead made.
async fn with_a_lead(setting: Setting) -> (World, whatsapp_sim::Customer) {
    let world = World::new(setting).await;
    let text = with("[[field]]\nto='Lead.Title'\nfrom='message.text'\nmax_length=128\non='both'\n");
    apply(&world, &text).await;
    let ana = world.customer("Ana Ruiz");
    world.texts(&ana, "uno");
    world.quiet(HOUR_MS).await;
    (world, ana)
}

fn is_updated(world: &World, what: &str) {
    let leads = world.org().rows("Lead");
    assert_eq!((leads.len(), &leads[0]["Title"]), (1, &json!("dos")), "{what}");
    assert_eq!(world.org().count("Puente_Message__c"), 2, "{what}");
}

#[tokio::test(start_paused = true)]
async fn whichever_call_is_lost_an_update_is_made() {
    for act in ["cut_before", "cut_after"] {
        for nth in 1..=3 {
            let (world, ana) = with_a_lead(Setting::default()).await;
            world.org_fault(json!({ "op": "composite", "when": { "nth": nth }, "act": act }));
            world.texts(&ana, "dos");
            world.quiet(HOUR_MS).await;
            is_updated(&world, &format!("{act} {nth}"));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn killed_around_any_commit_of_the_writer_an_update_is_made() {
    let aim = |op: &Op| matches!(op, Op::SyncBegin(_) | Op::SyncEnd(_));
    let mut struck = 0;
    for after in [false, true] {
        for nth in 1..=4 {
            let (world, ana) = with_a_lead(Setting::default()).await;
            let fate = Fate::at(aim, nth, after);
            let world = world.restarted(Some(fate.clone() as Arc<dyn Probe>)).await;
            world.texts(&ana, "dos");
            let patience = world.now().plus(60_000);
            while !fate.struck() && world.now() < patience {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            struck += u32::from(fate.struck());
            let world = world.restarted(None).await;
            world.quiet(HOUR_MS).await;
            is_updated(&world, &format!("{nth} {after}"));
        }
    }
    assert!(struck >= 4, "{struck} kills");
}

#[tokio::test(start_paused = true)]
async fn an_update_out_of_a_long_backlog_is_made() {
    let bulk = Options { backlog_rows: 40, jobs_max: 2, rows_max: 60 };
    let (world, ana) = with_a_lead(Setting { bulk, ..Setting::default() }).await;
    world.org_fault(json!({ "op": "*", "act": "cut_before" }));
    let others: Vec<_> = (0..5).map(|n| world.customer(&format!("C{n}"))).collect();
    for n in 0..20 {
        for other in &others {
            world.texts(other, &format!("m{n}"));
        }
        tokio::time::sleep(Duration::from_secs(5)).await;
    }
    world.texts(&ana, "dos");
    tokio::time::sleep(Duration::from_secs(45)).await;
    world.org().gate().faults.clear();
    world.quiet(HOUR_MS).await;
    let made = world.org().gate().log.counts().get("bulk.create").copied().unwrap_or(0);
    assert!(made > 0, "jobs took part");
    let lead = world.rows("Lead", "FirstName", "Ana").pop().unwrap();
    assert_eq!(lead["Title"], "dos");
    assert_eq!(world.org().count("Puente_Message__c"), 102);
}

const MARK: &str = "[[field]]\nto='Lead.Title'\ndefault='one'\nmax_length=128\n";

/// The title of the Lead of somebody who writes now.
async fn made(world: &World, name: &str) -> Value {
    let customer = world.customer(name);
    world.texts(&customer, "hola");
    world.quiet(HOUR_MS).await;
    let person = world.eye().person_of(&customer).unwrap();
    world.org().row(person["Lead__c"].as_str().unwrap()).unwrap()["Title"].clone()
}

#[tokio::test(start_paused = true)]
async fn an_update_writes_the_fields_of_the_mapping_and_no_other() {
    for namespace in ["", "ns__"] {
        let world = World::new(Setting { namespace, ..Setting::default() }).await;
        apply(
            &world,
            &with(
                "[[field]]\nto='Contact.Department'\nfrom='message.text'\nmax_length=80\non='update'\n\
                 [[field]]\nto='Case.Description'\nexpr='message.text ~ \" \" ~ number.phone'\n\
                 max_length=32000\non='both'\n\
                 [[field]]\nto='Lead.Description'\nfrom='message.text'\nmax_length=32000\non='both'\n\
                 [[field]]\nto='Lead.Title'\nfrom='message.text'\nmax_length=128\n",
            ),
        )
        .await;
        let (bo, contact) = world.contact("Bo");
        let ana = world.customer("Ana Ruiz");
        world.texts(&bo, "uno");
        world.texts(&ana, "uno");
        world.quiet(HOUR_MS).await;
        let case = world.rows("Case", "ContactId", &contact).pop().unwrap();
        assert_eq!(case["Description"], "uno +15550009999");
        let lead = world.org().rows("Lead").pop().unwrap();
        let (case, lead) = (case["Id"].as_str().unwrap(), lead["Id"].as_str().unwrap());
        // what agents write meanwhile is theirs, and so is what they took over
        let queue = json!({ "Name": "Support", "Type": "Queue" });
        let queue = world.org().create("Group", queue).unwrap();
        world.org().set_knobs(|knobs| {
            for object in ["Lead", "Case"] {
                knobs.assignment.insert(object.into(), queue.clone());
            }
        });
        let owned = |id: &str| world.org().row(id).unwrap()["OwnerId"].clone();
        let owners = (owned(lead), owned(case));
        world.org().update(lead, json!({ "LastName": "Otra", "Title": "Dra" })).unwrap();
        world.org().close_case(case).unwrap();
        world.texts(&bo, "dos");
        world.texts(&ana, "dos");
        world.quiet(HOUR_MS).await;
        assert_eq!((owned(lead), owned(case)), owners, "no assignment rule took them");
        let (case, lead) = (world.org().row(case).unwrap(), world.org().row(lead).unwrap());
        assert_eq!(case["Description"], "dos +15550009999");
        assert_eq!((&case["IsClosed"], world.org().count("Case")), (&json!(true), 1));
        assert_eq!((&lead["Description"], &lead["LastName"]), (&json!("dos"), &json!("Otra")));
        assert_eq!(lead["Title"], "Dra", "set when the Lead was made, and never again");
        assert_eq!(world.org().row(&contact).unwrap()["Department"], "dos");
        let field = format!("{namespace}Mapping_Version__c");
        for object in ["Puente_Message__c", "Puente_Conversation__c"] {
            let rows = world.org().rows(&format!("{namespace}{object}"));
            assert!(!rows.is_empty() && rows.iter().all(|row| row[&field] == 1.0), "{rows:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_update_that_is_refused_is_told_and_holds_nothing_up() {
    let world = World::quick().await;
    let text = with("[[field]]\nto='Lead.Title'\nfrom='message.text'\nmax_length=128\non='both'\n");
    apply(&world, &text).await;
    let ana = world.customer("Ana Ruiz");
    world.texts(&ana, "uno");
    world.quiet(HOUR_MS).await;
    world.org().set_field_visible("Lead", "Title", false);
    let wamid = world.texts(&ana, "dos");
    world.quiet(HOUR_MS).await;
    assert_eq!(world.rows("Puente_Message__c", "Wamid__c", &wamid).len(), 1);
    assert_eq!(world.depths().await.sync_aside, 0);
    let alerts = world.town.store.alerts_open(&world.town.tenant).await.unwrap();
    let alert = alerts.iter().find(|alert| alert.kind == "mapping").expect("an alert");
    assert_eq!(alert.subject, "Lead");
    assert!(alert.text.contains("Title") && alert.text.contains("sf."), "{}", alert.text);
    world.org().set_field_visible("Lead", "Title", true);
    apply(&world, &format!("{text}# again\n")).await;
    let alerts = world.town.store.alerts_open(&world.town.tenant).await.unwrap();
    assert!(alerts.iter().all(|alert| alert.kind != "mapping"), "it was about the one before");
}
