//! Within a lane and a class, what arrived arrived in the order of hand-over.

use std::collections::BTreeMap;

use crate::world::facts::Facts;

pub fn check(facts: &Facts) -> Vec<String> {
    let mut lanes: BTreeMap<(usize, &str), Vec<&str>> = BTreeMap::new();
    for send in &facts.accepted {
        lanes.entry((send.pair, send.class)).or_default().push(&send.text);
    }
    let mut wrongs = Vec::new();
    for handed_over in lanes.values() {
        let place = |text: &&str| facts.phones.iter().position(|m| m.content["body"] == **text);
        let places: Vec<(usize, &str)> =
            handed_over.iter().filter_map(|text| Some((place(text)?, *text))).collect();
        for pair in places.windows(2).filter(|pair| pair[0].0 > pair[1].0) {
            wrongs.push(format!("{:?} came to the phone before {:?}", pair[1].1, pair[0].1));
        }
    }
    wrongs
}
