//! What a person should do about a gap: one open alert for each kind of it.

use rules::reconcile::{Kind, Verdict};
use store::Op;
use store::op::{AlertCleared, AlertRaised};

use super::named::object_name;
use super::report::Document;
use super::run::Reconcile;

const PREFIX: &str = "reconcile";

/// Raises an alert for each kind of gap that the report found, and clears
/// those that a report over everything did not find.
pub(super) fn of(run: &Reconcile, document: &Document) -> Vec<Op> {
    let mut ops = Vec::new();
    for kind in [Kind::Person, Kind::Conversation, Kind::Message] {
        for verdict in Verdict::ALL.into_iter().filter(|v| v.needs_a_second_look()) {
            let count = document.tallies[kind as usize].of(verdict);
            let name = format!("{PREFIX}.{}", verdict.as_str());
            let text = told(verdict, count, kind, document);
            ops.extend(alert(run, document, name, object_name(kind), count, text));
        }
    }
    let lost = document.items.lost;
    let text = format!(
        "{lost} webhook items say that their message is stored, and it is not. Keep the database \
         as it is and report this as a defect; see report {}.",
        document.id
    );
    ops.extend(alert(run, document, format!("{PREFIX}.lost"), "items", lost, text));
    ops
}

fn alert(
    run: &Reconcile,
    document: &Document,
    kind: String,
    subject: &str,
    count: u64,
    text: String,
) -> Option<Op> {
    let (tenant, subject, at) = (run.tenant.clone(), subject.to_owned(), run.ambient.now());
    if count > 0 {
        return Some(Op::RaiseAlert(AlertRaised { tenant, kind, subject, text, at }));
    }
    let whole = document.scope.since.is_none();
    whole.then_some(Op::ClearAlert(AlertCleared { tenant, kind, subject, at }))
}

fn told(verdict: Verdict, count: u64, kind: Kind, document: &Document) -> String {
    let (object, id) = (object_name(kind), document.id);
    let rows = if count == 1 { "row" } else { "rows" };
    let (what, cure) = match verdict {
        Verdict::Missing => (
            "that was written is in Salesforce no more: somebody deleted it",
            "`puente reconcile --repair` writes it again",
        ),
        Verdict::Unwanted => (
            "was never asked for in Salesforce",
            "`puente reconcile --repair` writes it; please report this as a defect",
        ),
        Verdict::Lower => (
            "shows another status in Salesforce than puente wrote: somebody changed it",
            "`puente reconcile --repair` writes it again",
        ),
        Verdict::Higher => (
            "shows a later status in Salesforce than puente knows of",
            "this database is older than what it wrote: see the page about restoring a backup",
        ),
        _ => (
            "in Salesforce is not puente's: somebody made it, or another bridge writes there",
            "look at it and delete it there if nobody needs it; puente does not",
        ),
    };
    if document.repaired > 0 && verdict.is_repaired_by_writing() {
        return format!(
            "{count} {rows} of {object} {what}. It is being written again; report {id}."
        );
    }
    format!("{count} {rows} of {object} {what}. {cure}; report {id} names each.")
}
