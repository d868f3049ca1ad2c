//! What messages say about consent, by webhooks as they come.

use bytes::Bytes;
use model::ids::{AppId, PersonId};
use model::{ConsentKind, Purpose, UnixMs};
use serde_json::{Value, json};
use store::op::{NewWebhook, NumberRow, TenantRow};
use store::{Commit, Op, OutboxState, Store};
use whatsapp::wire::webhook::split;

use super::Settings;
use crate::directory::Directory;
use crate::intake::Intake;
use crate::stage::{NOW, NUMBER, ambient, intake, number, store, tenant};

const MINUTE: i64 = 60_000;

struct Desk {
    store: Store,
    intake: Intake,
}

impl Desk {
    async fn with(settings: Settings) -> Self {
        let ambient = ambient();
        let (store, number) = (store(&ambient), number());
        let row = TenantRow { tenant: tenant(), org: None, at: NOW };
        let number =
            NumberRow { tenant: tenant(), number: number.id, waba: number.waba, app: number.app };
        store.commit(Commit::of(vec![Op::PutTenant(row), Op::PutNumber(number)])).await.unwrap();
        let mut intake = intake(&ambient, &store, store.installation().await.unwrap().id);
        let settings = [(tenant(), settings)].into_iter().collect();
        intake.directory = Directory::new([crate::stage::number()]).with_consent(settings);
        Self { store, intake }
    }

    /// The messages of one webhook, each of this customer.
    async fn hears(&self, messages: &[Value]) {
        let messages: Vec<_> = messages
            .iter()
            .map(|message| {
                let mut whole = json!({ "from": "15550001111" });
                whole.as_object_mut().unwrap().extend(message.as_object().unwrap().clone());
                whole
            })
            .collect();
        let metadata = json!({ "display_phone_number": "1", "phone_number_id": NUMBER });
        let value = json!({ "messaging_product": "whatsapp", "metadata": metadata,
            "messages": messages });
        let body = json!({ "object": "whatsapp_business_account",
            "entry": [{ "id": "102290000000001",
                "changes": [{ "field": "messages", "value": value }] }] });
        let body = Bytes::from(body.to_string());
        assert_eq!(split(&body).unwrap().len(), messages.len());
        let webhook = NewWebhook { app: AppId::new("main"), received_at: NOW, body };
        self.store.commit(Commit::of(vec![Op::AppendWebhook(webhook)])).await.unwrap();
        while self.intake.turn().await.unwrap() {}
    }

    async fn person(&self) -> PersonId {
        let hash =
            self.store.hmac(&tenant(), rules::identity::wa_id_text("15550001111").as_bytes());
        let kind = store::op::HandleKind::WaId;
        self.store.handles(&tenant(), &[(kind, hash)]).await.unwrap()[0].person
    }

    async fn stands(&self) -> Vec<(Purpose, ConsentKind)> {
        let said = self.store.consents(&tenant(), self.person().await).await.unwrap();
        said.into_iter().map(|said| (said.purpose, said.kind)).collect()
    }

    async fn answers(&self) -> Vec<Value> {
        let rows = self.store.outbox_in_state(&tenant(), OutboxState::Queued, 99).await.unwrap();
        rows.iter()
            .map(|row| serde_json::from_slice::<Value>(&row.body).unwrap()["message"].clone())
            .collect()
    }
}

fn text(id: &str, minutes_ago: i64, text: &str) -> Value {
    let at = UnixMs(NOW.0 - minutes_ago * MINUTE).0 / 1_000;
    json!({ "id": id, "timestamp": at.to_string(), "type": "text", "text": { "body": text } })
}

const OUT: (Purpose, ConsentKind) = (Purpose::Marketing, ConsentKind::OptOut);

#[tokio::test]
async fn an_opt_out_that_comes_late_counts_and_is_not_answered() {
    // older than an hour
    let desk = Desk::with(Settings::default()).await;
    desk.hears(&[text("wamid.1", 61, "STOP")]).await;
    assert_eq!((desk.stands().await, desk.answers().await.len()), (vec![OUT], 0));
    // within it
    let desk = Desk::with(Settings::default()).await;
    desk.hears(&[text("wamid.1", 59, "STOP")]).await;
    assert_eq!((desk.stands().await, desk.answers().await.len()), (vec![OUT], 1));
    // an opt-out that is older than the opt-in that came before it
    let desk = Desk::with(Settings::default()).await;
    desk.hears(&[text("wamid.1", 1, "ALTA")]).await;
    desk.hears(&[text("wamid.2", 30, "BAJA")]).await;
    let stands = desk.stands().await;
    assert!(stands.contains(&(Purpose::Marketing, ConsentKind::OptIn)), "{stands:?}");
    assert_eq!(desk.answers().await.len(), 0);
    let events = desk.store.consent_events(&tenant(), desk.person().await, 9).await.unwrap();
    assert_eq!(events.len(), 4, "the ledger has both");
}

#[tokio::test]
async fn an_opt_out_of_all_ends_all_and_is_answered_once_in_its_language() {
    let desk = Desk::with(Settings::default()).await;
    let twice = [text("wamid.1", 0, "Parar tudo"), text("wamid.1", 0, "Parar tudo")];
    desk.hears(&twice).await;
    desk.hears(&[text("wamid.2", 0, "stop all")]).await;
    let ends = Purpose::ASKED.map(|purpose| (purpose, ConsentKind::OptOut));
    let mut stands = desk.stands().await;
    stands.sort();
    assert_eq!(stands, ends);
    let answers = desk.answers().await;
    assert_eq!(answers.len(), 1);
    let body = answers[0]["text"]["body"].as_str().unwrap();
    assert!(body.starts_with("Pronto"), "{body}");
    let event = &desk.store.consent_events(&tenant(), desk.person().await, 9).await.unwrap()[0];
    assert_eq!((event.source.as_str(), event.channel.as_str()), ("keyword", "whatsapp"));
    assert_eq!(event.number.as_ref(), Some(&number().id));
    assert!(event.about.wording.is_some() && event.about.evidence.is_some());
}

#[tokio::test]
async fn a_button_is_heard_and_a_sentence_is_put_to_a_person() {
    let desk = Desk::with(Settings::default()).await;
    let button = json!({ "id": "wamid.1", "timestamp": (NOW.0 / 1_000).to_string(),
        "type": "button", "button": { "text": "Stop promotions", "payload": "Stop promotions" } });
    desk.hears(&[text("wamid.0", 0, "por favor quiero darme de baja de esto")]).await;
    assert!(desk.stands().await.is_empty());
    let alerts = desk.store.alerts_open(&tenant()).await.unwrap();
    assert_eq!((alerts.len(), alerts[0].kind.as_str()), (1, "maybe_opt_out"));
    assert_eq!(alerts[0].subject, desk.person().await.to_string());
    assert!(!alerts[0].text.contains("baja"), "what they wrote stays sealed");
    desk.hears(&[button]).await;
    assert_eq!(desk.stands().await, [OUT]);
}

#[tokio::test]
async fn who_comes_from_an_advertisement_agrees_only_where_that_is_said() {
    let mut from_ad = text("wamid.1", 0, "hola");
    from_ad["referral"] = json!({ "source_id": "120210000000001", "source_type": "ad",
        "source_url": "https://example.com", "ctwa_clid": "c1" });
    for said in [true, false] {
        let settings = Settings { referral_opts_in: said, ..Settings::default() };
        let desk = Desk::with(settings).await;
        desk.hears(std::slice::from_ref(&from_ad)).await;
        let stands = desk.stands().await;
        let agrees = vec![(Purpose::Marketing, ConsentKind::OptIn)];
        assert_eq!(stands, if said { agrees } else { vec![] });
    }
}
