//! SIGKILL of the real process in the middle of its work, seen from outside.
//!
//! `puente serve` runs on a database on disk against both simulators over TCP.
//! It is killed while webhooks come in and sends are under way, and started
//! again on the same database; some rounds kill it again while it recovers. On
//! PostgreSQL the database itself is stopped at once in some. What got no
//! answer comes again, as Meta and every caller of an API would do it. Then the
//! truth of both simulators is read: every message is in Salesforce once, no
//! phone shows a send twice, no tick is missing, and of a send that nobody can
//! tell about a person is told.
//!
//! A kill leaves what the process wrote in the page cache: it proves the order
//! of writing and answering, and the recovery. What a power cut does to the
//! disk is proved elsewhere, on a simulated disk.
//!
//! `cargo xtask kill` says how many rounds, on which store, from which seed;
//! without `PUENTE_KILL_ROUNDS` nothing is played. A debug build is too slow to
//! be busy: the profile is `swift`.

#[path = "kill/bridge.rs"]
mod bridge;
#[path = "kill/database.rs"]
mod database;
#[path = "kill/full_disk.rs"]
mod full_disk;
#[path = "kill/post.rs"]
mod post;
#[path = "kill/round.rs"]
mod round;
#[path = "kill/sends.rs"]
mod sends;
#[path = "kill/tally.rs"]
mod tally;
#[path = "kill/truth.rs"]
mod truth;
#[path = "kill/world.rs"]
mod world;

use std::sync::{Mutex, PoisonError};

use database::Kind;
use round::Played;
use tally::Tally;

/// A round whose first kill came too early or too late is played again.
const TRIES: u64 = 12;

#[test]
fn a_killed_process_loses_nothing_and_repeats_nothing() {
    let Some(rounds) = number("PUENTE_KILL_ROUNDS") else {
        println!("held back: `cargo xtask kill` says how many rounds are to be played");
        return;
    };
    let kind = match std::env::var("PUENTE_KILL_STORE").as_deref() {
        Ok("postgres") => Kind::Postgres,
        _ => Kind::Sqlite,
    };
    let first = number("PUENTE_KILL_SEED").unwrap_or(1);
    let book = Book::new(first, rounds);
    std::thread::scope(|scope| {
        for _ in 0..kind.rounds_at_once().min(rounds) {
            scope.spawn(|| {
                while let Some(seed) = book.next() {
                    book.note(seed, valid_round(kind, seed));
                }
            });
        }
    });
    let (total, failed) = book.closed();
    println!("total of {rounds} rounds on {}: {total}", kind.word());
    let again =
        |seed: &u64| format!("cargo xtask kill --rounds 1 --store {} --seed {seed}", kind.word());
    let commands: Vec<_> = failed.iter().map(again).collect();
    assert!(failed.is_empty(), "{} rounds failed; again:\n{}", failed.len(), commands.join("\n"));
}

#[test]
fn a_full_disk_refuses_and_heals_by_itself() {
    if std::env::var_os("PUENTE_FULL_DISK").is_none() {
        println!("held back: `cargo xtask test --only full` mounts a small disk for it");
        return;
    }
    let runtime = runtime().expect("a runtime starts");
    let played = runtime.block_on(full_disk::play());
    runtime.shutdown_background();
    match played {
        Ok(full_disk::Played::Whole(story)) => println!("{story}"),
        Ok(full_disk::Played::NotHere(why)) => {
            println!("not played: no small disk can be mounted here ({why})")
        }
        Err(why) => panic!("{why}"),
    }
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} is a number")))
}

/// Which rounds are played, and what came of them.
struct Book(Mutex<Pages>);

struct Pages {
    next: u64,
    end: u64,
    total: Tally,
    failed: Vec<u64>,
}

impl Book {
    fn new(first: u64, rounds: u64) -> Self {
        let total = Tally::default();
        Self(Mutex::new(Pages { next: first, end: first + rounds, total, failed: Vec::new() }))
    }

    /// After a failure no new round is begun.
    fn next(&self) -> Option<u64> {
        let mut pages = self.pages();
        let seed = pages.next;
        let more = seed < pages.end && pages.failed.is_empty();
        pages.next += u64::from(more);
        more.then_some(seed)
    }

    fn note(&self, seed: u64, played: Result<Tally, String>) {
        let mut pages = self.pages();
        match played {
            Ok(tally) => {
                println!("seed {seed}: {tally}");
                pages.total += tally;
            }
            Err(why) => {
                println!("seed {seed}: FAILED\n{why}");
                pages.failed.push(seed);
            }
        }
    }

    fn closed(self) -> (Tally, Vec<u64>) {
        let pages = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        (pages.total, pages.failed)
    }

    fn pages(&self) -> std::sync::MutexGuard<'_, Pages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The seed chooses the moments; how far the process is by then, the machine.
fn valid_round(kind: Kind, seed: u64) -> Result<Tally, String> {
    for attempt in 0..TRIES {
        let runtime = runtime().map_err(|e| e.to_string())?;
        let played = runtime.block_on(round::play(kind, seed, attempt));
        runtime.shutdown_background();
        match played? {
            Played::Valid(tally) if tally.lost + tally.repeated == 0 => return Ok(tally),
            Played::Valid(tally) => return Err(format!("{tally}")),
            Played::Void(why) => println!("seed {seed}: void, {why}; again at another moment"),
        }
    }
    Err(format!("{TRIES} rounds were void: the machine is too quick or too slow"))
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()
}
