//! Opportunities by rule: one a conversation, through kills and lost answers, for
//! people whom Salesforce knows as Contacts.

use std::sync::Arc;
use std::time::Duration;

use engine::{Caller, Letters, Outcome};
use http::Method;
use salesforce_sim::TriggerFailure;
use serde_json::{Value, json};
use store::{LetterFilter, LetterKind, Op, Probe};
use whatsapp_sim::{Customer, Say, Utterance};

use crate::kill::Fate;
use crate::routing_used::{apply, writes};
use crate::world::World;

const HOUR_MS: i64 = 3_600_000;

const RULES: &str = "\
    [[newcomer]]\nname = 'buyers'\nkeyword = ['oferta']\nmake = 'contact'\naccount = 'own'\n\
    [[newcomer]]\nname = 'others'\nmake = 'lead'\n\
    [[case]]\nname = 'contacts'\nperson = ['contact']\n\
    [[opportunity]]\nname = 'price'\nkeyword = ['precio']\nstage = 'Prospecting'\n\
    close_in_days = 30\ntitle = 'WhatsApp: {person}, {date}'\n\
    [[opportunity]]\nname = 'offer'\nkeyword = ['oferta']\nstage = 'Qualification'\n\
    close_in_days = 0\ntitle = '{rule}'\n";

async fn some_time() {
    tokio::time::sleep(Duration::from_secs(60)).await;
}

async fn asks(world: &World, customer: &Customer, text: &str) {
    writes(world, customer, text).await;
    some_time().await;
    world.quiet(HOUR_MS).await;
}

fn deals(world: &World) -> Vec<Value> {
    world.org().rows("Opportunity")
}

#[tokio::test(start_paused = true)]
async fn a_message_for_which_a_rule_holds_makes_one_opportunity_a_conversation() {
    let world = World::quick().await;
    let (carla, contact) = world.contact("Carla");
    asks(&world, &carla, "¿qué precio tiene?").await;
    apply(&world, RULES).await;
    some_time().await;
    assert_eq!(deals(&world).len(), 0, "what was written before there was a rule makes nothing");
    asks(&world, &carla, "hola").await;
    assert_eq!(deals(&world).len(), 0);
    asks(&world, &carla, "¿y el PRECIO?").await;
    let deal = deals(&world).pop().unwrap();
    assert_eq!(deal["Name"], "WhatsApp: Carla, 2026-01-01");
    assert_eq!(
        (&deal["StageName"], &deal["CloseDate"]),
        (&json!("Prospecting"), &json!("2026-01-31"))
    );
    assert_eq!(deal["ContactId"], contact.as_str());
    let shown = world.org().rows("Puente_Conversation__c").pop().unwrap();
    assert_eq!(shown["Opportunity__c"], deal["Id"]);
    // an agent's word stands, and the conversation has one
    world
        .org()
        .update(deal["Id"].as_str().unwrap(), json!({ "StageName": "Proposal/Price Quote" }))
        .unwrap();
    asks(&world, &carla, "otra oferta, ¿a qué precio?").await;
    assert_eq!(deals(&world).len(), 1);
    assert_eq!(deals(&world)[0]["StageName"], "Proposal/Price Quote");

    // who becomes a Contact by the same message gets one, a Lead does not
    let (ana, leo) = (world.customer("Ana Ruiz"), world.customer("Leo"));
    asks(&world, &ana, "quiero la oferta").await;
    asks(&world, &leo, "¿qué precio tiene?").await;
    let of = world.rows("Opportunity", "Name", "offer");
    assert_eq!((of.len(), deals(&world).len()), (1, 2));
    let contact = world.org().row(of[0]["ContactId"].as_str().unwrap()).unwrap();
    assert_eq!(contact["AccountId"], of[0]["AccountId"]);
    // without rules nothing is made, and what is written meanwhile makes nothing later
    apply(&world, RULES.split("[[opportunity]]").next().unwrap()).await;
    some_time().await;
    let (eva, _) = world.contact("Eva");
    asks(&world, &eva, "¿precio?").await;
    apply(&world, RULES).await;
    some_time().await;
    some_time().await;
    assert_eq!(deals(&world).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn whichever_call_is_lost_there_is_one_opportunity() {
    for (op, act) in [
        ("query", "cut_before"),
        ("query", "cut_after"),
        ("collections.create", "cut_before"),
        ("collections.create", "cut_after"),
    ] {
        let world = World::quick().await;
        apply(&world, RULES).await;
        let (carla, _) = world.contact("Carla");
        writes(&world, &carla, "hola").await;
        some_time().await;
        world.org_fault(json!({ "op": op, "act": act, "times": 1 }));
        asks(&world, &carla, "¿precio?").await;
        tokio::time::sleep(Duration::from_secs(600)).await;
        world.quiet(HOUR_MS).await;
        assert_eq!(deals(&world).len(), 1, "{op} {act}");
        let shown = world.org().rows("Puente_Conversation__c").pop().unwrap();
        assert_eq!(shown["Opportunity__c"], deals(&world)[0]["Id"], "{op} {act}");
        assert_eq!(world.org().gate().faults.fired().len(), 1, "{op} {act} was met");
    }
}

#[tokio::test(start_paused = true)]
async fn killed_around_any_commit_there_is_one_opportunity() {
    let aim = |op: &Op| {
        let of_link =
            matches!(op, Op::RecordStep(step) if step.kind == store::RecordKind::Opportunity);
        of_link || matches!(op, Op::PutCursor(_))
    };
    let mut struck = 0;
    for after in [false, true] {
        for nth in 1..=5 {
            let world = World::quick().await;
            apply(&world, RULES).await;
            let (carla, _) = world.contact("Carla");
            writes(&world, &carla, "hola").await;
            some_time().await;
            let fate = Fate::at(aim, nth, after);
            let world = world.restarted(Some(fate.clone() as Arc<dyn Probe>)).await;
            world.texts(&carla, "¿precio?");
            let patience = world.now().plus(120_000);
            while !fate.struck() && world.now() < patience {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            struck += u32::from(fate.struck());
            let world = world.restarted(None).await;
            tokio::time::sleep(Duration::from_secs(600)).await;
            world.quiet(HOUR_MS).await;
            assert_eq!(deals(&world).len(), 1, "{nth} {after}");
            let shown = world.org().rows("Puente_Conversation__c").pop().unwrap();
            assert_eq!(shown["Opportunity__c"], deals(&world)[0]["Id"], "{nth} {after}");
        }
    }
    assert!(struck >= 5, "{struck} kills");
}

/// A rule of the org that refuses is a letter, and a replay makes it.
#[tokio::test(start_paused = true)]
async fn what_the_org_refuses_is_a_letter_that_can_be_replayed() {
    let world = World::quick().await;
    apply(&world, RULES).await;
    let people: Vec<_> = (0..3).map(|n| world.contact(&format!("Cliente {n}")).0).collect();
    // a trigger that fails for one record alone too
    let fails = |rows_max| {
        world.org().set_knobs(|knobs| {
            let (object, message) = ("Opportunity".into(), "no".into());
            knobs.trigger_failures = vec![TriggerFailure { object, rows_max, message }];
        });
    };
    fails(0);
    for customer in &people {
        world.texts(customer, "¿precio?");
    }
    tokio::time::sleep(Duration::from_secs(900)).await;
    assert_eq!(deals(&world).len(), 0);
    let letters = Letters::new(world.town.engine.desk.clone());
    let key = model::ids::KeyId::new(&world.town.ambient);
    let caller = Caller { tenant: world.town.tenant.clone(), key, acting_user: None };
    let filter = LetterFilter { kind: Some(LetterKind::Record), ..LetterFilter::default() };
    let aside = letters.list(&caller.tenant, &filter, 100).await.unwrap();
    assert_eq!(aside.len(), 3);
    // and one that only takes them one by one
    fails(1);
    for shown in aside {
        assert_eq!(letters.replay(&caller, shown.letter.id).await.unwrap(), Outcome::Done);
    }
    tokio::time::sleep(Duration::from_secs(900)).await;
    world.quiet(HOUR_MS).await;
    assert_eq!(deals(&world).len(), 3);
}

/// By an ad; who comes by it is told as Meta does.
fn comes_by_ad(world: &World, customer: &Customer, text: &str, ad: &str) {
    let mut utterance = Utterance::new(Say::Text { body: text.into() });
    let source = json!({ "source_type": "ad", "source_id": ad, "ctwa_clid": format!("clid-{ad}"),
        "source_url": "https://fb.me/x", "headline": "Oferta", "body": "Oferta" });
    utterance.referral = Some(source);
    world.phones().says(&customer.id, world.town.number.as_str(), &utterance).unwrap();
}

fn win(world: &World, deal: &Value, amount: f64) {
    let change = json!({ "StageName": "Closed Won", "Amount": amount });
    world.org().update(deal["Id"].as_str().unwrap(), change).unwrap();
}

async fn figures(world: &World, query: &str) -> Vec<Value> {
    let path = format!("/api/v1/metrics{query}");
    let (_, shown) = world.eye().call(Method::GET, &path, None, &Value::Null).await.unwrap();
    shown["figures"].as_array().unwrap().clone()
}

/// The first touch stays until the sale is won; the next one begins anew.
#[tokio::test(start_paused = true)]
async fn a_sale_is_owed_to_the_first_touch_until_it_is_won() {
    let world = World::quick().await;
    apply(&world, &format!("{RULES}[conversation]\nwith_case = true\n")).await;
    let (carla, _) = world.contact("Carla");
    comes_by_ad(&world, &carla, "hola", "120210000000000001");
    some_time().await;
    comes_by_ad(&world, &carla, "vi otro anuncio", "120210000000000002");
    asks(&world, &carla, "¿precio?").await;
    let first = deals(&world).pop().unwrap();
    win(&world, &first, 1_500.5);
    tokio::time::sleep(Duration::from_secs(400)).await;
    // the conversation ends with its case, and the next sale is another's
    let case = world.org().rows("Case").pop().unwrap()["Id"].as_str().unwrap().to_owned();
    world.org().close_case(&case).unwrap();
    tokio::time::sleep(Duration::from_secs(700)).await;
    comes_by_ad(&world, &carla, "¿precio?", "120210000000000003");
    some_time().await;
    world.quiet(HOUR_MS).await;
    assert_eq!(deals(&world).len(), 2);
    let second = deals(&world).into_iter().find(|deal| deal["Id"] != first["Id"]).unwrap();
    win(&world, &second, 99.0);
    tokio::time::sleep(Duration::from_secs(400)).await;
    // an agent mends the amount later: the day stays, the sum follows
    world.org().update(first["Id"].as_str().unwrap(), json!({ "Amount": 1_000.0 })).unwrap();
    tokio::time::sleep(Duration::from_secs(4_000)).await;
    let shown = figures(&world, "?by=source&from=2026-01-01&to=2026-01-01").await;
    let revenue = |source: &str| {
        let of = |one: &&Value| one["metric"] == "revenue" && one["key"] == source;
        shown.iter().find(of).map(|one| one["amount"].clone())
    };
    assert_eq!(revenue("ad:120210000000000001"), Some(json!(1_000.0)), "{shown:?}");
    assert_eq!(revenue("ad:120210000000000003"), Some(json!(99.0)), "{shown:?}");
    assert_eq!(revenue("ad:120210000000000002"), None);
    let path = "/api/v1/metrics/opportunities_won/records?from=2026-01-01&to=2026-01-01";
    let (_, page) = world.eye().call(Method::GET, path, None, &Value::Null).await.unwrap();
    assert_eq!(page["items"].as_array().unwrap().len(), 2, "{page}");
    assert_eq!(page["items"][0]["id"], first["Id"]);
}
