//! The guides' configuration is one that puente reads.

use crate::config::Config;

const GUIDES: [(&str, &str); 2] = [
    (
        include_str!("../../../../../../docs/guides/connect-whatsapp.md"),
        include_str!("../../../../../../docs/guides/connect-salesforce.md"),
    ),
    (
        include_str!("../../../../../../docs/guides/connect-whatsapp.es.md"),
        include_str!("../../../../../../docs/guides/connect-salesforce.es.md"),
    ),
];

fn examples(guide: &str) -> Vec<&str> {
    let blocks = guide.split("```toml\n").skip(1);
    blocks.filter_map(|block| block.split("```").next()).collect()
}

#[test]
fn what_the_guides_tell_to_write_is_read() {
    for (whatsapp, salesforce) in GUIDES {
        let (numbers, orgs) = (examples(whatsapp), examples(salesforce));
        assert_eq!((numbers.len(), orgs.len()), (1, 2));
        for org in orgs {
            let config = Config::parse(&format!("{}\n{org}", numbers[0])).unwrap();
            assert_eq!(config.tenants[0].numbers.len(), 1);
            assert!(config.tenants[0].salesforce.org_id.is_some());
        }
    }
}
