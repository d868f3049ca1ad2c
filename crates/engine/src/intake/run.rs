//! Turn after turn, until the process stops.

use std::time::Duration;

use store::StoreError;
use tokio_util::sync::CancellationToken;

use super::claim::Intake;
use crate::nudge::{Woken, outlast};
use crate::pressure::Pressure;

impl Intake {
    /// A turn costs two commits, however many rows it has. So what comes during one
    /// gathers for a moment before the next, and for longer while many are received.
    pub async fn run(self, pressure: Pressure, stop: CancellationToken) -> Result<(), StoreError> {
        let (tick, gather) = (Duration::from_millis(500), Duration::from_millis(5));
        loop {
            match self.turn().await {
                Ok(true) if !stop.is_cancelled() => {
                    tokio::time::sleep(gather).await;
                    pressure.give_way().await;
                    continue;
                }
                Ok(_) => {}
                Err(error) => outlast("intake", error)?,
            }
            if self.nudges.intake.wait(tick, &stop).await == Woken::Stop {
                return Ok(());
            }
        }
    }
}
