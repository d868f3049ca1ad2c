//! Whose letters are whose, and what may be corrected into what.

use bytes::Bytes;
use model::ids::{AppId, KeyId, PhoneNumberId, TenantId, WabaId};
use serde_json::json;
use store::op::{NewWebhook, NumberRow, TenantRow};
use store::{Commit, LetterFilter, Op};

use super::{Correction, Letters};
use crate::directory::{Directory, Number};
use crate::intake::Intake;
use crate::nudge::Nudges;
use crate::outbound::{Caller, Desk, Outcome};
use crate::stage::{NOW, NUMBER, ambient, intake, number, store, tenant};
use crate::{Board, Find};

fn letters(numbers: Vec<Number>) -> Letters {
    let ambient = ambient();
    let (store, directory) = (store(&ambient), Directory::new(numbers));
    Letters::new(Desk { store, ambient, directory, nudges: Nudges::default() })
}

fn of(tenant: &str, app: &str, id: &str) -> Number {
    Number {
        id: PhoneNumberId::new(id),
        tenant: TenantId::new(tenant),
        app: AppId::new(app),
        waba: WabaId::new(format!("{id}0")),
        ..number()
    }
}

#[test]
fn a_body_is_within_reach_of_the_one_tenant_its_app_serves() {
    let letters = letters(vec![
        of("one", "shared", "1"),
        of("two", "shared", "2"),
        of("two", "own", "3"),
        of("two", "own", "4"),
    ]);
    let reach = |tenant: &str| {
        let reach = letters.reach(&TenantId::new(tenant));
        let apps: Vec<_> = reach.apps.iter().map(|app| app.as_str().to_owned()).collect();
        let numbers: Vec<_> = reach.numbers.iter().map(|n| n.as_str().to_owned()).collect();
        (apps, numbers)
    };
    assert_eq!(reach("one"), (vec![], vec!["1".into()]));
    assert_eq!(reach("two"), (vec!["own".into()], vec!["2".into(), "3".into(), "4".into()]));
    assert_eq!(reach("nobody"), (vec![], vec![]));
}

#[test]
fn a_corrected_body_is_readable_alone_and_ones_own() {
    let letters = letters(vec![of("one", "main", "1"), of("two", "main", "2")]);
    let key = KeyId::new(&ambient());
    let caller = Caller { tenant: TenantId::new("one"), key, acting_user: None };
    let text = |id: &str| {
        json!({ "from": "15550001111", "id": id, "timestamp": "1767225600",
                "type": "text", "text": { "body": "hola" } })
    };
    let body = |number: &str, messages: serde_json::Value| {
        let value = json!({ "messaging_product": "whatsapp", "messages": messages,
            "metadata": { "display_phone_number": "1", "phone_number_id": number } });
        json!({ "object": "whatsapp_business_account", "entry": [
            { "id": "10", "changes": [{ "field": "messages", "value": value }] }] })
    };
    let one = body("1", json!([text("wamid.a")]));
    assert!(letters.body(&caller, &one, true).is_ok());
    let both = body("1", json!([text("wamid.a"), text("wamid.b")]));
    assert!(letters.body(&caller, &both, false).is_ok());
    for (bad, alone, told) in [
        (both, true, "2 parts"),
        (body("2", json!([text("wamid.a")])), true, "not yours"),
        (body("9", json!([text("wamid.a")])), true, "not yours"),
        (body("1", json!([7])), true, ""),
        (json!({ "object": "page" }), false, "object"),
        (json!({ "object": "whatsapp_business_account", "entry": [] }), false, "nothing"),
    ] {
        let refusal = letters.body(&caller, &bad, alone).unwrap_err();
        assert_eq!(refusal.field.as_deref(), Some("body"), "{bad}");
        assert!(refusal.cause.contains(told), "{bad}: {}", refusal.cause);
        assert!(!refusal.cure.is_empty());
    }
}

#[tokio::test]
async fn what_is_no_letter_cannot_be_corrected() {
    let letters = letters(vec![number()]);
    let key = KeyId::new(&ambient());
    let caller = Caller { tenant: crate::stage::tenant(), key, acting_user: None };
    let id = store::LetterId::Item(7);
    let refused = letters.edit(&caller, id, Correction::Body(json!({}))).await.unwrap_err();
    assert_eq!(refused.code.as_str(), "puente.not_found");
}

#[tokio::test]
async fn what_nobody_claimed_is_taken_in_once_its_number_is_configured() {
    let ambient = ambient();
    let store = store(&ambient);
    let row = TenantRow { tenant: tenant(), org: None, at: NOW };
    let own = number();
    let number_row = NumberRow {
        tenant: tenant(),
        number: own.id.clone(),
        waba: own.waba.clone(),
        app: own.app,
    };
    let message = json!({ "from": "15550001111", "id": "wamid.early", "timestamp": "1767225600",
                          "type": "text", "text": { "body": "hola" } });
    let contact = json!({ "wa_id": "15550001111", "profile": { "name": "Ana" } });
    let value = json!({ "messaging_product": "whatsapp", "messages": [message],
        "contacts": [contact],
        "metadata": { "display_phone_number": "1", "phone_number_id": NUMBER } });
    let body = json!({ "object": "whatsapp_business_account", "entry": [
        { "id": "102290000000001", "changes": [{ "field": "messages", "value": value }] }] });
    let body = Bytes::from(body.to_string());
    let webhook = NewWebhook { app: AppId::new("main"), received_at: NOW, body };
    let ops = vec![Op::PutTenant(row), Op::PutNumber(number_row), Op::AppendWebhook(webhook)];
    store.commit(Commit::of(ops)).await.unwrap();
    let installation = store.installation().await.unwrap().id;
    let known = intake(&ambient, &store, installation);
    let before = Intake { directory: Directory::default(), ..known.clone() };
    while before.turn().await.unwrap() {}
    assert_eq!(store.depths(None).await.unwrap().items_unclaimed, 1);

    let letters = |directory| {
        let (store, ambient) = (store.clone(), ambient.clone());
        Letters::new(Desk { store, ambient, directory, nudges: Nudges::default() })
    };
    let all = LetterFilter::default();
    let blind = letters(Directory::default());
    assert!(blind.list(&tenant(), &all, 9).await.unwrap().is_empty(), "nobody's to see");
    let letters = letters(Directory::new([number()]));
    let listed = letters.list(&tenant(), &all, 9).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].letter.code, "unclaimed");
    let caller = Caller { tenant: tenant(), key: KeyId::new(&ambient), acting_user: None };
    for outcome in [Outcome::Done, Outcome::Settled] {
        assert_eq!(letters.replay(&caller, listed[0].letter.id).await.unwrap(), outcome);
        while known.turn().await.unwrap() {}
    }
    let board = Board { store: store.clone(), trends: crate::board::Trends::default() };
    let find = Find::Wamid { number: None, wamid: "wamid.early".into() };
    let found = board.find(&tenant(), find, None, 9).await.unwrap().items;
    assert_eq!(found.len(), 1);
    let person = store.persons(&tenant(), &[found[0].person]).await.unwrap().remove(0);
    assert_eq!(person.profile.display_name.as_deref(), Some("Ana"), "its contact came along");
    assert_eq!(store.depths(None).await.unwrap().items_unclaimed, 0);
}
