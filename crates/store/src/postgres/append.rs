//! Queued webhooks in two statements and one commit.

use futures_util::FutureExt;
use tokio::sync::{mpsc, oneshot};

use super::fault::fault;
use super::{PgTx, Postgres};
use crate::StoreError;
use crate::apply::journal;
use crate::cx::work;
use crate::op::{Did, NewWebhook};
use crate::sql::{Cols, V};

const QUEUE_MAX: usize = 4096;
const GROUP_MAX: usize = 512;

struct Append {
    webhooks: Vec<NewWebhook>,
    reply: oneshot::Sender<Result<Vec<Did>, StoreError>>,
}

/// The queue in front of the batching task.
#[derive(Clone)]
pub(crate) struct Appends(mpsc::Sender<Append>);

impl Appends {
    pub fn start(postgres: Postgres) -> Self {
        let (queue, mut waiting) = mpsc::channel::<Append>(QUEUE_MAX);
        tokio::spawn(async move {
            while let Some(first) = waiting.recv().await {
                let mut group = vec![first];
                while group.len() < GROUP_MAX {
                    let Ok(next) = waiting.try_recv() else { break };
                    group.push(next);
                }
                commit(&postgres, group).await;
            }
        });
        Self(queue)
    }

    pub async fn append(&self, webhooks: Vec<NewWebhook>) -> Result<Vec<Did>, StoreError> {
        let (reply, answer) = oneshot::channel();
        let closed = || StoreError::Broken("the store is closed".into());
        self.0.send(Append { webhooks, reply }).await.map_err(|_| closed())?;
        answer.await.unwrap_or_else(|_| Err(closed()))
    }
}

async fn commit(postgres: &Postgres, mut group: Vec<Append>) {
    let counts: Vec<usize> = group.iter().map(|append| append.webhooks.len()).collect();
    let webhooks: Vec<_> =
        group.iter_mut().flat_map(|append| std::mem::take(&mut append.webhooks)).collect();
    let written = postgres.write(work(move |cx| journal::append(cx, webhooks).boxed())).await;
    match written {
        Ok(seqs) => {
            let mut seqs = seqs.into_iter();
            for (append, count) in group.into_iter().zip(counts) {
                let _ = append.reply.send(Ok(seqs.by_ref().take(count).map(Did::Seq).collect()));
            }
        }
        Err(error) => group.into_iter().for_each(|append| {
            let _ = append.reply.send(Err(error.clone()));
        }),
    }
}

/// The next numbers of the journal, so many.
pub(crate) async fn numbers(tx: &mut PgTx, count: usize) -> Result<Vec<i64>, StoreError> {
    const NUMBERS: &str = "SELECT nextval(pg_get_serial_sequence('journal', 'seq')) \
                           FROM generate_series(1, $1::BIGINT)";
    let rows = tx.rows(NUMBERS, &[V::I(count as i64)]).await?;
    rows.into_iter().map(|row| Cols::new(row).get()).collect()
}

pub(crate) async fn rows(
    tx: &PgTx,
    seqs: &[i64],
    webhooks: &[NewWebhook],
    bodies: &[Vec<u8>],
) -> Result<(), StoreError> {
    const ROWS: &str = "INSERT INTO journal (seq, app, received_at) \
                        SELECT * FROM UNNEST($1::BIGINT[], $2::TEXT[], $3::BIGINT[])";
    const BODIES: &str = "INSERT INTO journal_body (seq, body) \
                          SELECT * FROM UNNEST($1::BIGINT[], $2::BYTEA[])";
    let apps: Vec<&str> = webhooks.iter().map(|webhook| webhook.app.as_str()).collect();
    let times: Vec<i64> = webhooks.iter().map(|webhook| webhook.received_at.0).collect();
    let client = tx.client()?;
    let rows = client.prepare_cached(ROWS).await.map_err(fault)?;
    client.execute(&rows, &[&seqs, &apps, &times]).await.map_err(fault)?;
    let into_bodies = client.prepare_cached(BODIES).await.map_err(fault)?;
    client.execute(&into_bodies, &[&seqs, &bodies]).await.map_err(fault)?;
    Ok(())
}
