//! The Graph API: `/{version}/{node}` and `/{version}/{node}/{edge}`.

mod accept;
mod auth;
mod call;
mod debug_token;
mod error;
mod fields;
mod health;
mod history;
mod lifecycle;
mod login_code;
mod media;
mod messages;
mod numbers;
mod profile;
mod reply;
mod subscriptions;
mod templates;
mod verdict;
mod wabas;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use http::Method;

use crate::core::Core;
use call::Call;
pub use error::{Wrong, webhook_error};
pub use media::url as media_url;
use reply::{Replied, Reply};
pub use verdict::{decide as decide_template, recategorize as recategorize_template};

/// Every request that is not for the admin API.
pub async fn answer(State(core): State<Arc<Core>>, request: Request) -> Response<Body> {
    let call = match Call::read(request).await {
        Ok(call) => call,
        Err(wrong) => return reply::refuse(&core, &wrong, None),
    };
    let op = call.op();
    core.gate
        .pass(op, &call.path, async {
            match run(&core, op, &call).await {
                Ok(reply) => reply.response(&core, &call),
                Err(wrong) => reply::refuse(&core, &wrong, Some(&call)),
            }
        })
        .await
}

async fn run(core: &Arc<Core>, op: &str, call: &Call) -> Replied {
    match op {
        "messages.send" | "marketing_messages.send" => messages::send(core, call),
        "messages.read" | "messages.typing" => messages::read(core, call),
        "media.upload" => media::upload(core, call).await,
        "media.download" => media::download(core, call),
        "number.register" | "number.deregister" => lifecycle::register(core, call),
        "number.set" => numbers::set(core, call).await,
        "number.list" => numbers::list(core, call),
        "profile.get" | "profile.set" => profile::answer(core, call),
        "message_history.list" => history::list(core, call),
        "template.list" => templates::list(core, call),
        "template.create" => templates::create(core, call),
        "template.delete" => templates::delete(core, call),
        "subscribed_apps.list" | "subscribed_apps.add" | "subscribed_apps.remove" => {
            subscriptions::account(core, call).await
        }
        "subscriptions.list" | "subscriptions.set" => subscriptions::app(core, call).await,
        "debug_token" => debug_token::answer(core, call),
        "node.get" => node(core, call),
        "node.delete" => media::delete(core, call),
        "node.set" => templates::edit(core, call),
        _ => {
            auth::token(core, call)?;
            Err(Wrong::no_object(call.method.as_str(), call.node()))
        }
    }
}

/// `GET /{id}`: what kind of object it is decides.
fn node(core: &Arc<Core>, call: &Call) -> Replied {
    let token = auth::token(core, call)?;
    let id = call.node();
    if !id.bytes().all(|b| b.is_ascii_digit()) {
        let text = format!("Some of the aliases you requested do not exist: {id}");
        return Err(Wrong::graph(803, None, text));
    }
    let world = core.world.lock();
    if world.numbers.contains_key(id) {
        return numbers::get(&world, &token, call);
    }
    if world.wabas.contains_key(id) {
        return wabas::get(&world, &token, call);
    }
    if world.templates.contains_key(id) {
        return templates::get(&world, &token, call);
    }
    if world.media.contains_key(id) {
        return media::get(core, &world, &token, call);
    }
    if let Some(business) = world.businesses.get(id) {
        return Ok(Reply::json(fields::pick(
            call,
            "Business",
            &["id", "name"],
            wabas::portfolio(business),
        )?));
    }
    Err(Wrong::no_object(Method::GET.as_str(), id))
}
