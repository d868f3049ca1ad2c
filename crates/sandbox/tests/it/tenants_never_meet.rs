//! Two tenants in one process, one customer who writes to both: neither sees
//! anything of the other.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use engine::{Caller, Directory, Engine, Find, Number, Options, Parts, Remotes, SendRequest};
use model::Exchange;
use model::ids::{AppId, KeyId, PhoneNumberId, TenantId, WabaId};
use salesforce::{ClientOptions, Credentials, Tokens, TokensOptions};
use salesforce_sim::{Latency, SalesforceSim};
use sandbox::{RouterExchange, Sims, Sites};
use serde_json::{Value, json};
use sim_kit::{Outlet, OutletLost, Seed, SimClock};
use store::{Class, MasterKey, Store};
use whatsapp::client::Token;
use whatsapp_sim::{Config, NewCustomer, WhatsappSim};

use crate::world::{BEGAN, ambient, message, salesforce_config};

const PHONE: &str = "15550103333";
const TENANTS: [(&str, &str, &str); 2] = [
    ("norte", "106540000000011", "102290000000011"),
    ("sur", "106540000000022", "102290000000022"),
];

/// Statuses are posted by hand here.
struct Nowhere;

impl Outlet for Nowhere {
    fn call(
        &self,
        _: http::Request<Bytes>,
    ) -> futures_util::future::BoxFuture<'_, Result<http::Response<Bytes>, OutletLost>> {
        Box::pin(std::future::ready(Err(OutletLost)))
    }
}

struct Two {
    engine: Engine,
    store: Store,
    orgs: Vec<SalesforceSim>,
    meta: WhatsappSim,
    ambient: model::Ambient,
}

fn tenant(n: usize) -> TenantId {
    TenantId::new(TENANTS[n].0)
}

async fn two() -> (Two, engine::Running) {
    let (clock, seed) = (SimClock::starting_at(BEGAN), Seed::new(5));
    let ambient = ambient(&clock, &seed);
    let sites = Sites::within();
    let mut config = Config::one_number(&sites.graph_url, None);
    let (waba, number) = (config.wabas.remove(0), config.numbers.remove(0));
    for (_, id, waba_id) in TENANTS {
        config.wabas.push(whatsapp_sim::state::Waba { id: waba_id.into(), ..waba.clone() });
        config.numbers.push(whatsapp_sim::state::Number {
            id: id.into(),
            waba_id: waba_id.into(),
            ..number.clone()
        });
    }
    let meta = WhatsappSim::new(config, clock.clone(), &seed, Arc::new(Nowhere));
    meta.handle().customer(NewCustomer::named("Ana", &format!("+{PHONE}"))).unwrap();
    let store = Store::open_memory(MasterKey::from_bytes([7; 32]), ambient.clone()).unwrap();
    let (mut orgs, mut remotes, mut numbers) = (Vec::new(), Remotes::default(), Vec::new());
    for (n, (name, id, waba)) in TENANTS.into_iter().enumerate() {
        let sites =
            Sites { salesforce_url: format!("https://{name}.my.salesforce.com"), ..sites.clone() };
        let mut config = salesforce_config("", Latency::NONE, &sites);
        config.org_id = format!("00DHo000000000{n}");
        let org = SalesforceSim::new(config, clock.clone(), &seed.fork(name)).unwrap();
        let exchange: Arc<dyn Exchange> = Arc::new(RouterExchange(org.router()));
        let credentials = Credentials::ClientCredentials {
            my_domain_url: sites.salesforce_url.clone(),
            client_id: Sims::CONSUMER_KEY.into(),
            client_secret: Sims::CONSUMER_SECRET.to_owned().into(),
        };
        let tokens =
            Tokens::new(exchange.clone(), ambient.clone(), credentials, TokensOptions::default());
        let client =
            salesforce::Client::new(exchange, Arc::new(tokens.unwrap()), ClientOptions::default());
        remotes.salesforce.insert(tenant(n), Arc::new(client.unwrap()));
        let graph: Arc<dyn Exchange> = Arc::new(RouterExchange(meta.router()));
        let graph = whatsapp::Client::new(graph, &sites.graph_url, Token::new(Config::TOKEN));
        remotes.whatsapp.insert(PhoneNumberId::new(id), graph);
        numbers.push(Number {
            id: PhoneNumberId::new(id),
            tenant: tenant(n),
            waba: WabaId::new(waba),
            app: AppId::new("main"),
            display: format!("+1555000999{n}"),
            portfolio: Config::BUSINESS.into(),
        });
        orgs.push(org);
    }
    let engine = Engine::new(Parts {
        store: store.clone(),
        ambient: ambient.clone(),
        directory: Directory::new(numbers),
        remotes,
        spool: store::Spool::in_memory(64 << 20),
        options: Options {
            status_delay_ms: 100,
            alone: true,
            defaults: BTreeMap::new(),
            ..Options::default()
        },
    })
    .await
    .unwrap();
    let running = engine.start();
    (Two { engine, store, orgs, meta, ambient }, running)
}

impl Two {
    async fn hears(&self, n: usize, value: Value) {
        let (_, number, waba) = TENANTS[n];
        let mut value = value;
        value["messaging_product"] = "whatsapp".into();
        value["metadata"] = json!({ "display_phone_number": "1", "phone_number_id": number });
        let body = json!({ "object": "whatsapp_business_account", "entry": [
            { "id": waba, "changes": [{ "field": "messages", "value": value }] }] });
        let body = Bytes::from(body.to_string());
        self.engine.inbox.append(&AppId::new("main"), body).await.unwrap();
    }

    async fn quiet(&self) {
        for _ in 0..2_000 {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let depths = self.store.depths(None).await.unwrap();
            let far = self.ambient.now().plus(1_000_000_000);
            let mut links = 0;
            for n in 0..2 {
                links += self.store.record_links_due(&tenant(n), far, 10).await.unwrap().len();
            }
            if depths.journal
                + depths.outbox_queued
                + depths.sends_open
                + depths.sync_due
                + links as u64
                == 0
            {
                return;
            }
        }
        panic!("{:?}", self.store.depths(None).await);
    }

    /// Everything that an org holds, as text.
    fn all(&self, n: usize) -> String {
        let org = self.orgs[n].handle();
        let objects = [
            "Lead",
            "Contact",
            "Case",
            "Puente_Person__c",
            "Puente_Conversation__c",
            "Puente_Message__c",
        ];
        objects.into_iter().map(|o| Value::Array(org.rows(o)).to_string()).collect()
    }
}

#[tokio::test(start_paused = true)]
async fn one_customer_of_two_tenants_is_two_people() {
    let (two, running) = two().await;
    let contact = json!({ "LastName": "Secreta", "MobilePhone": format!("+{PHONE}") });
    two.orgs[0].handle().create("Contact", contact).unwrap();
    let at = two.ambient.now().secs();
    // the same wamid for both: only number and tenant tell them apart
    for (n, text) in ["para el norte", "para el sur"].into_iter().enumerate() {
        two.hears(n, json!({ "messages": [message("wamid.shared", PHONE, text, at)] })).await;
    }
    two.quiet().await;
    let all = [two.all(0), two.all(1)];
    assert!(all[0].contains("para el norte") && !all[0].contains("para el sur"));
    assert!(all[1].contains("para el sur") && !all[1].contains("para el norte"));
    assert!(!all[1].contains("Secreta"), "the other's contact");
    let count = |n: usize, object: &str| two.orgs[n].handle().count(object);
    assert_eq!(
        (count(0, "Lead"), count(0, "Case"), count(1, "Lead"), count(1, "Case")),
        (0, 1, 1, 0)
    );
    let hash = |n: usize| two.orgs[n].handle().rows("Puente_Person__c")[0]["Phone_Hash__c"].clone();
    assert_ne!(hash(0), hash(1), "a hash says nothing across tenants");

    let find = || Find::Wamid { number: None, wamid: "wamid.shared".into() };
    for n in 0..2 {
        let mine = two.engine.board.find(&tenant(n), find(), None, 10).await.unwrap().items;
        assert_eq!(mine.len(), 1);
        let theirs = two.engine.board.standing(&tenant(1 - n), mine[0].message).await.unwrap();
        assert!(theirs.is_none(), "another tenant's message by its id");
        let traces = two.engine.board.trace(&tenant(1 - n), Find::Person(mine[0].person)).await;
        assert!(traces.unwrap().is_empty());
    }
    running.stop().await;
}

#[tokio::test(start_paused = true)]
async fn keys_people_and_numbers_of_one_tenant_are_unknown_to_the_other() {
    let (two, running) = two().await;
    let at = two.ambient.now().secs();
    for (n, (_, number, _)) in TENANTS.into_iter().enumerate() {
        two.hears(n, json!({ "messages": [message(&format!("wamid.{n}"), PHONE, "hola", at)] }))
            .await;
        let customer = two.meta.handle().read(|w| w.customers.keys().next().cloned()).unwrap();
        two.meta.handle().texts(&customer, number, "hola").unwrap();
    }
    two.quiet().await;
    let send = |n: usize, to: String, number: Option<&str>| {
        let message = json!({ "type": "text", "text": { "body": format!("de {n}") } });
        let request = SendRequest {
            number: number.map(PhoneNumberId::new),
            to,
            class: Class::Live,
            reference: Some("same".into()),
            message: message.as_object().unwrap().clone(),
        };
        let caller = Caller { tenant: tenant(n), key: KeyId::new(&two.ambient), acting_user: None };
        let desk = two.engine.desk.clone();
        async move { desk.accept(&caller, "same-key", request).await }
    };
    let refused = send(0, format!("+{PHONE}"), Some(TENANTS[1].1)).await.unwrap_err();
    assert_eq!(refused.code.as_str(), "puente.unknown_number");
    let person =
        two.orgs[1].handle().rows("Puente_Person__c")[0]["Key__c"].as_str().unwrap().to_owned();
    let refused = send(0, person, None).await.unwrap_err();
    assert_eq!(refused.code.as_str(), "puente.no_such_recipient");
    let lead = two.orgs[1].handle().rows("Lead")[0]["Id"].as_str().unwrap().to_owned();
    // two orgs may mint the same record id: it must name one's own record
    match send(0, lead, None).await {
        Err(refused) => assert_eq!(refused.code.as_str(), "puente.no_such_recipient"),
        Ok(accepted) => {
            let standing = two.engine.board.standing(&tenant(0), accepted.message).await.unwrap();
            assert_eq!(standing.unwrap().number.as_str(), TENANTS[0].1);
        }
    }
    // one request key, two tenants: two messages
    let (a, b) =
        (send(0, format!("+{PHONE}"), None).await, send(1, format!("+{PHONE}"), None).await);
    if let (Ok(a), Ok(b)) = (&a, &b) {
        assert_ne!(a.outbox, b.outbox);
        assert!(!b.repeated);
    }
    let b = b.unwrap();
    let find = Find::Reference("same".into());
    let theirs = two.engine.board.find(&tenant(1), find, None, 10).await.unwrap().items;
    assert_eq!(theirs.iter().map(|s| s.message).collect::<Vec<_>>(), [b.message]);
    assert!(two.store.outbox(&tenant(0), b.outbox).await.unwrap().is_none());
    two.quiet().await;
    assert!(!two.all(0).contains("de 1") && !two.all(1).contains("de 0"));
    running.stop().await;
}
