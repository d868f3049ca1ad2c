//! SIGKILL of the real process in the middle of its work, seen from outside.
//!
//! `puente serve` runs on a database on disk against both simulators over TCP.
//! It is killed while webhooks come in and sends are under way, and started
//! again on the same database. What got no answer comes again, as Meta and
//! every caller of an API would do it. Then the truth of both simulators is
//! read: every message is in Salesforce once, no phone shows a send twice, and
//! of a send that nobody can tell about a person is told.
//!
//! A kill leaves what the process wrote in the page cache: it proves the order
//! of writing and answering, and the recovery. What a power cut does to the
//! disk is proved elsewhere, on a simulated disk.
//!
//! Runs with `PUENTE_TEST_BINARY`, the path of a binary of profile `swift` or
//! `release`: a debug build is too slow to be busy. `PUENTE_KILL_SEED` runs the
//! round of one seed, `PUENTE_TEST_FAST` one small round.

#[path = "kill/bridge.rs"]
mod bridge;
#[path = "kill/post.rs"]
mod post;
#[path = "kill/round.rs"]
mod round;
#[path = "kill/sends.rs"]
mod sends;
#[path = "kill/truth.rs"]
mod truth;
#[path = "kill/world.rs"]
mod world;

use std::path::{Path, PathBuf};

use round::{Played, Size};

/// A round whose kill came too early or too late is played again.
const TRIES: u64 = 6;

#[test]
fn a_killed_process_loses_nothing_and_repeats_nothing() {
    let Some(binary) = std::env::var_os("PUENTE_TEST_BINARY").map(PathBuf::from) else {
        println!("held back: PUENTE_TEST_BINARY names no binary; `cargo xtask test` builds one");
        return;
    };
    let binary = binary.canonicalize().expect("PUENTE_TEST_BINARY names a file");
    let fast = std::env::var_os("PUENTE_TEST_FAST").is_some();
    let size = if fast { Size::SMALL } else { Size::WHOLE };
    let seeds: Vec<u64> = match std::env::var("PUENTE_KILL_SEED") {
        Ok(seed) => vec![seed.parse().expect("PUENTE_KILL_SEED is a number")],
        Err(_) if fast => vec![1],
        Err(_) => (1..=5).collect(),
    };
    for seed in seeds {
        if let Err(why) = valid_round(&binary, size, seed) {
            let fast = if fast { "PUENTE_TEST_FAST=1 " } else { "" };
            panic!(
                "seed {seed}: {why}\nagain: {fast}PUENTE_KILL_SEED={seed} PUENTE_TEST_BINARY={} \
                 cargo test -p puente --test kill -- --nocapture",
                binary.display()
            );
        }
    }
}

/// The seed chooses the moments; how far the process is by then, the machine.
fn valid_round(binary: &Path, size: Size, seed: u64) -> Result<(), String> {
    for attempt in 0..TRIES {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(|e| e.to_string())?;
        let played = runtime.block_on(round::play(binary, size, seed, attempt));
        runtime.shutdown_background();
        match played? {
            Played::Valid(story) => {
                println!("seed {seed}: {story}");
                return Ok(());
            }
            Played::Void(why) => println!("seed {seed}: void, {why}; again at another moment"),
        }
    }
    Err(format!("{TRIES} rounds were void; the machine is too quick or too slow for this size"))
}
