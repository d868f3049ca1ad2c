//! The one thread that writes.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::append::{Append, Appends};
use super::group::{self, Job};
use crate::StoreError;
use crate::cx::Cx;
use crate::health::Health;

/// Queued works that share one commit. More would make the first one wait.
const GROUP_MAX: usize = 1024;
const QUEUE_MAX: usize = 8192;

pub(crate) enum Order {
    Job(Box<dyn Job>),
    Append(Append),
    Close(oneshot::Sender<()>),
}

pub(crate) fn start(cx: Cx, health: Arc<Health>) -> Result<mpsc::Sender<Order>, StoreError> {
    let (queue, orders) = mpsc::channel(QUEUE_MAX);
    std::thread::Builder::new()
        .name("store-writer".into())
        .spawn(move || run(cx, orders, &health))
        .map_err(|error| StoreError::Full(format!("no thread for the writer: {error}")))?;
    Ok(queue)
}

fn run(mut cx: Cx, mut orders: mpsc::Receiver<Order>, health: &Health) {
    while let Some(first) = orders.blocking_recv() {
        let (mut jobs, mut appends) = (Vec::<Box<dyn Job>>::new(), vec![]);
        let mut close = None;
        let mut next = Some(first);
        while let Some(order) = next {
            match order {
                Order::Job(job) => jobs.push(job),
                Order::Append(append) => appends.push(append),
                Order::Close(done) => {
                    close = Some(done);
                    break;
                }
            }
            let room = jobs.len() + appends.len() < GROUP_MAX;
            next = if room { orders.try_recv().ok() } else { None };
        }
        if !appends.is_empty() {
            jobs.push(Box::new(Appends::new(appends)));
        }
        if !jobs.is_empty() {
            let fate = group::commit(&mut cx, &mut jobs, health);
            jobs.into_iter().for_each(|job| job.answer(&fate));
        }
        if let Some(done) = close {
            drop(cx);
            let _ = done.send(());
            return;
        }
    }
}
