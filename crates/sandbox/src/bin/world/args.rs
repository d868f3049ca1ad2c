//! The options, as `cargo xtask world` hands them on.

use model::planted::{POSSIBLE, Planted};

#[derive(Clone, Debug)]
pub struct Args {
    pub seeds: u64,
    pub from: u64,
    pub seed: Option<u64>,
    /// Each seed runs a second time, and must leave the same trace.
    pub twice: bool,
    pub threads: usize,
    pub planted: Vec<Planted>,
}

impl Args {
    pub fn read(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut args =
            Self { seeds: 300, from: 0, seed: None, twice: false, threads: 2, planted: Vec::new() };
        while let Some(word) = words.next() {
            if word == "--twice" {
                args.twice = true;
                continue;
            }
            let value = words.next().ok_or_else(|| format!("{word} needs a value"))?;
            let number = || value.parse::<u64>().map_err(|_| format!("{word}: not a number"));
            match word.as_str() {
                "--seeds" => args.seeds = number()?,
                "--from" => args.from = number()?,
                "--seed" => args.seed = Some(number()?),
                "--threads" => args.threads = number()?.clamp(1, 64) as usize,
                "--planted" => args.planted = faults(&value)?,
                _ => return Err(format!("{word} is no option of the world")),
            }
        }
        Ok(args)
    }

    /// Fewer than 300 seeds are a look, not a proof.
    pub fn fired_min(&self) -> u64 {
        if self.seeds < 300 { 0 } else { 50 }
    }
}

fn faults(word: &str) -> Result<Vec<Planted>, String> {
    if !POSSIBLE {
        return Err("this build has no planted faults: add --features planted".into());
    }
    if word == "all" {
        return Ok(Planted::ALL.to_vec());
    }
    let names = || Planted::ALL.iter().map(|fault| fault.as_str()).collect::<Vec<_>>().join(", ");
    Planted::parse(word)
        .map(|fault| vec![fault])
        .ok_or_else(|| format!("--planted: {word} is none of them; one of {}, or all", names()))
}
