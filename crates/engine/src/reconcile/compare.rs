//! One object: both sides walked in step, every difference looked at twice.

use rules::reconcile::{Kind, Merge, Met, Next, Ours, Tally, Theirs, Verdict, judge};

use super::run::{Failed, Pulse, Reconcile, Scope};
use super::{confirm, named::Named, ours, theirs};

/// Differences that are looked at again in one go: they fit one query.
const SECOND_LOOK: usize = 100;

pub(super) struct Compared {
    pub tally: Tally,
    pub calls: u64,
    /// Rows wanted again.
    pub repaired: u64,
}

pub(super) async fn object(
    run: &Reconcile,
    kind: Kind,
    scope: Scope,
    named: &mut Named,
    pulse: Pulse<'_>,
) -> Result<Compared, Failed> {
    let mut compared = Compared { tally: Tally::default(), calls: 0, repaired: 0 };
    let mut merge: Merge<Ours, Theirs> = Merge::default();
    let mut left = ours::Pages { store: &run.store, tenant: &run.tenant, kind, scope, after: None };
    let mut right =
        theirs::Pages { client: &run.client, kind, scope, after: None, ended: false, calls: 0 };
    let mut doubtful = Vec::new();
    loop {
        match merge.step() {
            Next::Left => merge.left(left.next().await?)?,
            Next::Right => {
                pulse().await?;
                let (page, mut strange) = right.next().await?;
                let strangers = !strange.is_empty();
                for theirs in strange.drain(..) {
                    tell(&mut compared, named, kind, Met::Right(theirs));
                }
                // a page of strangers alone is not the end
                if !page.is_empty() || !strangers {
                    merge.right(page)?;
                }
            }
            Next::Met(met) if is_looked_at_again(&met) => doubtful.push(met),
            Next::Met(met) => tell(&mut compared, named, kind, met),
            Next::End => break,
        }
        if doubtful.len() == SECOND_LOOK {
            let batch = std::mem::take(&mut doubtful);
            confirm::look_again(run, kind, scope, batch, named, &mut compared).await?;
        }
    }
    confirm::look_again(run, kind, scope, doubtful, named, &mut compared).await?;
    compared.calls += right.calls;
    Ok(compared)
}

/// What was set aside is asked for again because people want to know why.
fn is_looked_at_again(met: &Met<Ours, Theirs>) -> bool {
    let verdict = judge(met);
    verdict.needs_a_second_look() || verdict == Verdict::Aside
}

fn tell(compared: &mut Compared, named: &mut Named, kind: Kind, met: Met<Ours, Theirs>) {
    let verdict = judge(&met);
    compared.tally.count(&met, verdict);
    if verdict != Verdict::Same {
        named.add(kind, verdict, &met, None);
    }
}
