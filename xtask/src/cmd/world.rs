//! `cargo xtask world`: the simulated world, drawn from seeds.

use std::process::ExitCode;

use anyhow::Result;

use crate::steps::world;

#[derive(clap::Args)]
#[command(after_help = "Each seed is one run of the whole bridge between both simulators, in \
                        simulated time and on a simulated disk, through faults drawn from the \
                        seed; checkers outside compare what both remotes hold with what was \
                        said and answered. docs/world.md says what is checked.\n\n\
                        cargo xtask world --seeds 2000          many seeds\n\
                        cargo xtask world --seed 17             one seed, told line by line\n\
                        cargo xtask world --planted all         proof that the checkers bite")]
pub struct Args {
    /// How many seeds to run
    #[arg(long, default_value_t = 300)]
    seeds: u64,
    /// The first of them
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Run this one alone and tell what happens
    #[arg(long)]
    seed: Option<u64>,
    /// Run each twice: the traces must be equal
    #[arg(long)]
    twice: bool,
    /// Plant a fault in the bridge, which the checkers must catch: a name, or all
    #[arg(long, value_name = "NAME")]
    planted: Option<String>,
    /// Seeds run side by side
    #[arg(long, default_value_t = 2)]
    threads: u64,
}

pub fn run(args: &Args) -> Result<ExitCode> {
    let mut words = vec!["--seeds".to_owned(), args.seeds.to_string()];
    words.extend(["--from".to_owned(), args.from.to_string()]);
    words.extend(["--threads".to_owned(), args.threads.to_string()]);
    if let Some(seed) = args.seed {
        words.extend(["--seed".to_owned(), seed.to_string()]);
    }
    if args.twice {
        words.push("--twice".to_owned());
    }
    if let Some(name) = &args.planted {
        words.extend(["--planted".to_owned(), name.clone()]);
    }
    let status = world::command(args.seeds, &words)?.status()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
