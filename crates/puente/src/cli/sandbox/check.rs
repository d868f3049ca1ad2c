//! `puente sandbox --check`: the recorded fixtures, headless.
//!
//! Every inbound fixture is posted, signed, by the simulator of Meta; then each
//! of its messages must be in Salesforce, and a reply to each person on the
//! phone. Anything missing is named, and the exit code is not zero.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::anyhow;
use engine::{Caller, SendRequest};
use model::ids::KeyId;
use sandbox::Town;
use serde_json::{Value, json};
use store::Class;
use whatsapp_sim::{Config, NewCustomer};

/// What customers write, as recorded: one file each.
#[derive(rust_embed::RustEmbed)]
#[folder = "../../fixtures/whatsapp/inbound"]
struct Inbound;

const PEOPLE: usize = 5;
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(50);

pub async fn run(town: &Town, lose: usize) -> anyhow::Result<ExitCode> {
    let expected = post_fixtures(town, lose).await?;
    anstream::println!("{} messages of the recorded fixtures are posted", expected.len());
    let in_salesforce = settle(&expected, || wamids(town)).await;
    let replies = reply_to_people(town).await?;
    let on_phones = settle(&replies, || phones(town)).await;
    for (what, missing) in [("in Salesforce", &in_salesforce), ("on the phone", &on_phones)] {
        for one in missing {
            anstream::println!("missing {what}: {one}");
        }
    }
    let failed = in_salesforce.len() + on_phones.len();
    let passed = expected.len() + replies.len() - failed;
    anstream::println!("{passed} passed, {failed} failed");
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Posts every fixture and says which wamids must come to Salesforce.
async fn post_fixtures(town: &Town, lose: usize) -> anyhow::Result<BTreeSet<String>> {
    let handle = town.sims.whatsapp.handle();
    let mut expected = BTreeSet::new();
    for (n, path) in Inbound::iter().enumerate() {
        let Some(file) = Inbound::get(&path) else {
            continue;
        };
        let Ok(body) = serde_json::from_slice::<Value>(&file.data) else {
            continue;
        };
        let ours = readdressed(body, n);
        expected.extend(readable_wamids(&ours));
        if n < lose {
            continue;
        }
        let answer = handle.post_raw(Config::APP, &ours).await;
        if answer != Some(200) {
            return Err(anyhow!("{path}: the bridge answered {answer:?}"));
        }
    }
    Ok(expected)
}

/// The fixture as one of our number, with wamids of its own.
fn readdressed(mut body: Value, n: usize) -> Value {
    for change in changes(&mut body) {
        let value = &mut change["value"];
        if value.get("metadata").is_some() {
            value["metadata"]["phone_number_id"] = Config::NUMBER.into();
        }
        let messages = value["messages"].as_array_mut();
        for (m, message) in messages.into_iter().flatten().enumerate() {
            if message.is_object() && message["id"].is_string() {
                message["id"] = format!("wamid.check{n}.{m}").into();
            }
        }
    }
    body
}

fn changes(body: &mut Value) -> impl Iterator<Item = &mut Value> {
    // some fixtures are broken on purpose
    let entries = body["entry"].as_array_mut().into_iter().flatten().filter(|e| e.is_object());
    entries
        .flat_map(|entry| entry["changes"].as_array_mut().into_iter().flatten())
        .filter(|change| change.is_object() && change["value"].is_object())
}

/// Messages that say who wrote them; the others are set aside, which the
/// scenarios of `puente e2e` look at.
fn readable_wamids(body: &Value) -> Vec<String> {
    let mut body = body.clone();
    let mut wamids = Vec::new();
    for change in changes(&mut body) {
        let value = &change["value"];
        let contact = value["contacts"].get(0).is_some();
        for message in value["messages"].as_array().into_iter().flatten() {
            let known =
                contact || message["from"].is_string() || message["from_user_id"].is_string();
            if let (Some(id), true) = (message["id"].as_str(), known) {
                wamids.push(id.to_owned());
            }
        }
    }
    wamids
}

fn wamids(town: &Town) -> BTreeSet<String> {
    let rows = town.sims.salesforce.handle().rows("Puente_Message__c");
    rows.iter().filter_map(|row| row["Wamid__c"].as_str().map(str::to_owned)).collect()
}

fn phones(town: &Town) -> BTreeSet<String> {
    town.sims.whatsapp.handle().read(|world| {
        let messages = world.customers.keys().flat_map(|id| world.thread(id));
        messages.filter_map(|m| m.content["body"].as_str().map(str::to_owned)).collect()
    })
}

/// Five people write, and each is answered as an agent would.
async fn reply_to_people(town: &Town) -> anyhow::Result<BTreeSet<String>> {
    let handle = town.sims.whatsapp.handle();
    let mut replies = BTreeSet::new();
    for n in 0..PEOPLE {
        let phone = format!("+1555019{n:04}");
        let customer = NewCustomer::named(&format!("Check {n}"), &phone);
        let customer = handle.customer(customer).map_err(|e| anyhow!(e))?;
        let wamid = handle.texts(&customer.id, Config::NUMBER, "hola").map_err(|e| anyhow!(e))?;
        settle(&BTreeSet::from([wamid]), || wamids(town)).await;
        let text = format!("respuesta {n}");
        let message = json!({ "type": "text", "text": { "body": text } });
        let request = SendRequest {
            number: None,
            to: phone,
            class: Class::Live,
            reference: None,
            message: message.as_object().cloned().unwrap_or_default(),
        };
        let key = KeyId::new(&town.ambient);
        let caller = Caller { tenant: town.tenant.clone(), key, acting_user: None };
        let accepted = town.engine.desk.accept(&caller, &format!("check-{n}"), request).await;
        if let Err(why) = accepted {
            anstream::println!("a reply was refused: {}", why.cause);
        }
        replies.insert(text);
    }
    Ok(replies)
}

/// Waits until everything expected is seen; answers what is still missing.
async fn settle(expected: &BTreeSet<String>, seen: impl Fn() -> BTreeSet<String>) -> Vec<String> {
    let looks = PATIENCE.as_millis() / LOOK_EVERY.as_millis();
    let mut missing = Vec::new();
    let mut stalled = 0;
    for _ in 0..looks {
        let now = seen();
        let left: Vec<_> = expected.difference(&now).cloned().collect();
        if left.is_empty() {
            return left;
        }
        // nothing new for five seconds: it will not come
        stalled = if left.len() == missing.len() { stalled + 1 } else { 0 };
        missing = left;
        if stalled > 100 {
            break;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    missing
}
