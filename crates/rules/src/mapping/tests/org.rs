//! A mapping against what an org has.

use std::collections::BTreeMap;

use super::super::*;
use super::mapping;

fn slot(name: &str, kind: &str, length: usize) -> Slot {
    Slot {
        name: name.into(),
        kind: kind.into(),
        length,
        createable: true,
        updateable: true,
        ..Slot::default()
    }
}

fn shapes() -> BTreeMap<Target, Shape> {
    let slots = vec![
        Slot { required: true, ..slot("LastName", "string", 80) },
        Slot { required: true, ..slot("Company", "string", 255) },
        slot("Phone", "phone", 40),
        Slot { only: Some(vec!["Hot".into(), "Cold".into()]), ..slot("Rating", "picklist", 255) },
        slot("Free__c", "picklist", 255),
        slot("Count__c", "int", 0),
        slot("Score__c", "double", 0),
        slot("Place__c", "location", 0),
        Slot { updateable: false, ..slot("Once__c", "string", 20) },
        Slot { createable: false, ..slot("Formula__c", "string", 20) },
    ];
    let lead = Shape { createable: true, updateable: true, slots };
    BTreeMap::from([(Target::Lead, lead)])
}

const NAMES: &str = "[[field]]\nto='Lead.LastName'\nfrom='person.last_name'\nmax_length=80\n\
                     [[field]]\nto='Lead.Company'\nfrom='person.country'\nmax_length=255\ndefault='none'\n";

#[test]
fn a_mapping_is_held_against_the_org() {
    for (entry, words) in [
        ("to='Lead.Fone'\nfrom='person.phone'\nmax_length=40", "no such field"),
        ("to='Lead.phone'\nfrom='person.phone'\nmax_length=40", "write Lead.Phone"),
        ("to='Lead.Phone'\nfrom='person.phone'", "write max_length = 40"),
        ("to='Lead.Phone'\nfrom='person.phone'\nmax_length=41", "write max_length = 40"),
        ("to='Lead.Count__c'\nfrom='mapping.version'\ntype='number'", "type = \"integer\""),
        ("to='Lead.Place__c'\nfrom='person.phone'", "another field"),
        ("to='Lead.Rating'\nfrom='person.country'\ntype='picklist'", "values = [...]"),
        ("to='Lead.Rating'\ndefault='Warm'\ntype='picklist'", "use one of Hot, Cold"),
        ("to='Lead.Rating'\nexpr='\"Warm\"'\ntype='picklist'", "does not know 'Warm'"),
        (
            "to='Lead.Rating'\nfrom='person.country'\nvalues=['Hot','MX']\ntype='picklist'",
            "does not know 'MX'",
        ),
        ("to='Lead.Rating'\ndefault='Hot'", "type = \"picklist\""),
        ("to='Lead.Once__c'\nfrom='person.phone'\nmax_length=20\non='both'", "changed later"),
        ("to='Lead.Formula__c'\nfrom='person.phone'\nmax_length=20", "when a record is made"),
        ("to='Case.Subject'\nfrom='person.phone'\nmax_length=20", "missing or hidden"),
    ] {
        let complaints = check(&mapping(&format!("{NAMES}[[field]]\n{entry}\n")), &shapes());
        assert_eq!(complaints.len(), 1, "{entry}: {complaints:?}");
        assert_eq!(complaints[0].line, Some(12), "{entry}");
        assert!(complaints[0].to_string().contains(words), "{entry}: {}", complaints[0]);
    }
    let good = "[[field]]\nto='Lead.Rating'\nexpr='\"Hot\"'\ntype='picklist'\n\
                [[field]]\nto='Lead.Free__c'\nfrom='person.country'\ntype='picklist'\n\
                [[field]]\nto='Lead.Score__c'\nfrom='mapping.version'\ntype='integer'\non='both'\n";
    assert_eq!(check(&mapping(&format!("{NAMES}{good}")), &shapes()), []);
}

#[test]
fn owners_are_named_for_all_records_or_for_none() {
    let mut shapes = shapes();
    let lead = shapes.get_mut(&Target::Lead).unwrap();
    lead.slots.push(slot("OwnerId", "reference", 18));
    let some = "[[field]]\nto='Lead.OwnerId'\ntype='reference'\ndefault='00G000000000001AAA'\n\
                when='person.country == \"MX\"'\n";
    let rest = "[[field]]\nto='Lead.OwnerId'\ntype='reference'\ndefault='00G000000000002AAA'\n";
    let complaints = check(&mapping(&format!("{NAMES}{some}")), &shapes);
    assert_eq!((complaints.len(), complaints[0].field.as_str()), (1, "Lead.OwnerId"));
    assert!(complaints[0].cure.contains("no `when`"), "{}", complaints[0]);
    assert_eq!(check(&mapping(&format!("{NAMES}{some}{rest}")), &shapes), []);
}

#[test]
fn a_required_field_needs_a_sure_value() {
    for (entries, line, words) in [
        (
            "[[field]]\nto='Lead.LastName'\nfrom='person.last_name'\nmax_length=80",
            None,
            "no entry fills it",
        ),
        (&NAMES.replace("default='none'", ""), Some(7), "give the entry a `default`"),
        (
            &NAMES.replace("max_length=80", "max_length=80\nwhen='person.phone == \"\"'"),
            Some(3),
            "and no `when`",
        ),
        (
            &NAMES.replace("max_length=80", "max_length=80\non='update'"),
            Some(3),
            "may give nothing",
        ),
    ] {
        let complaints = check(&mapping(entries), &shapes());
        assert_eq!(complaints.len(), 1, "{entries}: {complaints:?}");
        assert_eq!(complaints[0].line, line, "{entries}");
        assert!(complaints[0].to_string().contains(words), "{}", complaints[0]);
    }
}

/// The list is that of the package: a field added there is kept here, or this
/// test fails.
#[test]
fn every_field_of_the_package_is_kept() {
    let objects = "../../salesforce-package/force-app/main/default/objects";
    for target in Target::ALL.into_iter().filter(|target| target.is_ours()) {
        let fields = format!("{}/{objects}/{target}/fields", env!("CARGO_MANIFEST_DIR"));
        let mut seen = 0;
        for file in std::fs::read_dir(fields).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            let name = name.strip_suffix(".field-meta.xml").unwrap();
            assert!(target.keeps(name), "{target}.{name}");
            seen += 1;
        }
        assert!(seen > 10, "{target}");
    }
    assert!(!Target::Message.keeps("Score__c") && !Target::Lead.keeps("Status"));
}
