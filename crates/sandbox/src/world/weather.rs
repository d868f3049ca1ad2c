//! The faults of a run: which, when and how hard, all drawn from its seed.

use std::time::Duration;

use salesforce_sim::TriggerFailure;
use sim_disk::Disk;
use sim_kit::{Act, Rule, Seed, When};
use whatsapp_sim::Config as Meta;

use super::canned;
use super::fate::Fate;
use super::kind::Kind;
use super::outside::Outside;

/// The calls of an org: none is ever this many in a run.
const CALLS_MAX: u64 = 1_000_000;

/// A fault begins, or ends again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gust {
    Begins(Kind),
    Ends(Kind),
}

pub struct Weather {
    pub gusts: Vec<(i64, Gust)>,
    seed: Seed,
    /// Which kind each rule of a gate's script is, in the order of the script.
    rules: [Vec<Kind>; 3],
}

/// Whose script a rule stands in.
const META: usize = 2;

impl Weather {
    pub fn drawn(seed: &Seed, storm_ms: i64) -> Self {
        let mut seed = seed.fork("weather");
        let mut gusts = Vec::new();
        for kind in Kind::ALL {
            if !seed.chance(kind.share()) {
                continue;
            }
            let begins = seed.between(500, storm_ms * 3 / 4);
            let ends = seed.between(begins + 500, begins + storm_ms / 3).min(storm_ms);
            gusts.push((begins, Gust::Begins(*kind)));
            gusts.push((ends, Gust::Ends(*kind)));
        }
        Self { gusts, seed, rules: Default::default() }
    }

    pub fn has(&self, kind: Kind) -> bool {
        self.gusts.iter().any(|(_, gust)| *gust == Gust::Begins(kind))
    }

    pub fn blow(&mut self, outside: &Outside, fate: &Fate, gust: Gust) {
        match gust {
            Gust::Begins(kind) => self.begins(outside, fate, kind),
            Gust::Ends(kind) => self.ends(outside, kind),
        }
    }

    fn begins(&mut self, outside: &Outside, fate: &Fate, kind: Kind) {
        match kind {
            Kind::Throttled => self.sends(outside, kind, canned::meta(400, 130_429), 0.6),
            Kind::PairThrottled => self.sends(outside, kind, canned::meta(400, 131_056), 0.6),
            Kind::TooManyCalls => self.sends(outside, kind, canned::meta(429, 4), 0.6),
            Kind::MetaCutBefore => self.sends(outside, kind, Act::CutBefore, 0.5),
            Kind::MetaCutAfter => self.sends(outside, kind, Act::CutAfter, 0.5),
            Kind::MetaErrorIdle => self.sends(outside, kind, canned::meta(500, 131_000), 0.5),
            Kind::MetaErrorActed => {
                self.sends(outside, kind, canned::meta_after(500, 131_000), 0.5)
            }
            Kind::MetaHtml => self.sends(outside, kind, canned::page_after(502), 0.7),
            Kind::MetaSlow => {
                let before = Act::Delay(self.seed.below(2_500));
                self.sends(outside, kind, before, 0.7);
                let after = Act::DelayAfter(300 + self.seed.below(3_000));
                self.sends(outside, kind, after, 0.7);
            }
            Kind::MetaUnreachable => outside.to_meta.unreachable(1 + self.seed.below(4) as u32),
            Kind::MetaTokenDead => revoke(outside, Some(467)),
            Kind::MetaRestart => outside.to_meta.restart(self.seed.between(200, 3_000)),
            Kind::OrgCutBefore => self.waves(outside, kind, Act::CutBefore, 0.5),
            Kind::OrgCutAfter => self.waves(outside, kind, Act::CutAfter, 0.5),
            Kind::OrgHtml => self.waves(outside, kind, canned::page(503), 0.5),
            Kind::OrgErrorActed => self.waves(outside, kind, canned::org_after(500), 0.5),
            Kind::OrgSlow => {
                let slow = Act::DelayAfter(self.seed.below(6_000));
                self.waves(outside, kind, slow, 0.6);
            }
            Kind::OrgTokenRefused => {
                end_sessions(outside);
                for org in 0..outside.orgs.len() {
                    let act = canned::no_token();
                    self.rule(outside, org, kind, Rule::new("token", When::Always, act), 2);
                }
            }
            Kind::OrgUnreachable => {
                let times = 1 + self.seed.below(3) as u32;
                outside.to_orgs.iter().for_each(|line| line.unreachable(times));
            }
            Kind::OrgSessionDead => end_sessions(outside),
            Kind::OrgLimit => outside.orgs.iter().for_each(|org| org.handle().set_daily_calls(0)),
            Kind::OrgRowLock => self.lock_rows(outside),
            Kind::OrgHalted => {
                for line in &outside.to_orgs {
                    line.halt((0..2).map(|_| self.seed.below(4) as usize).collect());
                }
            }
            Kind::OrgTrigger => outside.orgs.iter().for_each(|org| trigger(org, true)),
            Kind::OrgPartial => {}
            Kind::OrgRestart => {
                let org = self.seed.below(outside.orgs.len() as u64) as usize;
                outside.to_orgs[org].restart(self.seed.between(200, 3_000));
                outside.orgs[org].handle().invalidate_sessions();
            }
            Kind::WebhookTwice
            | Kind::WebhookConcurrent
            | Kind::WebhookLate
            | Kind::WebhookCutBefore
            | Kind::WebhookCutAfter => outside.front.blow(kind, 0.5),
            // whoever calls, and whoever keeps the database, does these
            Kind::EqualRequests | Kind::Restored => {}
            Kind::KillBefore | Kind::KillAfter => fate.plan(kind, &mut self.seed),
            Kind::PowerCut => {
                let changes = 1 + self.seed.below(40);
                sim_disk::with(|disk| disk.power_for(changes));
            }
            Kind::DiskFull => {
                let more = self.seed.below(4) * 4_096;
                sim_disk::with(|disk| disk.room(if more == 0 { 0 } else { disk.used() + more }));
            }
            Kind::SyncFails => sim_disk::with(Disk::fail_next_sync),
            Kind::ClockForward | Kind::ClockBack => {
                let most = if self.seed.chance(0.3) { 120_000 } else { 5_000 };
                let ms = self.seed.between(500, most);
                outside.ours.jump(if kind == Kind::ClockBack { -ms } else { ms });
                outside.tally.count(kind);
            }
        }
    }

    fn ends(&self, outside: &Outside, kind: Kind) {
        match kind {
            Kind::MetaTokenDead => revoke(outside, None),
            Kind::OrgLimit => {
                outside.orgs.iter().for_each(|org| org.handle().set_daily_calls(CALLS_MAX));
            }
            Kind::OrgTrigger => outside.orgs.iter().for_each(|org| trigger(org, false)),
            Kind::DiskFull => sim_disk::with(|disk| disk.room(u64::MAX)),
            // these end by themselves, or with the storm
            _ => {}
        }
    }

    /// The storm is over: nothing more goes wrong. Counts what the scripts did.
    pub fn calm(&mut self, outside: &Outside, fate: &Fate) {
        let gates = outside.orgs.iter().map(|org| org.handle().gate().clone());
        let gates = gates.chain([outside.meta.handle().gate().clone()]);
        for (gate, kinds) in gates.zip(&self.rules) {
            for (fired, kind) in gate.faults.clear().into_iter().zip(kinds) {
                outside.tally.add(*kind, fired.fired);
            }
        }
        for kind in Kind::ALL {
            self.ends(outside, *kind);
        }
        outside.front.calm();
        outside.to_meta.calm();
        outside.to_orgs.iter().for_each(|line| line.calm());
        fate.calm();
        sim_disk::with(Disk::steady);
    }

    fn sends(&mut self, outside: &Outside, kind: Kind, act: Act, share: f64) {
        let times = 1 + self.seed.below(3);
        self.rule(outside, META, kind, Rule::new("messages.send", When::Chance(share), act), times);
    }

    fn waves(&mut self, outside: &Outside, kind: Kind, act: Act, share: f64) {
        for org in 0..outside.orgs.len() {
            let times = 1 + self.seed.below(2);
            let rule = Rule::new("composite", When::Chance(share), act.clone());
            self.rule(outside, org, kind, rule, times);
        }
    }

    fn rule(&mut self, outside: &Outside, at: usize, kind: Kind, rule: Rule, times: u64) {
        let rule = Rule { times: Some(times), ..rule };
        match outside.orgs.get(at) {
            Some(org) => org.handle().gate().faults.add(rule),
            None => outside.meta.handle().gate().faults.add(rule),
        }
        self.rules[at].push(kind);
    }

    /// Somebody else's transaction holds the rows of people for a while.
    fn lock_rows(&mut self, outside: &Outside) {
        for org in &outside.orgs {
            let org = org.handle();
            let held = Duration::from_millis(9_000 + self.seed.below(14_000));
            let ids: Vec<String> = ["Puente_Person__c", "Puente_Conversation__c"]
                .into_iter()
                .flat_map(|object| org.rows(object))
                .filter_map(|row| row["Id"].as_str().map(str::to_owned))
                .collect();
            tokio::spawn(async move {
                let rows = org.hold(ids).await;
                tokio::time::sleep(held).await;
                drop(rows);
            });
        }
    }
}

fn end_sessions(outside: &Outside) {
    for org in &outside.orgs {
        org.handle().invalidate_sessions();
    }
}

fn revoke(outside: &Outside, with: Option<u32>) {
    outside.meta.handle().change(|world| {
        if let Some(token) = world.tokens.get_mut(Meta::TOKEN) {
            token.revoked = with;
        }
    });
}

fn trigger(org: &salesforce_sim::SalesforceSim, fails: bool) {
    let failure = TriggerFailure {
        object: "Puente_Message__c".into(),
        rows_max: 1,
        message: "Counted.trigger: too many rows".into(),
    };
    org.handle().set_knobs(|knobs| {
        knobs.trigger_failures.clear();
        knobs.trigger_failures.extend(fails.then_some(failure));
    });
}
