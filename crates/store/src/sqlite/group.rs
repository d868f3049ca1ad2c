//! Group commit: many works, one transaction, one sync.
//!
//! Each work has a savepoint, so that one which fails or panics takes nothing
//! with it. What ends the transaction itself (no room, an I/O error) fails the
//! whole group: nobody is told yes.

use std::panic::{AssertUnwindSafe, catch_unwind};

use futures_util::FutureExt;
use model::planted::{Planted, planted};
use tokio::sync::oneshot;

use super::SqliteTx;
use crate::StoreError;
use crate::cx::{Cx, Work};
use crate::health::Health;
use crate::sql::Tx;

/// One caller's work and where its answer goes.
pub(crate) trait Job: Send {
    /// `Err` when the transaction is lost for everybody.
    fn run(&mut self, cx: &mut Cx) -> Result<(), StoreError>;

    /// Called once, after the transaction ended.
    fn answer(self: Box<Self>, fate: &Result<(), StoreError>);
}

pub(crate) struct Write<R> {
    work: Option<Work<R>>,
    out: Option<Result<R, StoreError>>,
    reply: oneshot::Sender<Result<R, StoreError>>,
}

impl<R> Write<R> {
    pub fn new(work: Work<R>) -> (Self, oneshot::Receiver<Result<R, StoreError>>) {
        let (reply, answer) = oneshot::channel();
        (Self { work: Some(work), out: None, reply }, answer)
    }
}

impl<R: Send> Job for Write<R> {
    fn run(&mut self, cx: &mut Cx) -> Result<(), StoreError> {
        let Some(work) = self.work.take() else {
            return Ok(());
        };
        sqlite(cx).control("SAVEPOINT work")?;
        let done = catch_unwind(AssertUnwindSafe(|| drive(cx, work)));
        let done = done.unwrap_or_else(|_| {
            Err(StoreError::Broken("a write panicked; nothing of it was kept".into()))
        });
        if !sqlite(cx).stands() {
            return Err(match done {
                Err(StoreError::Full(why)) => StoreError::Full(why),
                _ => StoreError::Full("the engine gave the transaction up".into()),
            });
        }
        match &done {
            Ok(_) => sqlite(cx).control("RELEASE work")?,
            Err(StoreError::Full(why)) => return Err(StoreError::Full(why.clone())),
            Err(_) => {
                cx.forget();
                sqlite(cx).control("ROLLBACK TO work")?;
                sqlite(cx).control("RELEASE work")?;
            }
        }
        self.out = Some(done);
        Ok(())
    }

    fn answer(self: Box<Self>, fate: &Result<(), StoreError>) {
        let out = match (fate, self.out) {
            (_, Some(Err(error))) => Err(error),
            (Err(error), _) => Err(error.clone()),
            (Ok(()), Some(Ok(out))) => Ok(out),
            (Ok(()), None) => Err(StoreError::Broken("a write was not run".into())),
        };
        // A caller that went away does not hear that its rows are on disk.
        let _ = self.reply.send(out);
    }
}

pub(crate) fn sqlite(cx: &mut Cx) -> &mut SqliteTx {
    match &mut cx.tx {
        Tx::Sqlite(tx) => tx,
        Tx::Postgres(_) => unreachable!("this connection was opened as SQLite"),
    }
}

/// On SQLite every future is ready at once.
pub(crate) fn drive<R>(cx: &mut Cx, work: Work<R>) -> Result<R, StoreError> {
    cx.run(work).now_or_never().unwrap_or_else(|| {
        Err(StoreError::Broken("a write waited for something that is not the database".into()))
    })
}

pub(crate) fn commit(
    cx: &mut Cx,
    jobs: &mut [Box<dyn Job>],
    health: &Health,
) -> Result<(), StoreError> {
    health.check()?;
    sqlite(cx).control("BEGIN IMMEDIATE")?;
    let ran = jobs.iter_mut().try_for_each(|job| job.run(cx));
    let ended = ran.and_then(|()| {
        let ended = sqlite(cx).commit();
        if let Err(StoreError::Broken(why)) = &ended {
            health.break_down(format!("a commit has an unknown outcome: {why}"));
        }
        ended
    });
    if ended.is_ok() {
        cx.publish();
        return Ok(());
    }
    if matches!(ended, Err(StoreError::Full(_))) && planted(Planted::AutocommitAfterFull) {
        // the transaction is gone, and nobody looks whether it stands
        if sqlite(cx).stands() {
            sqlite(cx).control("ROLLBACK")?;
        }
        cx.forget();
        return Ok(());
    }
    cx.forget();
    if sqlite(cx).stands()
        && let Err(error) = sqlite(cx).control("ROLLBACK")
    {
        health.break_down(format!("a rollback failed: {error}"));
    }
    ended
}

/// A group of one, for the thread that waits for it.
pub(crate) fn once<R: Send + 'static>(
    cx: &mut Cx,
    health: &Health,
    work: Work<R>,
) -> Result<R, StoreError> {
    let (job, mut answer) = Write::new(work);
    let mut jobs: Vec<Box<dyn Job>> = vec![Box::new(job)];
    let fate = commit(cx, &mut jobs, health);
    jobs.into_iter().for_each(|job| job.answer(&fate));
    answer.try_recv().unwrap_or_else(|_| Err(StoreError::Broken("a write gave no answer".into())))
}

/// One read snapshot.
pub(crate) fn snapshot<R>(cx: &mut Cx, work: Work<R>) -> Result<R, StoreError> {
    sqlite(cx).control("BEGIN")?;
    let out = catch_unwind(AssertUnwindSafe(|| drive(cx, work)))
        .unwrap_or_else(|_| Err(StoreError::Broken("a read panicked".into())));
    match &out {
        Ok(_) => cx.publish(),
        Err(_) => cx.forget(),
    }
    sqlite(cx).control("COMMIT")?;
    out
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    use model::{Ambient, Chance, Clock, UnixMs};

    use super::*;
    use crate::cx::work;
    use crate::migrate;
    use crate::seal::{Keyring, MasterKey};
    use crate::sqlite::memory;

    #[derive(Default)]
    struct Counting(AtomicI64);

    impl Clock for Counting {
        fn wall(&self) -> UnixMs {
            UnixMs(self.mono())
        }

        fn mono(&self) -> i64 {
            self.0.fetch_add(1, Ordering::Relaxed)
        }
    }

    impl Chance for Counting {
        fn fill(&self, out: &mut [u8]) {
            out.iter_mut().for_each(|byte| *byte = self.mono() as u8);
        }
    }

    fn ready() -> (Cx, Health) {
        let source = Arc::new(Counting::default());
        let ambient = Ambient { clock: source.clone(), chance: source };
        let keys = Keyring::new(MasterKey::from_bytes([1; 32]).key(), ambient.clone());
        let tx = Tx::Sqlite(SqliteTx::new(memory().expect("memory opens"), ambient.clone()));
        let mut cx = Cx::new(tx, Arc::new(keys), ambient);
        let health = Health::default();
        let migrated = work(|cx| migrate::run(cx, migrate::ALL).boxed());
        once(&mut cx, &health, migrated).expect("it migrates");
        (cx, health)
    }

    const PUT: &str = "INSERT INTO cursor (tenant, name, value) VALUES ('acme', $1, x'00')";
    const COUNT: &str = "SELECT COUNT(*) FROM cursor";

    fn put(name: &'static str) -> Work<u64> {
        work(move |cx| cx.tx.exec(PUT, vec![name.into()]).boxed())
    }

    fn rows(cx: &mut Cx) -> i64 {
        let count = work(|cx| {
            async move { cx.tx.row(COUNT, vec![]).await?.expect("a count has a row").get() }.boxed()
        });
        snapshot(cx, count).expect("it can be read")
    }

    #[test]
    fn a_panic_takes_only_its_own_rows() {
        let (mut cx, health) = ready();
        let panicking: Work<u64> = work(|cx| {
            async move {
                cx.tx.exec(PUT, vec!["lost".into()]).await?;
                panic!("planted")
            }
            .boxed()
        });
        let mut answers = vec![];
        let mut jobs: Vec<Box<dyn Job>> = vec![];
        for work in [put("a"), panicking, put("b")] {
            let (job, answer) = Write::new(work);
            jobs.push(Box::new(job));
            answers.push(answer);
        }
        let fate = commit(&mut cx, &mut jobs, &health);
        jobs.into_iter().for_each(|job| job.answer(&fate));
        let answers: Vec<_> = answers.iter_mut().map(|a| a.try_recv().expect("answered")).collect();
        assert!(answers[0].is_ok() && answers[2].is_ok());
        assert!(matches!(&answers[1], Err(StoreError::Broken(why)) if why.contains("panicked")));
        assert_eq!(rows(&mut cx), 2);
    }

    #[test]
    fn a_transaction_given_up_behind_our_back_fails_the_group() {
        let (mut cx, health) = ready();
        let gone: Work<u64> = work(|cx| cx.tx.exec("ROLLBACK", vec![]).boxed());
        let mut answers = vec![];
        let mut jobs: Vec<Box<dyn Job>> = vec![];
        for work in [put("a"), gone, put("b")] {
            let (job, answer) = Write::new(work);
            jobs.push(Box::new(job));
            answers.push(answer);
        }
        let fate = commit(&mut cx, &mut jobs, &health);
        jobs.into_iter().for_each(|job| job.answer(&fate));
        for answer in &mut answers {
            let answer = answer.try_recv().expect("answered");
            assert!(matches!(answer, Err(StoreError::Full(_))), "{answer:?}");
        }
        assert_eq!(rows(&mut cx), 0, "a row outside of any transaction was kept");
        assert!(once(&mut cx, &health, put("later")).is_ok());
    }
}
