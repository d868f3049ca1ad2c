//! Statuses, with every spelling of their keys.

#[rustfmt::skip]
const ITEMS: &[(&str, &[&str])] = &[
    ("bsuid_old_keys", &[
        "status sent to -/US.13491200000000000001/US.ENT.11810000000000 at 1750000100000",
    ]),
    ("deleted_legacy", &[
        "status deleted(no rank) to 15550001111/US.13491200000000000001/- at 1750000100000",
    ]),
    ("delivered", &[
        "status delivered to 15550001111/US.13491200000000000001/- at 1750000100000 tracker=ours authentication_international billed=Some(true)",
    ]),
    ("direct_send", &[
        "status delivered to 15550001111/US.13491200000000000001/- at 1750000100000 template=1387300000000001",
    ]),
    ("failed", &[
        "status failed to 15550001111/US.13491200000000000001/- at 1750000100000 tracker=ours error=131049 \"In order to maintain a healthy ecosystem engagement, the message failed to be delivered.\"",
    ]),
    ("failed_reduced", &[
        "status failed to 15550001111/US.13491200000000000001/- at 1750000100000 error=130472 \"User's number is part of an experiment\"",
    ]),
    ("failed_text_data", &[
        "status failed to 15550001111/US.13491200000000000001/- at 1750000100000 error=131026 \"Receiver is incapable of receiving this message\"",
    ]),
    ("free_entry_point", &[
        "status sent to 15550001111/US.13491200000000000001/- at 1750000100000 referral_conversion billed=Some(false) conversation=Some(\"77\") to 1750259200000",
    ]),
    ("group_two_readers", &[
        "status delivered to -/-/- at 1750000200000 group=HB8sd3nVA0E1Z2Q4 member=15550001111/US.13491200000000000001/- group_utility billed=Some(true) conversation=Some(\"1\") to ?",
        "status delivered to -/-/- at 1750000200000 group=HB8sd3nVA0E1Z2Q4 member=15550002222/-/-",
        "status read to -/-/- at 1750000200000 group=HB8sd3nVA0E1Z2Q4 member=-/US.7/-",
    ]),
    ("milliseconds", &[
        "status read to 15550001111/US.13491200000000000001/- at 1750000100456",
    ]),
    ("played", &[
        "status played to 15550001111/US.13491200000000000001/- at 1750000100000",
    ]),
    ("read", &[
        "status read to 15550001111/US.13491200000000000001/- at 1750000100000 tracker=job-42",
    ]),
    ("sent", &[
        "status sent to 15550001111/US.13491200000000000001/- at 1750000100000 tracker=ours utility billed=Some(true) conversation=Some(\"8f84b2\") to 1750086400000 contact=\"Ana Muñoz\"",
    ]),
    ("warning_legacy", &[
        "status warning(no rank) to 15550001111/US.13491200000000000001/- at 1750000100000",
    ]),
];

#[test]
fn every_statuses_fixture_is_understood() {
    crate::check_folder("statuses", ITEMS);
}
