//! The load: as fast as the server answers, or at a rate.
//!
//! At a rate the latency counts from the moment a request was meant to leave,
//! so that a stall is charged to every request that it held up.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::try_join_all;
use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

use super::payload;
use super::wire::Wire;

#[derive(clap::Args, Clone)]
pub struct Args {
    #[arg(long)]
    pub to: SocketAddr,
    #[arg(long)]
    pub path: String,
    #[arg(long)]
    pub seconds: u64,
    /// Requests a second; 0: as many as are answered.
    #[arg(long, default_value_t = 0)]
    pub rate: u64,
    #[arg(long, default_value_t = 64)]
    pub connections: usize,
}

/// What a run came to; latencies in microseconds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Load {
    pub answered: u64,
    /// Answers other than 200.
    pub refused: u64,
    pub seconds: f64,
    pub p50: u64,
    pub p99: u64,
    pub p999: u64,
    pub max: u64,
}

impl Load {
    pub fn per_second(&self) -> f64 {
        self.answered as f64 / self.seconds
    }
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let ambient = crate::ambient::system();
    let next = Arc::new(AtomicU64::new(0));
    let start = super::instant();
    let plan = Plan { run: ambient.chance.u64(), timestamp: ambient.now().secs(), start, args };
    let lines = (0..plan.args.connections).map(|_| line(plan.clone(), next.clone()));
    let mut all = Line::new();
    for line in try_join_all(lines).await? {
        all.latency.add(line.latency)?;
        all.refused += line.refused;
    }
    let at = |q| all.latency.value_at_quantile(q);
    let load = Load {
        answered: all.latency.len(),
        refused: all.refused,
        seconds: start.elapsed().as_secs_f64(),
        p50: at(0.5),
        p99: at(0.99),
        p999: at(0.999),
        max: all.latency.max(),
    };
    println!("{}", serde_json::to_string(&load)?);
    Ok(ExitCode::SUCCESS)
}

#[derive(Clone)]
struct Plan {
    args: Args,
    run: u64,
    timestamp: i64,
    start: Instant,
}

struct Line {
    latency: Histogram<u64>,
    refused: u64,
}

impl Line {
    fn new() -> Self {
        let latency = Histogram::new(3).expect("three digits are a valid precision");
        Self { latency, refused: 0 }
    }
}

/// One connection: takes the next request of all, waits for its moment.
async fn line(plan: Plan, next: Arc<AtomicU64>) -> anyhow::Result<Line> {
    let mut wire = Wire::connect(plan.args.to).await?;
    let mut line = Line::new();
    let end = plan.start + Duration::from_secs(plan.args.seconds);
    loop {
        let n = next.fetch_add(1, Ordering::Relaxed);
        let request = payload::request(&plan.args.path, plan.run, n, plan.timestamp);
        let now = super::instant();
        let meant = match plan.args.rate {
            0 => now,
            rate => plan.start + Duration::from_nanos(n * 1_000_000_000 / rate),
        };
        if meant >= end {
            return Ok(line);
        }
        if meant > now {
            tokio::time::sleep(meant - now).await;
        }
        let (status, _) = wire.ask(&request).await?;
        if status == 200 {
            line.latency.record(meant.elapsed().as_micros() as u64)?;
        } else {
            line.refused += 1;
        }
    }
}
