//! An audience out of Salesforce, and its members there showing what became of
//! them: through lost answers, an admin's own hand and people who leave.

use std::time::Duration;

use http::{Method, StatusCode};
use model::ConsentPolicy;
use serde_json::{Value, json};
use whatsapp_sim::Customer;

use crate::campaigns::{
    CAMPAIGNS, crowd, done, got, knows_templates, people, shown, step, utility,
};
use crate::world::{World, phone};

const HOUR_MS: i64 = 3_600_000;

/// What an org has: a Contact or, of each third, a Lead for each of the crowd,
/// and a campaign of them all.
struct Org {
    campaign: String,
    records: Vec<String>,
    members: Vec<String>,
}

impl Org {
    fn of(world: &World, crowd: &[Customer]) -> Self {
        let org = world.org();
        let campaign = org.create("Campaign", json!({ "Name": "Rebajas" })).unwrap();
        let account = org.create("Account", json!({ "Name": "Acme" })).unwrap();
        let (mut records, mut members) = (Vec::new(), Vec::new());
        for (n, one) in crowd.iter().enumerate() {
            let (object, field, more) = match n % 3 {
                0 => ("Lead", "LeadId", json!({ "Company": "Acme" })),
                _ => ("Contact", "ContactId", json!({ "AccountId": account })),
            };
            let mut body =
                json!({ "FirstName": format!("N{n}"), "LastName": "Ruiz", "Phone": phone(one) });
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            let record = org.create(object, body).unwrap();
            let member = json!({ "CampaignId": campaign, field: record });
            members.push(org.create("CampaignMember", member).unwrap());
            records.push(record);
        }
        Self { campaign, records, members }
    }

    fn status(&self, world: &World, n: usize) -> String {
        let row = world.org().row(&self.members[n]).unwrap();
        row["Status"].as_str().unwrap_or_default().to_owned()
    }
}

fn greeting() -> Value {
    json!({ "name": "visit", "language": { "code": "es_MX" }, "components": [
        { "type": "body", "parameters": [{ "type": "text", "text": "{{FirstName|amigo}}" }] } ] })
}

async fn draft(world: &World, plan: Value) -> String {
    knows_templates(world).await;
    let wish = json!({ "name": "Rebajas", "plan": plan });
    let (status, made) = world.eye().call(Method::POST, CAMPAIGNS, None, &wish).await.unwrap();
    assert!(status.is_success(), "{made}");
    made["id"].as_str().unwrap().to_owned()
}

async fn add(world: &World, id: &str, source: Value) -> (StatusCode, Value) {
    let path = format!("{CAMPAIGNS}/{id}/audience/salesforce");
    world.eye().call(Method::POST, &path, None, &source).await.unwrap()
}

/// All pages of a source.
async fn fill(world: &World, id: &str, source: Value) -> (u64, u64, Vec<Value>) {
    let (mut new, mut known, mut odd) = (0, 0, Vec::new());
    loop {
        let (status, page) = add(world, id, source.clone()).await;
        assert!(status.is_success(), "{page}");
        new += page["new"].as_u64().unwrap();
        known += page["known"].as_u64().unwrap();
        odd.extend(page["complaints"].as_array().unwrap().clone());
        if page["more"] != true {
            return (new, known, odd);
        }
    }
}

fn messages(world: &World, one: &Customer) -> Vec<String> {
    world.phones().read(|sim| {
        let thread = sim.thread(&one.id).filter(|m| m.kind == "template");
        thread.map(|m| m.content.to_string()).collect()
    })
}

#[tokio::test(start_paused = true)]
async fn members_of_a_campaign_get_it_and_show_what_became_of_them() {
    let world = World::asking(ConsentPolicy::IMPLIED).await;
    let crowd = crowd(&world, 30);
    let org = Org::of(&world, &crowd);
    let status = json!({ "CampaignId": org.campaign, "Label": "Mailed", "SortOrder": 3 });
    world.org().create("CampaignMemberStatus", status).unwrap();
    let plan = json!({ "template": utility(), "tier": "UNLIMITED",
        "results": { "campaign": org.campaign, "sent": "Mailed" } });
    let id = draft(&world, plan).await;
    let source = json!({ "campaign": org.campaign });
    assert_eq!(fill(&world, &id, source.clone()).await, (30, 0, vec![]));
    assert_eq!(fill(&world, &id, source).await, (0, 30, vec![]), "the same source adds nobody");
    let leads = world.org().count("Lead");
    step(&world, &id, "check").await;
    // an admin takes one out of the campaign, and notes an answer of another
    world.org().delete(&org.members[4]).unwrap();
    world.org().update(&org.members[5], json!({ "Status": "Responded" })).unwrap();
    step(&world, &id, "start").await;
    tokio::time::sleep(Duration::from_secs(60)).await;
    world.texts(&crowd[1], "me interesa");
    world.texts(&crowd[2], "BAJA");
    let done = done(&world, &id).await;
    assert_eq!(people(&done, "sent", None), 30, "{done}");
    assert!(crowd.iter().all(|one| got(&world, one) == 1));
    for n in (0..30).filter(|n| *n != 4) {
        let word = if [1, 5].contains(&n) { "Responded" } else { "Mailed" };
        assert_eq!(org.status(&world, n), word, "member {n}");
    }
    assert_eq!(world.org().count("CampaignMember"), 29, "nobody is put in again");
    let counts = done["members"].as_array().unwrap();
    assert_eq!(counts.iter().filter_map(|c| c["answered"].as_u64()).sum::<u64>(), 1, "{done}");
    assert_eq!(world.org().count("Lead"), leads, "they are known by their records");
    // and who answers days later still counts, though the campaign is done
    tokio::time::advance(Duration::from_secs(3 * 86_400)).await;
    world.texts(&crowd[7], "¿sigue en pie?");
    world.quiet(HOUR_MS).await;
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(org.status(&world, 7), "Responded");
    tokio::time::advance(Duration::from_secs(5 * 86_400)).await;
    world.texts(&crowd[8], "hola");
    world.quiet(HOUR_MS).await;
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(org.status(&world, 8), "Mailed", "eight days later it is no answer");
}

#[tokio::test(start_paused = true)]
async fn whichever_call_about_results_is_lost_each_shows_them_once() {
    for (op, act) in [
        ("query", "cut_before"),
        ("query", "cut_after"),
        ("collections.update", "cut_before"),
        ("collections.update", "cut_after"),
        ("collections.create", "cut_after"),
    ] {
        let world = World::asking(ConsentPolicy::IMPLIED).await;
        let crowd = crowd(&world, 12);
        let org = Org::of(&world, &crowd);
        let all = org.members.iter().enumerate();
        // some are not in the campaign, and are put in by what they got
        for (_, member) in all.filter(|(n, _)| n % 2 == 0) {
            world.org().delete(member).unwrap();
        }
        for member in org.members.iter().skip(1).step_by(2) {
            world.org().update(member, json!({ "Status": "Planned" })).unwrap();
        }
        let ids = org.records.iter().map(|id| format!("'{id}'")).collect::<Vec<_>>().join(",");
        let find = |object: &str| format!("SELECT Id, Name FROM {object} WHERE Id IN ({ids})");
        let contacts = world.org().add_list_view("Contacts", &find("Contact")).unwrap();
        let leads = world.org().add_list_view("Leads", &find("Lead")).unwrap();
        let plan = json!({ "template": utility(), "tier": "UNLIMITED",
            "results": { "campaign": org.campaign } });
        let id = draft(&world, plan).await;
        assert_eq!(fill(&world, &id, json!({ "list_view": contacts })).await, (8, 0, vec![]));
        assert_eq!(fill(&world, &id, json!({ "list_view": leads })).await, (4, 0, vec![]));
        step(&world, &id, "check").await;
        step(&world, &id, "start").await;
        tokio::time::sleep(Duration::from_secs(10)).await;
        world.org_fault(json!({ "op": op, "act": act, "times": 1 }));
        let done = done(&world, &id).await;
        assert_eq!(people(&done, "sent", None), 12, "{op} {act}: {done}");
        tokio::time::advance(Duration::from_secs(7_200)).await;
        tokio::time::sleep(Duration::from_secs(60)).await;
        let members = world.org().rows("CampaignMember");
        assert_eq!(members.len(), 12, "{op} {act}");
        assert!(members.iter().all(|m| m["Status"] == "Sent"), "{op} {act}: {members:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn fields_of_the_record_fill_the_message_and_what_cannot_be_taken_is_named() {
    let world = World::asking(ConsentPolicy::IMPLIED).await;
    let definition = json!({ "name": "visit", "language": "es_MX", "category": "UTILITY",
        "components": [{ "type": "BODY", "text": "Hola {{1}}, le esperamos en la oficina.",
            "example": { "body_text": [["Ana"]] } }] });
    world.phones().change(|sim| sim.pace.review_ms = (200, 400));
    let wish = json!({ "definition": definition });
    knows_templates(&world).await;
    world.eye().call(Method::POST, "/api/v1/templates", None, &wish).await.unwrap();
    tokio::time::sleep(Duration::from_secs(30)).await;
    let crowd = crowd(&world, 6);
    let org = Org::of(&world, &crowd);
    // a nameless one, one without a phone, and one whose phone says no country
    world.org().update(&org.records[1], json!({ "FirstName": null })).unwrap();
    world.org().update(&org.records[2], json!({ "Phone": null })).unwrap();
    world.org().update(&org.records[4], json!({ "Phone": "12" })).unwrap();
    let plan = |text: &str| {
        let mut template = greeting();
        template["components"][0]["parameters"][0]["text"] = text.into();
        json!({ "template": template, "tier": "UNLIMITED" })
    };
    let source = json!({ "report": world.org().add_report("Gente", "SELECT Id, Name FROM Contact").unwrap() });
    for (text, names) in
        [("{{Nickname}}", "Contact has no field 'Nickname'"), ("{{Boss.Name}}", "Boss.Name")]
    {
        let id = draft(&world, plan(text)).await;
        let (status, refused) = add(&world, &id, source.clone()).await;
        assert_eq!(
            (status.as_u16(), &refused["field"]),
            (422, &json!("plan.template")),
            "{refused}"
        );
        assert!(refused["detail"].as_str().unwrap().contains(names), "{refused}");
        assert_eq!(shown(&world, &id).await["members"], json!([]), "nobody was taken");
    }
    let id = draft(&world, plan("{{FirstName|amigo}} de {{account.name}}")).await;
    let (new, known, odd) = fill(&world, &id, source).await;
    assert_eq!((new, known, odd.len()), (2, 0, 2), "{odd:?}");
    let named: Vec<_> = odd.iter().map(|one| one["field"].as_str().unwrap()).collect();
    assert_eq!(named, [org.records[2].as_str(), org.records[4].as_str()]);
    step(&world, &id, "check").await;
    step(&world, &id, "start").await;
    done(&world, &id).await;
    assert!(
        messages(&world, &crowd[1])[0].contains("amigo de Acme"),
        "{:?}",
        messages(&world, &crowd[1])
    );
    assert!(messages(&world, &crowd[5])[0].contains("N5 de Acme"));
    assert_eq!(got(&world, &crowd[0]), 0, "a lead is in no list of contacts");
}

#[tokio::test(start_paused = true)]
async fn a_source_that_is_not_there_or_too_large_is_refused_with_its_cure() {
    let world = World::quick().await;
    let accounts = world.org().add_list_view("Cuentas", "SELECT Id, Name FROM Account").unwrap();
    for n in 0..2_001 {
        let lead = json!({ "LastName": format!("L{n}"), "Company": "x" });
        world.org().create("Lead", lead).unwrap();
    }
    let large = world.org().add_report("Todos", "SELECT Id, Name FROM Lead").unwrap();
    let plan = json!({ "template": utility(), "tier": "UNLIMITED" });
    let id = draft(&world, plan.clone()).await;
    for (source, field, cure) in [
        (json!({ "campaign": "701000000000009AAA" }), "campaign", "share"),
        (json!({ "campaign": "0035500001H9cakAAB" }), "campaign", "701"),
        (json!({ "list_view": "00B000000000009EAA" }), "list_view", "share"),
        (json!({ "list_view": accounts }), "list_view", "Contacts"),
        (json!({ "report": "00O000000000009EAA" }), "report", "share"),
        (json!({ "report": large }), "report", "narrow"),
        (json!({}), "campaign", "list_view"),
    ] {
        let (status, refused) = add(&world, &id, source.clone()).await;
        assert_eq!(
            (status.as_u16(), &refused["field"]),
            (422, &json!(field)),
            "{source} {refused}"
        );
        assert!(refused["cure"].as_str().unwrap().contains(cure), "{source}: {refused}");
    }
    world.org_fault(json!({ "op": "query", "act": "cut_before", "times": 1 }));
    let (status, away) = add(&world, &id, json!({ "campaign": "701000000000009AAA" })).await;
    assert_eq!((status.as_u16(), &away["code"]), (503, &json!("puente.org_away")), "{away}");
    // the words that its members are to show must be the campaign's own
    let campaign = world.org().create("Campaign", json!({ "Name": "x" })).unwrap();
    for (results, field) in [
        (json!({ "campaign": "701000000000009AAA" }), "plan.results.campaign"),
        (json!({ "campaign": campaign, "sent": "Mailed" }), "plan.results.sent"),
        (json!({ "campaign": campaign, "responded": "Sent" }), "plan.results.responded"),
    ] {
        let mut plan = plan.clone();
        plan["results"] = results;
        let id = draft(&world, plan).await;
        let path = format!("{CAMPAIGNS}/{id}/check");
        let (status, refused) =
            world.eye().call(Method::POST, &path, None, &json!({})).await.unwrap();
        assert_eq!((status.as_u16(), &refused["field"]), (422, &json!(field)), "{refused}");
    }
}

/// A half-read source never goes out as if it were all.
#[tokio::test(start_paused = true)]
async fn a_long_campaign_is_read_page_by_page_and_not_checked_before_its_end() {
    let world = World::quick().await;
    let org = world.org();
    let campaign = org.create("Campaign", json!({ "Name": "Larga" })).unwrap();
    for n in 0..1_200 {
        let lead = json!({ "LastName": format!("L{n}"), "Company": "x",
            "MobilePhone": format!("+52558{n:07}") });
        let lead = org.create("Lead", lead).unwrap();
        org.create("CampaignMember", json!({ "CampaignId": campaign, "LeadId": lead })).unwrap();
    }
    let id = draft(&world, json!({ "template": utility(), "tier": "UNLIMITED" })).await;
    let source = json!({ "campaign": campaign });
    let (_, first) = add(&world, &id, source.clone()).await;
    assert_eq!((&first["new"], &first["more"]), (&json!(1_000), &json!(true)), "{first}");
    let path = format!("{CAMPAIGNS}/{id}/check");
    let (status, early) = world.eye().call(Method::POST, &path, None, &json!({})).await.unwrap();
    assert_eq!((status.as_u16(), &early["field"]), (422, &json!("audience")), "{early}");
    // one dies before it, and the next call goes on where the last page ended
    let world = world.restarted(None).await;
    let (_, last) = add(&world, &id, source).await;
    assert_eq!((&last["new"], &last["more"]), (&json!(200), &json!(false)), "{last}");
    step(&world, &id, "check").await;
}
