//! Sends of one busy number, measured where Meta stands.
//!
//! Two questions: does a number use what it may, and never more; and how soon
//! does an agent's reply leave while a campaign takes all it can. People write
//! all the while, ticks come back, and an org as slow as a busy one is shown all
//! of it. Both simulators are in this process, on the other core than the bridge.

mod caller;
mod load;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use store::Class;

use super::child::stay_on;
use super::far::LIMIT;
use super::line::{Line, Outcome, unpinned};
use load::{BEFORE, Load, load};

const REPLY_MS: u64 = 250;

#[derive(clap::Args)]
pub struct Args {
    /// How long each of the three loads is measured.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(5..=3_600))]
    seconds: u64,
    /// Messages that wait in the campaign.
    #[arg(long, default_value_t = 100_000)]
    campaign: u64,
    /// Customers' messages a second.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=500))]
    inbound: u64,
    /// Agents' replies a second, alone and again during the campaign.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=60))]
    replies: u64,
    /// Where the database is made, on the disk to be measured.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Print the outcome as JSON: `lines` (what, aim, measured, beside, reached) and `notes`.
    #[arg(long)]
    json: bool,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    // more than can leave while it is looked at
    let lasting = (args.seconds + BEFORE.as_secs()) * LIMIT;
    if args.campaign < lasting {
        bail!(
            "--campaign {}: it would end before {} s are over; at least {lasting}, or fewer --seconds",
            args.campaign,
            args.seconds
        );
    }
    // the far sides and the callers on the other core than the bridge
    stay_on(1).await?;
    anstream::eprintln!("sending: one number at its limit");
    let busy = load(&args, Class::Live, lasting, 0).await?;
    anstream::eprintln!("sending: replies alone");
    let alone = load(&args, Class::Campaign, 0, args.replies).await?;
    anstream::eprintln!("sending: replies while a campaign runs");
    let campaign = load(&args, Class::Campaign, args.campaign, args.replies).await?;
    let outcome = Outcome {
        lines: lines(&args, &busy, &alone, &campaign),
        notes: unpinned().into_iter().collect(),
    };
    outcome.print(args.json)
}

fn lines(args: &Args, busy: &Load, alone: &Load, campaign: &Load) -> Vec<Line> {
    let peak = busy.peak.max(campaign.peak);
    let throttled = busy.throttled + campaign.throttled;
    let (sent, received) = (busy.sent / args.seconds as f64, busy.received / args.seconds as f64);
    let room = LIMIT as f64 - received;
    let share = sent / room;
    let late = |load: &Load, share| load.latency.value_at_quantile(share);
    let p99 = late(campaign, 0.99);
    let of = |load: &Load| {
        format!("{} ms (p50 {}, max {})", late(load, 0.99), late(load, 0.5), load.latency.max())
    };
    vec![
        Line::new("messages in a number's fullest second, in and out", peak.to_string())
            .aim(format!("<= {LIMIT}"), peak <= LIMIT),
        Line::new("sends that Meta refused for that", throttled.to_string())
            .aim("0", throttled == 0)
            .beside(format!("{} of them during the campaign", campaign.throttled)),
        Line::new(
            "sent, of what the limit leaves beside what came in",
            format!("{:.1} % ({sent:.0}/s)", share * 100.0),
        )
        .aim(">= 99 %", share >= 0.99)
        .beside(format!("{received:.0}/s came in, which leaves {room:.0}/s")),
        Line::new("an agent's reply at Meta during a campaign, p99", of(campaign))
            .aim(format!("<= {REPLY_MS} ms"), p99 <= REPLY_MS)
            .beside(format!("no campaign: {}", of(alone))),
        Line::new(
            "the campaign meanwhile",
            format!("{:.0}/s", campaign.sent / args.seconds as f64),
        ),
    ]
}
