//! What a run leaves behind, in one number: two runs of a seed are the same
//! run when it is the same.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use parking_lot::Mutex;
use sim_kit::SimClock;

use super::callers::Book;
use super::fate::Fate;
use super::outside::{Outside, TENANTS};

/// What happened, told as it happens.
#[derive(Clone)]
pub struct Chronicle {
    clock: SimClock,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Chronicle {
    pub fn new(clock: SimClock) -> Self {
        Self { clock, lines: Arc::default() }
    }

    pub fn tell(&self, what: impl FnOnce() -> String) {
        let ms = self.clock.now_ms() - super::BEGAN_MS;
        self.lines.lock().push(line(ms, &what()));
    }

    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().clone()
    }

    /// With every request that reached a remote, by time.
    pub fn whole(&self, outside: &Outside) -> Vec<String> {
        let mut lines = self.lines();
        let orgs = outside.orgs.iter().zip(&TENANTS);
        let orgs = orgs.map(|(org, tenancy)| (tenancy.name, org.handle().gate().clone()));
        for (name, gate) in orgs.chain([("Meta", outside.meta.handle().gate().clone())]) {
            for entry in gate.log.after(0) {
                let answer = entry.status.map_or("cut".into(), |status| status.to_string());
                let ms = entry.at_ms - super::BEGAN_MS;
                lines.push(line(ms, &format!("    {name}: {} {answer}", entry.op)));
            }
        }
        // the times are of one width
        lines.sort_by(|a, b| a[..13].cmp(&b[..13]));
        lines
    }
}

fn line(ms: i64, what: &str) -> String {
    format!("{:>9}.{:03} {what}", ms / 1000, ms % 1000)
}

/// The script, every request and every POST with its time, what both remotes
/// hold, what was accepted, how many commits there were and when it ended.
pub fn of(outside: &Outside, fate: &Fate, story: &Chronicle, book: &Book) -> u64 {
    let mut hash = DefaultHasher::new();
    story.lines().hash(&mut hash);
    let meta = outside.meta.handle();
    for gate in
        outside.orgs.iter().map(|org| org.handle().gate().clone()).chain([meta.gate().clone()])
    {
        for entry in gate.log.after(0) {
            (entry.at_ms, entry.op, entry.path, entry.status).hash(&mut hash);
        }
    }
    for post in meta.deliveries() {
        (post.at_ms, post.attempt, post.bytes, post.status).hash(&mut hash);
    }
    meta.read(|world| format!("{:?}", world.messages)).hash(&mut hash);
    for org in &outside.orgs {
        let org = org.handle();
        for object in
            ["Lead", "Case", "Puente_Person__c", "Puente_Conversation__c", "Puente_Message__c"]
        {
            org.rows(object).iter().for_each(|row| row.to_string().hash(&mut hash));
        }
        org.last_change().hash(&mut hash);
    }
    format!("{:?}", book.accepted()).hash(&mut hash);
    format!("{:?}", outside.tally.counts()).hash(&mut hash);
    (fate.commits(), outside.clock.now_ms()).hash(&mut hash);
    hash.finish()
}
