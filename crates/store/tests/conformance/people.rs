//! People, how they are recognised, and their lanes.

use model::ids::{LaneId, PersonId, RecordId};
use store::op::*;
use store::{Op, Profile};

use crate::ambient::T0;
use crate::world::{Thread, World};

fn profile(name: &str) -> Profile {
    Profile {
        display_name: Some(name.into()),
        wa_id: Some("15550100001".into()),
        country: Some("US".into()),
        ..Profile::default()
    }
}

pub async fn a_person_comes_back_as_given_and_updates_move_forward(w: World) {
    let thread = w.thread().await;
    let id = PersonId::new(&w.ambient);
    let tenant = thread.tenant.clone();
    let new = NewPerson { tenant: tenant.clone(), id, at: T0, profile: profile("Ana \u{1f98a}\0") };
    w.did(Op::NewPerson(new.clone())).await;
    assert!(w.refused(Op::NewPerson(new)).await.is_conflict());
    let update = |profile, at| {
        Op::UpdatePerson(PersonUpdate { tenant: tenant.clone(), id, profile, seen_at: at })
    };
    w.did(update(None, T0.plus(9))).await;
    w.did(update(Some(profile("Ana B")), T0.plus(5))).await;
    let found = w.store.persons(&tenant, &[PersonId::new(&w.ambient), id]).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].profile, profile("Ana B"));
    assert_eq!((found[0].created_at, found[0].seen_at), (T0, T0.plus(9)));
    let nobody = PersonUpdate { tenant, id: PersonId::new(&w.ambient), profile: None, seen_at: T0 };
    assert!(w.refused(Op::UpdatePerson(nobody)).await.is_conflict());
}

pub async fn the_account_of_a_person_is_found(w: World) {
    let (with, without) = (w.thread().await, w.person(&w.tenant("globex").await, "200").await);
    let account = RecordId::new("001000000000001AAA");
    let link = |thread: &Thread| {
        Op::LinkPerson(PersonLink {
            tenant: thread.tenant.clone(),
            id: thread.person,
            lead: None,
            contact: Some(RecordId::new("003000000000001AAA")),
            account: Some(account.clone()),
        })
    };
    w.did(link(&with)).await;
    let both = [with.person, without.person];
    let found = w.store.accounts(&with.tenant, &both).await.unwrap();
    assert_eq!(found.into_iter().collect::<Vec<_>>(), [(with.person, account)]);
    assert!(w.store.accounts(&without.tenant, &both).await.unwrap().is_empty());
}

pub async fn a_handle_belongs_to_one_person(w: World) {
    let (a, b) = {
        let a = w.thread().await;
        let b = w.person(&a.tenant, "100").await;
        (a, b)
    };
    let handle = |thread: &Thread, kind, hash| {
        let (tenant, person) = (thread.tenant.clone(), thread.person);
        Op::AddHandle(NewHandle { tenant, person, kind, hash: [hash; 32], at: T0 })
    };
    w.did(handle(&a, HandleKind::WaId, 1)).await;
    w.did(handle(&a, HandleKind::WaId, 1)).await;
    assert!(w.refused(handle(&b, HandleKind::WaId, 1)).await.is_conflict());
    w.did(handle(&b, HandleKind::Phone, 1)).await;
    let wanted =
        [(HandleKind::Phone, [1; 32]), (HandleKind::Bsuid, [1; 32]), (HandleKind::WaId, [1; 32])];
    let found = w.store.handles(&a.tenant, &wanted).await.unwrap();
    let found: Vec<_> = found.iter().map(|handle| (handle.kind, handle.person)).collect();
    assert_eq!(found, [(HandleKind::Phone, b.person), (HandleKind::WaId, a.person)]);
    let nobody = Thread { person: PersonId::new(&w.ambient), ..a };
    assert!(w.refused(handle(&nobody, HandleKind::Bsuid, 2)).await.is_conflict());
}

pub async fn a_lane_is_one_for_number_and_person(w: World) {
    let thread = w.thread().await;
    let again = NewLane {
        tenant: thread.tenant.clone(),
        id: LaneId::new(&w.ambient),
        number: thread.number.clone(),
        person: thread.person,
    };
    assert!(w.refused(Op::NewLane(again)).await.is_conflict());
    let pairs = [
        (thread.number.clone(), thread.person),
        (thread.number.clone(), PersonId::new(&w.ambient)),
    ];
    let lanes = w.store.lanes(&thread.tenant, &pairs).await.unwrap();
    assert_eq!(lanes.iter().map(|lane| lane.id).collect::<Vec<_>>(), [thread.lane]);
    let lane = w.store.lane(&thread.tenant, thread.lane).await.unwrap().unwrap();
    assert_eq!((lane.person, lane.last_inbound_at), (thread.person, None));
}

pub async fn last_inbound_only_moves_forward(w: World) {
    let thread = w.thread().await;
    for (at, known) in [(5, 5), (9, 9), (7, 9)] {
        w.wrote_in(&thread, T0.plus(at)).await;
        let lane = w.store.lane(&thread.tenant, thread.lane).await.unwrap().unwrap();
        assert_eq!(lane.last_inbound_at, Some(T0.plus(known)));
    }
    let tenant = thread.tenant;
    let nowhere = LaneInbound { tenant, lane: LaneId::new(&w.ambient), at: T0 };
    assert!(w.refused(Op::LaneInbound(nowhere)).await.is_conflict());
}
