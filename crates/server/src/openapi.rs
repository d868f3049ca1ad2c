//! The OpenAPI document. Handlers are registered and documented in one step,
//! so a route that is served is a route that is described.

use utoipa::Modify;
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::App;
use crate::{api, health, metrics, webhooks};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "puente",
        description = "The bridge between WhatsApp Business and Salesforce.",
        license(name = "MIT OR Apache-2.0"),
    ),
    modifiers(&Key),
    security(("key" = [])),
    tags(
        (name = "send", description = "Ask for messages to be sent"),
        (name = "status", description = "See where messages stand"),
        (name = "lists", description = "What there is"),
        (name = "reports", description = "What each side holds, compared and signed"),
        (name = "letters", description = "What ended aside, or is not known, and what is done about it"),
        (name = "templates", description = "Message templates: states, submitting, agreeing"),
        (name = "hours", description = "When the tenant answers, and what is said when it does not"),
        (name = "survey", description = "How satisfied customers are once their case is closed"),
        (name = "campaigns", description = "One template to many people"),
        (name = "mapping", description = "Which fields of Salesforce are filled, and from what"),
        (name = "routing", description = "Which records a message makes, and whose they are"),
        (name = "consent", description = "Who may be written to, and what proves it"),
        (name = "metrics", description = "What it all comes to, and what it costs"),
        (name = "keys", description = "Who may ask"),
        (name = "operations", description = "Health, metrics, traces"),
        (name = "webhooks", description = "What Meta calls"),
    )
)]
struct Base;

struct Key;

impl Modify for Key {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("An API key: pk_..."))
            .build();
        let components = document.components.get_or_insert_with(Default::default);
        components.add_security_scheme("key", SecurityScheme::Http(scheme));
    }
}

/// Routes that need no key, and routes that need one, with their document.
pub(crate) struct Routes {
    pub open: axum::Router<App>,
    pub guarded: axum::Router<App>,
    pub document: utoipa::openapi::OpenApi,
}

pub(crate) fn collect() -> Routes {
    let open = OpenApiRouter::with_openapi(Base::openapi())
        .merge(webhooks::routes())
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(metrics::metrics));
    let (open, mut document) = open.split_for_parts();
    let (guarded, theirs) = api::routes().split_for_parts();
    document.merge(theirs);
    Routes { open, guarded, document }
}

/// The document alone, for the command line and for generated clients.
pub fn document() -> utoipa::openapi::OpenApi {
    collect().document
}
