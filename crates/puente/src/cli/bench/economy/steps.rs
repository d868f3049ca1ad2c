//! The three loads, each on a town of its own.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{anyhow, bail};
use salesforce_sim::Latency;
use sandbox::scenarios::Eye;
use sandbox::{Town, TownOptions};
use serde_json::json;
use whatsapp_sim::Customer;

use super::{Line, figure, least, most};

const STATUS_DELAY_MS: i64 = 60_000;
/// Longer than anything here takes.
const PATIENCE_MS: i64 = 600_000;

struct Place {
    town: Town,
}

/// Messages of a known person, each after the one before was shown.
const ALONE: usize = 9;

/// What a message of a known person costs that has the org for itself, and
/// after how many seconds it is shown, in the middle.
pub struct Alone {
    calls: u64,
    seconds: f64,
}

/// One message after the other.
pub async fn one_by_one() -> anyhow::Result<(Vec<Line>, Alone)> {
    let place = Place::new(Latency::USUAL).await?;
    // the calls of a start, which read and write the mark, are no message's
    let eva = place.customer("Eva")?;
    place.texts(&eva, "hola")?;
    place.quiet().await?;
    let ana = place.customer("Ana")?;
    let before = place.calls();
    place.texts(&ana, "hola")?;
    place.quiet().await?;
    let unknown = place.calls() - before;
    place.texts(&ana, "otra")?;
    place.quiet().await?;
    let known = place.calls() - before - unknown;
    let before = place.calls();
    let text = json!({ "type": "text", "text": { "body": "buenas" } });
    let to = format!("+{}", ana.wa_id);
    Eye::new(&place.town).send(&to, "one", &text).await.map_err(|e| anyhow!(e))?;
    place.quiet().await?;
    let reply = place.calls() - before;
    let org = place.town.sims.salesforce.handle();
    let (mut shown, mut late) = (Shown::after(org.last_change()), Vec::new());
    for n in 0..ALONE {
        let at_ms = place.now_ms();
        let wamid = place.texts(&ana, &format!("sola {n}"))?;
        place.quiet().await?;
        shown.look(&org);
        late.extend(shown.at_ms.get(&wamid).map(|shown_ms| shown_ms - at_ms));
    }
    place.town.stop().await;
    late.sort_unstable();
    let Some(late) = late.get(ALONE / 2) else {
        bail!("not all messages came to be shown");
    };
    let lines = vec![
        most("calls for a message of an unknown person", 2.0, unknown as f64),
        most("calls for a message of a known person", 1.0, known as f64),
        most("calls for a reply and all its statuses", 2.0, reply as f64),
    ];
    Ok((lines, Alone { calls: known, seconds: *late as f64 / 1_000.0 }))
}

/// All at once, for two people at each of fifty Accounts.
pub async fn burst(messages: usize, alone: &Alone) -> anyhow::Result<Vec<Line>> {
    let place = Place::new(Latency::TAILED).await?;
    let org = place.town.sims.salesforce.handle();
    let mut people = Vec::new();
    for n in 0..100 {
        if n % 2 == 0 {
            let account = json!({ "Name": format!("A{n}") });
            people.push((org.create("Account", account).map_err(refused)?, Vec::new()));
        }
        let customer = place.customer(&format!("C{n}"))?;
        let Some((account, staff)) = people.last_mut() else { continue };
        let contact = json!({ "LastName": customer.id, "AccountId": account,
                              "MobilePhone": format!("+{}", customer.wa_id) });
        org.create("Contact", contact).map_err(refused)?;
        staff.push(customer);
    }
    let people: Vec<_> = people.into_iter().flat_map(|(_, staff)| staff).collect();
    org.forget_traffic();
    for n in 0..messages {
        place.texts(&people[n % people.len()], &format!("m{n}"))?;
    }
    place.quiet().await?;
    let (seen, calls) = (org.traffic(), place.calls());
    place.town.stop().await;
    let working = seen.in_flight_mean - seen.waiting_mean;
    let what = format!("{messages} messages at once on 50 Accounts");
    Ok(vec![
        most(format!("{what}: calls a message"), 0.05, calls as f64 / messages as f64)
            .beside(format!("one by one: {}", alone.calls)),
        most(format!("{what}: lock errors"), 0.0, seen.lock_errors as f64),
        least(format!("{what}: calls at work, mean"), 3.0, working),
    ])
}

/// Messages at a rate, of a thousand people who wrote before. The latency counts
/// from the moment at which a message was meant to be written.
pub async fn steady(rate: u64, seconds: u64, alone: &Alone) -> anyhow::Result<Vec<Line>> {
    let place = Place::new(Latency::TAILED).await?;
    let org = place.town.sims.salesforce.handle();
    let people = (0..1_000).map(|n| place.customer(&format!("P{n}")));
    let people = people.collect::<Result<Vec<_>, _>>()?;
    for person in &people {
        place.texts(person, "hola")?;
    }
    place.quiet().await?;
    let (mut shown, before) = (Shown::after(org.last_change()), place.calls());
    org.forget_traffic();
    let count = rate * seconds;
    let mut meant = Vec::new();
    let start_ms = place.now_ms() + 1;
    for n in 0..count {
        let at_ms = start_ms + (n * 1_000 / rate) as i64;
        place.town.sims.clock.sleep_ms(at_ms - place.now_ms()).await;
        let person = &people[(n % 1_000) as usize];
        meant.push((place.texts(person, &format!("m{n}"))?, at_ms));
        if n % rate == 0 {
            shown.look(&org);
        }
    }
    place.quiet().await?;
    shown.look(&org);
    let (traffic, calls) = (org.traffic(), place.calls() - before);
    place.town.stop().await;
    let late = meant.iter().map(|(wamid, at_ms)| Some(shown.at_ms.get(wamid)? - at_ms));
    let Some(mut late) = late.collect::<Option<Vec<i64>>>() else {
        bail!("not all messages came to be shown");
    };
    late.sort_unstable();
    let at = |share: f64| late[((late.len() - 1) as f64 * share) as usize] as f64 / 1_000.0;
    let what = format!("{rate} messages/s");
    Ok(vec![
        most(format!("{what}: seconds until shown, p50"), 0.5, at(0.5))
            .beside(format!("one alone: {}", figure(alone.seconds))),
        most(format!("{what}: seconds until shown, p99"), 2.0, at(0.99)),
        most(format!("{what}: calls a message"), 0.05, calls as f64 / count as f64)
            .beside(format!("one by one: {}", alone.calls)),
        most(format!("{what}: lock errors"), 0.0, traffic.lock_errors as f64),
    ])
}

/// When each message was there first, by its wamid.
struct Shown {
    seen: u64,
    at_ms: BTreeMap<String, i64>,
}

impl Shown {
    fn after(seen: u64) -> Self {
        Self { seen, at_ms: BTreeMap::new() }
    }

    /// Reads what changed since the last look; the simulator keeps the newest
    /// changes only.
    fn look(&mut self, org: &salesforce_sim::Handle) {
        for change in org.changes(self.seen, usize::MAX) {
            self.seen = change.seq;
            if change.object != "Puente_Message__c" {
                continue;
            }
            let row = org.row(&change.id).unwrap_or_default();
            if let Some(wamid) = row["Wamid__c"].as_str() {
                self.at_ms.entry(wamid.to_owned()).or_insert(change.at_ms);
            }
        }
    }
}

impl Place {
    async fn new(latency: Latency) -> anyhow::Result<Self> {
        let options = TownOptions { status_delay_ms: STATUS_DELAY_MS, ..TownOptions::default() };
        let town = Town::within(options).await.map_err(|e| anyhow!(e))?;
        town.sims.salesforce.handle().set_latency(latency);
        Ok(Self { town })
    }

    fn customer(&self, name: &str) -> anyhow::Result<Customer> {
        Eye::new(&self.town).customer(name).map_err(|e| anyhow!(e))
    }

    fn texts(&self, customer: &Customer, text: &str) -> anyhow::Result<String> {
        let phones = self.town.sims.whatsapp.handle();
        phones.texts(&customer.id, self.town.number.as_str(), text).map_err(|e| anyhow!(e))
    }

    fn now_ms(&self) -> i64 {
        self.town.sims.clock.now_ms()
    }

    /// Calls to the org without those that sign in.
    fn calls(&self) -> u64 {
        let counts = self.town.sims.salesforce.handle().gate().log.counts();
        counts.iter().filter(|(op, _)| op.as_str() != "token").map(|(_, n)| n).sum()
    }

    /// Waits until nothing is under way and all is written.
    async fn quiet(&self) -> anyhow::Result<()> {
        let end = self.now_ms() + PATIENCE_MS;
        let far = self.town.ambient.now().plus(PATIENCE_MS * 1_000);
        while self.now_ms() < end {
            let store = &self.town.store;
            let depths = store.depths(None).await?;
            let links = store.record_links_due(&self.town.tenant, far, 1).await?;
            let left = depths.journal + depths.outbox_queued + depths.sends_open + depths.sync_due;
            if left == 0 && links.is_empty() && self.town.sims.whatsapp.handle().busy() == 0 {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!("not all was written within {} s", PATIENCE_MS / 1_000)
    }
}

fn refused(error: salesforce_sim::ApiError) -> anyhow::Error {
    anyhow!("the simulator refused a record: {}", error.code)
}
