//! Queued webhooks in few statements, one savepoint and one commit.

use std::fmt::Write as _;

use futures_util::FutureExt;
use tokio::sync::oneshot;

use super::SqliteTx;
use super::group::{Job, Write};
use crate::StoreError;
use crate::apply::journal;
use crate::cx::{Cx, work};
use crate::op::{Did, NewWebhook};
use crate::sql::{Cols, args};

type Reply = oneshot::Sender<Result<Vec<Did>, StoreError>>;

pub(crate) struct Append {
    pub webhooks: Vec<NewWebhook>,
    pub reply: Reply,
}

/// Those that wait for the same commit. What fails of one, the seal or the
/// disk, fails of all: none is told yes, and each comes again.
pub(crate) struct Appends {
    write: Write<Vec<i64>>,
    answer: oneshot::Receiver<Result<Vec<i64>, StoreError>>,
    /// Each with how many are its own.
    replies: Vec<(usize, Reply)>,
}

impl Appends {
    pub fn new(waiting: Vec<Append>) -> Self {
        let (mut webhooks, mut replies) = (vec![], vec![]);
        for append in waiting {
            replies.push((append.webhooks.len(), append.reply));
            webhooks.extend(append.webhooks);
        }
        let (write, answer) = Write::new(work(|cx| journal::append(cx, webhooks).boxed()));
        Self { write, answer, replies }
    }
}

impl Job for Appends {
    fn run(&mut self, cx: &mut Cx) -> Result<(), StoreError> {
        self.write.run(cx)
    }

    fn answer(self: Box<Self>, fate: &Result<(), StoreError>) {
        let Self { write, mut answer, replies } = *self;
        Box::new(write).answer(fate);
        let unanswered = || Err(StoreError::Broken("a write gave no answer".into()));
        let mut seqs = answer.try_recv().unwrap_or_else(|_| unanswered()).map(Vec::into_iter);
        for (count, reply) in replies {
            // A caller that went away does not hear that its rows are on disk.
            let _ = reply.send(match &mut seqs {
                Ok(seqs) => Ok(seqs.take(count).map(Did::Seq).collect()),
                Err(error) => Err(error.clone()),
            });
        }
    }
}

/// The next numbers of the journal, so many. No number is ever used again.
pub(crate) fn numbers(tx: &mut SqliteTx, count: usize) -> Result<Vec<i64>, StoreError> {
    const LAST: &str = "SELECT seq FROM sqlite_sequence WHERE name = 'journal'";
    let last: i64 = match tx.rows(LAST, &[])?.pop() {
        Some(row) => Cols::new(row).get()?,
        None => 0,
    };
    Ok((1..=count as i64).map(|n| last + n).collect())
}

/// One statement for each run of the same app: a statement of its own for each
/// row would also read and write the table's last number each time.
pub(crate) fn rows(
    tx: &mut SqliteTx,
    seqs: &[i64],
    webhooks: &[NewWebhook],
    bodies: Vec<Vec<u8>>,
) -> Result<(), StoreError> {
    const ROWS: &str = "INSERT INTO journal (seq, app, received_at) \
                        SELECT $1 + key, $2, value FROM json_each($3)";
    const BODY: &str = "INSERT INTO journal_body (seq, body) VALUES ($1, $2)";
    let mut first = 0;
    for run in webhooks.chunk_by(|one, next| one.app == next.app) {
        let mut times = String::from("[");
        for (at, webhook) in run.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            let _ = write!(times, "{comma}{}", webhook.received_at.0);
        }
        times.push(']');
        tx.exec(ROWS, &[seqs[first].into(), (&run[0].app).into(), times.into()])?;
        first += run.len();
    }
    let bodies = seqs.iter().zip(bodies).map(|(seq, body)| args![*seq, body]);
    tx.exec_each(BODY, bodies)
}
