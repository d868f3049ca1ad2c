//! Every item can be put into a body of its own, unless it is broken at its
//! outer layers or stands only beside others.

use whatsapp::wire::webhook::{Item, ItemBody, split};

use crate::{fixture, folder};

/// Each fixture that is a webhook body.
fn bodies() -> Vec<(String, Vec<u8>)> {
    let mut bodies = Vec::new();
    for entry in std::fs::read_dir(folder("")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        if !folder(&name).is_dir() {
            continue;
        }
        for file in std::fs::read_dir(folder(&name)).unwrap() {
            let file = file.unwrap().file_name().to_string_lossy().into_owned();
            if file.ends_with(".json") {
                bodies.push((format!("{name}/{file}"), fixture(&format!("{name}/{file}"))));
            }
        }
    }
    bodies.sort();
    bodies
}

fn told(item: &Item) -> impl PartialEq + std::fmt::Debug {
    (
        item.waba_id.clone(),
        item.field.clone(),
        item.part.clone(),
        item.phone_number_id.clone(),
        item.display_phone_number.clone(),
        item.entry_time,
        item.contact.clone(),
        item.raw.get().to_owned(),
        item.body.clone(),
    )
}

#[test]
fn an_item_of_every_fixture_stands_alone() {
    let (mut alone, mut broken) = (0, 0);
    for (name, body) in bodies() {
        let Ok(items) = split(&body) else { continue };
        for item in items {
            match item.alone() {
                Some(body) => {
                    let again = split(body.as_bytes()).unwrap();
                    assert_eq!(again.len(), 1, "{name}");
                    assert_eq!(told(&again[0]), told(&item), "{name}: {body}");
                    alone += 1;
                }
                None => {
                    let outer = match item.body {
                        ItemBody::Broken(_) => item.part.is_empty() || item.part == "history",
                        // a key that nobody knows, beside a list
                        ItemBody::Other => !item.part.is_empty(),
                        _ => false,
                    };
                    assert!(outer, "{name}: {:?}", item.body);
                    broken += 1;
                }
            }
        }
    }
    assert!(alone > 100, "{alone} alone, {broken} not");
}
