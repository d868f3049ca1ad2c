//! A file held against the org: the fields of the Case that it fills.

use super::Survey;
use crate::complaint::Complaint;
use crate::mapping::Shape;

/// Everything that does not fit. `case`: as the integration user may use it.
pub fn check(survey: &Survey, case: &Shape) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    let (least, most) = survey.scale.bounds();
    let scores: Vec<_> = (least..=most).map(|score| score.to_string()).collect();
    let kinds = [
        (&survey.fields.score, &["double", "int", "string", "picklist"][..], Some(&scores)),
        (&survey.fields.comment, &["string", "textarea"][..], None),
    ];
    for (field, kinds, values) in kinds {
        let Some((line, name)) = field else { continue };
        let mut no = |why: String, cure: String| {
            complaints.push(Complaint::at(*line, format!("Case.{name}"), why, cure));
        };
        let Some(slot) = case.slots.iter().find(|slot| slot.name.eq_ignore_ascii_case(name)) else {
            let cure = "make the field, or give the integration user access to it";
            no("the org has no such field, or hides it".into(), cure.into());
            continue;
        };
        if !slot.updateable {
            let cure = "give the integration user the right to edit it, or name another";
            no("the field cannot be written".into(), cure.into());
        } else if !kinds.contains(&slot.kind.as_str()) {
            let why = format!("the field is of type {}", slot.kind);
            no(why, format!("name a field of type {}", kinds.join(", ")));
        } else if slot.kind == "string" && slot.length < 2 {
            no("the field is too short".into(), "make it longer".into());
        } else if let (Some(only), Some(values)) = (&slot.only, values)
            && let Some(missing) = values.iter().find(|value| !only.contains(value))
        {
            let why = format!("the picklist is restricted and does not have '{missing}'");
            no(why, format!("add the values {least} to {most}"));
        }
    }
    complaints
}
