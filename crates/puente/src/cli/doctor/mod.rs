//! `puente doctor`: what stands between this machine and both live systems.
//!
//! Promises: it only reads, on either side; it sends no message and writes no
//! record. Every line names what was looked at, what was found and, unless all
//! is well, the screen or command that cures it. What cannot be looked at
//! because something before it failed is told as `skip`, never as well.

mod allow_list;
mod callback;
mod calls;
mod clock;
mod number;
mod org;
mod package;
mod required;
mod said;
mod scene;
mod show;
mod sign_in;
mod subscribed;
mod token;
mod webhook;

#[cfg(all(test, feature = "sandbox"))]
mod tests;

use std::path::Path;
use std::process::ExitCode;

use anyhow::bail;

use crate::app::Doors;
use crate::config::{App, Config};
use said::{Finding, Said};
use scene::{Line, Org, Scene};

/// Exits with 0 when nothing failed (a warning is no failure), else with 1.
#[derive(clap::Args)]
pub struct Args {
    /// Print the findings as JSON.
    #[arg(long)]
    json: bool,
}

pub async fn run(args: Args, path: &Path) -> anyhow::Result<ExitCode> {
    let config = Config::read(path)?;
    if config.apps.is_empty() || config.tenants.is_empty() {
        bail!(
            "{}: nothing to look at; write an [[app]] and a [[tenant]] \
             (`puente serve --print-config` shows examples)",
            path.display()
        );
    }
    let doors = Doors::real()?;
    let (public, ambient) = (doors.meta.clone(), crate::ambient::system());
    let findings = examine(&Scene { config: &config, doors, public, ambient }).await;
    if args.json {
        anstream::println!("{}", show::json(&findings));
    } else {
        anstream::println!("{}", show::table(&findings));
    }
    Ok(if said::failed(&findings) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// All checks, in the order in which a set-up is usually mended.
async fn examine(scene: &Scene<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |check, subject: &str, said: Said| {
        findings.push(Finding { check, subject: subject.to_owned(), said });
    };
    let mut lines = Line::all(scene);
    for line in &mut lines {
        let said = token::check(line, scene.ambient.now()).await;
        line.look(&said).await;
        add("meta-token", line.subject(), said);
    }
    let mut orgs = Org::all(scene);
    for org in &mut orgs {
        let said = sign_in::check(org, scene.ambient.now()).await;
        org.look(&said);
        add("salesforce-sign-in", org.subject(), said);
    }
    for line in &lines {
        add("subscribed", line.subject(), subscribed::check(line).await);
    }
    for (at, app) in scene.config.apps.iter().enumerate() {
        let heard = heard(&lines, app);
        add("webhook", &app.id, webhook::check(scene, at, heard).await);
    }
    for line in &lines {
        add("number", line.subject(), number::check(line));
    }
    for line in &lines {
        add("test-number", line.subject(), allow_list::check(line));
    }
    for (at, app) in scene.config.apps.iter().enumerate() {
        add("callback", &app.id, callback::check(scene, at).await);
    }
    for org in &orgs {
        add("salesforce-org", org.subject(), org::check(org).await);
    }
    for org in &orgs {
        add("api-calls", org.subject(), calls::check(org, scene.ambient.now()).await);
    }
    for org in &orgs {
        add("package", org.subject(), package::check(org).await);
    }
    for org in &orgs {
        add("required-fields", org.subject(), required::check(org).await);
    }
    for (side, exchange, url) in scene.remotes() {
        add("clock", side, clock::check(&*exchange, &url, &scene.ambient).await);
    }
    findings
}

/// A number of the app, through whose client Graph can be asked.
fn heard<'l, 'a>(lines: &'l [Line<'a>], app: &App) -> Option<&'l Line<'a>> {
    let of_app = || lines.iter().filter(|line| line.app.is_some_and(|a| a.id == app.id));
    of_app().find(|line| line.client.is_ok()).or_else(|| of_app().next())
}
