//! Customers are asked once their case is closed: once, within what Meta allows;
//! what they answer is on the case and in the figures, and is no new request.

use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use store::{Op, Probe};
use whatsapp_sim::{Customer, Direction};

use crate::campaigns::knows_templates;
use crate::kill::Fate;
use crate::routing_used::writes;
use crate::world::{Setting, World};

const HOUR_MS: i64 = 3_600_000;
const HOUR: Duration = Duration::from_secs(3_600);
/// Closed cases are noticed within five minutes.
const LOOK: Duration = Duration::from_secs(420);

const FILE: &str = "format = 1\nscale = 'csat'\n[text]\nes = '¿Cómo le atendimos?'\n\
    [[answer]]\nscore = 5\nes = 'Bien'\n[[answer]]\nscore = 3\nes = 'Regular'\n\
    [[answer]]\nscore = 1\nes = 'Mal'\n\
    [fields]\nscore = 'Satisfaction__c'\ncomment = 'Satisfaction_Comment__c'\n";

fn org(config: &mut salesforce_sim::Config) {
    config.custom_fields = vec![
        "Case Satisfaction__c double(2,0)".to_owned(),
        "Case Satisfaction_Comment__c string(20)".to_owned(),
    ];
}

async fn world() -> World {
    World::new(Setting { org, ..Setting::default() }).await
}

async fn call(world: &World, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
    let path = format!("/api/v1/survey{path}");
    world.eye().call(method, &path, None, &body).await.unwrap()
}

async fn keep(world: &World, text: &str) {
    let (status, answer) = call(world, Method::POST, "", json!({ "text": text })).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
}

async fn cases(world: &World) -> Vec<Value> {
    let (_, page) = call(world, Method::GET, "/cases", Value::Null).await;
    page["items"].as_array().unwrap().clone()
}

/// The questions on the phone, with the wamid of each: what can be tapped, or
/// asks for a number.
fn asked(world: &World, customer: &Customer) -> Vec<String> {
    world.phones().read(|sim| {
        let ours = sim.thread(&customer.id).filter(|m| m.direction == Direction::Out);
        let asks = ours.filter(|m| {
            let text = m.content.to_string();
            text.contains("survey|") || text.contains("De 0 a 10")
        });
        asks.map(|m| m.wamid.clone()).collect()
    })
}

/// A Contact who wrote, and their case.
async fn served(world: &World, name: &str) -> (Customer, String) {
    let (customer, contact) = world.contact(name);
    writes(world, &customer, "hola").await;
    let case = world.rows("Case", "ContactId", &contact).pop().unwrap();
    (customer, case["Id"].as_str().unwrap().to_owned())
}

async fn closed(world: &World, case: &str) {
    tokio::time::sleep(Duration::from_secs(60)).await;
    world.org().close_case(case).unwrap();
    tokio::time::sleep(LOOK).await;
    world.quiet(HOUR_MS).await;
}

async fn taps(world: &World, customer: &Customer, wamid: &str, index: usize) {
    tokio::time::sleep(Duration::from_secs(5)).await;
    world.phones().taps(&customer.id, wamid, index).unwrap();
    world.quiet(HOUR_MS).await;
    tokio::time::sleep(Duration::from_secs(5)).await;
}

fn on_case(world: &World, case: &str) -> (Value, Value) {
    let row = world.org().row(case).unwrap();
    let score = row["Satisfaction__c"].as_f64().map(|score| score as u8);
    (json!(score), row["Satisfaction_Comment__c"].clone())
}

#[tokio::test(start_paused = true)]
async fn a_closed_case_is_asked_about_once_and_answered_on_the_case() {
    let world = world().await;
    let (old, before) = served(&world, "Antes").await;
    world.org().close_case(&before).unwrap();
    tokio::time::sleep(Duration::from_secs(60)).await;
    keep(&world, FILE).await;
    let (carla, case) = served(&world, "Carla").await;
    closed(&world, &case).await;
    let questions = asked(&world, &carla);
    assert_eq!(questions.len(), 1, "{:?}", cases(&world).await);
    assert_eq!(asked(&world, &old).len(), 0, "closed before there was a file");

    let before = (world.org().count("Puente_Conversation__c"), world.org().count("Case"));
    taps(&world, &carla, &questions[0], 0).await;
    assert_eq!(on_case(&world, &case), (json!(5), Value::Null));
    let after = (world.org().count("Puente_Conversation__c"), world.org().count("Case"));
    assert_eq!(before, after, "a score is no new request");
    let shown = world.rows("Puente_Message__c", "Direction__c", "Inbound");
    assert_eq!(shown.len(), 3, "two greetings, and the tap is shown as well");
    // they think better of it, and say why; the field has room for twenty characters
    taps(&world, &carla, &questions[0], 2).await;
    assert_eq!(on_case(&world, &case).0, json!(1));
    writes(&world, &carla, "Nadie contestó en toda la tarde").await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(on_case(&world, &case), (json!(1), json!("Nadie contestó en to")));
    let told = cases(&world).await.pop().unwrap();
    assert_eq!(told["comment"], "Nadie contestó en toda la tarde", "puente has it whole");
    assert_eq!((&told["state"], &told["in_case"]), (&json!("answered"), &json!(true)));
    assert_eq!(world.org().count("Case"), after.1 + 1, "a comment may be a new request");

    // opened again and closed again: it was asked about
    world.org().update(&case, json!({ "Status": "New" })).unwrap();
    closed(&world, &case).await;
    assert_eq!(asked(&world, &carla).len(), 1);
    // after the time for comments a tap changes nothing
    tokio::time::advance(HOUR).await;
    taps(&world, &carla, &questions[0], 1).await;
    assert_eq!(on_case(&world, &case).0, json!(1));
}

#[tokio::test(start_paused = true)]
async fn what_is_not_asked_has_its_reason_and_an_open_case_waits() {
    let world = world().await;
    let timing = "format = 1\ndelay_minutes = 30\nrest_days = 30\n";
    keep(&world, &FILE.replace("format = 1\n", timing)).await;
    let (ana, first) = served(&world, "Ana").await;
    let (leo, left) = served(&world, "Leo").await;
    let (eva, silent) = served(&world, "Eva").await;
    closed(&world, &first).await;
    assert_eq!(asked(&world, &ana).len(), 0, "not before half an hour");
    // opened again meanwhile: it is asked about when it is closed for good
    world.org().update(&first, json!({ "Status": "New" })).unwrap();
    tokio::time::sleep(HOUR).await;
    assert_eq!((asked(&world, &ana).len(), cases(&world).await.len()), (0, 0));
    closed(&world, &first).await;
    tokio::time::sleep(HOUR).await;
    assert_eq!(asked(&world, &ana).len(), 1);

    writes(&world, &leo, "STOP ALL").await;
    closed(&world, &left).await;
    tokio::time::advance(HOUR * 25).await;
    closed(&world, &silent).await;
    tokio::time::sleep(HOUR).await;
    let reason = |all: &[Value], case: &str| {
        let one = all.iter().find(|one| one["case_id"].as_str().unwrap().starts_with(&case[..15]));
        one.map(|one| one["reason"].clone()).unwrap()
    };
    let all = cases(&world).await;
    assert_eq!(
        (reason(&all, &silent), reason(&all, &left)),
        (json!("window_closed"), json!("opted_out"))
    );
    assert_eq!((asked(&world, &leo).len(), asked(&world, &eva).len()), (0, 0));
    // Ana comes back with something else within the month
    writes(&world, &ana, "otra cosa").await;
    let second = world.org().rows("Case").into_iter().find(|case| case["IsClosed"] == false);
    let second = second.unwrap()["Id"].as_str().unwrap().to_owned();
    closed(&world, &second).await;
    tokio::time::sleep(HOUR).await;
    assert_eq!(reason(&cases(&world).await, &second), "person_asked_lately");
    assert_eq!(asked(&world, &ana).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn outside_the_window_a_template_asks_and_a_number_answers_nps() {
    let world = world().await;
    world.phones().change(|sim| sim.pace.review_ms = (200, 400));
    knows_templates(&world).await;
    let buttons = ["Bien", "Regular", "Mal"].map(|t| json!({ "type": "QUICK_REPLY", "text": t }));
    let definition = json!({ "name": "case_survey", "language": "es_MX", "category": "UTILITY",
        "components": [{ "type": "BODY", "text": "Cerramos su caso. ¿Cómo le atendimos?" },
            { "type": "BUTTONS", "buttons": buttons }] });
    let made = json!({ "definition": definition });
    let (status, answer) =
        world.eye().call(Method::POST, "/api/v1/templates", None, &made).await.unwrap();
    assert!(status.is_success(), "{answer}");
    tokio::time::sleep(Duration::from_secs(60)).await;
    let with = |answers: &str| {
        format!("{answers}[[template]]\nname = 'case_survey'\nlanguage = 'es_MX'\n")
    };
    let two = FILE.replace("[[answer]]\nscore = 3\nes = 'Regular'\n", "");
    let (status, refused) = call(&world, Method::POST, "", json!({ "text": with(&two) })).await;
    assert_eq!((status.as_u16(), &refused["code"]), (422, &json!("puente.survey_broken")));
    assert!(refused["detail"].as_str().unwrap().contains("3 quick replies"), "{refused}");
    keep(&world, &with(FILE)).await;
    let (carla, case) = served(&world, "Carla").await;
    tokio::time::advance(HOUR * 30).await;
    closed(&world, &case).await;
    let questions = asked(&world, &carla);
    assert_eq!(questions.len(), 1, "{:?}", cases(&world).await);
    taps(&world, &carla, &questions[0], 1).await;
    assert_eq!(on_case(&world, &case).0, json!(3));

    let nps = "format = 1\nscale = 'nps'\n[text]\nes = 'De 0 a 10, ¿nos recomendaría?'\n\
        [fields]\nscore = 'Satisfaction__c'\n";
    keep(&world, nps).await;
    let (leo, case) = served(&world, "Leo").await;
    closed(&world, &case).await;
    assert_eq!(asked(&world, &leo).len(), 1);
    tokio::time::sleep(Duration::from_secs(5)).await;
    let before = world.org().count("Case");
    writes(&world, &leo, "10").await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!((on_case(&world, &case).0, world.org().count("Case")), (json!(10), before));
    // what it comes to
    tokio::time::advance(HOUR * 24).await;
    tokio::time::sleep(HOUR).await;
    let (_, shown) =
        world.eye().call(Method::GET, "/api/v1/metrics", None, &Value::Null).await.unwrap();
    let figure = |name: &str| {
        let figures = shown["figures"].as_array().unwrap();
        figures.iter().find(|one| one["metric"] == name).cloned().unwrap_or_default()
    };
    assert_eq!((&figure("csat")["count"], &figure("csat")["percent"]), (&json!(1), &json!(0.0)));
    assert_eq!((&figure("nps")["count"], &figure("nps")["percent"]), (&json!(1), &json!(100.0)));
}

#[tokio::test(start_paused = true)]
async fn killed_around_any_commit_it_is_asked_once_and_the_answer_is_kept() {
    let aim = |op: &Op| {
        matches!(
            op,
            Op::NewSurvey(_)
                | Op::SurveyStep(_)
                | Op::SurveyHeard(_)
                | Op::SurveyWritten(_)
                | Op::Item(_)
                | Op::BeginSend(_)
        )
    };
    let mut struck = 0;
    for after in [false, true] {
        for nth in 1..=6 {
            let world = world().await;
            keep(&world, FILE).await;
            let (carla, case) = served(&world, "Carla").await;
            let fate = Fate::at(aim, nth, after);
            let world = world.restarted(Some(fate.clone() as Arc<dyn Probe>)).await;
            world.org().close_case(&case).unwrap();
            let mut world = Some(world);
            for _ in 0..2_000 {
                let at = world.as_ref().unwrap();
                if fate.struck() {
                    world = Some(world.take().unwrap().restarted(None).await);
                    break;
                }
                let told = asked(at, &carla);
                if told.len() == 1 && on_case(at, &case).0.is_null() {
                    tokio::time::sleep(Duration::from_secs(2)).await;
                    let _ = at.phones().taps(&carla.id, &told[0], 0);
                    tokio::time::sleep(Duration::from_secs(30)).await;
                }
                if !on_case(at, &case).0.is_null() {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
            struck += u32::from(fate.struck());
            let world = world.unwrap();
            tokio::time::sleep(LOOK).await;
            world.quiet(HOUR_MS).await;
            tokio::time::sleep(Duration::from_secs(180)).await;
            let told = asked(&world, &carla);
            assert!(told.len() <= 1, "{nth} {after}: asked {} times", told.len());
            let state = cases(&world).await.pop().unwrap();
            // a send whose answer was lost is uncertain, and never repeated
            if let [question] = &told[..] {
                taps(&world, &carla, question, 0).await;
                assert_eq!(on_case(&world, &case).0, json!(5), "{nth} {after}: {state}");
            }
            assert_eq!(cases(&world).await.len(), 1, "{nth} {after}");
        }
    }
    assert!(struck >= 8, "{struck} kills");
}

#[tokio::test(start_paused = true)]
async fn whatever_the_org_does_with_it_the_answer_is_not_lost() {
    for (op, act) in [
        ("query", "cut_before"),
        ("query", "cut_after"),
        ("collections.update", "cut_before"),
        ("collections.update", "cut_after"),
    ] {
        let world = world().await;
        keep(&world, FILE).await;
        let (carla, case) = served(&world, "Carla").await;
        closed(&world, &case).await;
        let question = asked(&world, &carla).pop().unwrap();
        world.org_fault(json!({ "op": op, "act": act, "times": 1 }));
        taps(&world, &carla, &question, 0).await;
        tokio::time::sleep(Duration::from_secs(120)).await;
        assert_eq!(on_case(&world, &case).0, json!(5), "{op} {act}");
    }
    // a field that is taken away: an alert, and the answer is here
    let world = world().await;
    keep(&world, FILE).await;
    let (carla, case) = served(&world, "Carla").await;
    closed(&world, &case).await;
    let question = asked(&world, &carla).pop().unwrap();
    world.org().set_field_visible("Case", "Satisfaction__c", false);
    taps(&world, &carla, &question, 0).await;
    let alerts = world.town.store.alerts_open(&world.town.tenant).await.unwrap();
    assert!(alerts.iter().any(|alert| alert.kind == "survey"), "{alerts:?}");
    assert_eq!(cases(&world).await[0]["score"], 5);
}

#[tokio::test(start_paused = true)]
async fn versions_are_checked_kept_and_taken_back() {
    let world = world().await;
    let (_, own) = call(&world, Method::GET, "", Value::Null).await;
    assert_eq!((&own["version"], &own["text"]), (&json!(0), &json!(rules::survey::DEFAULT)));
    let (_, found) = call(&world, Method::POST, "/check", json!({ "text": FILE })).await;
    assert_eq!((&found["good"], &found["active"]), (&json!(true), &json!(0)), "{found}");
    assert!(found["changes"].to_string().contains("Regular"), "{found}");
    let broken = FILE.replace("Satisfaction__c", "Mood__c");
    let (status, refused) = call(&world, Method::POST, "", json!({ "text": broken })).await;
    assert_eq!((status.as_u16(), &refused["code"]), (422, &json!("puente.survey_broken")));
    assert_eq!(refused["field"], "Case.Mood__c", "{refused}");
    keep(&world, FILE).await;
    let (status, back) = call(&world, Method::POST, "/rollback", json!({})).await;
    assert_eq!((status.as_u16(), &back["version"]), (200, &json!(0)));
    let (carla, case) = served(&world, "Carla").await;
    closed(&world, &case).await;
    assert_eq!((asked(&world, &carla).len(), cases(&world).await.len()), (0, 0));
    let (status, _) = call(&world, Method::GET, "/cases?state=lost", Value::Null).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}
