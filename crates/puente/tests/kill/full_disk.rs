//! The real process on a file system that is really full.
//!
//! A tmpfs of a few megabytes holds the database. Webhooks and sends come until
//! it is full and go on coming; then it is made larger, under the running
//! process. Mounting needs root (or `CAP_SYS_ADMIN`); elsewhere this says so and
//! plays nothing.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use sim_kit::{Outlet, Seed};
use tokio::sync::watch;

use crate::bridge::Bridge;
use crate::database::Database;
use crate::post::Custody;
use crate::round;
use crate::sends::Accepted;
use crate::tally::Tally;
use crate::truth::{self, Expected};
use crate::world::World;

const SMALL: &str = "12m";
const ROOMY: &str = "400m";
const PEOPLE: usize = 60;
/// Far more than fit.
const WEBHOOKS: usize = 6_000;
/// How long the disk stays full with everybody at the door.
const FULL_FOR: Duration = Duration::from_secs(6);

/// A mounted tmpfs, gone when dropped.
struct Disk(PathBuf);

impl Disk {
    fn mount(at: &Path) -> Result<Self, String> {
        std::fs::create_dir_all(at).map_err(|e| e.to_string())?;
        run("mount", &["-t", "tmpfs", "-o", &format!("size={SMALL}"), "puente-full", &shown(at)])?;
        Ok(Self(at.to_owned()))
    }

    fn grow(&self) -> Result<(), String> {
        run("mount", &["-o", &format!("remount,size={ROOMY}"), &shown(&self.0)])
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = run("umount", &["-l", &shown(&self.0)]);
    }
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn run(program: &str, args: &[&str]) -> Result<(), String> {
    let out = Command::new(program).args(args).output().map_err(|e| e.to_string())?;
    match out.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&out.stderr).trim().to_owned()),
    }
}

pub enum Played {
    Whole(String),
    /// Nothing can be mounted here, and why.
    NotHere(String),
}

pub async fn play() -> Result<Played, String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let disk = match Disk::mount(&folder.path().join("disk")) {
        Ok(disk) => disk,
        Err(why) => return Ok(Played::NotHere(why)),
    };
    let seed = Seed::new(1).fork("full disk");
    let (custody, postmen) = Custody::new();
    let outlet: Arc<dyn Outlet> = custody.clone();
    let (_is_up, up) = watch::channel(true);
    let (_killed, line) = watch::channel(());
    let world = World::start(&seed, outlet, line).await?;
    let database = Database::Sqlite(disk.0.join("puente.db"));
    let bridge = Bridge::over(folder, database, &world)?;
    bridge.spawn()?;
    bridge.up().await?;
    postmen.set_out(&bridge.client, &bridge.url, &up);

    let people = world.people(PEOPLE)?;
    let mut wamids: Vec<String> =
        people.iter().map(|(id, _)| world.writes(id, "hola")).collect::<Result<_, _>>()?;
    let ledger = &postmen.ledger;
    round::until("the greetings are worked off", &bridge, async || {
        ledger.answered(&wamids) == wamids.len()
            && round::depth(&bridge, "journal_depth").await == Some(0)
    })
    .await?;
    custody.hold_messages();
    let flood: Vec<String> = (0..WEBHOOKS)
        .map(|n| world.writes(&people[n % people.len()].0, &format!("message {n}")))
        .collect::<Result<_, _>>()?;

    // Senders, one message after the other until the disk says no; the flood
    // comes when calls are under way.
    let mut sends = Vec::new();
    let refused = loop {
        if sends.len() == PEOPLE {
            custody.release_messages();
        }
        match send(&bridge, &people[sends.len() % PEOPLE].1, sends.len()).await? {
            Sent::Accepted(accepted) => sends.push(accepted),
            Sent::Refused(refusal) => break refused_well(refusal)?,
        }
        if sends.len() > 20_000 {
            return Err("the disk never became full".into());
        }
    };
    let webhook = webhook_refused(&bridge, &postmen).await?;
    let (pid, before) = (bridge.pid(), ledger.acknowledged());
    tokio::time::sleep(FULL_FOR).await;
    // what was acknowledged can still be asked for
    if let Some(first) = sends.first() {
        truth::status(&bridge, &first.id).await?;
    }
    let while_full = ledger.acknowledged() - before;

    disk.grow()?;
    let next = sends.len();
    round::until("a send is accepted again", &bridge, async || {
        matches!(send(&bridge, &people[0].1, next).await, Ok(Sent::Accepted(_)))
    })
    .await?;
    let Sent::Accepted(again) = send(&bridge, &people[0].1, next).await? else {
        return Err("a send that was accepted is not known".into());
    };
    sends.push(again);
    round::until("everything is worked off", &bridge, async || {
        round::drained(&world, &bridge, ledger).await
    })
    .await?;
    if bridge.pid() != pid {
        return Err(format!("the process was started again:\n{}", bridge.log()));
    }
    let mut tally = Tally {
        events: ledger.all.load(Ordering::SeqCst) + sends.len(),
        acknowledged: ledger.acknowledged() + sends.len(),
        ..Tally::default()
    };
    wamids.extend(flood);
    let expected = Expected { wamids, sends, calls_open: None };
    truth::check(&world, &bridge, &expected, &mut tally).await?;
    let log = bridge.log_of(&["the log cannot be moved", "the log is moved again"]);
    bridge.kill()?;
    Ok(Played::Whole(format!(
        "full after {before} webhooks; then senders got {refused}, Meta {webhook}, and \
         {while_full} webhooks found a place in {FULL_FOR:?}; with room, in the same process: \
         {tally}; checkpoints: {log:?}"
    )))
}

enum Sent {
    Accepted(Accepted),
    Refused(reqwest::Response),
}

/// One try; the same number is the same request.
async fn send(bridge: &Bridge, phone: &str, n: usize) -> Result<Sent, String> {
    let text = format!("reply {n}");
    let body = json!({ "to": phone, "type": "text", "text": { "body": text } });
    let request = bridge.client.post(format!("{}/send", bridge.url)).bearer_auth(&bridge.key);
    let request = request.header("idempotency-key", format!("full-{n}"));
    let answer = request.json(&body).send().await.map_err(|e| e.to_string())?;
    if answer.status() != StatusCode::ACCEPTED {
        return Ok(Sent::Refused(answer));
    }
    let answer: Value = answer.json().await.map_err(|e| e.to_string())?;
    let id = answer["id"].as_str().unwrap_or_default().to_owned();
    Ok(Sent::Accepted(Accepted { text, id }))
}

/// 503, when to come again, and why.
fn refused_well(answer: reqwest::Response) -> Result<String, String> {
    let (status, after) = (answer.status(), answer.headers().get("retry-after").cloned());
    match (status, after) {
        (StatusCode::SERVICE_UNAVAILABLE, Some(after)) => Ok(format!("503, Retry-After {after:?}")),
        other => Err(format!("a full disk is told as {other:?}")),
    }
}

/// What Meta is answered while the disk is full.
async fn webhook_refused(
    bridge: &Bridge,
    postmen: &crate::post::Postmen,
) -> Result<String, String> {
    for _ in 0..200 {
        if let Some((status, after)) = postmen.ledger.refusal() {
            return match (status, &after) {
                (503, Some(after)) => Ok(format!("503, Retry-After {after:?}")),
                other => Err(format!("Meta was answered {other:?}")),
            };
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err(format!("no webhook was refused:\n{}", bridge.log()))
}
