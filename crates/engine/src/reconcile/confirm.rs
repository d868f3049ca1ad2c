//! The second look at what differed, and the wish to write it again.

use std::collections::BTreeMap;

use rules::reconcile::{Kind, Met, Ours, Theirs, Verdict, judge};
use store::op::Want;
use store::{Commit, Mirrored, Op};

use super::compare::Compared;
use super::named::Named;
use super::ours::{self, object};
use super::run::{Failed, Reconcile, Scope};
use super::theirs;

/// The walk read both sides at different moments. What differs still when
/// both are asked for these keys alone is a difference.
pub(super) async fn look_again(
    run: &Reconcile,
    kind: Kind,
    scope: Scope,
    doubtful: Vec<Met<Ours, Theirs>>,
    named: &mut Named,
    compared: &mut Compared,
) -> Result<(), Failed> {
    if doubtful.is_empty() {
        return Ok(());
    }
    let keys: Vec<String> = doubtful.iter().map(|met| key(met).to_owned()).collect();
    // Salesforce first: what is written between the two looks counts as waiting
    // or as done here, never as missing there.
    let before = rows(run, kind, &keys).await?;
    let (there, calls) = theirs::by_keys(&run.client, kind, &keys).await?;
    let here = rows(run, kind, &keys).await?;
    compared.calls += calls;
    let mut ops = Vec::new();
    for met in doubtful {
        let key = key(&met).to_owned();
        let (row, theirs) = (here.get(&key), there.get(&key).cloned());
        let again = match (row, theirs) {
            (None, None) => continue, // it went away meanwhile
            // ours, and not asked about
            (Some(row), _) if matches!(met, Met::Right(_)) && !scope.holds(row.at) => continue,
            (Some(row), None) => Met::Left(ours::ours(row)),
            (Some(row), Some(theirs)) => Met::Both(ours::ours(row), theirs),
            (None, Some(theirs)) => Met::Right(theirs),
        };
        let verdict = judge(&again);
        // it moved between the two looks: whatever it is, it is under way
        let moved = before.get(&key).map(|row| &row.sync) != row.map(|row| &row.sync);
        let verdict =
            if moved && verdict.needs_a_second_look() { Verdict::Waiting } else { verdict };
        compared.tally.count(&again, verdict);
        if verdict == Verdict::Same {
            continue;
        }
        named.add(kind, verdict, &again, row);
        if let (true, true, Some(row)) = (scope.repair, verdict.is_repaired_by_writing(), row) {
            ops.push(want(run, kind, row));
        }
    }
    compared.repaired += ops.len() as u64;
    if !ops.is_empty() {
        run.store.commit(Commit::of(ops)).await?;
        run.nudges.writer.wake();
    }
    Ok(())
}

async fn rows(
    run: &Reconcile,
    kind: Kind,
    keys: &[String],
) -> Result<BTreeMap<String, Mirrored>, Failed> {
    let rows = run.store.mirror_by_keys(&run.tenant, object(kind), keys).await?;
    Ok(rows.into_iter().map(|row| (row.key.clone(), row)).collect())
}

fn key(met: &Met<Ours, Theirs>) -> &str {
    match met {
        Met::Left(ours) | Met::Both(ours, _) => &ours.key,
        Met::Right(theirs) => &theirs.key,
    }
}

/// The way that every write takes: the body is projected when it is sent.
fn want(run: &Reconcile, kind: Kind, row: &Mirrored) -> Op {
    Op::Want(Want {
        tenant: run.tenant.clone(),
        object: object(kind),
        id: row.id,
        root: row.root,
        due_at: run.ambient.now(),
    })
}
