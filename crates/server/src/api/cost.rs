//! `GET /api/v1/cost`

use axum::Json;
use axum::extract::State;
use model::Month;
use rules::cost::CLASSES;
use serde::{Deserialize, Serialize};
use store::CostCount;
use utoipa::{IntoParams, ToSchema};

use super::input::Params;
use crate::auth::ReadKey;
use crate::problem::Problem;
use crate::state::App;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Query {
    /// `2026-11`, UTC; the present one when left out.
    month: Option<String>,
}

/// Messages that were delivered in a month, by what Meta said of their price.
#[derive(Serialize, ToSchema)]
pub struct Cost {
    #[schema(example = "2026-11")]
    month: String,
    delivered: i64,
    /// Those of them that Meta charges.
    charged: i64,
    counts: Vec<Count>,
    /// What Meta charges in this month, and what it leaves free.
    classes: Vec<Class>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = CostCount)]
pub struct Count {
    /// Meta's id of the number.
    number: String,
    /// As people know it; absent when it is no longer configured.
    #[serde(skip_serializing_if = "Option::is_none")]
    display: Option<String>,
    #[schema(example = "service")]
    category: String,
    /// `regular`, `free_customer_service`, `free_entry_point`.
    #[serde(rename = "type")]
    kind: String,
    #[schema(example = "PMP")]
    pricing_model: String,
    charged: bool,
    /// Country calling code of who got it; absent where only a user id is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "52")]
    calling_code: Option<String>,
    messages: i64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = CostClass)]
pub struct Class {
    category: &'static str,
    /// Outside the customer service window.
    charged: bool,
    charged_inside_window: bool,
    about: &'static str,
}

/// What was delivered, and what of it Meta charges. Counts, never amounts: the
/// prices are in Meta's rate cards.
#[utoipa::path(
    get, path = "/api/v1/cost", tag = "metrics", params(Query),
    responses(
        (status = 200, description = "The month, as far as Meta told", body = Cost),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
        (status = 422, description = "No month", body = Problem),
    )
)]
pub async fn cost(
    State(app): State<App>,
    ReadKey(session): ReadKey,
    Params(query): Params<Query>,
) -> Result<Json<Cost>, Problem> {
    let month = match &query.month {
        None => Month::of(app.ambient.now()),
        Some(text) => Month::parse(text).ok_or_else(|| {
            let cure = "Write year and month: 2026-11.";
            Problem::field("month", format!("'{text}' is no month."), cure)
        })?,
    };
    let kept = app.store.cost_counts(&session.tenant, month).await?;
    let sum = |charged: bool| {
        kept.iter().filter(|c| c.billable || !charged).map(|c| c.messages).sum::<i64>()
    };
    let classes = CLASSES.iter().map(|class| Class {
        category: class.category,
        charged: class.is_charged(month.start(), false),
        charged_inside_window: class.is_charged(month.start(), true),
        about: class.about,
    });
    Ok(Json(Cost {
        month: month.to_string(),
        delivered: sum(false),
        charged: sum(true),
        classes: classes.collect(),
        counts: kept.into_iter().map(|count| shown(&app, count)).collect(),
    }))
}

fn shown(app: &App, count: CostCount) -> Count {
    Count {
        display: app.directory.number(&count.number).map(|number| number.display.clone()),
        number: count.number.to_string(),
        category: count.category,
        kind: count.kind,
        pricing_model: count.model,
        charged: count.billable,
        calling_code: Some(count.calling_code).filter(|code| !code.is_empty()),
        messages: count.messages,
    }
}
