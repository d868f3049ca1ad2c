use model::ids::{TenantId, WabaId};
use serde_json::{Value, json};
use server::auth::Scope;
use store::op::{TemplateListStep, TemplateListWanted, TemplateListed};
use store::{Commit, Op, TemplateList};

use crate::world::{NUMBER, START, World, request};

const TEMPLATES: &str = "/api/v1/templates";
const VISIT: &str = "/api/v1/templates/visit";

/// Of the account of tenant `one`'s number, asked for so many minutes after the start.
fn listed(language: &str, state: &str, category: &str, minute: i64) -> Op {
    Op::TemplateListed(TemplateListed {
        tenant: TenantId::new("one"),
        waba: WabaId::new(format!("{NUMBER}0")),
        name: "visit".into(),
        language: language.into(),
        meta_id: "1387".into(),
        state: state.into(),
        category: category.into(),
        named: true,
        parts: json!([
            { "type": "HEADER", "format": "IMAGE" },
            { "type": "BODY", "text": "Hola {{first_name}}, hasta el {{day}}." },
            { "type": "BUTTONS", "buttons": [{ "type": "QUICK_REPLY", "text": "Confirmar" }] },
        ])
        .to_string(),
        reason: (state == "REJECTED").then(|| "INVALID_FORMAT".into()),
        quality: Some("GREEN".into()),
        at: START.plus(minute * 60_000),
    })
}

async fn hold(world: &World, ops: Vec<Op>) {
    world.store.commit(Commit::of(ops)).await.unwrap();
}

fn values(day: Option<&str>) -> Value {
    let text =
        |name: &str, text: &str| json!({ "type": "text", "parameter_name": name, "text": text });
    let mut parameters = vec![text("first_name", "Ana")];
    parameters.extend(day.map(|day| text("day", day)));
    json!([
        { "type": "header", "parameters": [
            { "type": "image", "image": { "link": "https://example.com/a.png" } }] },
        { "type": "body", "parameters": parameters },
    ])
}

fn message(language: &str, day: Option<&str>) -> Value {
    json!({ "to": "+525550100123", "type": "template", "template": { "name": "visit",
        "language": { "code": language }, "components": values(day) } })
}

#[tokio::test]
async fn a_template_is_shown_tried_and_held_against_sends() {
    let world = World::new().await;
    let key = world.key("one", &[Scope::Read, Scope::Send, Scope::Admin]).await;
    let other = world.key("two", &[Scope::Read]).await;
    assert_eq!(world.get(VISIT, &key).await.problem().0, 404);
    hold(&world, vec![listed("es", "APPROVED", "UTILITY", 1)]).await;

    let shown = world.get(VISIT, &key).await.json();
    assert_eq!(shown["variables"], json!(["first_name", "day"]));
    assert_eq!((&shown["sendable"], &shown["state"]), (&json!(true), &json!("APPROVED")));
    let all = world.get(TEMPLATES, &key).await.json();
    assert_eq!(all["items"], json!([shown]));
    assert_eq!(world.get(TEMPLATES, &other).await.json()["items"], json!([]));
    assert_eq!(world.get(VISIT, &other).await.problem().0, 404);

    let preview = async |day| {
        let body = json!({ "components": values(day) });
        world.post(&format!("{VISIT}/preview"), &key, &body).await.json()
    };
    let good = preview(Some("lunes")).await;
    assert_eq!((&good["good"], &good["header"]), (&json!(true), &json!("[image]")));
    assert_eq!(good["body"], "Hola Ana, hasta el lunes.");
    let few = preview(None).await;
    assert_eq!(few["complaints"][0]["field"], "template.components[1].parameters");
    assert_eq!(few["body"], "Hola Ana, hasta el {{day}}.");

    let refused = world.send(&key, "k-1", &message("es", None)).await.problem();
    let field = "template.components[1].parameters";
    assert_eq!(refused, (422, "puente.template_values".into(), field.into()));
    assert_eq!(world.send(&key, "k-2", &message("es", Some("lunes"))).await.status, 202);
    // its list was not read to the end: Meta decides
    assert_eq!(world.send(&key, "k-3", &message("pt_BR", Some("lunes"))).await.status, 202);
    hold(&world, read_to_its_end()).await;
    let refused = world.send(&key, "k-4", &message("pt_BR", Some("lunes"))).await.problem();
    let field = "template.language.code";
    assert_eq!(refused, (422, "puente.template_unknown".into(), field.into()));
}

fn read_to_its_end() -> Vec<Op> {
    let (tenant, waba) = (TenantId::new("one"), WabaId::new(format!("{NUMBER}0")));
    let (at, began_at) = (START, Some(START));
    let list = TemplateList {
        tenant: tenant.clone(),
        waba: waba.clone(),
        wanted_at: at,
        due_at: at.plus(3_600_000),
        began_at,
        cursor: None,
        done_at: began_at,
    };
    vec![
        Op::WantTemplates(TemplateListWanted { tenant, waba, at }),
        Op::TemplateListStep(TemplateListStep { list, ended: true }),
    ]
}

#[tokio::test]
async fn a_category_that_nobody_agreed_to_stops_sends() {
    let world = World::new().await;
    let key = world.key("one", &[Scope::Read, Scope::Send, Scope::Admin]).await;
    let sender = world.key("one", &[Scope::Read, Scope::Send]).await;
    hold(&world, vec![listed("es", "APPROVED", "UTILITY", 1)]).await;
    hold(&world, vec![listed("es", "APPROVED", "MARKETING", 2)]).await;
    let shown = world.get(VISIT, &key).await.json();
    assert_eq!((&shown["category"], &shown["sendable"]), (&json!("MARKETING"), &json!(false)));
    assert_eq!(shown["agreed_category"], "UTILITY");
    let refused = world.send(&key, "k-1", &message("es", Some("lunes"))).await.problem();
    assert_eq!(refused, (422, "puente.template_category".into(), "template.name".into()));

    let agree = format!("{VISIT}/agree");
    assert_eq!(world.post(&agree, &sender, &json!({})).await.problem().0, 403);
    let agreed = world.post(&agree, &key, &json!({})).await.json();
    assert_eq!(
        (&agreed["agreed_category"], &agreed["sendable"]),
        (&json!("MARKETING"), &json!(true))
    );
    assert_eq!(world.send(&key, "k-1", &message("es", Some("lunes"))).await.status, 202);

    hold(&world, vec![listed("es", "REJECTED", "MARKETING", 3)]).await;
    assert_eq!(world.get(VISIT, &key).await.json()["reason"], "INVALID_FORMAT");
    let refused = world.send(&key, "k-2", &message("es", Some("lunes"))).await.problem();
    assert_eq!(refused, (422, "puente.template_stopped".into(), "template.name".into()));
}

#[tokio::test]
async fn what_is_meant_must_be_clear_and_keep_metas_rules() {
    let world = World::new().await;
    let key = world.key("one", &[Scope::Read, Scope::Admin]).await;
    let reader = world.key("one", &[Scope::Read]).await;
    let both = vec![listed("es", "APPROVED", "UTILITY", 1), listed("en", "PENDING", "UTILITY", 1)];
    hold(&world, both).await;
    let (status, code, field) = world.get(VISIT, &key).await.problem();
    assert_eq!((status, code.as_str(), field.as_str()), (422, "puente.field", "language"));
    assert_eq!(world.get(&format!("{VISIT}?language=en"), &key).await.json()["state"], "PENDING");

    let text = "{{1}} y más palabras que lo siguen";
    let definition = json!({ "name": "visit_2", "language": "es", "category": "UTILITY",
        "components": [{ "type": "BODY", "text": text }] });
    let body = json!({ "definition": definition });
    let checked = world.post(&format!("{TEMPLATES}/check"), &reader, &body).await.json();
    assert_eq!(checked["good"], false);
    assert_eq!(checked["complaints"][0]["field"], "components[0].text");
    assert_eq!(world.post(TEMPLATES, &reader, &body).await.problem().0, 403);
    let (status, code, field) = world.post(TEMPLATES, &key, &body).await.problem();
    let want = (422, "puente.template_broken", "components[0].text");
    assert_eq!((status, code.as_str(), field.as_str()), want);

    let definition = json!({ "name": "visit_2", "language": "es", "category": "UTILITY",
        "components": [{ "type": "BODY", "text": "Hasta pronto" }] });
    let body = json!({ "definition": definition, "waba_id": "1" });
    let (status, _, field) = world.post(TEMPLATES, &key, &body).await.problem();
    assert_eq!((status, field.as_str()), (422, "waba_id"));
    let edit = format!("{VISIT}?language=en");
    let put = request("PUT", &edit, &key, r#"{"components":[]}"#);
    let (status, code, field) = world.ask(put).await.problem();
    assert_eq!((status, code.as_str(), field.as_str()), (422, "puente.template_broken", "name"));
    let gone = world.ask(request("DELETE", &edit, &reader, "")).await.problem();
    assert_eq!(gone.0, 403);
}
