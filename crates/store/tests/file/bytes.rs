//! Nothing personal can be read from the file or its log.

use model::ids::{AttemptId, ConversationId, LaneId, MessageId, OutboxId, PersonId};
use model::ids::{PhoneNumberId, RecordId, TenantId};
use model::{Ambient, Status};
use store::op::*;
use store::{Class, Commit, Did, Direction, Object, Op, Profile, RecordKind, RecordState, Store};

use crate::ambient::{T0, ambient};
use crate::{Dir, master, now, webhook};

/// Each is planted in every place that may hold it.
const NAME: &str = "Ana Planted-Name";
const PHONE: &str = "15550100999";
const BODY: &str = "planted text of a customer";
const WAMID: &str = "wamid.PLANTED";
const REASON: &str = "planted remote words";
const REFERENCE: &str = "planted reference";
const ALERT: &str = "planted alert";

const SECRETS: [&str; 7] = [NAME, PHONE, BODY, WAMID, REASON, REFERENCE, ALERT];

#[test]
fn nothing_personal_is_in_the_file_or_its_log() {
    let dir = Dir::new();
    let ambient = ambient(1).0;
    let store = Store::open_sqlite(dir.file(), master(), ambient.clone()).unwrap();
    now(planted(&store, &ambient));
    // Open, so that the log still holds it; then closed, so that the file does.
    let log = std::fs::read(dir.file().with_extension("db-wal")).unwrap();
    now(store.close());
    let file = std::fs::read(dir.file()).unwrap();
    assert!(log.len() + file.len() > 100_000, "too little to have held it");
    for (place, bytes) in [("log", &log), ("file", &file)] {
        for secret in SECRETS {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret:?} can be read in the {place}");
        }
    }
    // The tenant's name is no secret: it proves that the search finds things.
    assert!(file.windows(4).any(|window| window == b"acme"));
}

async fn planted(store: &Store, ambient: &Ambient) {
    let tenant = TenantId::new("acme");
    let number = PhoneNumberId::new("100");
    let (person, lane) = (PersonId::new(ambient), LaneId::new(ambient));
    let (conversation, outbox) = (ConversationId::new(ambient), OutboxId::new(ambient));
    let [inbound, outbound] = [MessageId::new(ambient), MessageId::new(ambient)];
    let profile = Profile {
        display_name: Some(NAME.into()),
        wa_id: Some(PHONE.into()),
        phone_e164: Some(format!("+{PHONE}")),
        bsuid: Some(PHONE.into()),
        parent_bsuid: Some(PHONE.into()),
        username: Some(NAME.into()),
        country: None,
    };
    let raw = format!("{{\"from\":\"{PHONE}\",\"text\":\"{BODY}\",\"name\":\"{NAME}\"}}");
    let message = |id, direction, outbox| {
        Op::NewMessage(NewMessage {
            tenant: tenant.clone(),
            id,
            conversation,
            person,
            lane,
            number: number.clone(),
            direction,
            kind: "text".into(),
            record_key: "00".repeat(32),
            state_key: None,
            outbox,
            journal: None,
            sent_at: T0,
            received_at: T0,
            late: false,
            body: raw.clone().into_bytes(),
        })
    };
    let item = |hash, tenant, state| {
        Op::Item(NewItem {
            tenant,
            app: model::ids::AppId::new("main"),
            journal: 1,
            ordinal: hash,
            kind: "message".into(),
            number: Some(number.clone()),
            key: DayKey { day: 1, hash: [hash as u8; 16] },
            state,
            at: T0,
            person: Some(person),
            message: Some(inbound),
            raw: Some(raw.clone().into()),
            envelope: None,
            effects: vec![],
        })
    };
    let hash = |text: &str| store.hmac(&tenant, text.as_bytes());
    let aside = ItemState::Aside { code: "puente.shape".into(), detail: REASON.into() };
    let ops = vec![
        Op::PutTenant(TenantRow { tenant: tenant.clone(), org: None, at: T0 }),
        webhook(raw.clone()),
        Op::NewPerson(NewPerson { tenant: tenant.clone(), id: person, at: T0, profile }),
        Op::AddHandle(NewHandle {
            tenant: tenant.clone(),
            person,
            kind: HandleKind::WaId,
            hash: hash(PHONE),
            at: T0,
        }),
        Op::NewLane(NewLane { tenant: tenant.clone(), id: lane, number: number.clone(), person }),
        Op::LaneInbound(LaneInbound { tenant: tenant.clone(), lane, at: T0 }),
        Op::NewConversation(NewConversation {
            tenant: tenant.clone(),
            id: conversation,
            lane,
            person,
            number: number.clone(),
            opened_at: T0,
        }),
        message(inbound, Direction::In, None),
        item(1, Some(tenant.clone()), aside),
        item(2, None, ItemState::Unclaimed),
        Op::Accept(Box::new(NewOutbox {
            tenant: tenant.clone(),
            id: outbox,
            lane,
            number: number.clone(),
            person,
            message: outbound,
            class: Class::Live,
            request_key: hash("key"),
            request_digest: hash(BODY),
            free_form: true,
            purpose: model::Purpose::Service,
            template: None,
            reference: Some(REFERENCE.into()),
            agent: None,
            due_at: T0,
            created_at: T0,
            body: raw.clone().into_bytes(),
            effects: vec![message(outbound, Direction::Out, Some(outbox))],
        })),
        Op::RaiseAlert(AlertRaised {
            tenant: tenant.clone(),
            kind: "test".into(),
            subject: "1".into(),
            text: ALERT.into(),
            at: T0,
        }),
    ];
    store.commit(Commit::of(ops)).await.unwrap();
    remotes_words(store, ambient, &tenant, &number, (person, outbox)).await;
}

/// What remotes answer, in each row that keeps it.
async fn remotes_words(
    store: &Store,
    ambient: &Ambient,
    tenant: &TenantId,
    number: &PhoneNumberId,
    (person, outbox): (PersonId, OutboxId),
) {
    let begin = BeginSend {
        tenant: tenant.clone(),
        outbox,
        attempt: AttemptId::new(ambient),
        at: T0,
        deadline: T0,
        sync_due_at: T0,
        policy: model::ConsentPolicy::IMPLIED,
    };
    let did = store.commit(Commit::of(vec![Op::BeginSend(begin)])).await.unwrap();
    let Did::Permit(permit) = did[0].clone() else { panic!("{did:?}") };
    let row = SyncRef { object: Object::Person, id: *person.as_bytes(), version: 1 };
    let detail = || REASON.to_owned();
    let code = || "code".to_owned();
    let seen = |state_key, attempt| {
        Op::MergeStatus(StatusSeen {
            tenant: tenant.clone(),
            number: number.clone(),
            state_key,
            status: Status::Failed,
            at: T0,
            code: Some(code()),
            detail: Some(detail()),
            pricing: None,
            attempt,
            wamid: WAMID.into(),
            sync_due_at: T0,
        })
    };
    let link = NewRecordLink {
        tenant: tenant.clone(),
        person,
        kind: RecordKind::Lead,
        slot: *person.as_bytes(),
        at: T0,
        due_at: T0,
        again: false,
    };
    let step = RecordStep {
        tenant: tenant.clone(),
        person,
        kind: RecordKind::Lead,
        slot: *person.as_bytes(),
        state: RecordState::Aside,
        record: Some(RecordId::new("00Q000000000001AAA")),
        due_at: T0,
        charge: true,
        code: Some(code()),
        detail: Some(detail()),
        plan: None,
        at: T0,
    };
    let end = SendEnd::Uncertain { code: code(), detail: detail(), until: T0 };
    let ops = vec![
        Op::FinishSend(FinishSend { permit: permit.clone(), at: T0, end, sync_due_at: T0 }),
        seen([1; 16], None),
        seen([2; 16], Some(permit.attempt)),
        Op::Want(Want {
            tenant: tenant.clone(),
            object: Object::Person,
            id: *person.as_bytes(),
            root: person,
            due_at: T0,
        }),
        Op::SyncBegin(SyncBegin { tenant: tenant.clone(), rows: vec![row], at: T0 }),
        Op::SyncEnd(SyncEnd {
            tenant: tenant.clone(),
            row,
            at: T0,
            end: SyncOutcome::Aside { code: code(), detail: detail() },
        }),
        Op::WantRecord(link),
        Op::RecordStep(step),
    ];
    store.commit(Commit::of(ops)).await.unwrap();
}
