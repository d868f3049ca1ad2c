//! The drill of an outage, small: half an hour at a message a second.

use engine::bulk::Options;
use sandbox::drill::{Outage, salesforce_down};

#[tokio::test(start_paused = true)]
async fn half_an_hour_without_salesforce_is_drained_in_order() {
    let bulk = Options { backlog_rows: 300, jobs_max: 2, rows_max: 700 };
    let plan = Outage {
        seconds: 1_800,
        rate: 1,
        people: 300,
        bulk,
        calls_per_message: 0.2,
        ..Outage::default()
    };
    let report = salesforce_down(&plan, |_| {}).await.unwrap();
    for line in &report.lines {
        println!("{} | {} | {} | {}", line.what, line.goal, line.measured, line.reached);
    }
    assert!(report.reached(), "{:#?}", report.lines);
    let how = report.lines.iter().find(|line| line.what == "how").unwrap();
    let jobs: u32 = how.measured.split(' ').next().unwrap().parse().unwrap();
    assert!(jobs >= 6, "{}", how.measured);
}
