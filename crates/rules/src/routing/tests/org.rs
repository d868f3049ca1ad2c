//! Files held against an org.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

fn org() -> Org {
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    let queue = Queue { id: "00G000000000001AAA".into(), objects: set(&["Lead"]) };
    Org {
        users: set(&["005000000000001AAA"]),
        queues: BTreeMap::from([("Sales".into(), queue)]),
        record_types: BTreeMap::from([("Case".into(), set(&["Repair"]))]),
        assignment_rules: BTreeMap::from([("Lead".into(), set(&["01Q000000000001AAA"]))]),
        accounts: set(&["001000000000001AAA"]),
        statuses: BTreeMap::from([
            ("New".into(), false),
            ("Waiting".into(), false),
            ("Closed".into(), true),
        ]),
        stages: set(&["Prospecting"]),
        has_person_accounts: false,
    }
}

#[test]
fn what_the_org_has_is_taken() {
    let file = "[[newcomer]]\nname = 'a'\nmake = 'lead'\nqueue = 'Sales'\n\
        [[newcomer]]\nname = 'b'\nmake = 'lead'\nassignment = '01Q000000000001'\n\
        [[newcomer]]\nname = 'c'\nmake = 'contact'\naccount = '001000000000001'\n\
        [[newcomer]]\nname = 'd'\nmake = 'nothing'\n\
        [[case]]\nname = 'a'\nrecord_type = 'Repair'\nowner = '005000000000001'\n\
        reopen_days = 1\nreopen_status = 'New'\n\
        [[opportunity]]\nname = 'a'\nstage = 'Prospecting'\nclose_in_days = 1\n\
        [[reply]]\nname = 'a'\nfrom = ['Waiting']\nto = 'New'\n\
        [[close]]\nname = 'a'\nfrom = ['Waiting']\nto = 'Closed'\nafter_days = 7\n";
    assert_eq!(check(&routing(file), &org()), []);
    assert_eq!(check(&routing(""), &Org::default()), []);
}

#[test]
fn what_it_does_not_have_is_named_with_a_cure() {
    for (rule, words) in [
        ("[[newcomer]]\nmake = 'lead'\nqueue = 'Shop'", "no queue 'Shop'; use one of Sales"),
        ("[[case]]\nqueue = 'Sales'", "does not take Case records; add Case"),
        ("[[case]]\nowner = '005000000000002AAA'", "no active user '005000000000002AAA'"),
        ("[[case]]\nassignment = '01Q000000000001AAA'", "Case has no assignment rule"),
        ("[[case]]\nrecord_type = 'Sale'", "no active record type 'Sale'; use one of Repair"),
        ("[[newcomer]]\nmake = 'lead'\nrecord_type = 'Sale'", "there is none to name"),
        ("[[newcomer]]\nmake = 'contact'\naccount = 'person'", "no person accounts"),
        ("[[newcomer]]\nmake = 'contact'\naccount = '001000000000002'", "no Account '0010000"),
        ("[[case]]\nreopen_days = 1\nreopen_status = 'Closed'", "closes the case; use one of New"),
        ("[[opportunity]]\nstage = 'Won'\nclose_in_days = 1", "no stage 'Won'; use one of Pros"),
        ("[[reply]]\nfrom = ['Waitin']\nto = 'New'", "no status 'Waitin'; use one of New, Waiting"),
        ("[[reply]]\nfrom = ['Closed']\nto = 'New'", "'Closed' closes the case"),
        ("[[reply]]\nfrom = ['New']\nto = 'Closed'", "'Closed' closes the case"),
        (
            "[[close]]\nfrom = ['New']\nto = 'Waiting'\nafter_days = 1",
            "leaves the case open; use one of Closed",
        ),
    ] {
        let complaints = check(&routing(&format!("\n{rule}\nname = 'a'")), &org());
        assert_eq!(complaints.len(), 1, "{rule}: {complaints:?}");
        let text = complaints[0].to_string();
        assert!(text.contains(words), "{text}");
        assert!(complaints[0].line == Some(3) && complaints[0].field.ends_with(".a"), "{text}");
    }
}
