//! Runs seeds of the simulated world and says what came of them. Started by
//! `cargo xtask world`, which explains the options.

mod args;
mod report;
mod seeds;

use std::process::ExitCode;

use args::Args;
use model::planted::Planted;

fn main() -> ExitCode {
    let args = match Args::read(std::env::args().skip(1)) {
        Ok(args) => args,
        Err(why) => {
            eprintln!("error: {why}");
            return ExitCode::FAILURE;
        }
    };
    let passed = match (&args.planted, args.seed) {
        (faults, None) if !faults.is_empty() => planted(&args, faults),
        (faults, Some(seed)) => one(&args, faults.first().copied(), seed),
        _ => storm(&args),
    };
    if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Many seeds without a planted fault: all must hold, and every kind of fault
/// must have fired often enough to prove something.
fn storm(args: &Args) -> bool {
    let ran = seeds::run(args, None, None);
    let enough = report::kinds(&ran, args.fired_min());
    report::wrongs(&ran.caught, 5);
    report::rate(&ran);
    ran.caught.is_empty() && enough
}

/// One seed, told line by line.
fn one(args: &Args, fault: Option<Planted>, seed: u64) -> bool {
    let ran = seeds::run(&Args { from: seed, seeds: 1, ..args.clone() }, fault, None);
    ran.stories.iter().flatten().for_each(|line| println!("{line}"));
    report::wrongs(&ran.caught, 1);
    if ran.caught.is_empty() {
        println!("seed {seed}: nothing is wrong; trace {:016x}", ran.traces[&seed]);
    }
    ran.caught.is_empty()
}

/// Each planted fault must be caught by a hundredth of the seeds; a fault's
/// run ends when that many have.
fn planted(args: &Args, faults: &[Planted]) -> bool {
    let need = args.seeds.div_ceil(100);
    println!("{:26} {:>10} {:>6}  first", "planted", "caught", "seeds");
    let mut all = true;
    for fault in faults {
        let ran = seeds::run(args, Some(*fault), Some(need));
        all &= report::planted(*fault, &ran, need);
    }
    all
}
