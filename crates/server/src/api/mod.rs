//! What programs and people ask: one folder a noun, one file a verb.
//!
//! Each handler takes its key as an argument ([`crate::auth::ReadKey`] and its
//! siblings), so its scope stands in its signature, and the tenant comes from
//! the key alone.

mod alerts;
mod audit;
mod breakers;
mod budget;
mod campaigns;
mod checked;
mod consent;
mod conversations;
mod cost;
mod dead_letters;
mod hours;
mod ids;
mod input;
mod keys;
mod mapping;
pub mod media;
mod metrics;
mod numbers;
mod paging;
mod queues;
mod reports;
mod restore;
mod routing;
mod send;
mod status;
mod survey;
mod templates;
mod trace;
mod uncertain;
mod versions;

pub(crate) use budget::calls_per_message;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::App;

/// All guarded routes; the guard itself is put around them by the router.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(send::one::send))
        .routes(routes!(send::batch::send_batch))
        .routes(routes!(media::upload))
        .routes(routes!(status::list::statuses))
        .routes(routes!(status::stream::stream))
        .routes(routes!(status::one::status))
        .routes(routes!(trace::trace))
        .routes(routes!(conversations::conversations))
        .routes(routes!(numbers::numbers))
        .routes(routes!(alerts::alerts))
        .routes(routes!(breakers::breakers))
        .routes(routes!(queues::queues))
        .routes(routes!(uncertain::list::uncertain_sends))
        .routes(routes!(uncertain::resend::resend))
        .routes(routes!(uncertain::drop::drop_send))
        .routes(routes!(dead_letters::list::dead_letters))
        .routes(routes!(dead_letters::one::dead_letter, dead_letters::edit::edit_letter))
        .routes(routes!(dead_letters::replay::replay_letter))
        .routes(routes!(dead_letters::discard::discard_letter))
        .routes(routes!(dead_letters::bulk::replay_letters))
        .routes(routes!(dead_letters::bulk::discard_letters))
        .routes(routes!(audit::audit))
        .routes(routes!(budget::budget))
        .routes(routes!(reports::list::reports, reports::ask::ask_report))
        .routes(routes!(reports::key::report_key))
        .routes(routes!(reports::one::report))
        .routes(routes!(restore::show::restore))
        .routes(routes!(restore::decide::decide_held))
        .routes(routes!(mapping::show::mapping, mapping::apply::apply_mapping))
        .routes(routes!(mapping::show::mapping_version))
        .routes(routes!(mapping::paths::mapping_paths))
        .routes(routes!(mapping::check::check_mapping))
        .routes(routes!(mapping::dry_run::try_mapping))
        .routes(routes!(mapping::rollback::roll_back_mapping))
        .routes(routes!(hours::show::hours, hours::apply::apply_hours))
        .routes(routes!(hours::show::hours_version))
        .routes(routes!(hours::check::check_hours))
        .routes(routes!(hours::rollback::roll_back_hours))
        .routes(routes!(survey::show::survey, survey::apply::apply_survey))
        .routes(routes!(survey::show::survey_version))
        .routes(routes!(survey::check::check_survey))
        .routes(routes!(survey::rollback::roll_back_survey))
        .routes(routes!(survey::cases::survey_cases))
        .routes(routes!(routing::show::routing, routing::apply::apply_routing))
        .routes(routes!(routing::show::routing_version))
        .routes(routes!(routing::check::check_routing))
        .routes(routes!(routing::rollback::roll_back_routing))
        .routes(routes!(consent::show::consent, consent::record::record_consent))
        .routes(routes!(cost::cost))
        .routes(routes!(metrics::show::figures))
        .routes(routes!(metrics::definitions::metric_definitions))
        .routes(routes!(metrics::records::metric_records))
        .routes(routes!(metrics::recompute::recompute_metrics))
        .routes(routes!(templates::list::templates, templates::create::create_template))
        .routes(routes!(templates::check::check_template))
        .routes(routes!(
            templates::show::template,
            templates::edit::edit_template,
            templates::delete::delete_template
        ))
        .routes(routes!(templates::agree::agree_template))
        .routes(routes!(templates::preview::preview_template))
        .routes(routes!(campaigns::list::campaigns, campaigns::make::make_campaign))
        .routes(routes!(campaigns::one::campaign))
        .routes(routes!(campaigns::audience::add_audience))
        .routes(routes!(campaigns::audience::add_from_salesforce))
        .routes(routes!(campaigns::step::check_campaign))
        .routes(routes!(campaigns::step::start_campaign))
        .routes(routes!(campaigns::step::pause_campaign))
        .routes(routes!(campaigns::step::resume_campaign))
        .routes(routes!(campaigns::step::stop_campaign))
        .routes(routes!(keys::list::keys, keys::create::create_key))
        .routes(routes!(keys::revoke::revoke_key))
}
