//! Message templates: what Meta has, what it asks for, what is done about them.

pub mod agree;
pub mod check;
pub mod create;
pub mod delete;
pub mod edit;
pub mod list;
pub mod preview;
pub mod show;

use engine::templates::{Pick, Refused};
use model::ids::WabaId;
use rules::template::Shape;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use crate::clock;
use crate::problem::{self, Problem};

/// Which language, and of which account.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// As the list shows it, for instance `es_MX`; needed where there are several.
    language: Option<String>,
    /// The account; needed where several have this name.
    waba_id: Option<String>,
}

impl Which {
    fn of(self, name: String) -> Pick {
        Pick { name, language: self.language, waba: self.waba_id.map(WabaId::new) }
    }
}

/// A template of one language.
#[derive(Serialize, ToSchema)]
pub struct Template {
    waba_id: String,
    #[schema(example = "order_update")]
    name: String,
    #[schema(example = "es_MX")]
    language: String,
    /// Meta's word: only `APPROVED` can be sent; `DELETED` is gone.
    state: String,
    /// A send may use it now.
    sendable: bool,
    #[schema(example = "UTILITY")]
    category: String,
    /// The category that a person knows of: while it is another, nothing is sent.
    agreed_category: String,
    /// The category that Meta will change it to.
    #[serde(skip_serializing_if = "Option::is_none")]
    announced_category: Option<String>,
    /// Why it was rejected, paused or disabled.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// `GREEN`, `YELLOW`, `RED`, `UNKNOWN`.
    #[serde(skip_serializing_if = "Option::is_none")]
    quality: Option<String>,
    /// `NAMED` or `POSITIONAL`.
    parameter_format: &'static str,
    /// Variables of the body, in the order in which values are given.
    variables: Vec<String>,
    /// As Meta has them.
    components: Vec<Value>,
    /// When Meta was last asked and had it; absent before that.
    #[serde(skip_serializing_if = "Option::is_none")]
    listed_at: Option<String>,
}

impl From<store::Template> for Template {
    fn from(row: store::Template) -> Self {
        let components: Vec<Value> = serde_json::from_str(&row.parts).unwrap_or_default();
        let listed = row.listed_at.0 > 0;
        Self {
            sendable: row.sendable(),
            variables: Shape::read(row.named, &components).body(),
            parameter_format: if row.named { "NAMED" } else { "POSITIONAL" },
            listed_at: listed.then(|| clock::text(row.listed_at)),
            components,
            waba_id: row.waba.to_string(),
            name: row.name,
            language: row.language,
            state: row.state,
            category: row.category,
            agreed_category: row.agreed,
            announced_category: row.announced,
            reason: row.reason,
            quality: row.quality,
        }
    }
}

/// Something that is wrong with a definition.
#[derive(Serialize, ToSchema)]
#[schema(as = TemplateComplaint)]
pub struct Complaint {
    #[schema(example = "components[0].text")]
    field: String,
    why: String,
    cure: String,
}

impl From<rules::template::Complaint> for Complaint {
    fn from(found: rules::template::Complaint) -> Self {
        Self { field: found.field, why: found.why, cure: found.cure }
    }
}

/// The definition, taken out of a body.
fn take_definition(map: &mut Map<String, Value>) -> Result<Value, Problem> {
    match map.remove("definition") {
        Some(definition) if definition.is_object() => Ok(definition),
        _ => {
            let cure =
                "Send the object that Meta's API takes: name, language, category, components.";
            Err(Problem::field("definition", "It is missing, or no object.", cure))
        }
    }
}

fn take_components(map: &mut Map<String, Value>) -> Result<Value, Problem> {
    match map.remove("components") {
        Some(components) if components.is_array() => Ok(components),
        _ => Err(Problem::field("components", "It is missing, or no list.", "Send a list.")),
    }
}

fn problem(refused: Refused) -> Problem {
    match refused {
        Refused::Broken(complaints) => broken(&complaints),
        Refused::Meta(fault) => {
            let known = match fault.stage {
                model::Stage::Answered => &problem::TEMPLATE_REFUSED,
                _ => &problem::META_AWAY,
            };
            Problem::new(known, format!("Meta was asked: {fault}"))
        }
        Refused::Unknown => {
            Problem::new(&problem::NOT_FOUND, "There is no such template.").at("name")
        }
        Refused::NoAccount => {
            let detail = "No number of the configuration belongs to this account.";
            let cure = "Name the account of a configured number, or leave waba_id out.";
            Problem::field("waba_id", detail, cure)
        }
        Refused::Several(all) => {
            let all: Vec<_> = all.iter().map(|t| format!("{} of {}", t.language, t.waba)).collect();
            let detail = format!("The name is there as {}.", all.join(", "));
            Problem::field("language", detail, "Say which one: language, and waba_id if need be.")
        }
        Refused::Store(error) => error.into(),
    }
}

/// The first, and how many more there are.
fn broken(complaints: &[rules::template::Complaint]) -> Problem {
    let Some(first) = complaints.first() else {
        return Problem::new(&problem::TEMPLATE_BROKEN, "The template is broken.");
    };
    let more = match complaints.len() - 1 {
        0 => String::new(),
        more => format!(" And {more} more: POST /api/v1/templates/check names all."),
    };
    let detail = format!("{}.{more}", first.why);
    Problem::new(&problem::TEMPLATE_BROKEN, detail).at(&first.field).cured(first.cure.clone())
}
