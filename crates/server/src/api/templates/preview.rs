//! `POST /api/v1/templates/{name}/preview`

use axum::Json;
use axum::extract::{Path, State};
use rules::template::{Send, Shape, fit};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{Complaint, Which, problem, take_components};
use crate::api::input::{Object, Params, nothing_else};
use crate::auth::ReadKey;
use crate::problem::Problem;
use crate::state::App;

#[derive(ToSchema)]
#[schema(as = PreviewTemplate)]
#[allow(dead_code, reason = "documents the body; it is read field by field")]
pub struct Wish {
    /// As a send gives them, with the values.
    #[schema(value_type = Vec<Object>)]
    components: Vec<Value>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = TemplatePreview)]
pub struct Preview {
    /// A send could give these.
    good: bool,
    complaints: Vec<Complaint>,
    #[serde(flatten)]
    shown: Shown,
}

/// Variables without a value are shown as they are written.
#[derive(Serialize, ToSchema)]
#[schema(as = ShownTemplate)]
pub struct Shown {
    /// The text; of a file or a place its kind, in brackets.
    #[serde(skip_serializing_if = "Option::is_none")]
    header: Option<String>,
    body: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    footer: Option<String>,
    buttons: Vec<Button>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(no_recursion)]
    cards: Vec<Shown>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ShownButton)]
pub struct Button {
    text: String,
    /// What it opens, answers with or copies.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
}

impl From<rules::template::Preview> for Shown {
    fn from(shown: rules::template::Preview) -> Self {
        let button = |(text, value)| Button { text, value };
        Self {
            header: shown.header,
            body: shown.body,
            footer: shown.footer,
            buttons: shown.buttons.into_iter().map(button).collect(),
            cards: shown.cards.into_iter().map(Self::from).collect(),
        }
    }
}

/// Show a template with its values in place, and whether a send may give them.
#[utoipa::path(
    post, path = "/api/v1/templates/{name}/preview", tag = "templates", request_body = Wish,
    params(("name" = String, Path, description = "As the list shows it"), Which),
    responses(
        (status = 200, description = "What people will see", body = Preview),
        (status = 400, description = "Not JSON", body = Problem),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
        (status = 404, description = "There is no such template", body = Problem),
        (status = 422, description = "A field cannot be accepted", body = Problem),
    )
)]
pub async fn preview_template(
    State(app): State<App>,
    ReadKey(session): ReadKey,
    Path(name): Path<String>,
    Params(which): Params<Which>,
    Object(mut body): Object,
) -> Result<Json<Preview>, Problem> {
    let given = take_components(&mut body)?;
    nothing_else(&body)?;
    let row = app.templates.find(&session.tenant, &which.of(name)).await.map_err(problem)?;
    let parts: Vec<Value> = serde_json::from_str(&row.parts).unwrap_or_default();
    let shape = Shape::read(row.named, &parts);
    let components = given.as_array().map(Vec::as_slice).unwrap_or_default();
    let found = fit(&shape, Send { components, category: &row.category });
    Ok(Json(Preview {
        good: found.is_empty(),
        complaints: found.into_iter().map(Complaint::from).collect(),
        shown: rules::template::preview(&shape, components).into(),
    }))
}
