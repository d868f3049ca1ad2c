//! Files of customers come to stand in Salesforce once, whatever happens on the
//! way.

use std::sync::Arc;

use bytes::Bytes;
use parking_lot::Mutex;
use salesforce_sim::Latency;
use sandbox::{RouterExchange, TownOptions};
use serde_json::{Value, json};
use store::{Commit, Op, Probe, Spool};
use whatsapp_sim::{Customer, Utterance};

use crate::world::{Setting, World};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

fn with(town: TownOptions) -> Setting {
    Setting { town, ..Setting::default() }
}

impl World {
    /// A customer sends a file. Its wamid and its bytes.
    pub fn sends_file(&self, customer: &Customer, kind: &str, size: usize) -> (String, Bytes) {
        let say = json!({ "type": kind, "size": size, "filename": "Plan A.pdf" });
        let say: Utterance = serde_json::from_value(say).unwrap();
        let before: Vec<String> = self.phones().read(|w| w.media.keys().cloned().collect());
        let wamid = self.phones().says(&customer.id, self.town.number.as_str(), &say).unwrap();
        let bytes = self.phones().read(|w| {
            let new = w.media.iter().find(|(id, _)| !before.contains(id));
            new.expect("it is stored").1.bytes.clone()
        });
        (wamid, bytes)
    }

    pub fn message_row(&self, wamid: &str) -> Value {
        self.rows("Puente_Message__c", "Wamid__c", wamid).pop().expect("the message is there")
    }

    fn linked(&self, document: &Value, record: &Value) -> usize {
        let links = self.org().rows("ContentDocumentLink").into_iter();
        links
            .filter(|l| l["ContentDocumentId"] == *document && l["LinkedEntityId"] == *record)
            .count()
    }

    /// One version, these bytes, on the message and on one record of the person.
    pub fn stands_once(&self, wamid: &str, bytes: &Bytes) {
        let message = self.message_row(wamid);
        assert_eq!(message["Media_Status__c"], "Stored", "{message}");
        let document = &message["Content_Document_Id__c"];
        let versions = self.rows("ContentVersion", "ContentDocumentId", document.as_str().unwrap());
        assert_eq!(versions.len(), 1, "{versions:?}");
        let file = self.org().file(versions[0]["Id"].as_str().unwrap()).unwrap();
        assert!(file == bytes, "the bytes are those that the customer sent");
        assert_eq!(self.linked(document, &message["Id"]), 1, "on the message");
        let conversation = self.org().row(message["Conversation__c"].as_str().unwrap()).unwrap();
        let person = self.org().row(conversation["Person__c"].as_str().unwrap()).unwrap();
        let record = [&conversation["Case__c"], &person["Contact__c"], &person["Lead__c"]];
        let record = record.into_iter().find(|id| id.is_string()).expect("a record");
        assert_eq!(self.linked(document, record), 1, "on {record}");
        assert_eq!(
            self.org()
                .rows("ContentDocumentLink")
                .iter()
                .filter(|l| l["ContentDocumentId"] == *document)
                .count(),
            3,
            "and with its owner"
        );
    }

    pub fn calls(&self, op: &str) -> u64 {
        self.phones().gate().log.count(op)
    }
}

#[tokio::test(start_paused = true)]
async fn a_file_of_every_kind_stands_on_its_message_and_on_the_record() {
    for namespace in ["", "ns__"] {
        let w =
            World::new(Setting { namespace, latency: Latency::USUAL, ..Setting::default() }).await;
        let ana = w.customer("Ana");
        let mut sent = Vec::new();
        for kind in ["image", "video", "audio", "document", "sticker"] {
            sent.push(w.sends_file(&ana, kind, 300_000));
        }
        w.quiet(HOUR_MS).await;
        if namespace.is_empty() {
            for (wamid, bytes) in &sent {
                w.stands_once(wamid, bytes);
            }
        }
        assert_eq!(w.org().count("ContentVersion"), 5);
        assert_eq!(w.options.spool.bytes_used(), 0, "nothing stays in the spool");
        let titles = w.org().rows("ContentVersion");
        assert!(titles.iter().any(|row| row["Title"] == "Plan A" && row["FileExtension"] == "pdf"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_file_of_a_known_contact_stands_on_the_case() {
    let w = World::quick().await;
    let (bo, contact) = w.contact("Bo");
    let (wamid, bytes) = w.sends_file(&bo, "image", 700);
    w.quiet(HOUR_MS).await;
    w.stands_once(&wamid, &bytes);
    let message = w.message_row(&wamid);
    let document = &message["Content_Document_Id__c"];
    let case = w.rows("Case", "ContactId", &contact).pop().unwrap();
    assert_eq!(w.linked(document, &case["Id"]), 1);
    assert_eq!(w.linked(document, &json!(contact)), 0);
}

#[tokio::test(start_paused = true)]
async fn whichever_call_of_the_way_is_lost_the_file_is_there_once() {
    let meta = ["node.get", "media.download"];
    let org = ["row.create", "composite", "query"];
    let acts = [
        json!("cut_before"),
        json!("cut_after"),
        json!({ "answer": { "status": 500, "body": "no" } }),
        json!({ "answer_after": { "status": 500, "body": "no" } }),
        json!({ "answer": { "status": 404, "body": "<html>", "content_type": "text/html" } }),
        json!({ "answer": { "status": 401, "body": json!([{ "errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid" }]).to_string() } }),
    ];
    for (n, act) in acts.iter().enumerate() {
        for op in meta.into_iter().chain(org) {
            let to_meta = meta.contains(&op);
            // what each side never answers so
            if (n == 5 && to_meta) || (n == 4 && op != "media.download") {
                continue;
            }
            let w = World::quick().await;
            let ana = w.customer("Ana");
            let nth = if op == "composite" { 3 } else { 1 };
            let rule = json!({ "op": op, "when": { "nth": nth }, "act": act });
            if to_meta {
                w.meta_fault(rule)
            } else {
                w.org_fault(rule)
            }
            let (wamid, bytes) = w.sends_file(&ana, "image", 5_000);
            w.quiet(HOUR_MS).await;
            w.stands_once(&wamid, &bytes);
            assert_eq!(w.org().count("ContentVersion"), 1, "{op} {act}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn three_lost_uploads_in_a_row_leave_one_file() {
    let w = World::quick().await;
    let ana = w.customer("Ana");
    w.org_fault(json!({ "op": "row.create", "act": "cut_after", "times": 3 }));
    let (wamid, bytes) = w.sends_file(&ana, "image", 5_000);
    w.quiet(HOUR_MS).await;
    w.stands_once(&wamid, &bytes);
    assert_eq!(w.org().gate().log.count("row.create"), 1, "looked up before it is repeated");
}

/// Dies before or after the n-th commit that is about a file.
pub struct Death {
    pub after: bool,
    pub left: Mutex<u64>,
    pub dead: Mutex<bool>,
}

impl Probe for Death {
    fn before_commit(&self, commit: &Commit) -> bool {
        let of_files = |op: &Op| matches!(op, Op::MediaStep(_) | Op::ClaimMedia(_));
        let mut left = self.left.lock();
        if *left == 0 || !commit.ops.iter().any(of_files) {
            return false;
        }
        *left -= 1;
        *self.dead.lock() |= *left == 0;
        *left == 0 && !self.after
    }

    fn after_commit(&self, _: bool) -> bool {
        *self.dead.lock()
    }
}

#[tokio::test(start_paused = true)]
async fn killed_around_every_step_the_file_is_there_once() {
    let mut deaths = 0;
    for after in [false, true] {
        for n in 1..24 {
            let death = Arc::new(Death { after, left: Mutex::new(n), dead: Mutex::new(false) });
            let probe = Some(death.clone() as Arc<dyn Probe>);
            let w = World::new(Setting { probe, ..Setting::default() }).await;
            let ana = w.customer("Ana");
            let (wamid, bytes) = w.sends_file(&ana, "document", 300_000);
            for _ in 0..200 {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                if *death.dead.lock() {
                    break;
                }
            }
            deaths += u32::from(*death.dead.lock());
            let w = w.restarted(None).await;
            w.quiet(HOUR_MS).await;
            w.stands_once(&wamid, &bytes);
            assert_eq!(w.org().count("ContentVersion"), 1, "died at {n}, after: {after}");
            tokio::time::sleep(std::time::Duration::from_secs(70)).await;
            assert_eq!(w.options.spool.bytes_used(), 0, "what a death left is swept");
        }
    }
    assert!(deaths > 34, "{deaths} deaths");
}

#[tokio::test(start_paused = true)]
async fn a_url_that_has_died_is_renewed() {
    let w = World::quick().await;
    let ana = w.customer("Ana");
    // the answer with the URL takes longer than the URL lives
    w.meta_fault(
        json!({ "op": "node.get", "when": { "nth": 1 }, "act": { "delay_after": 301_000 } }),
    );
    let (wamid, bytes) = w.sends_file(&ana, "image", 5_000);
    w.quiet(HOUR_MS).await;
    w.stands_once(&wamid, &bytes);
    assert_eq!((w.calls("node.get"), w.calls("media.download")), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn a_file_that_meta_has_forgotten_is_set_aside_and_the_message_says_so() {
    let end = Arc::new(Death { after: true, left: Mutex::new(0), dead: Mutex::new(false) });
    let probe = Some(end.clone() as Arc<dyn Probe>);
    let w = World::new(Setting { probe, ..Setting::default() }).await;
    let ana = w.customer("Ana");
    w.meta_fault(json!({ "op": "node.get", "act": { "answer": { "status": 503, "body": "no" } } }));
    let (wamid, _) = w.sends_file(&ana, "image", 5_000);
    w.until("the message", HOUR_MS, || w.rows("Puente_Message__c", "Wamid__c", &wamid).pop()).await;
    assert_eq!(
        w.message_row(&wamid)["Media_Status__c"],
        "Waiting",
        "it does not wait for its file"
    );
    // a week without a process
    *end.dead.lock() = true;
    tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    w.phones().gate().faults.clear();
    tokio::time::sleep(std::time::Duration::from_millis(7 * DAY_MS as u64)).await;
    let w = w.restarted(None).await;
    w.quiet(HOUR_MS).await;
    let message = w.message_row(&wamid);
    assert_eq!(message["Media_Status__c"], "Failed");
    assert_eq!(message["Error_Code__c"], "puente.media_gone");
    let aside = w.town.store.media_aside(&w.town.tenant, 9).await.unwrap();
    assert_eq!(aside.len(), 1);
    let alerts = w.town.store.alerts_open(&w.town.tenant).await.unwrap();
    assert!(alerts.iter().any(|a| a.kind == "puente.media_gone"), "{alerts:?}");
}

#[tokio::test(start_paused = true)]
async fn bytes_that_are_not_metas_are_never_passed_on() {
    let w = World::quick().await;
    let ana = w.customer("Ana");
    let act =
        json!({ "answer": { "status": 200, "body": "other bytes", "content_type": "image/jpeg" } });
    w.meta_fault(json!({ "op": "media.download", "act": act, "times": 2 }));
    let (wamid, bytes) = w.sends_file(&ana, "image", 5_000);
    w.quiet(HOUR_MS).await;
    w.stands_once(&wamid, &bytes);
    assert_eq!(w.calls("media.download"), 3);
}

#[tokio::test(start_paused = true)]
async fn without_room_nothing_is_fetched_until_there_is() {
    let spool = Spool::in_memory(10_000);
    let w = World::new(with(TownOptions { spool: spool.clone(), ..TownOptions::default() })).await;
    let ana = w.customer("Ana");
    w.org_fault(
        json!({ "op": "row.create", "act": { "answer": { "status": 503, "body": "no" } } }),
    );
    let sent: Vec<_> = (0..5).map(|_| w.sends_file(&ana, "image", 4_000)).collect();
    tokio::time::sleep(std::time::Duration::from_secs(600)).await;
    assert_eq!(w.calls("media.download"), 2, "two fit");
    assert_eq!(spool.bytes_used(), 8_000);
    for (wamid, _) in &sent {
        assert_eq!(w.message_row(wamid)["Media_Status__c"], "Waiting");
    }
    let alerts = w.town.store.alerts_open(&w.town.tenant).await.unwrap();
    assert!(alerts.iter().any(|a| a.kind == "puente.spool_full"), "{alerts:?}");
    w.org().gate().faults.clear();
    w.quiet(HOUR_MS).await;
    for (wamid, bytes) in &sent {
        w.stands_once(wamid, bytes);
    }
    let (large, _) = w.sends_file(&ana, "document", 10_001);
    w.quiet(HOUR_MS).await;
    assert_eq!(w.message_row(&large)["Error_Code__c"], "puente.media_too_large");
}

pub fn scanner(says: fn(&[u8]) -> &'static str) -> Option<Arc<dyn model::Exchange>> {
    let router = axum::Router::new()
        .fallback(move |body: Bytes| async move { says(&body) })
        .layer(axum::extract::DefaultBodyLimit::disable());
    Some(Arc::new(RouterExchange(router)))
}

#[tokio::test(start_paused = true)]
async fn what_the_scanner_finds_is_not_passed_on_and_the_rest_is() {
    let says =
        |file: &[u8]| if file.len() == 666 { "stream: Eicar FOUND\0" } else { "stream: OK\0" };
    let town = TownOptions { scanner: scanner(says), ..TownOptions::default() };
    let w = World::new(with(town)).await;
    let ana = w.customer("Ana");
    let (bad, _) = w.sends_file(&ana, "document", 666);
    let (good, bytes) = w.sends_file(&ana, "document", 667);
    w.quiet(HOUR_MS).await;
    w.stands_once(&good, &bytes);
    assert_eq!(w.org().count("ContentVersion"), 1);
    let message = w.message_row(&bad);
    assert_eq!(message["Media_Status__c"], "Infected");
    assert_eq!(message["Error_Code__c"], "puente.media_infected");
    assert_eq!(w.options.spool.bytes_used(), 0);
    let alerts = w.town.store.alerts_open(&w.town.tenant).await.unwrap();
    assert!(alerts.iter().any(|a| a.kind == "puente.media_infected"), "{alerts:?}");
}

#[tokio::test(start_paused = true)]
async fn a_scanner_that_does_not_answer_holds_files_and_not_messages() {
    static AWAY: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(true);
    let says = |_: &[u8]| {
        if AWAY.load(std::sync::atomic::Ordering::SeqCst) {
            "no database ERROR\0"
        } else {
            "stream: OK\0"
        }
    };
    let town = TownOptions { scanner: scanner(says), ..TownOptions::default() };
    let w = World::new(with(town)).await;
    let ana = w.customer("Ana");
    let (wamid, bytes) = w.sends_file(&ana, "document", 500);
    tokio::time::sleep(std::time::Duration::from_secs(600)).await;
    assert_eq!(w.message_row(&wamid)["Media_Status__c"], "Waiting");
    assert_eq!(w.org().count("ContentVersion"), 0);
    AWAY.store(false, std::sync::atomic::Ordering::SeqCst);
    w.quiet(HOUR_MS).await;
    w.stands_once(&wamid, &bytes);
}

#[tokio::test(start_paused = true)]
async fn places_and_cards_are_fields() {
    let w = World::quick().await;
    let ana = w.customer("Ana");
    let number = w.town.number.clone();
    let says = |say: Value| {
        let say: Utterance = serde_json::from_value(say).unwrap();
        w.phones().says(&ana.id, number.as_str(), &say).unwrap()
    };
    let place = says(json!({ "type": "location", "latitude": -34.6, "longitude": -58.38,
        "name": "Obelisco", "address": "Av. 9 de Julio" }));
    let cards = says(json!({ "type": "contacts", "contacts": [
        { "name": { "formatted_name": "Bo Li" }, "phones": [{ "phone": "+54 11 5555" }] },
        { "name": { "formatted_name": "Cy" } }] }));
    w.quiet(HOUR_MS).await;
    let row = w.message_row(&place);
    assert_eq!(
        (&row["Latitude__c"], &row["Location_Name__c"]),
        (&json!(-34.6), &json!("Obelisco"))
    );
    assert_eq!(row["Location_Address__c"], "Av. 9 de Julio");
    assert_eq!(row["Media_Status__c"], Value::Null);
    let row = w.message_row(&cards);
    assert_eq!((&row["Contact_Name__c"], &row["Contact_Count__c"]), (&json!("Bo Li"), &json!(2.0)));
    assert_eq!(row["Contact_Phone__c"], "+54 11 5555");
}
