//! Cases that a reply moves, and cases that a rule closes because the customer is
//! silent: once, through lost answers and restarts.

use std::time::Duration;

use serde_json::json;
use whatsapp_sim::Customer;

use crate::routing_used::{apply, writes};
use crate::world::World;

const DAY: Duration = Duration::from_secs(86_400);

const MOVES: &str = "\
    [[newcomer]]\nname = 'all'\nmake = 'lead'\n\
    [[case]]\nname = 'contacts'\nperson = ['contact']\n\
    [[reply]]\nname = 'thanks'\nkeyword = ['gracias']\nfrom = ['New']\nto = 'Escalated'\n\
    [[reply]]\nname = 'answered'\nfrom = ['New']\nto = 'Working'\n\
    [[close]]\nname = 'no answer'\nfrom = ['New']\nafter_days = 7\nto = 'Closed'\n";

/// Carla's case, in whose status an agent waits for her.
async fn waiting() -> (World, Customer, String) {
    let world = World::quick().await;
    let (carla, _) = world.contact("Carla");
    apply(&world, MOVES).await;
    writes(&world, &carla, "hola").await;
    let case = world.org().rows("Case").pop().unwrap()["Id"].as_str().unwrap().to_owned();
    // Meta tells times in seconds
    some_time().await;
    waits_again(&world, &case);
    (world, carla, case)
}

fn waits_again(world: &World, case: &str) {
    world.org().update(case, json!({ "Status": "New" })).unwrap();
}

fn status(world: &World, case: &str) -> String {
    world.org().row(case).unwrap()["Status"].as_str().unwrap().to_owned()
}

async fn some_time() {
    tokio::time::sleep(Duration::from_secs(40)).await;
}

#[tokio::test(start_paused = true)]
async fn a_reply_moves_a_waiting_case_once() {
    let (world, carla, case) = waiting().await;
    some_time().await;
    assert_eq!(status(&world, &case), "New", "the message that it was made for moves nothing");
    writes(&world, &carla, "aquí está").await;
    some_time().await;
    assert_eq!(status(&world, &case), "Working");
    // an agent puts it back: what was written before moves nothing any more
    waits_again(&world, &case);
    let world = world.restarted(None).await;
    some_time().await;
    assert_eq!(status(&world, &case), "New");
    writes(&world, &carla, "¡Gracias!").await;
    some_time().await;
    assert_eq!(status(&world, &case), "Escalated", "by the first rule that holds");
    // a case that is closed is never moved
    world.org().close_case(&case).unwrap();
    writes(&world, &carla, "otra cosa").await;
    some_time().await;
    assert_eq!(status(&world, &case), "Closed");
}

#[tokio::test(start_paused = true)]
async fn whichever_call_is_lost_a_reply_moves_its_case() {
    for (op, act) in [
        ("query", "cut_before"),
        ("query", "cut_after"),
        ("collections.update", "cut_before"),
        ("collections.update", "cut_after"),
    ] {
        let (world, carla, case) = waiting().await;
        world.org_fault(json!({ "op": op, "act": act, "times": 1 }));
        writes(&world, &carla, "aquí está").await;
        some_time().await;
        some_time().await;
        assert_eq!(status(&world, &case), "Working", "{op} {act}");
        let fired = world.org().gate().faults.fired().len();
        assert_eq!(fired, 1, "{op} {act} was met");
    }
}

#[tokio::test(start_paused = true)]
async fn a_case_whose_customer_is_silent_is_closed_once() {
    let (world, carla, case) = waiting().await;
    let outbox = world.sends(&carla, "ask", "¿Nos manda la factura?").await;
    world.until_sent(&outbox).await;
    tokio::time::advance(DAY * 6).await;
    some_time().await;
    assert_eq!(status(&world, &case), "New");
    tokio::time::advance(DAY + Duration::from_secs(7_200)).await;
    some_time().await;
    some_time().await;
    assert_eq!(status(&world, &case), "Closed");
    // who opens it again wants it open
    waits_again(&world, &case);
    tokio::time::advance(DAY * 9).await;
    some_time().await;
    some_time().await;
    assert_eq!(status(&world, &case), "New");
}
