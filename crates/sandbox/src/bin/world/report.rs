//! What is printed.

use std::collections::BTreeMap;

use model::planted::Planted;
use sandbox::world::{Kind, Outcome};

use crate::seeds::Ran;

/// The table of faults; false when one fired less than `least` times.
pub fn kinds(ran: &Ran, least: u64) -> bool {
    let mut enough = true;
    for kind in Kind::ALL {
        let fired = ran.fired.get(kind).copied().unwrap_or(0);
        let short = fired < least;
        let note = if short {
            format!("  less than {least}: this run proves nothing")
        } else {
            String::new()
        };
        println!("{fired:>7}  {}{note}", kind.says());
        enough &= !short;
    }
    println!("{:>7}  starts of the process", ran.restarts);
    enough
}

pub fn rate(ran: &Ran) {
    let seconds = ran.took.as_secs_f64();
    println!(
        "{} seeds, {} failed; {:.0} simulated hours in {seconds:.1} s, {:.0} ms a seed",
        ran.seeds,
        ran.caught.len(),
        ran.lived_ms as f64 / 3_600_000.0,
        seconds * 1_000.0 / ran.seeds.max(1) as f64,
    );
}

pub fn wrongs(caught: &BTreeMap<u64, Outcome>, most: usize) {
    for (seed, outcome) in caught.iter().take(most) {
        println!("seed {seed} fails; repeat it: cargo xtask world --seed {seed}");
        for (name, what) in outcome.wrongs.iter().take(10) {
            println!("    {name}: {what}");
        }
    }
    if caught.len() > most {
        let rest: Vec<String> = caught.keys().skip(most).map(u64::to_string).collect();
        println!("also seeds {}", rest.join(", "));
    }
}

/// One line of the table of planted faults; false when too few seeds caught it.
pub fn planted(fault: Planted, ran: &Ran, need: u64) -> bool {
    let caught = ran.caught.len() as u64;
    let name = fault.as_str();
    let first = ran.caught.iter().next().map_or("none".to_owned(), |(seed, outcome)| {
        let (name, what) = &outcome.wrongs[0];
        format!("{seed}: {name}: {what}")
    });
    let short = if caught < need { format!("  NOT PROVED, {need} needed") } else { String::new() };
    let first: String = first.chars().take(150).collect();
    println!("{name:26} {caught:>10} {:>6}  {first}{short}", ran.seeds);
    caught >= need
}
