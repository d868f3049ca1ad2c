//! Large files pass without ever being whole in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::SeqCst};

use aws_lc_rs::digest::{Context, SHA256};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt};
use http::{Request, Response};
use model::{Body, Carried, Exchange, Flow, Lost};
use salesforce_sim::Latency;
use sandbox::{LateOutlet, RouterExchange, Sims, Sites, Town, TownOptions, Wires};
use serde_json::{Value, json};
use sim_kit::{Outlet, Seed, SimClock};
use store::{MasterKey, Spool, Store};
use whatsapp_sim::{NewCustomer, Utterance};

use crate::world::{BEGAN, ambient};

const FILE: u64 = 200 << 20;
const PIECE: usize = 64 << 10;
const FILES: usize = 3;

/// How many bytes of pieces are alive, and how many were at most.
#[derive(Default)]
struct Gauge {
    now: AtomicI64,
    most: AtomicI64,
}

/// A piece that is counted for as long as anybody holds it.
struct Counted(Vec<u8>, Arc<Gauge>);

impl Counted {
    fn piece(number: u64, gauge: &Arc<Gauge>) -> Bytes {
        let now = gauge.now.fetch_add(PIECE as i64, SeqCst) + PIECE as i64;
        gauge.most.fetch_max(now, SeqCst);
        Bytes::from_owner(Self(vec![(number % 251) as u8; PIECE], gauge.clone()))
    }
}

impl AsRef<[u8]> for Counted {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.1.now.fetch_sub(PIECE as i64, SeqCst);
    }
}

fn digest() -> String {
    let mut context = Context::new(&SHA256);
    for number in 0..FILE / PIECE as u64 {
        context.update(&vec![(number % 251) as u8; PIECE]);
    }
    context.finish().as_ref().iter().map(|b| format!("{b:02x}")).collect()
}

/// Meta, with files far larger than the simulator would keep: they are made
/// while they are read.
struct LargeFiles {
    meta: RouterExchange,
    sha256: String,
    gauge: Arc<Gauge>,
}

impl Exchange for LargeFiles {
    fn carry(&self, request: Request<Body>) -> BoxFuture<'_, Carried> {
        let (is_file, is_node) =
            (request.uri().path().starts_with("/_media"), request.method() == http::Method::GET);
        let ask = async move {
            let answer = self.meta.carry(request).await?;
            if is_file {
                let gauge = self.gauge.clone();
                let pieces = futures_util::stream::iter(0..FILE / PIECE as u64)
                    .map(move |number| Ok(Counted::piece(number, &gauge)));
                let body = Body::Flow(Flow { length: Some(FILE), pieces: pieces.boxed() });
                return Ok(answer.map(|_| body));
            }
            let (parts, body) = answer.into_parts();
            let body = body.whole().await.map_err(|_| Lost::AfterWrite)?;
            let mut value: Value = serde_json::from_slice(&body).unwrap_or_default();
            if is_node && value["url"].is_string() {
                value["file_size"] = json!(FILE);
                value["sha256"] = json!(self.sha256);
                return Ok(Response::from_parts(parts, Body::Whole(value.to_string().into())));
            }
            Ok(Response::from_parts(parts, Body::Whole(body)))
        };
        ask.boxed()
    }
}

/// An org that counts the bytes of large files and keeps one of each.
struct Counting {
    org: RouterExchange,
    files: Arc<AtomicU64>,
    largest_piece: Arc<AtomicU64>,
}

impl Exchange for Counting {
    fn carry(&self, request: Request<Body>) -> BoxFuture<'_, Carried> {
        if !request.uri().path().ends_with("/sobjects/ContentVersion") {
            return self.org.carry(request);
        }
        let take = async move {
            let (parts, body) = request.into_parts();
            let announced = body.length().expect("neither remote takes chunks");
            let (mut pieces, mut total, mut number) = (body.pieces(), 0, 0);
            let (mut first, mut last) = (Bytes::new(), Bytes::new());
            while let Some(piece) = pieces.next().await {
                let piece = piece.map_err(|_| Lost::AfterWrite)?;
                self.largest_piece.fetch_max(piece.len() as u64, SeqCst);
                total += piece.len() as u64;
                if number == 0 {
                    first = piece.clone();
                }
                last = piece;
                number += 1;
            }
            assert_eq!(total, announced);
            assert_eq!(total - first.len() as u64 - last.len() as u64, FILE);
            self.files.fetch_add(1, SeqCst);
            let small = Bytes::from([&first[..], b"x", &last[..]].concat());
            self.org.carry(Request::from_parts(parts, Body::Whole(small))).await
        };
        take.boxed()
    }
}

#[tokio::test(start_paused = true)]
async fn three_files_of_200_mb_pass_in_less_than_a_megabyte() {
    let dir = tempfile::tempdir().unwrap();
    let seed = Seed::new(1);
    let clock = SimClock::starting_at(BEGAN);
    let outlet = Arc::new(LateOutlet::default());
    let hook: Arc<dyn Outlet> = outlet.clone();
    let sims = Sims::new(Sites::within(), clock.clone(), &seed, hook, Latency::NONE).unwrap();
    let ambient = ambient(&clock, &seed);
    let store = Store::open_memory(MasterKey::from_bytes([7; 32]), ambient.clone()).unwrap();
    let (gauge, files, largest) =
        (Arc::<Gauge>::default(), Arc::<AtomicU64>::default(), Arc::<AtomicU64>::default());
    let wires = Wires {
        meta: Arc::new(LargeFiles {
            meta: RouterExchange(sims.whatsapp.router()),
            sha256: digest(),
            gauge: gauge.clone(),
        }),
        salesforce: Arc::new(Counting {
            org: RouterExchange(sims.salesforce.router()),
            files: files.clone(),
            largest_piece: largest.clone(),
        }),
    };
    let spool = Spool::on_disk(dir.path(), FILES as u64 * FILE).unwrap();
    let options = TownOptions { spool: spool.clone(), ..TownOptions::default() };
    let town = Town::build(sims, wires, store, ambient, options).await.unwrap();
    outlet.connect(town.router.clone());

    let phones = town.sims.whatsapp.handle();
    for n in 0..FILES {
        let person = NewCustomer::named("Ana", &format!("+1555010000{n}"));
        let person = phones.customer(person).unwrap();
        let say = json!({ "type": "document", "filename": "film.pdf" });
        let say: Utterance = serde_json::from_value(say).unwrap();
        phones.says(&person.id, town.number.as_str(), &say).unwrap();
    }
    let org = town.sims.salesforce.handle();
    let stored = |row: &Value| row["Media_Status__c"] == "Stored";
    for _ in 0..10_000 {
        if org.rows("Puente_Message__c").iter().filter(|row| stored(row)).count() == FILES {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(org.rows("Puente_Message__c").iter().filter(|row| stored(row)).count(), FILES);
    assert_eq!(files.load(SeqCst), FILES as u64, "each was uploaded once");
    let (most, left) = (gauge.most.load(SeqCst), gauge.now.load(SeqCst));
    println!(
        "pieces alive at most: {most} bytes; largest piece out: {} bytes",
        largest.load(SeqCst)
    );
    assert!(most <= 1 << 20, "{most} bytes of the files were in memory at one time");
    assert!(largest.load(SeqCst) <= 256 << 10);
    assert_eq!(left, 0);
    assert_eq!(spool.bytes_used(), 0);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    town.stop().await;
}
