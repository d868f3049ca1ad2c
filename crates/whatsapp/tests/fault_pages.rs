//! Every fault of this crate has a page under `docs/faults/` that says what the
//! table says, and no page tells of a code that is gone.
//!
//! `UPDATE_PAGES=1 cargo test -p whatsapp --test fault_pages` writes the missing
//! ones. A page that is there belongs to its editors: it is never overwritten.

use std::collections::BTreeSet;
use std::path::PathBuf;

use model::{Act, Fault, Scope, Stage};
use whatsapp::faults::{Class, Row, judge, judge_async, rows, specials};

struct Entry {
    name: &'static str,
    told: String,
    cause: &'static str,
    cure: &'static str,
    fault: Fault,
    who: &'static str,
    /// A kind of call that puente does not make by itself.
    manages: bool,
}

fn entries() -> impl Iterator<Item = Entry> {
    let listed = rows().map(|row| Entry {
        name: row.name,
        told: match row.from == row.to {
            true => format!("Meta's Cloud API, code {}", row.from),
            false => format!("Meta's Cloud API, codes {} to {}", row.from, row.to),
        },
        cause: row.cause,
        cure: row.cure,
        fault: example(row),
        who: who(row),
        manages: manages(row.from),
    });
    let ours = specials().iter().map(|special| Entry {
        name: special.name,
        told: "puente, about an exchange with Meta".into(),
        cause: special.cause,
        cure: special.cure,
        fault: Fault {
            act: special.act,
            scope: special.scope,
            stage: special.stage,
            code: model::Code::new(special.name),
            detail: special.cause.into(),
            cure: special.cure.into(),
        },
        who: match (special.stage, special.act) {
            (Stage::Unknown, _) => "nobody at first; the sender, when no status comes",
            (_, Act::Retry { .. }) => "nobody at first; operations, if it lasts",
            _ => "operations",
        },
        manages: false,
    });
    listed.chain(ours)
}

/// As judged from the recorded answer, where there is one.
fn example(row: &Row) -> Fault {
    let recorded = || {
        let path = root().join(format!("fixtures/whatsapp/errors/{}.json", row.from));
        let text = std::fs::read_to_string(path).ok()?;
        let fixture: serde_json::Value = serde_json::from_str(&text).ok()?;
        let (status, answer) = (fixture["status"].as_u64()?, fixture.get("answer")?);
        let fault = judge(status as u16, answer.to_string().as_bytes());
        (fault.code.as_str() == row.name).then_some(fault)
    };
    let mut fault = recorded().unwrap_or_else(|| judge_async(row.from, ""));
    // a 5xx of the recorded answer is told on the page of all faults
    (fault.act, fault.stage) = (row.class.act(), row.class.stage());
    fault
}

fn who(row: &Row) -> &'static str {
    match (row.class, row.from) {
        (Class::Resend(_), _) => "nobody at first; operations, if it lasts",
        (Class::Shaky, _) => "nobody at first; the sender, when no status comes",
        (Class::Renew, _) => "operations: the token belongs to the configuration",
        (Class::Person, _) => "whoever administers the WhatsApp account",
        (
            Class::Refused,
            132_000..=132_999 | 134_100..=134_199 | 141_002 | 2_388_000..=2_388_999,
        ) => "whoever writes the templates",
        (Class::Refused, _) => "the sender: an agent or a program",
    }
}

fn manages(code: i64) -> bool {
    matches!(code, 2200 | 133_000 | 133_005..=133_009 | 133_015 | 133_016 | 136_024 | 139_000..=139_103
        | 131_201..=131_215 | 138_000..=138_018 | 147_001..=147_005 | 200_005..=200_007
        | 1_752_041 | 2_388_000..=2_388_999 | 2_494_164..=2_494_179 | 2_593_000..=2_593_999)
}

fn does(fault: &Fault) -> String {
    match (fault.stage, fault.act) {
        (Stage::Unknown | Stage::SentNotRecorded, _) => {
            "The send becomes `uncertain` and is not repeated by itself. A status that carries the \
             tracker of this call settles it; when none has come after two minutes it is put to a \
             person (`asked`). See [uncertain sends](../concepts/uncertain-sends.md)."
                .into()
        }
        (Stage::NotSent, Act::Retry { after }) => {
            let hint = after.map(|d| format!(", not before {} s", d.as_secs())).unwrap_or_default();
            format!(
                "Nothing went out, so it is tried again by itself{hint}: at most 12 calls, with \
                 pauses that grow from a second to five minutes. The other messages of the same \
                 lane wait behind it. After the last try it is a dead letter."
            )
        }
        (_, Act::Renew | Act::Ask) if fault.scope >= Scope::Number => {
            "The message is kept and waits whole; puente looks again every minute. Nothing else \
             goes out of this number meanwhile, webhooks are still taken, and an alert says so."
                .into()
        }
        (_, Act::Ask) => "The message fails for good with this code, Salesforce shows it at once, \
                          and an alert says that a person must act first."
            .into(),
        _ => "The message fails for good with this code and Salesforce shows it at once. It is \
              not sent again by itself."
            .into(),
    }
}

fn page(entry: &Entry) -> String {
    let Entry { name, told, cause, cure, fault, who, manages } = entry;
    let known = match fault.stage {
        Stage::NotSent => "nothing was sent",
        Stage::Answered => "Meta refused; nothing was sent",
        Stage::Unknown | Stage::SentNotRecorded => "nobody knows whether it was sent",
    };
    let pauses = match fault.scope {
        Scope::Item => "this message",
        Scope::Lane => "this number's messages to this person",
        Scope::Number => "this number",
        Scope::Account | Scope::Org => {
            "this number, and each other one of the account that meets it"
        }
    };
    let aside = match manages {
        true => {
            "This code belongs to a kind of call that puente does not make by itself. Should it \
                 answer a send:\n\n"
        }
        false => "",
    };
    format!(
        "# {name}\n\n{cause}\n\n| | |\n| --- | --- |\n| told by | {told} |\n| known | {known} |\n\
         | concerns | {pauses} |\n| who acts | {who} |\n\n## What puente does\n\n{aside}{}\n\n\
         ## What to do\n\n{cure}\n\n## How it looks\n\n```\n{fault}\n```\n",
        does(fault)
    )
}

#[test]
fn every_fault_has_a_page_that_says_what_the_table_says() {
    let folder = root().join("docs/faults");
    let write = std::env::var("UPDATE_PAGES").is_ok();
    for entry in entries() {
        let path = folder.join(format!("{}.md", entry.name));
        if write && !path.exists() {
            std::fs::write(&path, page(&entry)).unwrap();
        }
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| {
            panic!("{}: {e}; UPDATE_PAGES=1 writes missing pages", path.display())
        });
        for said in [&format!("# {}\n", entry.name), entry.cause, entry.cure] {
            assert!(text.contains(said), "{} must say: {said}", path.display());
        }
    }
}

#[test]
fn no_page_tells_of_a_code_that_is_gone() {
    let known: BTreeSet<_> = entries().map(|entry| format!("{}.md", entry.name)).collect();
    for page in std::fs::read_dir(root().join("docs/faults")).unwrap() {
        let name = page.unwrap().file_name().into_string().unwrap();
        assert!(!name.starts_with("wa.") || known.contains(&name), "{name} has no row any more");
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}
